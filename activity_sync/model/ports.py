"""What a source, the CRM, the credit ledger and the shadow must offer. Steps and reports meet the outside only here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from activity_sync.model.activities import OtherActivity, Slot
from activity_sync.model.checkup import Checkup
from activity_sync.model.interactions import Sighting
from activity_sync.model.records import Address, Module, OrgFacts, Record, SignedIn, User
from activity_sync.model.writes import Found, OutboxRow, RowResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What to read of a source. Times are UTC.

    `oldest`: nothing that starts before it; `newest`: nothing that starts after it. `thorough`: read again also what
    is old enough that only late changes are to be expected (a `sync`, and the daemon once an hour).
    """

    now: datetime
    oldest: datetime
    newest: datetime
    thorough: bool = True


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something a source delivered that could not be read: it fails alone. `where`: a line, an id."""

    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a source handed over.

    `gone`: native ids (a calendar's event id) known to be deleted. `complete`: this is all that the source holds
    between these two moments, so that what is missing has gone or moved out (to be asked for by `again`); None: only
    changes. `cursor`: where the next reading starts, opaque to everybody else. `more`: this was a portion; there is
    more to be read from the cursor on, at once. `left_out`: a sentence about what was delivered and is not to be read
    now; no problem, but worth knowing.
    """

    sightings: Sequence[Sighting] = ()
    gone: Sequence[str] = ()
    unreadable: Sequence[Unreadable] = ()
    complete: tuple[datetime, datetime] | None = None
    cursor: str = ""
    more: bool = False
    left_out: str = ""


class Source(Protocol):
    """A calendar or dialer connection. Reads only. Raises the failures of model/failures.py."""

    @property
    def name(self) -> str:
        """The connection's name in the config."""

    @property
    def kind(self) -> str:
        """`google`, `aircall`, ..."""

    def parts(self, users: Sequence[User]) -> Sequence[str]:
        """What is read one by one, each with its own cursor: the calendars (e-mails) of a calendar connection;
        a dialer has one part, "". Raises as `read` when it has to ask for the list."""

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """What changed since `cursor` ("": never read before) within `span`."""

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These events looked at one by one, wherever they have moved; deleted ones come back in `gone`."""

    def probe(self, part: str) -> str:
        """One cheap request that proves the credentials; a few words on what was seen, for `check`."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who was in an online meeting. `email` comparable, "" when not told; `ours` None: not told either."""

    name: str = ""
    email: str = ""
    ours: bool | None = None


@runtime_checkable
class Attending(Source, Protocol):
    """A calendar connection whose vendor tells who was in its online meetings. Raises the failures of
    model/failures.py: SignInAgain and Refused where that is not permitted."""

    def attended(self, part: str, event_id: str, url: str, start: datetime, end: datetime) -> Sequence[Attendee]:
        """Who was in the meeting of this event, behind this link, about this time; none: nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by which one calendar pushes. `ends`: None when the vendor did not say; `resource`: see `Channels`."""

    id: str
    ends: datetime | None
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push says of itself: the channel, the word that proves it; whether that channel is ending or has ended."""

    channel: str
    word: str = field(repr=False)
    ending: bool = False
    ended: bool = False


@runtime_checkable
class Pushing(Source, Protocol):
    """A calendar connection whose calendars can push. Raises the failures of model/failures.py."""

    def open_channel(self, part: str, word: str, url: str, now: datetime) -> Channel:
        """Let this calendar push changes to `url`, with `word` in every push, for as long as the vendor allows."""

    def renew_channel(self, part: str, channel: Channel, now: datetime) -> Channel | None:
        """Let it push longer; None: it cannot, a new one has to be made."""

    def close_channel(self, part: str, channel: Channel) -> None:
        """Let it push no more. One that the vendor does not know has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowRow:
    """A record with the addresses under which it is found. `gone`: deleted, merged or converted away."""

    record: Record
    addresses: Sequence[Address] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPage:
    """One page of a first load: `after` opaque, to ask for the next page and to resume; "" when it was the last.

    `done`: records so far, those before a crash included, of `total`; 0: not known. `wait`: the time to let pass
    before the next page is asked for (Zoho prepares it); such a page may have no rows. `fresh` False: the rows are as
    they were when Zoho made an export, perhaps long ago.
    """

    rows: Sequence[ShadowRow]
    after: str
    done: int = 0
    total: int = 0
    wait: timedelta = timedelta()
    fresh: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What changed in Zoho: rows per module and the cursor for each module asked; `users` None: not asked this time.

    `deleted`: record ids per module, those of activities too. `changed`: ids of activities that somebody (we too)
    changed, with their Modified_Time; `others`: the same activities, ours too, as they stand. `notes`: conditions for
    a person, in words (a module that was refused, ...).
    """

    rows: Mapping[Module, Sequence[ShadowRow]] = field(default_factory=dict)
    deleted: Mapping[Module, Sequence[str]] = field(default_factory=dict)
    changed: Mapping[Module, Mapping[str, datetime]] = field(default_factory=dict)
    others: Sequence[OtherActivity] = ()
    users: Sequence[User] | None = None
    cursors: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Records asked for by id: those that are there, and the ids of those that are surely not."""

    rows: Sequence[ShadowRow] = ()
    missing: Sequence[str] = ()


class Crm(Protocol):
    """Zoho. Every call books its credits first and raises `OutOfCredits` when the budget does not allow it."""

    def org(self) -> OrgFacts:
        """Edition, licences, stages and field metadata, read from Zoho (about a dozen credits: once a day)."""

    def users(self) -> Sequence[User]:
        """All users, active or not."""

    def signed_in(self) -> SignedIn:
        """The user whose access we have, for `check`."""

    def load(self, module: Module, org: OrgFacts, purpose: str = "reading") -> Iterator[LoadPage]:
        """All records of a module, from the beginning, in the cheapest way for its size. `purpose`: for the ledger."""

    def resume(self, module: Module, org: OrgFacts, after: str, purpose: str = "reading") -> Iterator[LoadPage]:
        """The same, from where an earlier reading stopped."""

    def refresh(self, cursors: Mapping[str, str], org: OrgFacts) -> Refreshed:
        """What changed since these cursors: one Composite call, more only for a module that has more."""

    def fetch(
        self, module: Module, ids: Sequence[str], org: OrgFacts, *, known: str = "", purpose: str = "reading"
    ) -> Fetched:
        """Records by id (200 a credit). `known`: the id of one that should be there, to prove an answer; without it
        nothing is called missing."""

    def kept(self) -> Mapping[Module, Sequence[str]]:
        """The fields that are kept of each module; those that were not kept before must be read of all records."""

    def found_by(self) -> str:
        """A digest of how records are found; when it changes, the index of addresses must be made again."""

    def logged_around(self, slots: Sequence[Slot]) -> Sequence[OtherActivity]:
        """The activities near these places that bear no key of ours: a credit, three for many places."""

    def holders(self, wanted: Sequence[ShadowRow], org: OrgFacts) -> Sequence[ShadowRow]:
        """The records in Zoho that have an address of one of `wanted`, which are to be made: a credit for twenty."""

    def taken(self, module: Module, values: Mapping[str, Any]) -> ShadowRow:
        """A record that Zoho took from us, `id` among its values, as the shadow holds it. Nothing is asked."""

    def addressed(self, record: Record) -> ShadowRow:
        """A record of the shadow with the addresses that it has by today's config. Nothing is asked."""

    def open_channel(self, channel: str, token: str, url: str, until: datetime) -> datetime | None:
        """Let Zoho push changes of records to `url`; when that will end, if Zoho says so."""

    def renew_channel(self, channel: str, until: datetime) -> datetime | None:
        """Let it push longer. Raises Refused when it has ended."""

    def close_channel(self, channel: str) -> None:
        """Let it push no more."""

    def contact_roles(self, deal_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """The ids of the contacts with a role, by deal: five deals a credit."""

    def linked(self, ids: Sequence[str]) -> Mapping[str, Sequence[tuple[Module, str]]]:
        """By id of the record: the modules and ids of the activities that are linked to it, whoever logged them."""

    def send(self, rows: Sequence[OutboxRow]) -> Mapping[int, RowResult]:
        """Send writes in one request: up to 100 rows of one module and operation, or up to five of any.

        The result is by `OutboxRow.number`. Raises TryLater (nothing was done), Uncertain (it may have been done),
        SignInAgain, OutOfCredits.
        """

    def current(self, module: Module, ids: Sequence[str], fields: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """The present values of these fields, by id (up to 200 ids a credit); an id that is missing is gone."""

    @property
    def checkup(self) -> Checkup:
        """What `check` and `connect` ask."""

    def find(self, row: OutboxRow) -> Sequence[Found]:
        """Records in Zoho that this uncertain create may have made, by key field where it exists, otherwise by
        owner, subject, time and links. A route without index lag (COQL)."""

    def close(self) -> None:
        """Let go of connections."""


class CreditLedger(Protocol):
    """Books credits before they are spent."""

    def book(self, purpose: str, credits: int, what: str) -> None:
        """Book a call. `purpose`: reading, writing, checking, backfill. Raises OutOfCredits."""

    def reported(self, remaining: int) -> None:
        """Zoho said how many credits are left."""


class Clock(Protocol):
    """The time, for the edges and steps; rules get `now` as an argument."""

    def __call__(self) -> datetime:
        """Now, aware, in UTC."""


class TokenStore(Protocol):
    """Keeps tokens across restarts, encrypted."""

    def get(self, name: str) -> str | None:
        """What was stored under this name."""

    def put(self, name: str, value: str) -> None:
        """Store, replacing."""
