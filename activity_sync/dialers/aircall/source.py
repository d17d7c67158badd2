"""An Aircall account as a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from activity_sync.dialers.aircall.client import ROOT, Client
from activity_sync.dialers.aircall.memory import taken_apart
from activity_sync.dialers.aircall.summaries import AT_ONCE, Summaries
from activity_sync.dialers.aircall.translation import call_id, to_call_leg
from activity_sync.model import call_window
from activity_sync.model.interactions import CallLeg
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.ports import Changes, Clock, Span, Unreadable
from activity_sync.model.settings import AircallDialer, Settings
from activity_sync.model.whole_account import WholeAccount
from activity_sync.model.wire import NoCall


@dataclass(slots=True)
class Aircall(WholeAccount):
    """Reads from a little before the newest call seen; repeats stop at the fingerprint.

    Only calls that are done are handed over; one that still runs is kept in the cursor and read again. Summaries come
    with a later reading: the first one, and one of the past, ask for none.
    """

    dialer: AircallDialer
    whole: Settings
    clock: Clock
    client: Client = field(init=False)
    ends: OurEnds = field(init=False)

    def __post_init__(self) -> None:
        key = (self.dialer.api_id, self.dialer.api_token.get_secret_value())
        self.client = Client(self.dialer.api_url or ROOT, key, self.clock)
        self.ends = OurEnds(self.dialer.region or self.whole.default_region, self.dialer.lines)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Calls that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        bare, asked = taken_apart(cursor)
        since, seen = call_window.begin(call_window.read_cursor(bare), span)
        self.client.begin()
        calls: dict[Any, object] = {}
        for number, call in enumerate(self.client.calls(since, call_window.until(span))):
            calls[_name(call) or number] = call  # one that lies on the seam of two halves comes twice
        changes = call_window.changes(map(self._read_one, calls.values()), span, seen)
        summaries = Summaries(self.client.summary, asked, span.now, AT_ONCE if self._wants_summaries(cursor) else 0)
        legs = [summaries.beside(one) for one in changes.sightings if isinstance(one, CallLeg)]
        return replace(changes, sightings=legs, cursor=asked.beside(changes.cursor, span.now))

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These calls, one by one."""
        del part
        self.client.begin()
        found = {native: self.client.one(native) for native in native_ids}
        gone = [native for native, call in found.items() if call is None]
        read = [self._read_one(call) for call in found.values() if call is not None]
        return Changes(
            sightings=[one for one in read if isinstance(one, CallLeg) and one.final],
            gone=gone,
            unreadable=[one for one in read if isinstance(one, Unreadable)],
        )

    def probe(self, part: str) -> str:
        """Aircall's own ping, which needs the key; and whether its webhooks are awake, where some are expected."""
        del part
        self.client.begin()
        self.client.ping()
        asleep = self.client.sleeping_webhooks() if self.dialer.webhook else 0
        woken = f"; {asleep} of its webhooks are inactive, switch them on in Aircall" if asleep else ""
        return f"Aircall accepts the API key{woken}"

    def close(self) -> None:
        """End all connections."""
        self.client.close()

    def _wants_summaries(self, cursor: str) -> bool:
        return bool(cursor) and self.whole.calls.summary

    def _read_one(self, call: object) -> CallLeg | Unreadable:
        if not isinstance(call, dict):
            return Unreadable("a call", "it is no call")
        try:
            return to_call_leg(call, source=self.name, region=self.ends.region, line_rep=self.ends.line_rep)
        except NoCall as reason:
            return Unreadable(_name(call) or "a call", str(reason))


def _name(call: object) -> str:
    try:
        return f"call {call_id(call)}"
    except NoCall:
        return ""
