"""Where a dialer's reading begins and what it hands over (dialers.md 0.1, 0.2).

Lists are ordered by a call's start, but calls end, and change, long afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import orjson

from activity_sync.model.failures import StartOver
from activity_sync.model.interactions import CallLeg
from activity_sync.model.ports import Changes, Span, Unreadable

OVERLAP = timedelta(hours=6)
"""As long as the longest plausible call, which becomes final only when it ends."""

LATE = timedelta(hours=48)
"""Comments, tags and recordings come within it."""

VERY_LATE = timedelta(days=7)
"""The same for a thorough reading."""

LATE_EVERY = timedelta(minutes=30)
"""How often the late ones are looked for between thorough readings: the vendor's rate is shared with others."""

GIVEN_UP = timedelta(hours=24)
"""A call without an end after this has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """`newest`: the latest start seen. `running`: the earliest start of a call that had not ended. `late`: when the
    late ones were looked for."""

    newest: datetime
    running: datetime | None = None
    late: datetime | None = None

    def __str__(self) -> str:
        told = {"newest": self.newest, "running": self.running, "late": self.late}
        return orjson.dumps(told).decode()

    def seen(self, started: datetime, now: datetime, *, over: bool) -> Cursor:
        """The cursor after one more call; a start in the future is a wrong clock's and moves nothing."""
        running = self.running
        if not over and now - started < GIVEN_UP:
            running = min(started, running or started)
        return replace(self, newest=max(self.newest, min(started, now)), running=running)


def read_cursor(cursor: str) -> Cursor | None:
    """The cursor that was handed out; None for "". Raises StartOver for anything else."""
    if not cursor:
        return None
    try:
        told = orjson.loads(cursor)
        moments = {name: datetime.fromisoformat(at) for name, at in told.items() if at is not None}
        return Cursor(newest=moments["newest"], running=moments.get("running"), late=moments.get("late"))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise StartOver("The cursor is not one of this dialer's.") from None


def begin(cursor: Cursor | None, span: Span) -> tuple[datetime, Cursor]:
    """From which start on to read, and the cursor to go on from while reading."""
    if cursor is None:
        return span.oldest, Cursor(newest=span.oldest.astimezone(UTC), late=span.now)
    since = [cursor.newest - OVERLAP, *([cursor.running] if cursor.running else [])]
    looks_late = span.thorough or cursor.late is None or span.now - cursor.late >= LATE_EVERY
    if looks_late:
        since.append(span.now - (VERY_LATE if span.thorough else LATE))
    late = span.now if looks_late else cursor.late
    return max(span.oldest, min(since)), replace(cursor, running=None, late=late)


def until(span: Span) -> datetime | None:
    """Up to which start to read; None: a call cannot begin later than now, only a range of the past has an end."""
    return span.newest if span.newest < span.now else None


def changes(found: Iterable[CallLeg | Unreadable], span: Span, seen: Cursor) -> Changes:
    """What was read, with the cursor to go on from. A call that still runs is not handed over: it is read again."""
    legs: list[CallLeg] = []
    unreadable: list[Unreadable] = []
    for one in found:
        if isinstance(one, Unreadable):
            unreadable.append(one)
            continue
        seen = seen.seen(one.started, span.now, over=one.final)
        if not is_inside(one.started, span):
            continue
        if one.final:
            legs.append(one)
        elif span.now - one.started >= GIVEN_UP:
            unreadable.append(Unreadable(f"call {one.record_id}", "it has had no end for a day"))
    return Changes(sightings=legs, unreadable=unreadable, cursor=str(seen))


def is_inside(started: datetime, span: Span) -> bool:
    """Whether a call belongs to what was asked for: a clock that is a little fast must lose none."""
    return span.oldest <= started and (started <= span.newest or span.newest >= span.now)
