"""Before a record is changed its present values are read: what a person changed stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, OutboxRow, RowResult
from activity_sync.rules import blocks
from activity_sync.rules.differences import SOMETHING, respect
from activity_sync.rules.undoing import TOUCH_FIELDS, replaced, touched
from activity_sync.steps.means import Means
from activity_sync.steps.send.guarding import unchanged
from activity_sync.steps.send.sent import Sent, settle
from activity_sync.store import interactions, outbox, sync_log, written
from activity_sync.store.written import Ours

CAME_FIRST = "A person's change came first."
"""The error of a row that was dropped for that."""

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
        current = means.crm.current(module, [row.write.id for row in mine], _to_read(mine, before))
        with means.database.transaction() as session:
            for row in mine:
                kept.extend(_kept(means, session, row, before.get(row.write.id), current, sent))
    return sorted(kept, key=lambda row: row.number)


def _before(means: Means, module: Module, rows: Sequence[OutboxRow]) -> dict[str, Ours]:
    with means.database.reading() as session:
        return written.written_as(session, module, [row.write.id for row in rows])


def _to_read(rows: Sequence[OutboxRow], before: Mapping[str, Ours]) -> list[str]:
    """What we wrote, to see what people changed; what is about to be replaced, for `undo`; who was at work."""
    names = {name for one in before.values() for name in one.written.fields}
    names |= {name for row in rows for name in row.write.fields} | set(TOUCH_FIELDS)
    return sorted(name for name in names if not name.startswith("$"))


def _touched(row: OutboxRow, present: Mapping[str, Any], ours: Ours) -> bool:
    """Whether a person has changed anything in it. An update hides that from those who look later, so it is noted
    before; but then only another user's name counts: the time may be that of an earlier try."""
    return touched(present, ours.modified if row.write.op is Op.DELETE else None)


def _takes_away(row: OutboxRow) -> bool:
    return row.write.op is Op.DELETE and row.write.undoes is not None


def _kept(
    means: Means, session: Session, row: OutboxRow, ours: Ours | None, current: Values, sent: Sent
) -> list[OutboxRow]:
    present = current.get(row.write.id)
    if ours is None:
        if present is not None and row.write.op is Op.UPDATE:
            outbox.remember(session, row.number, replaced(row.write, {}, present))
        return [row]
    if present is None:
        settle(means, session, row, RowResult(done=False, gone=True), sent)
        return []
    before = ours.written
    # Only what we wrote tells what a person changed: a field that we never wrote holds whatever Zoho put there.
    known = {name: value for name, value in present.items() if name in before.fields}
    by_a_person = _touched(row, present, ours)
    write, theirs = respect(row.write, before, known, touched=by_a_person and not _takes_away(row))
    if _takes_away(row) and by_a_person:
        write = None
    if theirs - before.theirs:
        written.leave_to_person(session, row.key, row.write.slot, theirs)
        text = f"a person changed {', '.join(sorted(theirs)).replace(SOMETHING, 'something in it')}; that stays"
        sync_log.append(
            session, means.now(), "in", "edited", text, run=sent.run, key=row.key, module=row.write.module.value,
            zoho_id=row.write.id,
        )  # fmt: skip
    if row.write.op is Op.DELETE and (write is None or write.op is not Op.DELETE):
        # The record stays, so what was to stand in its place (a call made anew) must not be made.
        outbox.drop_creates(session, row.key, row.write.slot, CAME_FIRST, means.now())
        if row.write.undoes is None:
            interactions.reopen(session, [row.key], means.now())  # the news belong into the record that stays
    if write is None:
        outbox.drop(session, row.number, CAME_FIRST, means.now())
        return []
    held = before.fields if write.op is Op.DELETE else replaced(write, before.fields, present)
    outbox.remember(session, row.number, held)
    if write != row.write:
        outbox.narrow(session, row.number, write)
    return [replace(row, write=blocks.in_its_place(write, before, present))]
