"""`reapply`: the past judged again under today's config, from what is stored. Nothing of it is asked of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.results import RunResult
from activity_sync.model.writes import Write
from activity_sync.rules.differences import differ
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.steps import roles
from activity_sync.steps.decide import Decision, foretold, roles_needed
from activity_sync.steps.finishing import finish
from activity_sync.steps.means import Means
from activity_sync.steps.preview import Preview, told
from activity_sync.steps.refresh import refresh
from activity_sync.steps.round import judge_and_send, refreshed
from activity_sync.steps.send import send
from activity_sync.steps.undo import log_again
from activity_sync.store import interactions, outbox, runs, written

_AT_ONCE = 100
_NO_LONGER = "today's config does not log it"


@dataclass(frozen=True, slots=True)
class _Before:
    """What an interaction was, to see what becomes of it."""

    state: str
    reason: str


def look(means: Means, since: datetime) -> Preview:
    """What would change of the interactions that start at or after `since`, and its price. Nothing is kept.

    Raises what the CRM raises when the shadow cannot be read.
    """
    now = means.now()
    problems = list(refresh(means, None, now))
    found = _differences(means, since, now)
    needed = {deal for one in found for deal in roles_needed(one)}
    if needed and roles.read(means, needed, now):
        found = _differences(means, since, now)
    return told(means, found, problems, now)


def reapply(means: Means, since: datetime, *, wait: bool = True) -> RunResult:
    """Judge them again and write the difference."""
    started = means.now()
    with means.database.transaction() as session:
        run = runs.start_run(session, "reapply", started)
    result = RunResult(run=f"R{run}")
    result.problems += refreshed(means, run, started)
    with means.database.transaction() as session:
        before = _before(session, since)
        log_again(session, before, started)
    judge_and_send(means, run, result, wait=wait)
    _take_out(means, list(before), run, result, wait=wait)
    with means.database.reading() as session:
        written_now = {row.key for row in outbox.rows_of_run(session, run)}
        changed = [key for key, was in before.items() if key in written_now or _is_changed(session, key, was)]
    finish(means, run, result, before, changed, started)
    return result


def _before(session: Session, since: datetime) -> dict[str, _Before]:
    rows = interactions.listing(session, since=since)
    return {row.key: _Before(row.state, row.reason) for row in rows if row.state}


def _is_changed(session: Session, key: str, was: _Before) -> bool:
    row = interactions.get(session, key)
    return row is not None and row.state != was.state


def _take_out(means: Means, keys: Sequence[str], run: int, result: RunResult, *, wait: bool) -> None:
    """What is logged and would not be by today's config goes, unless somebody has touched it."""
    if not means.settings.zoho.write:
        return
    now, found = means.now(), False
    with means.database.transaction() as session:
        for key in keys:
            row = interactions.get(session, key)
            if row is None or row.state != State.SCREENED or row.undone is not None:
                continue
            writes = _removal(session, key)
            if writes:
                outbox.add(session, key, writes, run, now)
                found = True
    if found:
        sent = send(means, run, wait=wait)
        result.problems += sent.problems
        result.writes.update({name: count + result.writes[name] for name, count in sent.writes.items()})


def _removal(session: Session, key: str) -> Sequence[Write]:
    there = [one for one in written.written_of(session, key) if not one.gone]
    return [replace(write, because=_NO_LONGER) for write in differ((), [one.slot for one in there], there)]


def _differences(means: Means, since: datetime, now: datetime) -> list[Decision]:
    with means.database.reading() as session:  # what is changed in here is thrown away at the end
        before = _before(session, since)
        log_again(session, before, now)
        left, found = iter(before), []
        while keys := list(islice(left, _AT_ONCE)):
            found += [_with_removal(session, one) for one in foretold(session, means, keys, now)]
    return [one for one in found if _differs(one, before[one.judgement.interaction.key])]


def _with_removal(session: Session, one: Decision) -> Decision:
    if one.judgement.state is not State.SCREENED:
        return one
    return replace(one, writes=tuple(_removal(session, one.judgement.interaction.key)))


def _differs(one: Decision, was: _Before) -> bool:
    judgement = one.judgement
    if one.writes:
        return True
    return judgement.reason != NOT_DUE and (judgement.state.value, judgement.reason) != (was.state, was.reason)
