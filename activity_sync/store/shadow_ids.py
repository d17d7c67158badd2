"""The ids of the whole shadow, some at a time."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from activity_sync.model.records import Module
from activity_sync.store.tables import ShadowRecords
from activity_sync.store.upserting import table_of

_RECORDS = table_of(ShadowRecords)


def ids_after(session: Session, module: Module, after: str, limit: int) -> list[str]:
    """The next ids of records that are there, in the order of the ids. `after` "": from the first."""
    here = (_RECORDS.c.module == module.value, _RECORDS.c.gone.is_(False), _RECORDS.c.zoho_id > after)
    rows = select(_RECORDS.c.zoho_id).where(*here).order_by(_RECORDS.c.zoho_id).limit(limit)
    return list(session.connection().execute(rows).scalars())
