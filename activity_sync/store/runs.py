"""Runs and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from activity_sync.store.tables import Runs


def start_run(session: Session, command: str, now: datetime) -> int:
    """Note that a run begins. Returns its number, which is never given twice."""
    row = Runs(command=command, started=now)
    session.add(row)
    session.flush()
    assert row.number is not None
    return row.number


def finish_run(session: Session, number: int, result: Mapping[str, Any], now: datetime) -> None:
    """Note how it ended (RESULT of commands.md). KeyError for an unknown number."""
    row = run(session, number)
    if row is None:
        raise KeyError(number)
    row.ended, row.result = now, dict(result)
    session.add(row)
    session.flush()


def run(session: Session, number: int) -> Runs | None:
    """One run."""
    return session.get(Runs, number, populate_existing=True)


def latest_runs(session: Session, limit: int = 1, command: str = "") -> Sequence[Runs]:
    """The newest runs, newest first; `command` "": of any command."""
    rows = select(Runs).order_by(col(Runs.number).desc()).limit(limit)
    return session.exec(rows.where(Runs.command == command) if command else rows).all()
