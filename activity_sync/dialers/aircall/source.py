"""An Aircall account as a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activity_sync.dialers.aircall.client import ROOT, Client
from activity_sync.dialers.aircall.translation import NoCall, call_id, to_call_leg
from activity_sync.dialers.aircall.window import GIVEN_UP, Cursor, begin, read_cursor
from activity_sync.model.addresses import read_number
from activity_sync.model.interactions import CallLeg
from activity_sync.model.ports import Changes, Clock, Span, Unreadable
from activity_sync.model.records import User
from activity_sync.model.settings import AircallDialer, Settings


@dataclass(slots=True)
class Aircall:
    """Reads from a little before the newest call seen; repeats stop at the fingerprint.

    Only calls that are done are handed over; one that still runs is kept in the cursor and read again.
    """

    dialer: AircallDialer
    whole: Settings
    clock: Clock
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        key = (self.dialer.api_id, self.dialer.api_token.get_secret_value())
        self.client = Client(self.dialer.api_url or ROOT, key, self.clock)

    @property
    def name(self) -> str:
        """The connection's name in the config."""
        return self.dialer.name

    @property
    def kind(self) -> str:
        """Always `aircall`."""
        return self.dialer.kind

    def parts(self, users: Sequence[User]) -> Sequence[str]:
        """One: the account."""
        del users
        return ("",)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Calls that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        since, seen = begin(read_cursor(cursor), span)
        until = span.newest if span.newest < span.now else None
        self.client.begin()
        calls: dict[Any, object] = {}
        for number, call in enumerate(self.client.calls(since, until)):
            calls[_name(call) or number] = call  # one that lies on the seam of two halves comes twice
        return self._changes(calls, span, seen)

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
        """Aircall's own ping, which needs the key."""
        del part
        self.client.begin()
        self.client.ping()
        return "Aircall accepts the API key"

    def close(self) -> None:
        """End all connections."""
        self.client.close()

    def _changes(self, calls: dict[Any, object], span: Span, seen: Cursor) -> Changes:
        legs: list[CallLeg] = []
        unreadable: list[Unreadable] = []
        for call in calls.values():
            match self._read_one(call):
                case Unreadable() as finding:
                    unreadable.append(finding)
                case CallLeg() as leg:
                    seen = seen.seen(leg.started, span.now, over=leg.final)
                    if not _is_inside(leg.started, span):
                        continue
                    if leg.final:
                        legs.append(leg)
                    elif span.now - leg.started >= GIVEN_UP:
                        unreadable.append(Unreadable(f"call {leg.record_id}", "it has had no end for a day"))
        return Changes(sightings=legs, unreadable=unreadable, cursor=str(seen))

    def _read_one(self, call: object) -> CallLeg | Unreadable:
        if not isinstance(call, dict):
            return Unreadable("a call", "it is no call")
        region = self.dialer.region or self.whole.default_region
        try:
            return to_call_leg(call, source=self.name, region=region, line_rep=self._line_rep)
        except NoCall as reason:
            return Unreadable(_name(call) or "a call", str(reason))

    def _line_rep(self, digits: str, region: str) -> str:
        """Whose line this is by the config, whatever way the number is written there."""
        if not digits or not self.dialer.lines:
            return ""
        line = read_number(digits, region)
        for written, rep in self.dialer.lines.items():
            number = read_number(written, region)
            if written == digits or (number.e164 and number.e164 == line.e164):
                return rep
        return ""


def _is_inside(started: datetime, span: Span) -> bool:
    """A call cannot begin later than now: only a closed range of the past has an upper bound."""
    return span.oldest <= started and (started <= span.newest or span.newest >= span.now)


def _name(call: object) -> str:
    try:
        return f"call {call_id(call)}"
    except NoCall:
        return ""
