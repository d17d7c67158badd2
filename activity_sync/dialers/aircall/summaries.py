"""What Aircall's add-on wrote of a call (dialers.md 1.10): asked for one by one, so as seldom as can be.

A call is asked about a few minutes after its end and, when there was nothing yet, once more when it is late. A leg
that was not asked about has `summary` None: what was told before stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from activity_sync.dialers.aircall.memory import Asked
from activity_sync.model.failures import Refused, SignInAgain, TryLater, Unexpected
from activity_sync.model.interactions import CallLeg
from activity_sync.model.invitations import clean

LONG_ENOUGH = 30
"""Seconds of talk of which there is something to say."""

EARLY, LATE = timedelta(minutes=5), timedelta(hours=2)
"""After a call's end: when a summary may be there, and when it would be."""

AT_ONCE = 20
"""Requests that one reading makes for them: the company's other programs share the rate."""

_LONGEST = 30_000


@dataclass(slots=True)
class Summaries:
    """Adds them to legs. `ask`: Aircall's answer about a call id, None when it has none; raises as `Vendor.get`."""

    ask: Callable[[str], Mapping[str, Any] | None]
    memory: Asked
    now: datetime
    left: int = AT_ONCE

    def beside(self, leg: CallLeg) -> CallLeg:
        """The leg with its summary, or with None where it was not asked for or there is none (yet)."""
        turn = self._turn(leg)
        if not turn or not self.left or self.memory.is_off(self.now):
            return replace(leg, summary=None)
        self.left -= 1
        try:
            told = to_summary(self.ask(leg.record_id))
        except (SignInAgain, Refused):  # the list was answered with the same key: it is the add-on that is missing
            self.memory.rest(self.now)
            return replace(leg, summary=None)
        except (TryLater, Unexpected):
            self.left = 0
            return replace(leg, summary=None)
        self._remember(leg, turn, there=bool(told))
        return replace(leg, summary=told or None)

    def _turn(self, leg: CallLeg) -> str:
        """`early`, `late`, or "": it is not to be asked about (now)."""
        if not leg.final or leg.ended is None or (leg.talk_seconds or 0) < LONG_ENOUGH:
            return ""
        since = self.now - leg.ended
        turn = "late" if since >= LATE else "early" if since >= EARLY else ""
        return "" if not turn or self.memory.knows(leg, turn) else turn

    def _remember(self, leg: CallLeg, turn: str, *, there: bool) -> None:
        self.memory.add(leg, turn)
        if there:
            self.memory.add(leg, "late")
            self.memory.hit()
        elif turn == "late":
            self.memory.miss(self.now)


def to_summary(answer: Mapping[str, Any] | None) -> str:
    """The text in an answer; "" when there is none. The shape is not documented: `summary` is a text or has one."""
    told = (answer or {}).get("summary", answer)
    for name in ("content", "text", "summary"):
        if isinstance(told, Mapping):
            told = told.get(name, told)
    return clean(told[:_LONGEST]).strip() if isinstance(told, str) else ""
