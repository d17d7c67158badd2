"""What sending came to, and how a row is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from activity_sync.model.failures import ConnectionFailure, OutOfCredits, TryLater
from activity_sync.model.results import Exit, Problem
from activity_sync.model.writes import Op, OutboxRow, RowResult, WriteState
from activity_sync.rules import backoff
from activity_sync.steps.means import Means
from activity_sync.steps.send import shadowing
from activity_sync.store import outbox, sync_log

CHANGED_SINCE = "ALREADY_MODIFIED"
"""Zoho's word for a record that was changed after the time that was given (zoho.md 5.7)."""

_AT_ONCE = 3
_COUNTED = {Op.CREATE: "created", Op.UPDATE: "updated", Op.DELETE: "deleted"}


@dataclass(slots=True)
class Sent:
    """Filled in while the outbox is sent. `stopped`: nothing more can be sent in this round. `saving`: credits are too
    short for what a backfill brought in; live writes go on."""

    run: int
    writes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED.values(), 0))
    problems: list[Problem] = field(default_factory=list)
    stopped: bool = False
    saving: OutOfCredits | None = None

    def save(self, failure: OutOfCredits) -> None:
        """The share of backfill is spent."""
        self.saving = failure

    def add(self, later: Sent) -> None:
        """What came of sending again in the same round."""
        self.problems += later.problems
        self.writes = {name: count + later.writes[name] for name, count in self.writes.items()}
        self.stopped = later.stopped

    def stop(self, failure: ConnectionFailure) -> None:
        """Zoho, or the budget, does not let us go on."""
        self.stopped = True
        if isinstance(failure, OutOfCredits):
            problem = Problem("stopped", "credits", failure.why, failure.next_step, Exit.OUT_OF_CREDITS)
        else:
            problem = Problem("not sent", "Zoho", failure.why, failure.next_step, Exit.REFUSED)
        self.problems.append(problem)


def settle(means: Means, session: Session, row: OutboxRow, result: RowResult, sent: Sent) -> None:
    """Note what Zoho said of one row: in the outbox, in what we know to be written, in the sync log."""
    now = means.now()
    next_at = _next_turn(means, row, result)
    if result.again and next_at is None:
        result = RowResult(done=False, code=result.code, why=f"{result.why} (tried {row.attempts} times)")
    state = outbox.settle(session, row.number, result, now, next_at, sent.run)
    write, record_id = row.write, result.id or row.write.id
    event, text = _told(row, result, state)
    sync_log.append(
        session, now, "in" if result.gone else "out", event, text, run=sent.run, key=row.key,
        module=write.module.value, zoho_id=record_id, failed=state is WriteState.FAILED,
    )  # fmt: skip
    if state is WriteState.DONE:
        sent.writes[_COUNTED[write.op]] += 1
        shadowing.note(means, session, row, record_id, result.modified)
    if state is WriteState.FAILED:
        next_step = f"Mend the cause, then `activity-sync retry {row.key}`."
        sent.problems.append(Problem(f"{write.op} refused", f"{write.module} {row.key}", result.why, next_step))


def _next_turn(means: Means, row: OutboxRow, result: RowResult) -> datetime | None:
    if result.uncertain:
        return rest_until(row, means.settings.zoho.grace, means.now())
    if result.code == CHANGED_SINCE and row.attempts < _AT_ONCE:
        return means.now()  # its turn begins with a look at what changed
    return backoff.next_try(row.attempts, TryLater(result.why), means.now(), row.number) if result.again else None


def rest_until(row: OutboxRow, grace: timedelta, now: datetime) -> datetime:
    """When an uncertain write may be looked for: later than any late commit (stack.md 5)."""
    return max(now, (row.sent_at or now) + grace)


def _told(row: OutboxRow, result: RowResult, state: WriteState) -> tuple[str, str]:
    write = row.write
    if state is WriteState.DONE:
        return _COUNTED[write.op], write.because
    if result.gone:
        return "gone", "a person deleted it in Zoho; it stays deleted"
    if state is WriteState.FAILED:
        return "refused", f"Zoho refused it: {result.why}"
    if result.uncertain:
        return "uncertain", f"it may have been written: {result.why}"
    return "postponed", f"Zoho cannot take it now: {result.why}"


def numbers(rows: Sequence[OutboxRow]) -> list[int]:
    """Their numbers."""
    return [row.number for row in rows]
