"""One full round: shadow refreshed, sources read, everything judged, the outbox sent. `sync` is one of these."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from activity_sync.model.decisions import State
from activity_sync.model.failures import ConnectionFailure, OutOfCredits
from activity_sync.model.results import Exit, Problem, RunResult
from activity_sync.steps import collect
from activity_sync.steps.attending import ask_who_attended
from activity_sync.steps.decide import decide_all, reopen_rehearsed
from activity_sync.steps.finishing import finish
from activity_sync.steps.means import Means
from activity_sync.steps.pace import Pace
from activity_sync.steps.progress import progress
from activity_sync.steps.refresh import refresh
from activity_sync.steps.rehearsing import tell_days
from activity_sync.steps.send import send
from activity_sync.steps.silence import look_for_silence
from activity_sync.steps.tidy import tidy
from activity_sync.steps.undo import log_again
from activity_sync.store import facts, interactions, outbox, runs, sync_log

_FURTHER = 3
"""So often what was sent calls for more: a company, then its contact, then the meeting with both."""


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
        result.problems += refreshed(means, run, started)
    seen = _collected(means, run, started, result, thorough=thorough, only=only)
    ask_who_attended(means, started)
    judged = judge_and_send(means, run, result, wait=wait)
    tidy(means, run, started)
    tell_days(means, run, started)
    if thorough:
        look_for_silence(means, started)
    finish(means, run, result, seen, judged, started)
    return result


def resend(means: Means, keys: Sequence[str], *, wait: bool = True) -> RunResult:
    """`retry`: give failed and parked writes another chance (of `keys`, or all). What was undone is logged again if it
    is named."""
    started = means.now()
    with means.database.transaction() as session:
        run = runs.start_run(session, "retry", started)
        touched = outbox.retry(session, started, keys)
        failed = [row.key for row in interactions.listing(session, states=[State.FAILED])]
        interactions.reopen(session, [key for key in failed if not keys or key in keys], started)
        undone = [key for key in keys if (row := interactions.get(session, key)) and row.undone is not None]
        log_again(session, undone, started)
    result = RunResult(run=f"R{run}")
    judged = judge_and_send(means, run, result, wait=wait)
    finish(means, run, result, [], [*judged, *touched], started)
    return result


def refreshed(means: Means, run: int, now: datetime) -> Sequence[Problem]:
    """Bring the shadow up to date; what does not let us is a problem."""
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
    pace = Pace(means, "Reading", "meetings and calls")
    for reading in collect.read_sources(means, now, thorough=thorough, only=only):
        readings.append(replace(reading, changes=None))
        with means.database.transaction() as session:
            seen.update(collect.keep(session, reading, now))
            news = collect.news_of(session, reading, now)
            if reading.changes is not None and reading.changes.left_out:
                text = f"{reading.where}: {reading.changes.left_out}"
                sync_log.append(session, now, "in", "waits", text, run=run)
            for problem in news:
                sync_log.append(session, now, "in", problem.what, problem.sentences(), run=run, failed=True)
        result.problems += news
        pace.at(len(seen))
    refused = collect.all_refused(readings)
    if refused is not None:
        result.problems.append(refused)
    return seen


def judge_and_send(means: Means, run: int, result: RunResult, *, wait: bool) -> AbstractSet[str]:
    """Judge what is due and send what that calls for, into `result`; the keys that were judged."""
    with means.database.reading() as session:
        complete = progress(session).loaded
    if not complete:
        return set()  # with half a shadow known people would look unknown
    stopped = any(problem.exit is Exit.REFUSED and problem.where == "Zoho" for problem in result.problems)
    if means.settings.zoho.write:
        with means.database.transaction() as session:
            reopen_rehearsed(session, means.now())
    judged = set(decide_all(means, run, means.now()))
    if not means.settings.zoho.write or stopped:
        return judged
    sent = send(means, run, wait=wait)
    judged |= decide_all(means, run, means.now())  # what had to wait for a write that was on its way
    for _ in range(_FURTHER):
        if sent.stopped or not _anything_ready(means):
            break
        sent.add(send(means, run, wait=wait))
        judged |= decide_all(means, run, means.now())
    result.problems += sent.problems
    result.writes.update({name: count + result.writes[name] for name, count in sent.writes.items()})
    return judged


def _anything_ready(means: Means) -> bool:
    with means.database.reading() as session:
        return outbox.ready(session, 1, means.now()) > 0
