"""Who holds an address: the index alone, without the records behind it. Made for many addresses at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlmodel import Session

from activity_sync.model.records import AddressKind
from activity_sync.store.columns import storable
from activity_sync.store.upserting import in_portions

Holder = tuple[str, str, str, str]
"""An address, its extension, and the module and id of a record that has it."""


def holders(session: Session, kind: AddressKind, values: Iterable[str]) -> Iterator[Holder]:
    """The records under these addresses, in no order; a record comes once for each of its fields with the address.

    The statement is written here: SQLAlchemy's own way takes several times as long as the database.
    """
    connection = session.connection()
    place = "%s" if connection.dialect.paramstyle in ("pyformat", "format") else "?"
    for portion in in_portions(list(values)):
        places = ", ".join([place] * len(portion))
        statement = (
            f"SELECT value, extension, module, zoho_id FROM address WHERE kind = {place} AND value IN ({places})"  # noqa: S608 - places only
        )
        rows = connection.exec_driver_sql(statement, (kind.value, *map(storable, portion)))
        yield from rows.cursor.fetchall() if rows.cursor is not None else ()
