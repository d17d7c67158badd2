"""The sync log: every decision and every write, both directions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from activity_sync.store.tables import SyncLog
from activity_sync.store.upserting import table_of

_ADD = table_of(SyncLog).insert()


def append(
    session: Session,
    at: datetime,
    direction: str,
    event: str,
    text: str,
    *,
    run: int | None = None,
    key: str = "",
    kind: str = "",
    rep: str = "",
    module: str = "",
    zoho_id: str = "",
    failed: bool = False,
) -> None:
    """One line. `direction`: `in` (from a source or Zoho) or `out` (to Zoho); `text` is a sentence for a person."""
    line = {
        "at": at, "run": run, "direction": direction, "key": key, "kind": kind, "rep": rep, "event": event,
        "module": module, "zoho_id": zoho_id, "text": text, "failed": failed,
    }  # fmt: skip
    session.connection().execute(_ADD, line)


def lines(
    session: Session,
    *,
    since: datetime | None = None,
    kind: str = "",
    rep: str = "",
    direction: str = "",
    key: str = "",
    run: int | None = None,
    failed: bool = False,
    after: int = 0,
    last: int | None = None,
) -> Sequence[SyncLog]:
    """Lines, oldest first. `after`: only with a higher id (to follow); `last`: only the newest so many of them."""
    conditions: list[Any] = [
        col(SyncLog.id) > after,
        *([SyncLog.at >= since] if since else []),
        *([SyncLog.kind == kind] if kind else []),
        *([SyncLog.rep == rep] if rep else []),
        *([SyncLog.direction == direction] if direction else []),
        *([SyncLog.key == key] if key else []),
        *([SyncLog.run == run] if run is not None else []),
        *([col(SyncLog.failed)] if failed else []),
    ]
    newest_first = select(SyncLog).where(*conditions).order_by(col(SyncLog.id).desc())
    return session.exec(newest_first.limit(last) if last is not None else newest_first).all()[::-1]


def last_line(session: Session) -> int:
    """The id of the newest line; 0 when there is none."""
    return session.exec(select(func.max(SyncLog.id))).one() or 0
