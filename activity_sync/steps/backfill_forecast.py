"""What a backfill would come to, before it writes anything: some of the past read and judged, and thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from activity_sync.model.decisions import State
from activity_sync.model.results import Problem
from activity_sync.rules.rows import when
from activity_sync.steps import collect
from activity_sync.steps.backfill import Range, Window, keep, read
from activity_sync.steps.decide import Decision, foretold, roles_needed
from activity_sync.steps.means import Means
from activity_sync.steps.price import price
from activity_sync.steps.refresh import refresh
from activity_sync.store import credits

SAMPLE = 6
"""So many windows are read for it at most; the others are taken to be alike."""

_AT_ONCE = 100
_DEALS_A_CREDIT = 5
_ROWS_A_CREDIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`reading`: credits spent so far to know this; `writing`: what the rest is expected to cost. `found`: meetings and
    calls; `to_log` of them; `writes`: records to write. `exact`: everything was read, nothing reckoned."""

    wanted: Range
    reading: int
    writing: int
    found: int
    to_log: int
    writes: int
    exact: bool
    problems: Sequence[Problem]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "from": when(self.wanted.since),
            "to": when(self.wanted.until),
            "credits": {"reading": self.reading, "writing": self.writing},
            "interactions": {"found": self.found, "to_log": self.to_log},
            "writes": self.writes,
            "exact": self.exact,
            "problems": [problem.as_json() for problem in self.problems],
        }

    def sentence(self) -> str:
        """For a person."""
        about = "" if self.exact else "about "
        return (
            f"{self.wanted.since:%Y-%m-%d} to {self.wanted.until:%Y-%m-%d}: {about}{self.found:,} meetings and calls,"
            f" {about}{self.to_log:,} of them to be logged with {self.writes:,} writes, for {about}{self.writing:,}"
            f" credits. Looking took {self.reading:,}."
        )


@dataclass(slots=True)
class _Count:
    found: int = 0
    to_log: int = 0
    writes: int = 0
    credits: int = 0


def forecast(means: Means, wanted: Range) -> Forecast:
    """Read some windows, judge them, keep nothing. Raises what the CRM raises when the shadow cannot be read."""
    started = means.now()
    problems = list(refresh(means, None, started))
    windows = wanted.windows
    chosen = _spread(windows)
    count = _Count()
    for number, window in enumerate(chosen):
        if means.pause(0):
            break
        means.tell(f"Looking at {window[0]:%Y-%m-%d} to {window[1]:%Y-%m-%d} ({number + 1} of {len(chosen)})")
        _add(means, window, count, problems)
    with means.database.reading() as session:
        spent = credits.used_between(session, started, means.now() + timedelta(seconds=1)).total
    share = len(windows) / len(chosen) if chosen else 1
    return Forecast(
        wanted=wanted,
        reading=spent,
        writing=round(count.credits * share),
        found=round(count.found * share),
        to_log=round(count.to_log * share),
        writes=round(count.writes * share),
        exact=len(chosen) == len(windows),
        problems=list(dict.fromkeys(problems)),
    )


def _spread(windows: Sequence[Window]) -> list[Window]:
    if len(windows) <= SAMPLE:
        return list(windows)
    step = (len(windows) - 1) / (SAMPLE - 1)
    return [windows[round(number * step)] for number in range(SAMPLE)]


def _add(means: Means, window: Window, count: _Count, problems: list[Problem]) -> None:
    now, readings = means.now(), read(means, window)
    problems += [problem for reading in readings for problem in collect.problems_of(reading)]
    found = _judged(means, readings, now)
    waiting = [one for one in found if roles_needed(one)]
    logged = [one for one in found if one.writes]
    deals = {deal for one in waiting for deal in roles_needed(one)}
    writes = [write for one in logged for write in one.writes]
    count.found += len(found)
    count.to_log += len(logged) + len(waiting)
    count.writes += len(writes) + len(waiting)
    count.credits += price(writes, adopting=means.settings.matching.adopt_existing)
    count.credits += -(-len(waiting) // _ROWS_A_CREDIT) + -(-len(deals) // _DEALS_A_CREDIT)


def _judged(means: Means, readings: Sequence[collect.Reading], now: datetime) -> list[Decision]:
    found: list[Decision] = []
    with means.database.reading() as session:  # what is changed in here is thrown away at the end
        _, fresh = keep(session, readings, 0, now)
        left = iter(sorted(fresh))
        while keys := list(islice(left, _AT_ONCE)):
            found += foretold(session, means, keys, now)
    return [one for one in found if one.judgement.state is not State.PLANNED]
