"""What a comparison with Zoho has seen of a module so far; it may take several rounds, and survives a crash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, and_, delete, exists, func, select
from sqlmodel import Session

from activity_sync.model.records import Module
from activity_sync.store.tables import SeenRecords, ShadowRecords
from activity_sync.store.upserting import insert_missing, table_of

_RECORDS = table_of(ShadowRecords)
_SEEN = table_of(SeenRecords)


def see(session: Session, module: Module, ids: Iterable[str]) -> None:
    """These are in Zoho."""
    insert_missing(session, SeenRecords, [{"zoho_id": one, "module": module.value} for one in ids])


def unseen(session: Session, module: Module, limit: int) -> Sequence[str]:
    """Ids that the shadow holds and that were not seen, the first by id. Converted leads leave Zoho's usual lists."""
    rows = _unseen(module).order_by(_RECORDS.c.zoho_id).limit(limit)
    return list(session.connection().execute(rows).scalars())


def unseen_count(session: Session, module: Module) -> int:
    """How many there are of them."""
    return int(session.connection().execute(select(func.count()).select_from(_unseen(module).subquery())).scalar_one())


def some_seen(session: Session, module: Module) -> str:
    """The id of one record that the shadow holds and that was seen, the latest; "" when there is none."""
    same = and_(_SEEN.c.module == _RECORDS.c.module, _SEEN.c.zoho_id == _RECORDS.c.zoho_id)
    here = (_RECORDS.c.module == module.value, _RECORDS.c.gone.is_(False), _RECORDS.c.converted.is_(False))
    rows = select(_RECORDS.c.zoho_id).where(*here, exists().where(same)).order_by(_RECORDS.c.zoho_id.desc()).limit(1)
    return session.connection().execute(rows).scalar() or ""


def _unseen(module: Module) -> Select[Any]:
    same = and_(_SEEN.c.module == _RECORDS.c.module, _SEEN.c.zoho_id == _RECORDS.c.zoho_id)
    here = (_RECORDS.c.module == module.value, _RECORDS.c.gone.is_(False), _RECORDS.c.converted.is_(False))
    return select(_RECORDS.c.zoho_id).where(*here, ~exists().where(same))


def forget(session: Session, module: Module) -> None:
    """The comparison is over, or begins anew."""
    session.connection().execute(delete(_SEEN).where(_SEEN.c.module == module.value))
