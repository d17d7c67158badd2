"""What stands in the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from activity_sync.model.decisions import State
from activity_sync.model.records import Module
from activity_sync.model.writes import Op, OutboxRow, Write, WriteState
from activity_sync.store.tables import Interactions, Outbox
from activity_sync.store.upserting import in_portions

OPEN = (WriteState.READY, WriteState.SENDING, WriteState.UNCERTAIN, WriteState.PARKED)
NO_CREDITS = "OUT_OF_CREDITS"
"""The code of a row that rests for lack of credits."""

LIVE, BACKFILL = "writing", "backfill"
"""Purposes of credits."""

IN_FLIGHT = (WriteState.SENDING, WriteState.UNCERTAIN, WriteState.PARKED)


def row(session: Session, number: int) -> OutboxRow | None:
    """One row."""
    found = session.get(Outbox, number, populate_existing=True)
    return value_of(found) if found is not None else None


def rows_of(session: Session, key: str) -> Sequence[OutboxRow]:
    """Every row of an interaction, also settled ones, oldest first."""
    return _values(session, Outbox.key == key)


def rows_of_run(session: Session, run: int) -> Sequence[OutboxRow]:
    """Every row that a run added or sent, oldest first."""
    return _values(session, or_(col(Outbox.run) == run, col(Outbox.sent_by) == run))


def rows_undoing(session: Session, run: int) -> Sequence[OutboxRow]:
    """The rows that take this run back, oldest first."""
    return _values(session, Outbox.undoes == run)


def keys_remade(session: Session) -> Sequence[str]:
    """Interactions of which an undo has made a record again."""
    rows = select(Outbox.key).where(col(Outbox.undoes).is_not(None), Outbox.op == Op.CREATE.value).distinct()
    return session.exec(rows).all()


def open_rows(
    session: Session, states: Iterable[WriteState] = OPEN, due_at: datetime | None = None, keys: Iterable[str] = ()
) -> Sequence[OutboxRow]:
    """Rows in these states, oldest first; with `due_at` only those whose turn it is by then; `keys`: only of these."""
    conditions: list[Any] = [_in(states)]
    if due_at is not None:
        conditions.append(Outbox.next_at <= due_at)
    if wanted := list(keys):
        conditions.append(col(Outbox.key).in_(wanted))
    return _values(session, *conditions)


def keys_open(session: Session, keys: Sequence[str]) -> frozenset[str]:
    """Those of the interactions of which a write is open."""
    rows = (select(Outbox.key).where(_in(OPEN), col(Outbox.key).in_(portion)) for portion in in_portions(keys))
    return frozenset(key for portion in rows for key in session.exec(portion))


def being_made(session: Session, record_keys: Iterable[str], but: str) -> frozenset[str]:
    """Those of the record keys for which a create is open that belongs to another interaction than `but`."""
    mine = (Outbox.op == Op.CREATE.value, Outbox.key != but, col(Outbox.record_key).in_(list(record_keys)))
    return frozenset(session.exec(select(Outbox.record_key).where(_in(OPEN), *mine)).all())


def waiting_for_credits(session: Session) -> int:
    """How many writes of a backfill rest because its share of the credits is spent; 0: none was refused for that."""
    resting = (Outbox.state == WriteState.READY.value, col(Outbox.purpose) == BACKFILL, Outbox.code == NO_CREDITS)
    if not session.exec(select(func.count()).select_from(Outbox).where(*resting)).one():
        return 0
    return session.exec(select(func.count()).select_from(Outbox).where(*resting[:2])).one()


def next_turn(session: Session, *, backfill: bool = True) -> datetime | None:
    """When the next row that is ready or uncertain has its turn; None: there is none.

    `backfill` False: what a backfill brought in and is ready is passed over, as it is by `claim`.
    """
    rows = select(func.min(Outbox.next_at)).where(_in((WriteState.READY, WriteState.UNCERTAIN)))
    claimable = or_(col(Outbox.purpose).is_(None), col(Outbox.state) != WriteState.READY.value)
    return session.exec(rows if backfill else rows.where(claimable)).one()


def failed_unsent(session: Session, since: datetime) -> Mapping[str, int]:
    """The reasons of interactions that start at or after `since` and failed before anything could be sent, and how
    many have each."""
    refused = select(Outbox.key).where(_in((WriteState.FAILED, WriteState.PARKED)))
    rows = select(Interactions.reason, func.count()).where(
        Interactions.state == State.FAILED.value, Interactions.starts >= since, col(Interactions.key).not_in(refused)
    )
    return dict(session.exec(rows.group_by(Interactions.reason)).all())


def ready(session: Session, most: int, due_at: datetime | None = None) -> int:
    """How many rows are ready, by `due_at` if that is given; `most`: more are not counted."""
    due = () if due_at is None else (Outbox.next_at <= due_at,)
    rows = select(Outbox.number).where(Outbox.state == WriteState.READY.value, *due)
    return len(session.exec(rows.limit(most)).all())


def counts(session: Session) -> dict[WriteState, int]:
    """How many rows are in each state; all states are named."""
    found = dict(session.exec(select(Outbox.state, func.count()).group_by(Outbox.state)).all())
    return {state: found.get(state.value, 0) for state in WriteState}


def value_of(row: Outbox) -> OutboxRow:
    """A row as the model has it."""
    assert row.number is not None
    write = Write(
        slot=row.slot,
        module=Module(row.module),
        op=Op(row.op),
        record_key=row.record_key,
        id=row.zoho_id,
        fields=row.fields,
        because=row.because,
        unless_changed_since=row.unless_changed_since,
        undoes=row.undoes,
    )
    return OutboxRow(
        number=row.number,
        key=row.key,
        write=write,
        state=WriteState(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        sent_at=row.sent_at,
        looked=row.looked,
        error=row.error,
        before=row.before,
        purpose=row.purpose or LIVE,
        run=row.run,
    )


def stored(session: Session, *conditions: Any) -> Sequence[Outbox]:
    """Rows as they are stored, oldest first."""
    rows = select(Outbox).where(*conditions).order_by(col(Outbox.number))
    return session.exec(rows.execution_options(populate_existing=True)).all()


def _values(session: Session, *conditions: Any) -> Sequence[OutboxRow]:
    return [value_of(found) for found in stored(session, *conditions)]


def _in(states: Iterable[WriteState]) -> Any:
    return col(Outbox.state).in_([state.value for state in states])
