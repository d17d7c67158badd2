"""Whatever comes late, twice, in another order or after a cursor was set back: each conversation is one Call."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.journeys.switchboard import JO, MAX, MORE, PUSHING, SOURCES, Conversation, Switchboard

_TORTURE = bool(os.environ.get("TORTURE"))
_MORE = tuple(MORE) if _TORTURE else ()
_ALL = (*SOURCES, *_MORE)
_EXAMPLES, _STEPS = (60, 60) if _TORTURE else (1, 30)

talks = st.one_of(st.none(), st.integers(1, 90))
pick = st.integers(0, 10_000)


class CallMachine(RuleBasedStateMachine):
    """Calls, legs, notes, repeats, rotations and old cursors; rounds between."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.board = Switchboard(more={name: MORE[name]([JO, MAX]) for name in _MORE})

    @initialize()
    def begin(self) -> None:
        self.board.open(self._open, Path(self._open.enter_context(tempfile.TemporaryDirectory())))
        self.board.sync()

    def teardown(self) -> None:
        try:
            if hasattr(self.board, "app"):
                self.rest()
        finally:
            self._open.close()

    @rule(source=st.sampled_from(_ALL), talk=talks)
    def ring(self, source: str, talk: int | None) -> None:
        self.board.ring(source, talk)

    @rule(which=pick, talk=talks)
    def another_leg(self, which: int, talk: int | None) -> None:
        if one := self._one(which):
            self.board.another_leg(one, talk)

    @rule(which=pick)
    def note(self, which: int) -> None:
        if one := self._one(which):
            self.board.note(one, f"note {which} {len(one.notes)}")

    @rule(which=pick, talk=st.integers(1, 90))
    def answered_after_all(self, which: int, talk: int) -> None:
        if one := self._one(which):
            self.board.answered_after_all(one, talk)

    @rule(which=pick, leg=pick, same=st.booleans())
    def repeat(self, which: int, leg: int, same: bool) -> None:
        """The sender did not hear our answer: the same delivery again, or the same row in another."""
        one = self._one(which, "legacy")
        if one:
            delivery = f"msg-{self.board.deliveries}" if same else ""
            self.board.push(self.board.row(one, leg % len(one.legs)), delivery=delivery)

    @rule(which=pick)
    def repeat_what_is_old(self, which: int) -> None:
        if one := self._one(which, "legacy"):
            self.board.push_old(one)

    @rule(copied=st.booleans())
    def rotate(self, copied: bool) -> None:
        self.board.rotate(copied=copied)

    @rule(which=pick)
    def half_a_line(self, which: int) -> None:
        if one := self._one(which, "pbx"):
            self.board.write_half(one)

    @rule(source=st.sampled_from(_ALL), which=pick)
    def set_a_cursor_back(self, source: str, which: int) -> None:
        self.board.set_back(source, which)

    @rule(source=st.sampled_from(PUSHING), times=st.integers(1, 2))
    def push(self, source: str, times: int) -> None:
        """A webhook, delivered twice."""
        for _ in range(times):
            self.board.sync(only=source)

    @rule()
    def round(self) -> None:
        self.board.sync()

    @rule()
    def rest(self) -> None:
        self.board.finish_half()
        anew = self.board.begins_anew("aircall")  # its first reading asks for no summary
        for _ in range(3 if anew else 2):
            result = self.board.sync()
        assert result.problems == []
        assert self.board.held() == self.board.wanted()
        assert sum(result.writes.values()) == 0

    def _one(self, which: int, source: str = "") -> Conversation | None:
        mine = [one for one in self.board.conversations if source in ("", one.source)]
        return mine[which % len(mine)] if mine else None


@pytest.mark.torture
class TestCalls(CallMachine.TestCase):  # type: ignore[misc, name-defined]
    """A short dose; `TORTURE=1` for more."""

    settings = settings(
        max_examples=int(os.environ.get("TORTURE_EXAMPLES", str(_EXAMPLES))),
        stateful_step_count=_STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not _TORTURE,
        database=None,
    )
