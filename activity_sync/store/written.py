"""What we wrote and Zoho holds, which fields of it are a person's by now, and what was removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from activity_sync.model.records import Module
from activity_sync.model.writes import FORGOTTEN, Op, OutboxRow, Written
from activity_sync.store.tables import Outbox, WrittenRecords
from activity_sync.store.upserting import in_portions, upsert


@dataclass(frozen=True, slots=True)
class Ours:
    """A record of ours in Zoho and the interaction that it belongs to. `modified`: when we changed it last, by Zoho."""

    key: str
    written: Written
    modified: datetime | None = None


def written_of(session: Session, key: str) -> Sequence[Written]:
    """Everything that was written for an interaction, removed ones too, by slot."""
    return written_by_key(session, [key]).get(key, ())


def written_by_key(session: Session, keys: Iterable[str]) -> dict[str, list[Written]]:
    """What was written for several interactions, by key; each list by slot."""
    found: dict[str, list[Written]] = {}
    for portion in in_portions(list(keys)):
        for row in _rows(session, col(WrittenRecords.key).in_(portion)):
            found.setdefault(row.key, []).append(_value(row))
    return found


def written_as(session: Session, module: Module, zoho_ids: Iterable[str]) -> dict[str, Ours]:
    """Which of these Zoho records are ours, by id, removed ones too."""
    found: dict[str, Ours] = {}
    for portion in in_portions(list(zoho_ids)):
        here = (WrittenRecords.module == module.value, col(WrittenRecords.zoho_id).in_(portion))
        found |= {row.zoho_id: Ours(row.key, _value(row), row.modified) for row in _rows(session, *here)}
    return found


def made_for(session: Session, record_keys: Iterable[str]) -> Sequence[Written]:
    """What was written under these record keys, removed ones too, in no order."""
    return [
        _value(row)
        for portion in in_portions(list(record_keys))
        for row in _rows(session, col(WrittenRecords.record_key).in_(portion))
    ]


def written_in(session: Session, run: int) -> Sequence[Ours]:
    """What a run wrote last, by key and slot."""
    return [Ours(row.key, _value(row)) for row in _rows(session, WrittenRecords.run == run)]


def mark_removed(session: Session, module: Module, zoho_ids: Iterable[str], by: str, now: datetime) -> Sequence[str]:
    """Records of ours that are no longer in Zoho; `by`: `us` or `person`. Returns the keys they belong to.

    One that is gone already keeps who removed it.
    """
    keys: set[str] = set()
    for portion in in_portions(list(zoho_ids)):
        here = (WrittenRecords.module == module.value, col(WrittenRecords.zoho_id).in_(portion))
        there = [row for row in _rows(session, *here) if not row.gone]
        for row in there:
            row.gone, row.at = by, now
            session.add(row)
        keys |= {row.key for row in there}
    session.flush()
    return sorted(keys)


def mark_restored(session: Session, module: Module, zoho_ids: Iterable[str], now: datetime) -> Sequence[str]:
    """Records that a person took out of the bin again: they are ours as before. Returns the keys they belong to."""
    keys: set[str] = set()
    for portion in in_portions(list(zoho_ids)):
        here = (WrittenRecords.module == module.value, col(WrittenRecords.zoho_id).in_(portion))
        for row in _rows(session, *here, WrittenRecords.gone == "person"):
            row.gone, row.at = "", now
            session.add(row)
            keys.add(row.key)
    session.flush()
    return sorted(keys)


def removed_by_person(session: Session, module: Module, since: datetime) -> Sequence[str]:
    """Ids of our records that a person removed at or after a moment."""
    here = (WrittenRecords.module == module.value, WrittenRecords.gone == "person", WrittenRecords.at >= since)
    return [row.zoho_id for row in _rows(session, *here)]


def note_modified(session: Session, module: Module, times: Mapping[str, datetime]) -> None:
    """Zoho's date of the state that we know of each of these records."""
    for portion in in_portions(list(times)):
        here = (WrittenRecords.module == module.value, col(WrittenRecords.zoho_id).in_(portion))
        for row in _rows(session, *here):
            row.modified = times[row.zoho_id]
            session.add(row)
    session.flush()


def leave_to_person(session: Session, key: str, slot: str, fields: Iterable[str]) -> None:
    """These fields were changed by a person: they are theirs from now on."""
    row = session.get(WrittenRecords, (key, slot), populate_existing=True)
    if row is not None:
        row.theirs = sorted(set(row.theirs) | set(fields))
        session.add(row)
        session.flush()


def forget_slots(session: Session, key: str, slots: Iterable[str]) -> None:
    """As if nothing had been written there."""
    for slot in set(slots):
        row = session.get(WrittenRecords, (key, slot), populate_existing=True)
        if row is not None:
            session.delete(row)
    session.flush()


def note_done(session: Session, sent: Outbox, zoho_id: str, now: datetime, modified: datetime | None = None) -> None:
    """A write of the outbox is so in Zoho now: let `written` say the same. `modified`: as Zoho dates it, if it said."""
    row = session.get(WrittenRecords, (sent.key, sent.slot), populate_existing=True)
    not_ours = row is None and sent.unless_changed_since is not None
    if sent.op == Op.CREATE or not_ours:
        _note_created(session, sent, zoho_id, now, modified)
        return
    if row is None or row.zoho_id != sent.zoho_id:
        return  # the slot holds another record by now (a call made anew); the old one needs no place here
    if sent.op == Op.DELETE:
        row.gone = row.gone or "us"
    else:
        row.fields = {**row.fields, **sent.fields}
    row.run, row.at, row.modified = sent.run, now, modified
    session.add(row)
    session.flush()


def stand_for(session: Session, asked: OutboxRow, module: Module, zoho_id: str, now: datetime) -> None:
    """What was to be made is this record, which is somebody else's: known, but not looked after or undone."""
    row: Mapping[str, Any] = {
        "key": asked.key, "slot": asked.write.slot, "module": module.value, "record_key": asked.write.record_key,
        "zoho_id": zoho_id, "fields": {}, "theirs": [], "gone": FORGOTTEN, "run": None, "at": now, "modified": None,
    }  # fmt: skip
    upsert(session, WrittenRecords, [row])


def _note_created(
    session: Session, sent: Outbox, zoho_id: str, now: datetime, modified: datetime | None
) -> None:  # fmt: skip
    row: Mapping[str, Any] = {
        "key": sent.key,
        "slot": sent.slot,
        "module": sent.module,
        "record_key": sent.record_key,
        "zoho_id": zoho_id,
        "fields": sent.fields,
        "theirs": [],
        "gone": "",
        "run": sent.run,
        "at": now,
        "modified": modified,
    }
    upsert(session, WrittenRecords, [row])


def _rows(session: Session, *conditions: Any) -> Sequence[WrittenRecords]:
    rows = select(WrittenRecords).where(*conditions).order_by(WrittenRecords.key, WrittenRecords.slot)
    return session.exec(rows.execution_options(populate_existing=True)).all()


def _value(row: WrittenRecords) -> Written:
    return Written(
        slot=row.slot,
        module=Module(row.module),
        record_key=row.record_key,
        id=row.zoho_id,
        fields=row.fields,
        theirs=frozenset(row.theirs),
        gone=row.gone,
    )
