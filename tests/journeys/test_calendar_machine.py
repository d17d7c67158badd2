"""Whatever people do with their meetings, in up to five calendars of both vendors: at rest Zoho holds each once."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from activity_sync.simulator.mishaps import Mishap
from tests.journeys.diary import EVERYBODY, GUESTS, HERE, THERE, Diary, Entry

_TORTURE = bool(os.environ.get("TORTURE"))
_EXAMPLES, _STEPS = (400, 50) if _TORTURE else (3, 12)
_WRONG = (Mishap.DROP_BEFORE, Mishap.DROP_AFTER, Mishap.BAD_GATEWAY, Mishap.TOO_MANY, Mishap.TRUNCATED, Mishap.HTML)

some_people = st.one_of(  # what only one vendor's calendars show is told by nobody else
    st.lists(st.sampled_from(who), min_size=1, max_size=5, unique=True) for who in (HERE, THERE, EVERYBODY)
)
some_guests = st.lists(st.sampled_from(GUESTS), max_size=2, unique=True)
days, hours, pick = st.integers(2, 9), st.integers(0, 8), st.integers(0, 10_000)


def _memory() -> str | None:
    """Where a file is kept in memory, so that no commit waits for a disk; None: nowhere."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


class CalendarMachine(RuleBasedStateMachine):
    """Meetings come, move, go, come back, and are forwarded and handed over; rounds between."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.diary = Diary()
        self.vendors, self._read, self._rested = 0, (0, 0, 0), (0, 0, 0)

    @initialize(uids=st.sampled_from(["each", "same", "none"]))
    def begin(self, uids: str) -> None:
        self.diary.microsoft.meetings.uids = "each" if uids == "none" else uids
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(dir=_memory())))
        self.diary.open(self._open, folder, matching={"adopt_existing": False})  # which would hide doubles
        self.diary.put(list(EVERYBODY[:4]), list(GUESTS), 3, 1)
        self.diary.sync()

    def teardown(self) -> None:
        try:
            if hasattr(self.diary, "app"):
                self.rest()
        finally:
            self._open.close()

    # --- people

    @rule(people=some_people, guests=some_guests, days=days, hours=hours, theirs=st.booleans())
    def put(self, people: list[str], guests: list[str], days: int, hours: int, theirs: bool) -> None:
        self.diary.put(people, guests, days, hours, guests[0] if theirs and guests else "")

    @rule(people=some_people, guests=some_guests, days=days)
    def put_series(self, people: list[str], guests: list[str], days: int) -> None:
        self.diary.put_series(people, guests, days)

    @rule(which=pick, days=days, hours=hours, far=st.integers(0, 9))
    def move(self, which: int, days: int, hours: int, far: int) -> None:
        if entry := self._live(which):
            entry.start = entry.start.replace(hour=0) + timedelta(days=days - 5, hours=hours)
            if far == 0 or not timedelta(days=1) < entry.start - self._now() < timedelta(days=12):
                entry.start = self._now() + timedelta(days=40 if far == 0 else 5, hours=hours)
            self.diary.change(entry)

    @rule(which=pick)
    def rename(self, which: int) -> None:
        if entry := self._live(which):
            entry.title += "!"
            self.diary.change(entry)

    @rule(which=pick, stub=st.booleans())
    def cancel(self, which: int, stub: bool) -> None:
        if entry := self._live(which):
            self.diary.cancel(entry, stub=stub)

    @rule(which=pick)
    def cancel_quietly(self, which: int) -> None:
        entry = self._live(which)
        if entry and entry.near and entry.organizer in entry.people:
            self.round()  # what was never seen in the organiser's calendar does not go from there
            self.diary.cancel_quietly(entry)

    @rule(which=pick)
    def restore(self, which: int) -> None:
        gone = [one for one in self.diary.entries if one.cancelled and not one.lost]
        if gone:
            self.diary.restore(gone[which % len(gone)])

    @rule(which=pick, to=st.sampled_from(EVERYBODY))
    def forward(self, which: int, to: str) -> None:
        entry = self._live(which)
        if entry and to not in entry.people and entry.original is None:
            self.diary.forward(entry, to)

    @rule(which=pick, to=pick, leaves=st.booleans())
    def hand_over(self, which: int, to: int, leaves: bool) -> None:
        entry = self._live(which)
        others = [one for one in entry.people if one != entry.organizer] if entry else []
        if entry and others:
            before, entry.organizer = entry.organizer, others[to % len(others)]
            self.diary.change(entry)
            if leaves and before in entry.people:
                self.diary.leave(entry, before)
                self.diary.change(entry)

    @rule(which=pick, who=pick)
    def one_of_us_deletes_it(self, which: int, who: int) -> None:
        entry = self._live(which)
        others = [one for one in entry.people if one != entry.organizer] if entry else []
        if entry and others:
            self.diary.leave(entry, others[who % len(others)])

    @rule(which=pick, guests=some_guests)
    def invite_others(self, which: int, guests: list[str]) -> None:
        entry = self._live(which)
        if entry and (guests or not entry.guests):
            entry.guests = guests
            self.diary.change(entry)

    # --- vendors and the program

    @rule(limit=st.sampled_from([1, 2, 1000]), empty=st.integers(0, 2))
    def pages(self, limit: int, empty: int) -> None:
        for listings in (self.diary.google.listings, self.diary.microsoft.listings):
            listings.page_limit, listings.empty_pages = limit, empty
        self.diary.google.expire_sync_tokens()
        self.diary.microsoft.expire_delta_links()
        self.vendors += 1

    @rule()
    def tokens_die(self) -> None:
        self.diary.google.tokens.revoke_tokens()
        self.diary.microsoft.identity.end_tokens()
        self.vendors += 1

    @rule(mishap=st.sampled_from(_WRONG), times=st.integers(1, 3), here=st.booleans())
    def trouble(self, mishap: Mishap, times: int, here: bool) -> None:
        vendor = self.diary.google if here else self.diary.microsoft
        if mishap is not Mishap.TOO_MANY or here:
            vendor.mishaps.plan(mishap, path="/calendars/" if here else "/calendarView", times=times)
        self.diary.sync(refreshing=False)
        vendor.mishaps.clear()
        self.vendors += 1

    @precondition(lambda self: bool(self.diary.entries))
    @rule(who=st.sampled_from(HERE), times=st.integers(1, 2))
    def somebody_cannot_be_read(self, who: str, times: int) -> None:
        self.diary.google.refuse_token(who)
        self.diary.google.tokens.revoke_tokens()
        self.diary.sync(refreshing=False)
        del self.diary.google.tokens.refused[who]
        self.vendors += 1

    @rule()
    def round(self) -> None:
        if self._read != self._told():
            self.diary.sync(refreshing=False)  # nobody does anything in Zoho here
            self._read = self._told()

    @rule()
    def rest(self) -> None:
        if self._rested == self._told():
            return
        self.round()
        result = self.diary.sync()
        assert result.problems == []
        assert sum(result.writes.values()) == 0, result.writes
        assert self.diary.held() == self.diary.logged() == self.diary.wanted()
        assert not self.diary.held(far=True) - self.diary.wanted(far=True), "not followed to where it moved"
        assert len(self.diary.known()) <= len(self.diary.entries), "one meeting became two interactions"
        keys = [str(one["Activity_Sync_Key"]).partition("/")[0] for one in self.diary.zoho.records("Events")]
        assert len(keys) == len(set(keys))
        self._rested = self._told()

    def _told(self) -> tuple[int, int, int]:
        """Another one whenever something happened at a vendor: a second round without that shows nothing new."""
        return self.diary.google.meetings.version, self.diary.microsoft.meetings.version, self.vendors

    def _now(self):  # type: ignore[no-untyped-def]
        from datetime import UTC, datetime

        return datetime.now(UTC).replace(microsecond=0, second=0, minute=0)

    def _live(self, which: int) -> Entry | None:
        live = [one for one in self.diary.entries if not one.cancelled and one.people]
        return live[which % len(live)] if live else None


@pytest.mark.torture
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
class TestCalendars(CalendarMachine.TestCase):  # type: ignore[misc, name-defined]
    """A short dose; `TORTURE=1` for 20,000 steps."""

    settings = settings(
        max_examples=int(os.environ.get("TORTURE_EXAMPLES", str(_EXAMPLES))),
        stateful_step_count=_STEPS,
        phases=tuple(Phase) if _TORTURE else (Phase.generate,),  # a shorter example takes minutes to find
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not _TORTURE,
        database=None,
    )
