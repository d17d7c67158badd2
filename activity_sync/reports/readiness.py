"""Whether the daemon does its work: what a load balancer or a watcher asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from activity_sync.store import runs
from activity_sync.store.tables import Runs

_SLACK = timedelta(minutes=10)
"""A round may take so long beyond its habit: a slow vendor, many credits to wait for."""

_LOOKED_AT = 5


def reasons(session: Session, now: datetime, habit: timedelta, *, loaded: bool) -> Iterator[str]:
    """Why it is not ready, a sentence each; none: it is.

    `habit`: how often there should be a round; `loaded`: whether the shadow is there.
    """
    if not loaded:
        yield "the local copy of Zoho is not loaded yet"
    last = next(iter(runs.latest_runs(session)), None)
    if last is None:
        yield "no round was done yet"
    elif now - (last.ended or last.started) > 2 * habit + _SLACK:
        yield f"the last round is of {(last.ended or last.started):%Y-%m-%d %H:%M} UTC"


def last_round_seconds(session: Session) -> float | None:
    """How long the newest finished run took; None: there is none."""
    done = next((one for one in runs.latest_runs(session, _LOOKED_AT) if one.ended is not None), None)
    return None if done is None else _seconds(done)


def _seconds(run: Runs) -> float | None:
    ended: Any = run.ended
    return None if ended is None else max(0.0, (ended - run.started).total_seconds())
