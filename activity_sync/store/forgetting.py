"""Forgetting: what has become too old, and what is stored about one person.

Of an interaction that was logged the bare fact stays (key, record ids), so that nothing is ever logged twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, or_, update
from sqlmodel import Session, SQLModel, col, select

from activity_sync.model.interactions import Sighting
from activity_sync.model.ports import ShadowRow
from activity_sync.model.writes import FORGOTTEN
from activity_sync.store.outbox.reading import OPEN
from activity_sync.store.sweeping import ERASED, holds
from activity_sync.store.tables import (
    Attendances,
    Forgotten,
    InteractionAddresses,
    Interactions,
    Outbox,
    Runs,
    ShadowAddresses,
    ShadowRecords,
    Sightings,
    SyncLog,
    WrittenRecords,
)
from activity_sync.store.upserting import in_portions, insert_missing

Key = tuple[str, str]
"""A record's module and id."""


def old_interactions(session: Session, before: datetime, limit: int) -> Sequence[str]:
    """Interactions that start, and were last changed, before a moment, and for which nothing is under way."""
    busy = exists().where(
        col(Outbox.key) == col(Interactions.key), col(Outbox.state).in_([state.value for state in OPEN])
    )
    rows = select(Interactions.key).where(Interactions.starts < before, Interactions.updated_at < before, ~busy)
    return session.exec(rows.order_by(col(Interactions.starts)).limit(limit)).all()


def forget_interactions(session: Session, keys: Iterable[str]) -> Counter[str]:
    """Everything about these interactions but that they were logged; how many rows of each table."""
    gone: Counter[str] = Counter()
    for portion in in_portions(sorted(set(keys))):
        for model in (Sightings, InteractionAddresses, Attendances, Outbox, Interactions):
            gone += _delete(session, model, col(model.key).in_(portion))
        mine = col(WrittenRecords.key).in_(portion)
        session.exec(update(WrittenRecords).where(mine, col(WrittenRecords.gone) == "").values(gone=FORGOTTEN))
        gone[_name(WrittenRecords)] += session.exec(
            update(WrittenRecords).where(mine).values(fields={}, theirs=[])
        ).rowcount
    return +gone


def forget_log(session: Session, before: datetime) -> int:
    """Lines of the sync log, and runs, from before a moment."""
    lines = session.exec(delete(SyncLog).where(col(SyncLog.at) < before)).rowcount
    session.exec(delete(Runs).where(col(Runs.started) < before, col(Runs.ended).is_not(None)))
    return int(lines)


def forget_records(session: Session, records: Collection[Key]) -> Counter[str]:
    """Records out of the shadow, with their addresses."""
    gone: Counter[str] = Counter()
    for module, record_id in sorted(records):
        for model in (ShadowAddresses, ShadowRecords):
            gone += _delete(session, model, col(model.module) == module, col(model.zoho_id) == record_id)
    return gone


def forget_lines(session: Session, keys: Iterable[str], words: Collection[str]) -> int:
    """Lines of the sync log about these interactions, or with one of these words, are left without their text."""
    changed = 0
    for portion in in_portions(sorted(set(keys))):
        changed += _strike(session, col(SyncLog.key).in_(portion))
    if words:
        changed += _strike(session, or_(*(holds(SyncLog.text, word) for word in sorted(words))))
    return changed


def holding(session: Session, words: Collection[str]) -> set[str]:
    """Keys of the interactions whose sightings hold one of these words, in whatever case."""
    rows = select(Sightings.key).where(or_(*(holds(Sightings.payload, word) for word in sorted(words))))
    return set(session.exec(rows)) if words else set()


# --- what is to stay forgotten ---------------------------------------------------------------------------------------


def keep_out(session: Session, keys: Iterable[str], records: Iterable[Key], now: datetime) -> None:
    """Let no source bring these back."""
    values = {*(_digest("key", key) for key in keys), *(_digest(*record) for record in records)}
    insert_missing(session, Forgotten, [{"value": value, "at": now} for value in sorted(values)])


def wanted_sightings(session: Session, seen: Sequence[Sighting]) -> Sequence[Sighting]:
    """Those that were not erased."""
    out = _forgotten(session)
    return [one for one in seen if _digest("key", one.key) not in out] if out else seen


def wanted_records(session: Session, rows: Sequence[ShadowRow]) -> Sequence[ShadowRow]:
    """Those that were not erased."""
    out = _forgotten(session)
    return [row for row in rows if _digest(row.record.module, row.record.id) not in out] if out else rows


def _forgotten(session: Session) -> frozenset[str]:
    return frozenset(session.exec(select(Forgotten.value)))


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind} {value}".encode()).hexdigest()[:40]


def _strike(session: Session, condition: object) -> int:
    told = update(SyncLog).where(condition, SyncLog.text != ERASED)  # type: ignore[arg-type]
    return int(session.exec(told.values(text=ERASED, rep="")).rowcount)


def _delete(session: Session, model: type[SQLModel], *conditions: object) -> Counter[str]:
    return Counter({_name(model): session.exec(delete(model).where(*conditions)).rowcount})  # type: ignore[arg-type]


def _name(model: type[SQLModel]) -> str:
    return str(model.__tablename__)
