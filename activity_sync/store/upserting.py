"""Many rows at once, without the ORM: insert, or replace those that are there. The same on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

_T = TypeVar("_T")

AT_ONCE = 1000
"""How many values go into one IN list."""


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model class."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]


def upsert(
    session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], keep: Sequence[str] = ()
) -> None:
    """Insert rows; one whose primary key is there replaces it, except the columns named in `keep`.

    All rows must name the same columns, and no two the same key.
    """
    table = table_of(model)
    keys = [column.name for column in table.primary_key]
    upsert_on(session, model, rows, keys, keep)


def upsert_on(
    session: Session,
    model: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    keep: Sequence[str] = (),
) -> None:
    """As `upsert`, with the columns of another unique constraint as keys."""
    if not rows:
        return
    insert = _insert(session)(table_of(model))
    changing = {name: insert.excluded[name] for name in rows[0] if name not in keys and name not in keep}
    statement = (
        insert.on_conflict_do_update(index_elements=list(keys), set_=changing)
        if changing
        else insert.on_conflict_do_nothing(index_elements=list(keys))
    )
    session.connection().execute(statement, [dict(row) for row in rows])


def insert_missing(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows whose primary key is not there yet; the others stay as they are."""
    if rows:
        statement = _insert(session)(table_of(model)).on_conflict_do_nothing()
        session.connection().execute(statement, [dict(row) for row in rows])


def in_portions(values: Sequence[_T], size: int = AT_ONCE) -> Iterator[list[_T]]:
    """The values in lists of at most `size`: databases limit how many a statement may hold."""
    rest = iter(values)
    while portion := list(islice(rest, size)):
        yield portion


def _insert(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
