"""Many rows at once, without the ORM: insert, or replace those that are there. The same on both databases.

The statement is written here and the rows handed to the driver as they are: SQLAlchemy's own way takes twice the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table
from sqlalchemy.engine import Dialect
from sqlmodel import Session, SQLModel

from activity_sync.store.columns import to_json

_T = TypeVar("_T")

AT_ONCE = 1000
"""How many values go into one IN list."""


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model class."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]


def upsert(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], on: Sequence[str] = ()) -> None:
    """Insert rows; one that is there is replaced. `on`: the columns that tell (default: the primary key).

    All rows must name the same columns, and no two may be the same by `on`.
    """
    if rows:
        keys = list(on) or [column.name for column in table_of(model).primary_key]
        changing = ", ".join(f'"{name}" = excluded."{name}"' for name in rows[0] if name not in keys)
        same = ", ".join(_quoted(keys))
        _insert(session, model, rows, f"ON CONFLICT ({same}) DO UPDATE SET {changing}")


def insert_missing(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; one whose key is there already stays as it is."""
    if rows:
        _insert(session, model, rows, "ON CONFLICT DO NOTHING")


def in_portions(values: Iterable[_T], size: int = AT_ONCE) -> Iterator[list[_T]]:
    """The values in lists of at most `size`: databases limit how many a statement may hold."""
    rest = iter(values)
    while portion := list(islice(rest, size)):
        yield portion


def _insert(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], otherwise: str) -> None:
    connection = session.connection()
    table, names = table_of(model), list(rows[0])
    columns = _for_driver(table, names, rows, connection.dialect)
    into = f'INSERT INTO "{table.name}" ({", ".join(_quoted(names))})'
    if connection.dialect.name == "postgresql":
        # One statement with a JSON list for each column: the driver's own arrays take five times as long.
        lists = ", ".join(["json_array_elements_text(%s::json)"] * len(names))
        typed = ", ".join(f'"{name}"::{table.c[name].type.compile(connection.dialect)}' for name in names)
        rows_from = f"ROWS FROM ({lists}) AS given ({', '.join(_quoted(names))})"
        statement = f"{into} SELECT {typed} FROM {rows_from} {otherwise}"  # noqa: S608 - our own names
        connection.exec_driver_sql(statement, tuple(to_json(column) for column in columns))
    else:
        places = ", ".join("?" * len(names))
        rows_for_driver = list(zip(*columns, strict=True))
        connection.exec_driver_sql(f"{into} VALUES ({places}) {otherwise}", rows_for_driver)


def _quoted(names: Sequence[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _for_driver(
    table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]], dialect: Dialect
) -> list[list[Any]]:
    """The values as the driver takes them, one list for each column."""
    columns = []
    for name in names:
        to_driver = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        values = [row[name] for row in rows]
        columns.append([to_driver(value) for value in values] if to_driver else values)
    return columns
