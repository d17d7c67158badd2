"""A RingCentral account as a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activity_sync.dialers.ringcentral.client import ROOT, Client
from activity_sync.dialers.ringcentral.people import People, to_people
from activity_sync.dialers.ringcentral.sign_in import JwtDesk
from activity_sync.dialers.ringcentral.translation import to_call_leg
from activity_sync.model import call_window
from activity_sync.model.interactions import CallLeg
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.ports import Changes, Clock, Span, TokenStore, Unreadable
from activity_sync.model.records import User
from activity_sync.model.settings import RingCentralDialer, Settings
from activity_sync.model.wire import NoCall, identity
from activity_sync.net.sign_in import TokenSignIn

DIRECTORY_LASTS = timedelta(hours=1)


@dataclass(slots=True)
class RingCentral:
    """Reads the company's log from a little before the newest call seen; repeats stop at the fingerprint.

    Each record is a leg; records of one session are one conversation. Only calls that are over are handed over.
    """

    dialer: RingCentralDialer
    whole: Settings
    tokens: TokenStore = field(repr=False)
    clock: Clock
    client: Client = field(init=False)
    _people: People | None = None
    _known_at: datetime | None = None

    def __post_init__(self) -> None:
        root = self.dialer.api_url or ROOT
        auth = TokenSignIn(JwtDesk(self.dialer, root, self.clock), self.tokens, self.clock)
        self.client = Client(root, auth, self.clock)

    @property
    def name(self) -> str:
        """The connection's name in the config."""
        return self.dialer.name

    @property
    def kind(self) -> str:
        """Always `ringcentral`."""
        return self.dialer.kind

    def parts(self, users: Sequence[User]) -> Sequence[str]:
        """One: the account."""
        del users
        return ("",)

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
        self._known_at = None
        people = self._directory()
        reps = sum(1 for entry in people.by_id.values() if entry.email)
        return f"RingCentral lets us read the company's call log; {reps} extensions have an e-mail address"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _directory(self) -> People:
        now = self.clock()
        if self._people is None or self._known_at is None or now - self._known_at >= DIRECTORY_LASTS:
            ends = OurEnds(self.dialer.region or self.whole.default_region, self.dialer.lines, self.dialer.extensions)
            self._people, self._known_at = to_people(ends, self.client.extensions()), now
        return self._people

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
