"""Who has fallen silent, looked for now and then; `status` tells it from what is kept here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from activity_sync.model.settings import Settings
from activity_sync.rules.silence import silent_since
from activity_sync.steps.means import Means
from activity_sync.store import facts, past, shadow

SILENT = "silent"
"""The fact: who, by what they are (`rep`, `connection`), and since when (ISO)."""

_WEEKS = timedelta(days=60)
"""So far back a habit is looked for."""


def look_for_silence(means: Means, now: datetime) -> None:
    """Keep who is silent now. Nothing is asked of anybody."""
    with means.database.reading() as session:  # of two months: others may write meanwhile
        found = list(_silent(session, means.settings, now))
    with means.database.transaction() as session:
        facts.keep_fact(session, SILENT, found, now)


def _silent(session: Session, settings: Settings, now: datetime) -> Iterator[Mapping[str, str]]:
    after = settings.alerts.silent_after
    if after is None:
        return
    by_rep: dict[str, list[datetime]] = {}
    by_source: dict[str, list[datetime]] = {}
    for rep, source, starts in past.times(session, now - _WEEKS, now):
        by_rep.setdefault(rep, []).append(starts)
        by_source.setdefault(source, []).append(starts)
    reps = sorted(user.email for user in shadow.users_of(session) if user.active and user.email)
    connections = [one.name for one in (*settings.calendars, *settings.dialers) if one.enabled]
    for kind, names, times in (("connection", connections, by_source), ("rep", reps, by_rep)):
        for name in names:
            since = _since(times.get(name, ()), now, settings)
            if since is not None:
                yield {"kind": kind, "name": name, "since": since.isoformat()}


def _since(times: Sequence[datetime], now: datetime, settings: Settings) -> datetime | None:
    after = settings.alerts.silent_after
    return None if after is None else silent_since(times, now, after, settings.business_days, settings.zone)
