"""One round of sending: until nothing is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from activity_sync.model.failures import (
    ConnectionFailure,
    OutOfCredits,
    Refused,
    SignInAgain,
    TryLater,
    Uncertain,
    Unexpected,
)
from activity_sync.model.writes import OutboxRow, RowResult, WriteState
from activity_sync.rules import backoff
from activity_sync.steps.means import Means
from activity_sync.steps.pace import Pace
from activity_sync.steps.send.checking import respected
from activity_sync.steps.send.clashes import there_already
from activity_sync.steps.send.newcomers import unknown_still
from activity_sync.steps.send.others import logged_by_nobody
from activity_sync.steps.send.proving import prove
from activity_sync.steps.send.sent import Sent, numbers, rest_until, settle
from activity_sync.store import outbox
from activity_sync.store.outbox.reading import BACKFILL, NO_CREDITS

TEN = 10
"""A credit's worth of rows of one module and operation (zoho.md 2.2)."""

HUNDRED = 100
"""The most that one request may hold: the same price, fewer requests, for a backlog."""

_SAVING = timedelta(minutes=15)
"""So long what a backfill brought in rests when its share of the credits is spent; what is live goes on."""

_PATIENCE = timedelta(minutes=3)
"""A `sync` waits this long for a busy Zoho before it leaves the rest to the next round."""


def send(means: Means, run: int, *, wait: bool) -> Sent:
    """Send until nothing is due. `wait`: also wait for what rests in its grace or was told to come back soon."""
    sent = Sent(run)
    now = means.now()
    with means.database.transaction() as session:
        outbox.recover(session, now, means.settings.zoho.grace)
        pace = Pace(means, "Writing to Zoho", "records", outbox.counts(session)[WriteState.READY])
    while not sent.stopped and not means.pause(0):
        prove(means, sent)
        pace.at(sum(sent.writes.values()))
        if sent.stopped or _send_due(means, sent):
            continue
        if not _rest(means, sent, wait=wait):
            break
    return sent


def _send_due(means: Means, sent: Sent) -> bool:
    """Send what one request can carry; False when nothing was due."""
    with means.database.transaction() as session:
        backlog = outbox.ready(session, HUNDRED + 1) > HUNDRED
        claimed = outbox.claim(session, HUNDRED if backlog else TEN, means.now(), backfill=not sent.saving)
    if not claimed:
        return False
    try:
        rows = logged_by_nobody(means, unknown_still(means, respected(means, claimed, sent)), run=sent.run)
    except ConnectionFailure as failure:
        _put_back(means, claimed, failure, sent)
        return True
    if rows:
        _dispatch(means, rows, sent)
    return True


def _dispatch(means: Means, rows: Sequence[OutboxRow], sent: Sent) -> None:
    means.still_alone()
    try:
        results = means.crm.send(rows)
    except Refused as failure:
        refused = RowResult(done=False, code="REFUSED", why=failure.why)
        results = dict.fromkeys(numbers(rows), refused)
    except (Uncertain, Unexpected) as failure:
        _leave_uncertain(means, rows, failure.why)
        return
    except ConnectionFailure as failure:
        _put_back(means, rows, failure, sent)
        return
    unanswered = RowResult(done=False, again=True, why="Zoho gave no result for it")
    told = there_already(means, rows, {row.number: results.get(row.number, unanswered) for row in rows}, sent.run)
    with means.database.transaction() as session:
        for row in rows:
            if row.number in told:
                settle(means, session, row, told[row.number], sent)


def _leave_uncertain(means: Means, rows: Sequence[OutboxRow], why: str) -> None:
    with means.database.transaction() as session:
        for row in rows:
            at = rest_until(row, means.settings.zoho.grace, means.now())
            outbox.uncertain(session, [row.number], at, why)


def _put_back(means: Means, rows: Sequence[OutboxRow], failure: ConnectionFailure, sent: Sent) -> None:
    """It was definitely not done: the rows wait for another turn."""
    now = means.now()
    if isinstance(failure, OutOfCredits) and rows[0].purpose == BACKFILL:
        with means.database.transaction() as session:
            outbox.release(session, numbers(rows), now + _SAVING, failure.why, NO_CREDITS)
            outbox.rest_backfill(session, now + _SAVING)
        sent.save(failure)
        return
    with means.database.transaction() as session:
        for row in rows:
            # Credentials or credits: whoever mends that need not wait; until then nothing is sent in any case.
            ours = isinstance(failure, SignInAgain | OutOfCredits)
            next_at = now if ours else backoff.next_try(row.attempts, failure, now, row.number)
            outbox.release(session, [row.number], next_at or now + _PATIENCE, failure.why)
            if next_at is None and not sent.stopped:
                sent.stop(failure)
    if not isinstance(failure, TryLater) and not sent.stopped:
        sent.stop(failure)


def _rest(means: Means, sent: Sent, *, wait: bool) -> bool:
    """Wait for the next row's turn; False when there is none to wait for, or the program is to stop."""
    with means.database.reading() as session:
        next_at = outbox.next_turn(session, backfill=not sent.saving)
    now = means.now()
    if next_at is None or not wait or next_at - now > _PATIENCE + means.settings.zoho.grace:
        return False
    seconds = max((next_at - now).total_seconds(), 0.05)
    if seconds > 1:
        means.tell(f"Waiting {seconds:.0f} s until a write may be looked for or sent again")
    return not means.pause(seconds)
