"""The shadow's records out of the database and into it: by key, and the deals of accounts.

Made for many at once. The statement is written here and the rows are taken as the driver gives them: SQLAlchemy's own
way takes several times as long as the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy.engine import Dialect
from sqlmodel import Session

from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import Module, Record
from activity_sync.store.columns import storable
from activity_sync.store.tables import ShadowRecords
from activity_sync.store.upserting import in_portions, table_of

Key = tuple[Module, str]
"""A record's module and id."""

_TABLE = table_of(ShadowRecords)
_COLUMNS = (
    "name", "first_name", "last_name", "email", "company", "owner_id", "account_id", "contact_id", "stage", "pipeline",
    "closing", "country", "converted", "created", "modified", "fields",
)  # fmt: skip
_SELECT = f"SELECT module, zoho_id, {', '.join(_COLUMNS)} FROM {_TABLE.name} WHERE NOT gone"  # noqa: S608 - our own names
MODULES = {module.value: module for module in Module}
"""Modules by what the table has for them."""


def of_keys(session: Session, keys: Iterable[Key]) -> dict[Key, Record]:
    """Those of these records that are there and not gone."""
    ids: dict[Module, list[str]] = {}
    for module, record_id in keys:
        ids.setdefault(module, []).append(record_id)
    found = (one for module, those in ids.items() for one in _where(session, "zoho_id", module, those))
    return {(one.module, one.id): one for one in found}


def deals_of(session: Session, account_ids: Iterable[str]) -> dict[str, list[Record]]:
    """The deals of these accounts, by account, each list by id."""
    found: dict[str, list[Record]] = {}
    for deal in sorted(_where(session, "account_id", Module.DEALS, sorted(account_ids)), key=lambda deal: deal.id):
        found.setdefault(deal.account_id, []).append(deal)
    return found


def as_row(row: ShadowRow) -> dict[str, Any]:
    """A record as the table has it."""
    one = row.record
    values = {name: getattr(one, name) for name in _COLUMNS}
    return values | {"module": one.module.value, "zoho_id": one.id, "gone": row.gone}


def _where(session: Session, column: str, module: Module, values: Sequence[str]) -> Iterator[Record]:
    connection = session.connection()
    place = "%s" if connection.dialect.paramstyle in ("pyformat", "format") else "?"
    readers = _readers(connection.dialect)
    for portion in in_portions(values):
        places = ", ".join([place] * len(portion))
        statement = f"{_SELECT} AND module = {place} AND {column} IN ({places})"
        rows = connection.exec_driver_sql(statement, (module.value, *map(storable, portion)))
        yield from (_record(row, readers) for row in (rows.cursor.fetchall() if rows.cursor is not None else ()))


class _Readers(NamedTuple):
    """What makes our values of the driver's, of those columns that do not come as they are."""

    day: Callable[[Any], Any]
    truth: Callable[[Any], Any]
    moment: Callable[[Any], Any]
    json: Callable[[Any], Any]


@cache
def _readers(dialect: Dialect) -> _Readers:
    kinds = (_TABLE.c[name].type for name in ("closing", "converted", "modified", "fields"))
    made = (kind.dialect_impl(dialect).result_processor(dialect, None) for kind in kinds)
    return _Readers(*(read or _as_it_is for read in made))


def _as_it_is(value: Any) -> Any:
    return value


def _record(row: Sequence[Any], read: _Readers) -> Record:
    # Column by column: a dictionary of them takes twice as long, and a batch reads hundreds.
    (
        module, zoho_id, name, first_name, last_name, email, company, owner_id, account_id, contact_id, stage, pipeline,
        closing, country, converted, created, modified, fields,
    ) = row  # fmt: skip
    return Record(
        module=MODULES[module], id=zoho_id, name=name, first_name=first_name, last_name=last_name, email=email,
        company=company, owner_id=owner_id, account_id=account_id, contact_id=contact_id, stage=stage,
        pipeline=pipeline, closing=read.day(closing), country=country, converted=read.truth(converted),
        created=read.moment(created), modified=read.moment(modified), fields=read.json(fields),
    )  # fmt: skip
