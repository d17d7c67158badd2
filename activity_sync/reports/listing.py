"""Interactions as the store holds them, told as ROWs of commands.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.writes import Op, OutboxRow, Write, WriteState, Written
from activity_sync.rules import rows
from activity_sync.store import interactions, outbox, written
from activity_sync.store.outbox.reading import OPEN
from activity_sync.store.tables import Interactions


def listed(session: Session, keys: Iterable[str]) -> list[dict[str, Any]]:
    """The ROWs of these interactions, in the order given; those never judged are left out."""
    found = (interactions.get(session, key) for key in keys)
    return [row_of(session, one) for one in found if one is not None and one.decided]


def row_of(session: Session, one: Interactions) -> dict[str, Any]:
    """The ROW of one interaction that was judged."""
    sent = outbox.rows_of(session, one.key)
    state = State(one.state)
    if state is State.PLANNED and any(row.state in OPEN for row in sent):
        state = State.WAITING
    return rows.row(one.decided, state, _writes(sent, written.written_of(session, one.key)), one.reason)


def _writes(sent: Sequence[OutboxRow], there: Sequence[Written]) -> list[dict[str, Any]]:
    """Each record that we made with all we put in it, then what is still on its way or was refused."""
    made = [
        rows.write_row(
            Write(
                slot=one.slot, module=one.module, op=Op.CREATE, record_key=one.record_key, id=one.id, fields=one.fields
            ),
            f"removed by {one.gone}" if one.gone else WriteState.DONE,
        )
        for one in there
    ]
    last = {(row.write.slot, row.write.op): row for row in sent}.values()
    open_or_refused = [row for row in last if row.state in OPEN or row.state is WriteState.FAILED]
    changes = [row for row in last if row.state is WriteState.DONE and row.write.op is not Op.CREATE]
    return made + [rows.write_row(row.write, row.state) for row in (*changes, *open_or_refused)]
