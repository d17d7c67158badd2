"""A Dialpad company as a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from activity_sync.dialers.dialpad.client import ROOT, Client
from activity_sync.dialers.dialpad.people import People, to_people
from activity_sync.dialers.dialpad.translation import call_id, to_call_leg
from activity_sync.model import call_window
from activity_sync.model.call_records import Translated, looked_up, read_each
from activity_sync.model.lasting import Lasting
from activity_sync.model.our_ends import ends_of
from activity_sync.model.ports import Changes, Clock, Span
from activity_sync.model.settings import DialpadDialer, Settings
from activity_sync.model.whole_account import WholeAccount
from activity_sync.net.api_key import ApiKey


@dataclass(slots=True)
class Dialpad(WholeAccount):
    """Reads from a little before the newest call seen; repeats stop at the fingerprint.

    Calls show when they are over, in the place of their start: the list is always read to its end before the mark
    moves, and far enough back for a long call.
    """

    dialer: DialpadDialer
    whole: Settings
    clock: Clock
    client: Client = field(init=False)
    _people: Lasting[People] = field(default_factory=Lasting)

    def __post_init__(self) -> None:
        auth = ApiKey(f"Bearer {self.dialer.api_key.get_secret_value()}")
        self.client = Client(self.dialer.api_url or ROOT, auth, self.clock)

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
        self._people.forget()
        reps = sum(1 for email in self._directory().emails.values() if email)
        return f"Dialpad lets us read the company's calls; {reps} users have an e-mail address"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _with(self, people: People) -> Translated:
        return partial(to_call_leg, source=self.name, people=people)

    def _directory(self) -> People:
        ends = ends_of(self.dialer, self.whole)
        return self._people.told(self.clock(), lambda: to_people(ends, self.client.users()))
