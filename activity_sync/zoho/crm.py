"""Zoho as the steps see it: the port `Crm`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx

from activity_sync.model.activities import OtherActivity, Slot
from activity_sync.model.learned import Learned
from activity_sync.model.ports import Clock, CreditLedger, Fetched, LoadPage, Refreshed, ShadowRow, TokenStore
from activity_sync.model.records import ACTIVITIES, Module, OrgFacts, Record, SignedIn, User
from activity_sync.model.settings import Settings
from activity_sync.model.writes import Found, OutboxRow, RowResult
from activity_sync.net.patience import Patience
from activity_sync.net.session import TIMEOUTS, open_session
from activity_sync.net.sign_in import TokenSignIn
from activity_sync.zoho import channels
from activity_sync.zoho.asking import Asking
from activity_sync.zoho.changes import Changes
from activity_sync.zoho.checkup import ZohoCheckup
from activity_sync.zoho.client import Client
from activity_sync.zoho.columns import Columns, found_by, kept
from activity_sync.zoho.contact_roles import read_roles
from activity_sync.zoho.data_centers import hosts
from activity_sync.zoho.fetching import fetch
from activity_sync.zoho.fields import read_org
from activity_sync.zoho.hints import duration_unit
from activity_sync.zoho.holders import holders
from activity_sync.zoho.lessons import Lessons
from activity_sync.zoho.linked import linked
from activity_sync.zoho.loading import load
from activity_sync.zoho.others import logged_around
from activity_sync.zoho.payloads import addresses_of, addressing, to_row
from activity_sync.zoho.present import Present
from activity_sync.zoho.prices import booked, read_prices
from activity_sync.zoho.proof import Proof
from activity_sync.zoho.scopes import lacking
from activity_sync.zoho.tokens import ZohoDesk
from activity_sync.zoho.users import read_signed_in, read_users
from activity_sync.zoho.writer import Writer


class ZohoCrm:
    """One Zoho organisation. Threads may share it. Close it at the end."""

    def __init__(
        self,
        client: Client,
        settings: Settings,
        clock: Clock,
        facts: Callable[[], OrgFacts],
        keep: Callable[[Learned], None] = lambda _: None,
        granted: Callable[[], str] = str,
    ) -> None:
        """`facts`: what is known of the org now, as `org` read it last; asked at every write and proof.

        `keep`: stores what refusals teach. `granted`: the permissions of the present token, "" when Zoho does not say.
        """
        self._client = client
        self._settings = settings
        self._facts = facts
        self._granted = granted
        self.checkup = ZohoCheckup(client, settings.zoho, clock, granted)
        self._asking = Asking(client, Columns(settings), addressing(settings))
        self._changes = Changes(self._asking, clock)
        self._proof = Proof(client, settings.zoho.key_field, facts)
        self._writer = Writer(client, settings.zoho, facts, self._proof, Lessons(client, facts, keep))
        self._present = Present(client)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def org(self) -> OrgFacts:
        """Edition, licences, stages, field metadata, prices, permissions, clock: about thirteen credits."""
        org = read_org(self._client, self._settings.zoho.key_field)
        prices = read_prices(self._client)
        learned = self._facts().learned
        if learned.at is None and Module.CALLS in org.fields:
            learned = replace(learned, duration_unit=duration_unit(self._client))
        said = self._granted()
        missing = tuple(one.name for one in lacking(said, self._settings.zoho) if one.needed) if said else ()
        return replace(
            org, prices=prices, learned=learned, missing_scopes=missing, clock_error=self._client.ahead,
            key_unique=org.key_unique - learned.keys_not_enforced,
        )  # fmt: skip

    def users(self) -> Sequence[User]:
        """All users, active or not: one credit for 200."""
        return read_users(self._client)

    def signed_in(self) -> SignedIn:
        """The user whose access we have: two credits."""
        return read_signed_in(self._client)

    def load(self, module: Module, org: OrgFacts, purpose: str = "reading") -> Iterator[LoadPage]:
        """All records of a module: three credits for 2,000, or about 53 for up to 200,000."""
        return load(self._asking, module, org, "", purpose)

    def resume(self, module: Module, org: OrgFacts, after: str, purpose: str = "reading") -> Iterator[LoadPage]:
        """The same, from the page behind `after`."""
        return load(self._asking, module, org, after, purpose)

    def refresh(self, cursors: Mapping[str, str], org: OrgFacts) -> Refreshed:
        """What changed since these cursors, which are opaque but for the modules' own: one credit when quiet.

        `users` holds all of them, or None when nothing says that one changed.
        """
        return self._changes.since(cursors, org)

    def fetch(
        self, module: Module, ids: Sequence[str], org: OrgFacts, *, known: str = "", purpose: str = "reading"
    ) -> Fetched:
        """Records by id: 200 a credit. What is missing is so by two routes, and `known` was shown beside it."""
        return fetch(self._asking, module, ids, org, known, purpose)

    def kept(self) -> Mapping[Module, Sequence[str]]:
        """The fields that the config lets us keep of each module; nothing is asked."""
        return kept(self._settings)

    def found_by(self) -> str:
        """A digest of how records are found; nothing is asked."""
        return found_by(self._settings)

    def logged_around(self, slots: Sequence[Slot]) -> Sequence[OtherActivity]:
        """The activities near these places that bear no key of ours: a credit, three for many places."""
        org, columns = self._facts(), self._asking.columns
        return logged_around(self._client, slots, {module: columns.key_of(module, org) for module in ACTIVITIES})

    def holders(self, wanted: Sequence[ShadowRow], org: OrgFacts) -> Sequence[ShadowRow]:
        """The records in Zoho that have an address of one of `wanted`: a credit for twenty."""
        return holders(self._asking, org, wanted)

    def taken(self, module: Module, values: Mapping[str, Any]) -> ShadowRow:
        """A record that Zoho took from us, as the shadow holds it; nothing is asked."""
        return to_row(module, values, self._asking.how)

    def addressed(self, record: Record) -> ShadowRow:
        """A record that the shadow holds, with the addresses that it has by this config; nothing is asked."""
        return ShadowRow(record=record, addresses=addresses_of(record, self._asking.how))

    def open_channel(self, channel: str, token: str, url: str, until: datetime) -> datetime | None:
        """Let Zoho push changes of records to `url`: one credit."""
        return channels.open_channel(self._client, channel, token, url, until)

    def renew_channel(self, channel: str, until: datetime) -> datetime | None:
        """Let it push longer: one credit."""
        return channels.renew_channel(self._client, channel, until)

    def close_channel(self, channel: str) -> None:
        """Let it push no more: one credit."""
        channels.close_channel(self._client, channel)

    def contact_roles(self, deal_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """The ids of the contacts with a role, by deal: five deals a credit."""
        return read_roles(self._client, deal_ids)

    def linked(self, ids: Sequence[str]) -> Mapping[str, Sequence[tuple[Module, str]]]:
        """The activities that are linked to these records: six credits for a hundred."""
        return linked(self._client, ids)

    def send(self, rows: Sequence[OutboxRow]) -> Mapping[int, RowResult]:
        """Send writes in one request: up to 100 rows of one module and operation, or up to five of any."""
        return self._writer.send(rows)

    def current(self, module: Module, ids: Sequence[str], fields: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """The present values of these fields, by id: one credit for 200 ids. Names with a `$` are left out."""
        return self._present.values(module, ids, fields)

    def find(self, row: OutboxRow) -> Sequence[Found]:
        """Records that this uncertain create may have made: one credit."""
        return self._proof.find(row)


def open_zoho(
    settings: Settings,
    tokens: TokenStore,
    ledger: CreditLedger,
    clock: Clock,
    facts: Callable[[], OrgFacts],
    *,
    keep: Callable[[Learned], None] = lambda _: None,
    patience: Patience | None = None,
    timeouts: httpx.Timeout = TIMEOUTS,
) -> ZohoCrm:
    """Connect; nothing is sent yet.

    `keep`: stores what refusals teach of the org. `patience` and `timeouts` are there for tests. Raises ValueError
    without hosts.
    """
    to = hosts(settings.zoho)
    sign_in = TokenSignIn(ZohoDesk(settings.zoho, to, tokens, clock), tokens, clock)
    session = open_session(sign_in, patience=patience, timeouts=timeouts)
    client = Client(session, to.api, ledger, clock, lambda call: booked(call, facts().prices))
    return ZohoCrm(client, settings, clock, facts, keep, sign_in.scope)
