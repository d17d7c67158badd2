"""Before a record is changed its present values are read: what a person changed stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, OutboxRow, RowResult, Written
from activity_sync.rules.differences import respect
from activity_sync.steps.means import Means
from activity_sync.steps.send.guarding import unchanged
from activity_sync.steps.send.sent import Sent, settle
from activity_sync.store import outbox, sync_log, written

_CAME_FIRST = "A person's change came first."

Values = Mapping[str, Mapping[str, Any]]


def respected(means: Means, rows: Sequence[OutboxRow], sent: Sent) -> list[OutboxRow]:
    """Those of the claimed rows that are still to be sent, without the fields that are a person's now.

    Costs a credit for up to 200 records of a module; raises what the CRM raises.
    """
    creating = [row for row in rows if row.write.op is Op.CREATE]
    guarded = [row for row in rows if row.write.unless_changed_since is not None]
    changing = [row for row in rows if row.write.op is not Op.CREATE and row not in guarded]
    kept = [*creating, *unchanged(means, guarded, sent)]
    for module in sorted({row.write.module for row in changing}):
        mine = [row for row in changing if row.write.module is module]
        before = _before(means, module, mine)
        names = sorted({name for one in before.values() for name in one.fields})
        current = means.crm.current(module, [row.write.id for row in mine], names)
        with means.database.transaction() as session:
            for row in mine:
                kept.extend(_kept(means, session, row, before.get(row.write.id), current, sent))
    return sorted(kept, key=lambda row: row.number)


def _before(means: Means, module: Module, rows: Sequence[OutboxRow]) -> dict[str, Written]:
    with means.database.reading() as session:
        ours = written.written_as(session, module, [row.write.id for row in rows])
    return {record_id: one.written for record_id, one in ours.items()}


def _kept(
    means: Means, session: Session, row: OutboxRow, before: Written | None, current: Values, sent: Sent
) -> list[OutboxRow]:
    present = current.get(row.write.id)
    if before is None:
        return [row]
    if present is None:
        settle(means, session, row, RowResult(done=False, gone=True), sent)
        return []
    write, theirs = respect(row.write, before, present)
    if theirs - before.theirs:
        written.leave_to_person(session, row.key, row.write.slot, theirs)
        text = f"a person changed {', '.join(sorted(theirs))}; that stays"
        sync_log.append(
            session, means.now(), "in", "edited", text, run=sent.run, key=row.key, module=row.write.module.value,
            zoho_id=row.write.id,
        )  # fmt: skip
    if row.write.op is Op.DELETE and (write is None or write.op is not Op.DELETE):
        # The record stays, so what was to stand in its place (a call made anew) must not be made.
        outbox.drop_creates(session, row.key, row.write.slot, _CAME_FIRST, means.now())
    if write is None:
        outbox.drop(session, row.number, _CAME_FIRST, means.now())
        return []
    if write != row.write:
        outbox.narrow(session, row.number, write)
    return [replace(row, write=write)]
