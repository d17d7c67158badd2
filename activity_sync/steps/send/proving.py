"""Writes whose answer was lost: did they happen?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from activity_sync.model.failures import ConnectionFailure, TryLater
from activity_sync.model.records import OrgFacts
from activity_sync.model.results import Problem
from activity_sync.model.writes import Found, Op, OutboxRow, RowResult, WriteState
from activity_sync.rules import backoff, proof
from activity_sync.steps.means import Means
from activity_sync.steps.send.sent import Sent, settle
from activity_sync.store import facts, outbox, sync_log, written

LOOKS = 2
"""An uncertain write is looked for this often before it is sent again."""

BETWEEN_LOOKS = timedelta(seconds=3)
"""COQL should see a finished write at once; Zoho nowhere promises it (zoho.md 3.2)."""

_LONG = timedelta(hours=1)

_CANNOT_TELL = "its answer was lost, and Zoho holds more records like it than we can account for"


def prove(means: Means, sent: Sent) -> None:
    """Deal with every uncertain write whose turn it is."""
    now = means.now()
    with means.database.transaction() as session:
        org = facts.org(session) or OrgFacts()
        waiting = outbox.open_rows(session, [WriteState.UNCERTAIN])
        for row in waiting:
            if repeatable(row, org):
                outbox.send_again(session, row.number, _again_at(row, now))
    due = [row for row in waiting if not repeatable(row, org) and row.next_at <= now]
    if due and not sent.stopped:
        _look_for(means, due, sent)


def repeatable(row: OutboxRow, org: OrgFacts) -> bool:
    """Whether sending it again can do no harm: an update, a deletion, or a create that a unique key guards."""
    return row.write.op is not Op.CREATE or row.write.module in org.key_unique


def _again_at(row: OutboxRow, now: datetime) -> datetime:
    """At once the first time, then later and later: a Zoho whose answers are always lost must not be hammered."""
    if row.attempts <= 1:
        return now
    return backoff.next_try(row.attempts - 1, TryLater("its answer was lost"), now, row.number) or now + _LONG


def _look_for(means: Means, rows: Sequence[OutboxRow], sent: Sent) -> None:
    found: dict[int, Sequence[Found]] = {}
    try:
        for row in rows:
            found[row.number] = means.crm.find(row)
    except ConnectionFailure as failure:
        sent.stop(failure)
    looked_for = [row for row in rows if row.number in found]
    verdicts = proof.settle_uncertain(looked_for, found, _known(means, looked_for, found))
    for row in looked_for:
        _act_on(means, row, verdicts[row.number], sent)


def _known(means: Means, rows: Sequence[OutboxRow], found: Mapping[int, Sequence[Found]]) -> frozenset[str]:
    """The ids among those found that belong to other writes of ours."""
    known: set[str] = set()
    with means.database.reading() as session:
        for row in rows:
            known.update(written.written_as(session, row.write.module, [one.id for one in found[row.number]]))
    return frozenset(known)


def _act_on(means: Means, row: OutboxRow, verdict: proof.Verdict, sent: Sent) -> None:
    now = means.now()
    with means.database.transaction() as session:
        match verdict.answer:
            case proof.Answer.HAPPENED:
                settle(means, session, row, RowResult(done=True, id=verdict.id), sent)
            case proof.Answer.NOT_FOUND if row.looked + 1 < LOOKS:
                outbox.looked(session, row.number, now + BETWEEN_LOOKS)
            case proof.Answer.NOT_FOUND:
                outbox.send_again(session, row.number, _again_at(row, now))
            case proof.Answer.CANNOT_TELL:
                outbox.park(session, row.number, _CANNOT_TELL)
                sync_log.append(session, now, "out", "parked", _CANNOT_TELL, run=sent.run, key=row.key, failed=True)
                sent.problems.append(_parked(row))


def _parked(row: OutboxRow) -> Problem:
    next_step = f"Look in Zoho whether it is there, then `activity-sync retry {row.key}`."
    return Problem("uncertain write", f"{row.write.module} {row.key}", _CANNOT_TELL, next_step)
