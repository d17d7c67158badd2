"""The last traces of a person, wherever they stand: every text of every table is searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, Text, cast, delete, func, or_, update
from sqlmodel import Session, SQLModel

ERASED = "(erased)"
"""What stands in the sync log in the place of a text that was erased."""

_KEPT = ("secret", "credit", "zoho_user", "forgotten", "cursor", "alembic_version")
"""Without anybody's address, or of our own people."""

_EMPTIED: dict[str, dict[str, object]] = {
    "run": {"result": None},
    "written": {"fields": {}, "theirs": []},
    "outbox": {"fields": {}, "before": None, "because": "", "error": ""},
    "sync_log": {"text": ERASED},
}
"""What is emptied instead of deleted."""


def sweep(session: Session, words: Collection[str]) -> Counter[str]:
    """Empty or delete every row that holds one of these words, in whatever case; how many of each table."""
    found: Counter[str] = Counter()
    for table in SQLModel.metadata.sorted_tables:
        if table.name in _KEPT or not words:
            continue
        traces = or_(*(holds(column, word) for column in _texts(table) for word in sorted(words)))
        if table.name in _EMPTIED:
            statement = update(table).where(traces).values(_EMPTIED[table.name])
        else:
            statement = delete(table).where(traces)  # type: ignore[assignment]
        found[table.name] += session.connection().execute(statement).rowcount
    return found


def _texts(table: Table) -> list[Column[Any]]:
    return [one for one in table.columns if isinstance(getattr(one.type, "impl", one.type), String)]


def holds(column: Any, word: str) -> ColumnElement[bool]:
    """Whether a text holds a word, in whatever case."""
    pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").lower()
    return func.lower(cast(column, Text)).like(f"%{pattern}%", escape="\\")
