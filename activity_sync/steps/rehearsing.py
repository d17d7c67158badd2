"""Each day of a rehearsal has a line in the sync log, once it is over: what would have been logged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.steps.means import Means
from activity_sync.store import facts, interactions, sync_log
from activity_sync.store.tables import Interactions

_FACT = "rehearsed until"
_DAY = timedelta(days=1)
_AT_MOST = 7
"""So many days are told at once: after a pause only the last of them."""

_WORDS = {
    State.PLANNED: "would have been logged",
    State.LOGGED: "logged before",
    State.ADOPTED: "logged by others",
    State.WAITING: "waiting",
    State.UNMATCHED: "with nobody known",
    State.FAILED: "failed",
    State.SCREENED: "left out by rule",
}


def tell_days(means: Means, run: int, now: datetime) -> None:
    """Tell the days that are over in the company's zone and were not told yet; nothing when writing is on."""
    if means.settings.zoho.write:
        return
    zone = ZoneInfo(means.settings.timezone)
    today = now.astimezone(zone).date()
    with means.database.transaction() as session:
        for day in _untold(session, today):
            begins, ends = (datetime.combine(one, time(), zone) for one in (day, day + _DAY))
            rows = interactions.listing(session, since=begins, until=ends)
            if text := _line(day, [row for row in rows if row.reason != NOT_DUE]):
                sync_log.append(session, now, "out", "rehearsed", text, run=run)
        facts.keep_fact(session, _FACT, today.isoformat(), now)


def _untold(session: Session, today: date) -> Sequence[date]:
    told = facts.fact(session, _FACT)
    first = date.fromisoformat(told) if isinstance(told, str) else today - _DAY
    days = min((today - first).days, _AT_MOST)
    return [today - number * _DAY for number in range(days, 0, -1)]


def _line(day: date, rows: Sequence[Interactions]) -> str:
    counts = Counter(row.state for row in rows)
    parts = [f"{counts[state]} {words}" for state, words in _WORDS.items() if counts[state]]
    return f"Rehearsal, meetings and calls of {day:%d %b %Y}: {', '.join(parts)}" if parts else ""
