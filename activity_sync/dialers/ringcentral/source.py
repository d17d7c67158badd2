"""A RingCentral account as a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from activity_sync.dialers.ringcentral.client import ROOT, Client
from activity_sync.dialers.ringcentral.people import People, to_people
from activity_sync.dialers.ringcentral.sign_in import JwtDesk
from activity_sync.dialers.ringcentral.translation import to_call_leg
from activity_sync.model import call_window
from activity_sync.model.interactions import CallLeg
from activity_sync.model.lasting import Lasting
from activity_sync.model.our_ends import ends_of
from activity_sync.model.ports import Changes, Clock, Span, TokenStore, Unreadable
from activity_sync.model.settings import RingCentralDialer, Settings
from activity_sync.model.whole_account import WholeAccount
from activity_sync.model.wire import NoCall, identity
from activity_sync.net.sign_in import TokenSignIn


@dataclass(slots=True)
class RingCentral(WholeAccount):
    """Reads the company's log from a little before the newest call seen; repeats stop at the fingerprint.

    Each record is a leg; records of one session are one conversation. Only calls that are over are handed over.
    """

    dialer: RingCentralDialer
    whole: Settings
    tokens: TokenStore = field(repr=False)
    clock: Clock
    client: Client = field(init=False)
    _people: Lasting[People] = field(default_factory=Lasting)

    def __post_init__(self) -> None:
        root = self.dialer.api_url or ROOT
        auth = TokenSignIn(JwtDesk(self.dialer, root, self.clock), self.tokens, self.clock)
        self.client = Client(root, auth, self.clock)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Calls that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        since, seen = call_window.begin(call_window.read_cursor(cursor), span)
        self.client.vendor.begin()
        people = self._directory()
        records: dict[Any, object] = {}
        for number, record in enumerate(self.client.calls(since, call_window.until(span))):
            records[_name(record) or number] = record  # a page may repeat what a new call pushed down
        return call_window.changes((self._read_one(record, people) for record in records.values()), span, seen)

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These records, one by one."""
        del part
        self.client.vendor.begin()
        people = self._directory()
        found = {native: self.client.one(native) for native in native_ids}
        read = [self._read_one(record, people) for record in found.values() if record is not None]
        return Changes(
            sightings=[one for one in read if isinstance(one, CallLeg) and one.final],
            gone=[native for native, record in found.items() if record is None],
            unreadable=[one for one in read if isinstance(one, Unreadable)],
        )

    def probe(self, part: str) -> str:
        """Asks for one call and for the directory: each needs a permission of its own."""
        del part
        self.client.vendor.begin()
        self.client.probe()
        self._people.forget()
        people = self._directory()
        reps = sum(1 for entry in people.by_id.values() if entry.email)
        return f"RingCentral lets us read the company's call log; {reps} extensions have an e-mail address"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _directory(self) -> People:
        ends = ends_of(self.dialer, self.whole)
        return self._people.told(self.clock(), lambda: to_people(ends, self.client.extensions()))

    def _read_one(self, record: object, people: People) -> CallLeg | Unreadable:
        if not isinstance(record, Mapping):
            return Unreadable("a call", "it is no call")
        try:
            return to_call_leg(record, source=self.name, people=people)
        except NoCall as reason:
            return Unreadable(_name(record) or "a call", str(reason))


def _name(record: object) -> str:
    try:
        return f"call {identity(record, 'id')}"
    except NoCall:
        return ""
