"""A Twilio account as a source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpx

from activity_sync.dialers.twilio.client import ROOT, Client
from activity_sync.dialers.twilio.conversations import to_call_leg
from activity_sync.dialers.twilio.families import families, missing_parents
from activity_sync.dialers.twilio.legs import Leg, Recording, to_leg, to_recording
from activity_sync.model import call_window
from activity_sync.model.failures import Refused
from activity_sync.model.interactions import CallLeg
from activity_sync.model.our_ends import OurEnds, ends_of
from activity_sync.model.ports import Changes, Clock, Span, Unreadable
from activity_sync.model.settings import Settings, TwilioDialer
from activity_sync.model.whole_account import WholeAccount
from activity_sync.model.wire import NoCall, identity

_GENERATIONS = 5
"""How far up parents are asked for."""


@dataclass(slots=True)
class Twilio(WholeAccount):
    """Reads from a little before the newest call seen; repeats stop at the fingerprint.

    A conversation is handed over whole, under the sid of its root, when all its legs are over.
    """

    dialer: TwilioDialer
    whole: Settings
    clock: Clock
    client: Client = field(init=False)
    ends: OurEnds = field(init=False)

    def __post_init__(self) -> None:
        account = self.dialer.account_sid
        auth = httpx.BasicAuth(account, self.dialer.auth_token.get_secret_value())
        self.client = Client(self.dialer.api_url or ROOT, account, auth, self.clock)
        self.ends = ends_of(self.dialer, self.whole, also=self.whole.team.numbers)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Conversations that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        since, seen = call_window.begin(call_window.read_cursor(cursor), span)
        until = call_window.until(span)
        self.client.vendor.begin()
        legs, unreadable = self._legs(self.client.calls(since, until + call_window.OVERLAP if until else None))
        self._add_parents(legs, unreadable)
        recordings = _recordings(self._recorded(since, legs))
        found = list(self._conversations(legs, recordings, span.now, since))
        return call_window.changes([*unreadable, *found], span, seen)

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These conversations, one by one."""
        del part
        self.client.vendor.begin()
        sightings: list[CallLeg] = []
        gone: list[str] = []
        unreadable: list[Unreadable] = []
        for sid in native_ids:
            root = self.client.one(sid)
            if root is None:
                gone.append(sid)
                continue
            legs, bad = self._legs([root, *self._descendants(sid)])
            unreadable += bad
            recordings = [one for leg in legs for one in _recordings(self.client.recordings_of(leg))]
            sightings += [one for one in self._conversations(legs, recordings, self.clock()) if one.final]
        return Changes(sightings=sightings, gone=gone, unreadable=unreadable)

    def probe(self, part: str) -> str:
        """Asks for one call. Twilio knows no people: only the config tells whose a device or a line is."""
        del part
        self.client.vendor.begin()
        self.client.probe()
        named = len(self.dialer.extensions) + len(self.dialer.lines)
        return f"Twilio lets us read the account's calls; the config names reps for {named} extensions and lines"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _legs(self, calls: Iterable[object]) -> tuple[dict[str, Leg], list[Unreadable]]:
        legs: dict[str, Leg] = {}
        unreadable: dict[str, Unreadable] = {}
        for number, call in enumerate(calls):
            try:
                leg = to_leg(call, self.ends)
                legs[leg.sid] = leg
            except NoCall as reason:
                where = _name(call)
                unreadable[where or str(number)] = Unreadable(where or "a call", str(reason))
        return legs, list(unreadable.values())

    def _recorded(self, since: datetime, legs: Mapping[str, Leg]) -> Iterable[object]:
        """Recordings tell a message from a call that was only missed; asked for one by one where there is no list."""
        listed = self.client.recordings(since)
        if listed is not None:
            return listed
        return [one for leg in legs.values() if not leg.parent and leg.over for one in self._recorded_on(leg.sid)]

    def _recorded_on(self, sid: str) -> list[object]:
        with suppress(Refused):
            return list(self.client.recordings_of(sid))
        return []

    def _add_parents(self, legs: dict[str, Leg], unreadable: list[Unreadable]) -> None:
        """A leg at the edge of what was read may have begun its conversation before it."""
        asked = {one.where.removeprefix("call ") for one in unreadable}
        for _ in range(_GENERATIONS):
            missing = missing_parents(legs) - asked
            if not missing:
                return
            asked |= missing
            found = [call for call in map(self.client.one, sorted(missing)) if call is not None]
            more, bad = self._legs(found)
            legs |= more
            unreadable += bad

    def _descendants(self, sid: str) -> Iterator[object]:
        above = [sid]
        for _ in range(_GENERATIONS):
            below = [call for parent in above for call in self.client.children(parent)]
            yield from below
            above = [name.removeprefix("call ") for name in map(_name, below) if name]

    def _conversations(
        self, legs: dict[str, Leg], recordings: Sequence[Recording], now: datetime, since: datetime | None = None
    ) -> Iterator[CallLeg]:
        """One that began before what was asked for is known already, and only a part of it was read.

        One whose root does not show yet is waited for: its key would be another.
        """
        for root, members in families(legs.values()).items():
            if since is not None and members[0].start < since:
                continue
            sids = {leg.sid for leg in members}
            own = [one for one in recordings if one.leg in sids]
            leg = to_call_leg(root, members, own, source=self.name, ends=self.ends)
            orphaned = bool(members[0].parent) and now - leg.started < call_window.OVERLAP
            yield replace(leg, final=False) if orphaned else leg


def _recordings(found: Iterable[object]) -> list[Recording]:
    return [recording for recording in map(to_recording, found) if recording is not None]


def _name(call: object) -> str:
    try:
        return f"call {identity(call, 'sid')}"
    except NoCall:
        return ""
