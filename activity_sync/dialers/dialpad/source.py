"""A Dialpad company as a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from activity_sync.dialers.dialpad.client import ROOT, Bearer, Client
from activity_sync.dialers.dialpad.people import People, to_people
from activity_sync.dialers.dialpad.translation import call_id, to_call_leg
from activity_sync.model import call_window
from activity_sync.model.call_records import Translated, looked_up, read_each
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.ports import Changes, Clock, Span
from activity_sync.model.records import User
from activity_sync.model.settings import DialpadDialer, Settings

USERS_LAST = timedelta(hours=1)


@dataclass(slots=True)
class Dialpad:
    """Reads from a little before the newest call seen; repeats stop at the fingerprint.

    Calls show when they are over, in the place of their start: the list is always read to its end before the mark
    moves, and far enough back for a long call.
    """

    dialer: DialpadDialer
    whole: Settings
    clock: Clock
    client: Client = field(init=False)
    _people: People | None = None
    _known_at: datetime | None = None

    def __post_init__(self) -> None:
        auth = Bearer(self.dialer.api_key.get_secret_value())
        self.client = Client(self.dialer.api_url or ROOT, auth, self.clock)

    @property
    def name(self) -> str:
        """The connection's name in the config."""
        return self.dialer.name

    @property
    def kind(self) -> str:
        """Always `dialpad`."""
        return self.dialer.kind

    def parts(self, users: Sequence[User]) -> Sequence[str]:
        """One: the company."""
        del users
        return ("",)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Calls that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        since, seen = call_window.begin(call_window.read_cursor(cursor), span)
        self.client.vendor.begin()
        people = self._directory()
        records = list(self.client.calls(since, call_window.until(span)))
        return call_window.changes(read_each(records, call_id, self._with(people)), span, seen)

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These records, one by one: ten a minute."""
        del part
        self.client.vendor.begin()
        people = self._directory()
        return looked_up({native: self.client.one(native) for native in native_ids}, call_id, self._with(people))

    def probe(self, part: str) -> str:
        """Asks for the last minute's calls and for the users."""
        del part
        self.client.vendor.begin()
        self.client.probe()
        self._known_at = None
        reps = sum(1 for email in self._directory().emails.values() if email)
        return f"Dialpad lets us read the company's calls; {reps} users have an e-mail address"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _with(self, people: People) -> Translated:
        return partial(to_call_leg, source=self.name, people=people)

    def _directory(self) -> People:
        now = self.clock()
        if self._people is None or self._known_at is None or now - self._known_at >= USERS_LAST:
            ends = OurEnds(self.dialer.region or self.whole.default_region, self.dialer.lines, self.dialer.extensions)
            self._people, self._known_at = to_people(ends, self.client.users()), now
        return self._people
