"""Where each reading starts next, when its turn is, and how it has been going."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from activity_sync.store.tables import Cursors


def cursor_of(session: Session, source: str, part: str) -> Cursors | None:
    """The cursor of one part of a source; None when it was never read."""
    return session.get(Cursors, (source, part), populate_existing=True)


def read_well(
    session: Session, source: str, part: str, cursor: str, now: datetime, next_at: datetime | None = None
) -> bool:
    """A reading succeeded: keep its cursor. True: it had been failing and has recovered (say so once)."""
    row = _row(session, source, part)
    recovered = row.failing_since is not None
    row.cursor, row.read_at, row.next_at = cursor, now, next_at
    row.failures, row.error, row.next_step, row.failing_since = 0, "", "", None
    session.add(row)
    session.flush()
    return recovered


def read_badly(
    session: Session,
    source: str,
    part: str,
    why: str,
    now: datetime,
    next_at: datetime | None = None,
    next_step: str = "",
) -> bool:
    """A reading failed: the cursor stays. True: it worked until now (say so once)."""
    row = _row(session, source, part)
    began = row.failing_since is None
    row.failing_since = row.failing_since or now
    row.failures, row.error, row.next_step, row.next_at = row.failures + 1, why, next_step, next_at
    session.add(row)
    session.flush()
    return began


def start_over(session: Session, source: str, part: str) -> None:
    """Forget the cursor (the source refused it): the next reading starts from nothing."""
    row = _row(session, source, part)
    row.cursor = ""
    session.add(row)
    session.flush()


def bring_forward(session: Session, source: str, part: str, at: datetime) -> None:
    """Let the next reading come at `at`, if it would come later."""
    row = _row(session, source, part)
    if row.next_at is None or row.next_at > at:
        row.next_at = at
        session.add(row)
        session.flush()


def cursors(session: Session, source: str | None = None) -> Sequence[Cursors]:
    """All cursors, or those of one source, by source and part."""
    rows = select(Cursors).order_by(col(Cursors.source), col(Cursors.part))
    return session.exec(rows.where(Cursors.source == source) if source is not None else rows).all()


def _row(session: Session, source: str, part: str) -> Cursors:
    return cursor_of(session, source, part) or Cursors(source=source, part=part)
