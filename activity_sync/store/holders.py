"""Who holds an address: the index alone, without the records behind it. Made for many addresses at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session

from activity_sync.model.records import AddressKind
from activity_sync.store.columns import storable
from activity_sync.store.engines import map_file
from activity_sync.store.upserting import in_portions

_MANY = 500  # addresses: fewer at once are not worth the memory that the mapped file counts as
_EXTENDED = "AND extension <> ''"

Holder = tuple[str, str, str]
"""An address, and the module and id of a record that has it."""


def holders(session: Session, kind: AddressKind, values: Iterable[str]) -> Iterator[Holder]:
    """The records under these addresses, in no order; a record comes once for each of its fields with the address.

    The index alone answers that, without a look into the table.
    """
    return _rows(session, "value, module, zoho_id", "", kind, values)


def extensions(session: Session, kind: AddressKind, values: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Of the records under these addresses those with an extension: address, extension, module, id.

    A field may name a switchboard with several extensions: each comes by itself.
    """
    for value, told, module, record_id in _rows(session, "value, extension, module, zoho_id", _EXTENDED, kind, values):
        yield from ((value, extension, module, record_id) for extension in told.split())


def _rows(session: Session, columns: str, further: str, kind: AddressKind, values: Iterable[str]) -> Iterator[Any]:
    # The statement is written here: SQLAlchemy's own way takes several times as long as the database.
    connection, asked = session.connection(), list(values)
    if len(asked) >= _MANY:
        map_file(connection)
    place = "%s" if connection.dialect.paramstyle in ("pyformat", "format") else "?"
    for portion in in_portions(asked):
        places = ", ".join([place] * len(portion))
        where = f"kind = {place} AND value IN ({places}) {further}"
        statement = f"SELECT {columns} FROM address WHERE {where}"  # noqa: S608 - our own names and places only
        rows = connection.exec_driver_sql(statement, (kind.value, *map(storable, portion)))
        yield from rows.cursor.fetchall() if rows.cursor is not None else ()
