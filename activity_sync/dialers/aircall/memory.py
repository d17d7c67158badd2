"""Which calls Aircall was asked to summarize, kept in the cursor: each is asked about twice at most.

A summary belongs to the paid add-on (dialers.md 1.10): an account that has none is left alone for a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from activity_sync.model.call_window import VERY_LATE
from activity_sync.model.interactions import CallLeg

OFF_FOR = timedelta(days=1)
MISSES = 10
"""So many calls in a row without a summary, and none with one: the account has none."""

_KEPT = VERY_LATE + timedelta(days=2)
_NAME = "summaries"
_LENGTH = 8


@dataclass(slots=True)
class Asked:
    """Marks of the questions that were answered, by the day on which the call began. `off`: nobody is asked before
    then. `misses`: how many calls in a row had no summary when it was late; -1 as soon as one had one."""

    marks: dict[str, set[str]] = field(default_factory=dict)
    off: datetime | None = None
    misses: int = 0

    def is_off(self, now: datetime) -> bool:
        """Whether the account is left alone."""
        return self.off is not None and now < self.off

    def knows(self, leg: CallLeg, turn: str) -> bool:
        """Whether this question about this call was answered."""
        return _mark(leg, turn) in self.marks.get(_day(leg), ())

    def add(self, leg: CallLeg, turn: str) -> None:
        """It was."""
        self.marks.setdefault(_day(leg), set()).add(_mark(leg, turn))

    def hit(self) -> None:
        """The account has summaries."""
        self.misses = -1

    def miss(self, now: datetime) -> None:
        """A call had none when one was due."""
        if self.misses >= 0:
            self.misses += 1
        if self.misses >= MISSES:
            self.rest(now)

    def rest(self, now: datetime) -> None:
        """Leave the account alone for a day; then a single call tells."""
        self.off, self.misses = now + OFF_FOR, MISSES - 1

    def beside(self, cursor: str, now: datetime) -> str:
        """The cursor with what is worth remembering."""
        first = f"{now - _KEPT:%Y-%m-%d}"
        kept = {day: "".join(sorted(marks)) for day, marks in sorted(self.marks.items()) if day >= first}
        told = {"asked": kept, "off": self.off if self.is_off(now) else None, "misses": self.misses}
        worth = kept or told["off"] or self.misses
        return orjson.dumps(orjson.loads(cursor) | ({_NAME: told} if worth else {})).decode()


def taken_apart(cursor: str) -> tuple[str, Asked]:
    """The cursor as it was without the memory, and it. What is no cursor of ours stays as it is."""
    try:
        told: Any = orjson.loads(cursor)
        asked = _asked(told.pop(_NAME, {}))
    except (ValueError, TypeError, AttributeError):
        return cursor, Asked()
    return orjson.dumps(told).decode(), asked


def _asked(told: Mapping[str, Any]) -> Asked:
    marks = {str(day): _cut(words) for day, words in told.get("asked", {}).items()}
    off = told.get("off")
    return Asked(marks, datetime.fromisoformat(off) if off else None, int(told.get("misses", 0)))


def _cut(words: str) -> set[str]:
    return {words[at : at + _LENGTH] for at in range(0, len(words), _LENGTH)}


def _day(leg: CallLeg) -> str:
    return f"{leg.started:%Y-%m-%d}"


def _mark(leg: CallLeg, turn: str) -> str:
    return hashlib.sha256(f"{turn} {leg.record_id}".encode()).hexdigest()[:_LENGTH]
