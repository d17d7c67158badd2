"""A Quo workspace as a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from activity_sync.dialers.quo.client import ROOT, VERSION, Client
from activity_sync.dialers.quo.people import People, to_people
from activity_sync.dialers.quo.translation import call_id, to_call_leg
from activity_sync.model import call_window
from activity_sync.model.call_records import Translated, looked_up, read_each
from activity_sync.model.lasting import Lasting
from activity_sync.model.our_ends import ends_of
from activity_sync.model.ports import Changes, Clock, Span
from activity_sync.model.settings import QuoDialer, Settings
from activity_sync.model.whole_account import WholeAccount
from activity_sync.net.api_key import ApiKey


@dataclass(slots=True)
class Quo(WholeAccount):
    """Reads from a little before the newest call seen; repeats stop at the fingerprint.

    Only calls that are over are handed over. Summary and voicemail come with the call, however late.
    """

    dialer: QuoDialer
    whole: Settings
    clock: Clock
    client: Client = field(init=False)
    _people: Lasting[People] = field(default_factory=Lasting)

    def __post_init__(self) -> None:
        auth = ApiKey(self.dialer.api_key.get_secret_value(), Quo_Api_Version=VERSION)
        self.client = Client(self.dialer.api_url or ROOT, auth, self.clock)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Calls that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        since, seen = call_window.begin(call_window.read_cursor(cursor), span)
        self.client.vendor.begin()
        people = self._directory()
        calls = list(self.client.calls(since, call_window.until(span)))
        return call_window.changes(read_each(calls, call_id, self._with(people)), span, seen)

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These calls, one by one."""
        del part
        self.client.vendor.begin()
        people = self._directory()
        return looked_up({native: self.client.one(native) for native in native_ids}, call_id, self._with(people))

    def probe(self, part: str) -> str:
        """Asks for one call, for the users and the numbers."""
        del part
        self.client.vendor.begin()
        self.client.probe()
        self._people.forget()
        people = self._directory()
        reps = sum(1 for email in people.emails.values() if email)
        return f"Quo lets us read the workspace's calls; {reps} users have an e-mail address"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _with(self, people: People) -> Translated:
        return partial(to_call_leg, source=self.name, people=people)

    def _directory(self) -> People:
        ends = ends_of(self.dialer, self.whole, also=self.whole.team.numbers)
        return self._people.told(self.clock(), lambda: to_people(ends, self.client.users(), self.client.numbers()))
