"""One full round: shadow refreshed, sources read, everything judged, the outbox sent. `sync` is one of these."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.failures import ConnectionFailure, OutOfCredits
from activity_sync.model.records import NOUNS
from activity_sync.model.results import Exit, Problem, RunResult
from activity_sync.model.writes import OutboxRow, WriteState
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.steps import collect
from activity_sync.steps.decide import decide_all, reopen_rehearsed
from activity_sync.steps.means import Means
from activity_sync.steps.progress import progress
from activity_sync.steps.refresh import refresh
from activity_sync.steps.send import send
from activity_sync.store import credits, facts, interactions, outbox, runs, sync_log
from activity_sync.store.outbox.reading import OPEN


def sync(
    means: Means,
    *,
    command: str = "sync",
    wait: bool = True,
    thorough: bool = True,
    only: Collection[str] | None = None,
    refreshing: bool = True,
) -> RunResult:
    """Do a round and say what it came to. `only`: the sources to read; `refreshing`: ask Zoho what changed first.

    Failures of a connection are in the result, not raised; what could be done without it is done.
    """
    started = means.now()
    with means.database.transaction() as session:
        run = runs.start_run(session, command, started)
        if facts.fact_at(session, collect.INSTALLED) is None:
            facts.keep_fact(session, collect.INSTALLED, True, started)
    result = RunResult(run=f"R{run}")
    if refreshing:
        result.problems += _refreshed(means, run, started)
    seen = _collected(means, run, started, result, thorough=thorough, only=only)
    judged = _judged_and_sent(means, run, result, wait=wait)
    _finish(means, run, result, seen, judged, started)
    return result


def resend(means: Means, keys: Sequence[str], *, wait: bool = True) -> RunResult:
    """`retry`: give failed and parked writes another chance (of `keys`, or all)."""
    started = means.now()
    with means.database.transaction() as session:
        run = runs.start_run(session, "retry", started)
        touched = outbox.retry(session, started, keys)
        failed = [row.key for row in interactions.listing(session, states=[State.FAILED])]
        interactions.reopen(session, [key for key in failed if not keys or key in keys], started)
    result = RunResult(run=f"R{run}")
    judged = _judged_and_sent(means, run, result, wait=wait)
    _finish(means, run, result, [], [*judged, *touched], started)
    return result


def _refreshed(means: Means, run: int, now: datetime) -> Sequence[Problem]:
    try:
        return refresh(means, run, now)
    except OutOfCredits as failure:
        return [Problem("stopped", "credits", failure.why, failure.next_step, Exit.OUT_OF_CREDITS)]
    except ConnectionFailure as failure:
        return [Problem("Zoho could not be read", "Zoho", failure.why, failure.next_step, Exit.REFUSED)]


def _collected(
    means: Means, run: int, now: datetime, result: RunResult, *, thorough: bool, only: Collection[str] | None
) -> set[str]:
    """Read the sources and store what they said, each part in a transaction of its own; the keys that were shown."""
    seen: set[str] = set()
    readings = []
    for reading in collect.read_sources(means, now, thorough=thorough, only=only):
        readings.append(reading)
        with means.database.transaction() as session:
            seen.update(collect.keep(session, reading, now))
            news = collect.news_of(session, reading, now)
            for problem in news:
                sync_log.append(session, now, "in", problem.what, str(problem), run=run, failed=True)
        result.problems += news
    refused = collect.all_refused(readings)
    if refused is not None:
        result.problems.append(refused)
    return seen


def _judged_and_sent(means: Means, run: int, result: RunResult, *, wait: bool) -> Sequence[str]:
    with means.database.reading() as session:
        complete = progress(session).loaded
    if not complete:
        return []  # with half a shadow known people would look unknown
    stopped = any(problem.exit is Exit.REFUSED and problem.where == "Zoho" for problem in result.problems)
    if means.settings.zoho.write:
        with means.database.transaction() as session:
            reopen_rehearsed(session, means.now())
    judged = list(decide_all(means, run, means.now()))
    if not means.settings.zoho.write or stopped:
        return judged
    sent = send(means, run, wait=wait)
    judged += decide_all(means, run, means.now())  # what had to wait for a write that was on its way
    if not sent.stopped and _anything_ready(means):
        again = send(means, run, wait=wait)
        sent.problems += again.problems
        sent.writes = {name: count + again.writes[name] for name, count in sent.writes.items()}
    result.problems += sent.problems
    result.writes.update(sent.writes)
    return judged


def _anything_ready(means: Means) -> bool:
    with means.database.reading() as session:
        return bool(outbox.open_rows(session, [WriteState.READY], due_at=means.now()))


# --- the end of a round ------------------------------------------------------------------------------------------


def _finish(
    means: Means, run: int, result: RunResult, seen: Iterable[str], judged: Iterable[str], started: datetime
) -> None:
    now = means.now()
    with means.database.transaction() as session:
        if means.settings.zoho.write:
            _close_planned(session, now)
        shown, done = set(seen), set(judged)
        for key in sorted(shown | done):
            state = _counted(session, key, done)
            if state:
                result.interactions[state] += 1
        result.problems += _ownerless(session, done)
        result.writes["uncertain"] = len(outbox.open_rows(session, [WriteState.UNCERTAIN, WriteState.PARKED]))
        result.credits = credits.used_between(session, started, now + timedelta(seconds=1)).total
        runs.finish_run(session, run, result.as_json(), now)


def _close_planned(session: Session, now: datetime) -> None:
    """An interaction whose writes are all through is logged; one with a refused write has failed."""
    for row in interactions.listing(session, states=[State.PLANNED]):
        if row.reason == NOT_DUE:
            continue
        last = {write.write.slot: write for write in outbox.rows_of(session, row.key)}
        if any(write.state in OPEN for write in last.values()):
            continue
        refused = next((write for write in last.values() if write.state is WriteState.FAILED), None)
        state = State.LOGGED if refused is None else State.FAILED
        interactions.close(session, row.key, state, _why(refused), now)


def _why(refused: OutboxRow | None) -> str:
    return "" if refused is None else f"Zoho refused the {NOUNS[refused.write.module]}: {refused.error}"


def _ownerless(session: Session, judged: Iterable[str]) -> Iterator[Problem]:
    """What failed before anything could be sent; what Zoho refused was told when it was sent."""
    for key in sorted(judged):
        row = interactions.get(session, key)
        if (
            row is None
            or row.state != State.FAILED
            or any(one.state is WriteState.FAILED for one in outbox.rows_of(session, key))
        ):
            continue
        next_step = f"Give the rep an active Zoho user, or set team.default_owner; `activity-sync explain {key}`."
        yield Problem("not logged", f"{row.kind} {key}", row.reason, next_step)


def _counted(session: Session, key: str, judged: set[str]) -> str:
    """As what an interaction counts in the RESULT; "": not at all, because its time has not come."""
    row = interactions.get(session, key)
    if row is None or not row.state or row.reason == NOT_DUE:
        return ""
    if key not in judged:
        return "unchanged"
    return State.WAITING.value if row.state == State.PLANNED else row.state
