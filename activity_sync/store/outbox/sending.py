"""The outbox on its way to Zoho: READY → SENDING → DONE, or what comes between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, OutboxRow, RowResult, Write, WriteState
from activity_sync.store.interactions import reopen
from activity_sync.store.outbox.reading import BACKFILL, OPEN, stored, value_of
from activity_sync.store.tables import Outbox
from activity_sync.store.written import mark_removed, note_done

_FEW = 5
"""So many rows of any kind fit in one Composite request."""

_LOOK_AHEAD = 1000


def claim(session: Session, limit: int, now: datetime, *, backfill: bool = True) -> Sequence[OutboxRow]:
    """Take what one request can carry, oldest first, and note it as SENDING; commit before you send it.

    Up to five rows of any kind if that is all that is due, else up to `limit` of the module and operation of the
    oldest; a row that must not meet a later change goes alone, because that is asked for a whole request (zoho.md 5.7).
    What is live comes before what a backfill brought in, and the two never go together; `backfill` False: only what is
    live. A row waits while an older one of its slot is open. No row is ever claimed twice: transactions that
    write come one after the other.
    """
    due = _due(session, now, backfill=backfill)
    batch = _together(due)
    for row in batch[:limit]:
        row.state, row.sent_at, row.attempts = WriteState.SENDING.value, now, row.attempts + 1
        session.add(row)
    session.flush()
    return [value_of(row) for row in batch[:limit]]


def recover(session: Session, now: datetime, grace: timedelta = timedelta()) -> Sequence[OutboxRow]:
    """What a crash left as SENDING is as uncertain as a lost answer. Only for the one who holds the lease.

    Their turn to be looked for is `grace` after they were sent.
    """
    left = stored(session, Outbox.state == WriteState.SENDING.value)
    for row in left:
        row.state, row.error = WriteState.UNCERTAIN.value, "The program ended while it was being sent."
        row.next_at = max(now, (row.sent_at or now) + grace)
        session.add(row)
    session.flush()
    return [value_of(row) for row in left]


def settle(
    session: Session,
    number: int,
    result: RowResult,
    now: datetime,
    next_at: datetime | None = None,
    run: int | None = None,
) -> WriteState:
    """Note what Zoho said of a row, and keep `written` in step, in one transaction. Returns the row's new state.
    `run`: the one that sent it.

    Done: DONE. Unknown id: a person deleted the record; DROPPED. Refused but will pass: READY again at `next_at`
    (default: now). Perhaps done: UNCERTAIN, to be looked for at `next_at`. Refused for good: FAILED. An interaction
    whose later plan had to wait for this row is opened.
    """
    row = _row(session, number)
    row.error, row.code = ("", "") if result.done else (result.why, result.code)
    if result.done:
        row.zoho_id, row.sent_by = result.id or row.zoho_id, run
        row.fields = row.fields if result.fields is None else dict(result.fields)
        note_done(session, row, row.zoho_id, now, result.modified)
        _close(session, row, WriteState.DONE, now)
    elif result.gone:
        mark_removed(session, Module(row.module), [row.zoho_id], "person", now)
        _close(session, row, WriteState.DROPPED, now)
    elif result.uncertain or result.again:
        row.state = (WriteState.UNCERTAIN if result.uncertain else WriteState.READY).value
        row.next_at = next_at or now
    else:
        _close(session, row, WriteState.FAILED, now)
    session.flush()
    if row.state != WriteState.UNCERTAIN:
        _open_waiting(session, [number], now)
    return WriteState(row.state)


def hurry_backfill(session: Session, now: datetime) -> None:
    """What a backfill brought in and rests for lack of credits has its turn at `now`."""
    resting = (col(Outbox.state) == WriteState.READY.value, col(Outbox.purpose).is_not(None), col(Outbox.next_at) > now)
    session.exec(update(Outbox).where(*resting).values(next_at=now))


def release(session: Session, numbers: Iterable[int], next_at: datetime, why: str, code: str = "") -> None:
    """Nothing of it was done (busy, no credits): READY again, its turn is `next_at`."""
    freed = list(numbers)
    _set(session, freed, WriteState.READY, next_at=next_at, error=why, code=code)
    _open_waiting(session, freed, next_at)


def uncertain(session: Session, numbers: Iterable[int], next_at: datetime, why: str) -> None:
    """It may have been done: to be looked for from `next_at` on."""
    _set(session, numbers, WriteState.UNCERTAIN, next_at=next_at, error=why)


def looked(session: Session, number: int, next_at: datetime) -> int:
    """The record was looked for and not found; look again at `next_at`. Returns how often it was looked for."""
    row = _row(session, number)
    row.looked, row.next_at = row.looked + 1, next_at
    session.flush()
    return row.looked


def send_again(session: Session, number: int, now: datetime) -> None:
    """It is proved that the write did not happen: READY again, to be proved anew if that gets lost too."""
    _set(session, [number], WriteState.READY, next_at=now, looked=0)
    _open_waiting(session, [number], now)


def rest_backfill(session: Session, until: datetime) -> None:
    """Everything that a backfill brought in and is ready has its turn at `until` at the earliest."""
    mine = (col(Outbox.state) == WriteState.READY.value, col(Outbox.purpose) == BACKFILL)
    session.exec(update(Outbox).where(*mine, col(Outbox.next_at) < until).values(next_at=until))


def park(session: Session, number: int, why: str) -> None:
    """The proof could not tell: a person must."""
    _set(session, [number], WriteState.PARKED, error=why)


def fail(session: Session, number: int, why: str, now: datetime, code: str = "") -> None:
    """It will never work as it is."""
    _set(session, [number], WriteState.FAILED, error=why, code=code, settled_at=now)
    _open_waiting(session, [number], now)


def narrow(session: Session, number: int, write: Write) -> None:
    """What is really to be sent of a claimed row, after a look at what people changed."""
    _set(session, [number], WriteState.SENDING, op=write.op.value, fields=dict(write.fields), because=write.because)


def remember(session: Session, number: int, before: Mapping[str, Any]) -> None:
    """What the record held before this row was sent for the first time, for `undo`."""
    row = _row(session, number)
    if row.before is None:
        row.before = dict(before)
        session.flush()


def drop(session: Session, number: int, why: str, now: datetime) -> None:
    """It is needless: a person's change came first."""
    _set(session, [number], WriteState.DROPPED, error=why, settled_at=now)
    _open_waiting(session, [number], now)


def drop_creates(session: Session, key: str, slot: str, why: str, now: datetime) -> None:
    """The creates of this slot that were not sent yet are needless."""
    here = (Outbox.key == key, Outbox.slot == slot, Outbox.op == Op.CREATE.value)
    for row in stored(session, Outbox.state == WriteState.READY.value, *here):
        drop(session, row.number or 0, why, now)


def retry(session: Session, now: datetime, keys: Iterable[str] = ()) -> Sequence[str]:
    """Give failed and parked writes another chance; `keys`: only of these interactions. Returns the keys touched.

    A failed row is dropped and its interaction judged again, so that what is sent fits today's config. A parked one
    may be in Zoho: it is looked for again.
    """
    wanted = list(keys)
    mine = [col(Outbox.key).in_(wanted)] if wanted else []
    failed = stored(session, Outbox.state == WriteState.FAILED.value, *mine)
    parked = stored(session, Outbox.state == WriteState.PARKED.value, *mine)
    _set(session, [row.number or 0 for row in failed], WriteState.DROPPED, error="It is tried again.", settled_at=now)
    _set(session, [row.number or 0 for row in parked], WriteState.UNCERTAIN, looked=0, next_at=now)
    touched = sorted({row.key for row in (*failed, *parked)})
    reopen(session, touched, now)
    return touched


def _due(session: Session, now: datetime, *, backfill: bool) -> Sequence[Outbox]:
    earlier = aliased(Outbox)
    first = ~exists().where(
        col(earlier.key) == col(Outbox.key),
        col(earlier.slot) == col(Outbox.slot),
        col(earlier.number) < col(Outbox.number),
        col(earlier.state).in_([state.value for state in OPEN]),
    )
    rows = select(Outbox).where(Outbox.state == WriteState.READY.value, Outbox.next_at <= now, first)
    rows = rows if backfill else rows.where(col(Outbox.purpose).is_(None))
    mine = rows.order_by(col(Outbox.purpose).is_not(None), col(Outbox.number)).limit(_LOOK_AHEAD)
    return session.exec(mine.execution_options(populate_existing=True)).all()


def _together(due: Sequence[Outbox]) -> Sequence[Outbox]:
    if due and due[0].unless_changed_since is not None:
        return due[:1]
    free = [row for row in due if row.unless_changed_since is None and row.purpose == due[0].purpose]
    return free if len(free) <= _FEW else [row for row in free if _lane(row) == _lane(due[0])]


def _lane(row: Outbox) -> tuple[str, str]:
    return row.module, row.op


def _row(session: Session, number: int) -> Outbox:
    row = session.get(Outbox, number, populate_existing=True)
    if row is None:
        raise KeyError(number)
    return row


def _close(session: Session, row: Outbox, state: WriteState, now: datetime) -> None:
    row.state, row.settled_at = state.value, now
    session.add(row)


def _open_waiting(session: Session, numbers: Sequence[int], now: datetime) -> None:
    waiting = stored(session, col(Outbox.number).in_(numbers), col(Outbox.plan_waits))
    for row in waiting:
        row.plan_waits = False
        session.add(row)
    session.flush()
    reopen(session, [row.key for row in waiting], now)


def _set(session: Session, numbers: Iterable[int], state: WriteState, **values: Any) -> None:
    here = col(Outbox.number).in_(list(numbers))
    session.exec(update(Outbox).where(here).values(state=state.value, **values))
