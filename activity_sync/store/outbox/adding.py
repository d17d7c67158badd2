"""Planned writes go into the outbox, in the same transaction as the judgement that asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from activity_sync.model.writes import Op, OutboxRow, Write, WriteState
from activity_sync.store.facts import may_be_there
from activity_sync.store.outbox.reading import BACKFILL, IN_FLIGHT, OPEN, stored, value_of
from activity_sync.store.tables import Interactions, Outbox


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a plan.

    `rows`: new in the outbox. `kept`: stood there already, the same. `dropped`: READY before, no longer called for.
    `held`: not added, because an earlier write of the slot may have reached Zoho; when that is settled, the
    interaction is opened again by itself.
    """

    rows: tuple[OutboxRow, ...] = ()
    kept: tuple[OutboxRow, ...] = ()
    dropped: tuple[OutboxRow, ...] = ()
    held: tuple[Write, ...] = ()


def add(session: Session, key: str, writes: Sequence[Write], run: int | None, now: datetime) -> Added:
    """Let the outbox say what this interaction calls for now: `writes` is the whole of it.

    READY rows that are not among the writes are dropped (they were never sent), the same ones stay, the rest is
    added. A slot with a row in flight gets nothing new. What a backfill brought in is paid by its share of credits.
    """
    there = stored(session, Outbox.key == key, col(Outbox.state).in_([state.value for state in OPEN]))
    blocked = {row.slot for row in there if row.state in IN_FLIGHT}
    ready = [row for row in there if row.state == WriteState.READY]
    held = tuple(write for write in writes if write.slot in blocked)
    _let_wait(there, {write.slot for write in held})
    free = [write for write in writes if write.slot not in blocked]
    kept = [row for row in ready if any(_same(row, write) for write in free)]
    dropped = [row for row in ready if row not in kept]
    for row in dropped:
        row.state, row.error, row.settled_at = WriteState.DROPPED.value, "A newer plan replaced it.", now
    session.flush()  # frees their place in the unique index before the new ones take it
    new = [_row(key, write, run, now) for write in free if not any(_same(row, write) for row in kept)]
    if new:
        _as_the_interaction_asks(session, key, new)
    session.add_all(new)
    session.flush()
    return Added(_values(new), _values(kept), _values(dropped), held)


def _as_the_interaction_asks(session: Session, key: str, new: Sequence[Outbox]) -> None:
    """Of the past: paid by the share for that. Perhaps written after the backup that we came from: looked for first."""
    interaction = session.get(Interactions, key)
    past = interaction is not None and interaction.backfilled is not None
    unsure = may_be_there(session, interaction.starts if interaction is not None else None)
    for row in new:
        row.purpose = BACKFILL if past else None
        if unsure and row.op == Op.CREATE:
            row.state = WriteState.UNCERTAIN.value


def _let_wait(there: Sequence[Outbox], slots: set[str]) -> None:
    for row in there:
        row.plan_waits = row.state in IN_FLIGHT and row.slot in slots


def _same(row: Outbox, write: Write) -> bool:
    ours = (
        *(row.slot, row.module, row.op, row.record_key, row.zoho_id),
        *(row.fields, row.unless_changed_since, row.undoes),
    )
    return ours == (
        *(write.slot, write.module.value, write.op.value, write.record_key, write.id),
        *(dict(write.fields), write.unless_changed_since, write.undoes),
    )


def _row(key: str, write: Write, run: int | None, now: datetime) -> Outbox:
    return Outbox(
        key=key,
        slot=write.slot,
        module=write.module.value,
        op=write.op.value,
        record_key=write.record_key,
        zoho_id=write.id,
        fields=dict(write.fields),
        because=write.because,
        unless_changed_since=write.unless_changed_since,
        undoes=write.undoes,
        state=WriteState.READY.value,
        next_at=now,
        run=run,
        added_at=now,
    )


def _values(rows: Sequence[Outbox]) -> tuple[OutboxRow, ...]:
    return tuple(value_of(row) for row in rows)
