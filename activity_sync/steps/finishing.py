"""The end of a run: what its interactions came to, and the RESULT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.records import NOUNS
from activity_sync.model.results import Problem, RunResult
from activity_sync.model.writes import OutboxRow, WriteState
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.rules.planning import ACTIVITY
from activity_sync.steps.apart import FAULT
from activity_sync.steps.means import Means
from activity_sync.store import credits, interactions, outbox, runs, written
from activity_sync.store.outbox.reading import OPEN
from activity_sync.store.tables import Interactions
from activity_sync.store.upserting import in_portions

_OUR_FAULT = "The others are not affected. Please report this line."
_NO_OWNER = "Give the rep an active Zoho user, or set team.default_owner; `activity-sync explain {}`."
UNDONE = "undone"
"""So begins the reason of an interaction that was taken back."""


def finish(
    means: Means, run: int, result: RunResult, seen: Iterable[str], judged: Iterable[str], started: datetime
) -> None:
    """Count what became of the interactions, say what failed, and close the run. `seen`: keys that a source showed;
    `judged`: those that this run decided; what it brought to its end after an earlier run counts with them."""
    now = means.now()
    with means.database.transaction() as session:
        done = set(judged)
        if means.settings.zoho.write:
            done |= _close_planned(session, now)
        failed: list[str] = []
        for keys in in_portions(chain(done, (key for key in set(seen) if key not in done))):
            states = interactions.states(session, keys)
            for state in _counted(states, done):
                result.interactions[state] += 1
            failed += [key for key in keys if key in done and states.get(key, ("",))[0] == State.FAILED]
        result.problems += _ownerless(session, failed)
        result.writes["uncertain"] = len(outbox.open_rows(session, [WriteState.UNCERTAIN, WriteState.PARKED]))
        result.credits = credits.used_between(session, started, now + timedelta(seconds=1)).total
        runs.finish_run(session, run, result.as_json(), now)


def _close_planned(session: Session, now: datetime) -> set[str]:
    """An interaction whose writes are all through is logged; one with a refused write has failed. The keys of both."""
    closed: set[str] = set()
    for keys in in_portions(interactions.keys_in(session, State.PLANNED)):
        waiting = outbox.keys_open(session, keys)
        closed.update(_close_some(session, [key for key in keys if key not in waiting], now))
        session.flush()
        session.expunge_all()
    return closed


def _close_some(session: Session, keys: Sequence[str], now: datetime) -> Iterator[str]:
    for row in interactions.rows_of(session, keys):
        if row.reason == NOT_DUE or (row.judge_at is not None and row.judge_at <= now):
            continue  # not due, or it is its turn again: a person was made, and what goes on that record is not planned
        last = {write.write.slot: write for write in outbox.rows_of(session, row.key)}
        if any(write.state in OPEN for write in last.values()):
            continue
        refused = next((write for write in last.values() if write.state is WriteState.FAILED), None)
        yield row.key
        placed = State.ADOPTED if (row.decided or {}).get("adopted") else State.LOGGED
        state = placed if refused is None else State.FAILED
        if refused is None and row.undone is not None:
            _close_undone(session, row, now)
            continue
        interactions.close(session, row.key, state, _why(refused), now)


def _close_undone(session: Session, row: Interactions, now: datetime) -> None:
    """What was taken back is out of Zoho, unless something of it stays there."""
    there = any(one.slot == ACTIVITY and not one.gone for one in written.written_of(session, row.key))
    reason = "" if there else f"{UNDONE}: by R{row.undone}; `activity-sync retry {row.key}` logs it again"
    interactions.close(session, row.key, State.LOGGED if there else State.SCREENED, reason, now)


def _why(refused: OutboxRow | None) -> str:
    return "" if refused is None else f"Zoho refused the {NOUNS[refused.write.module]}: {refused.error}"


def _ownerless(session: Session, failed: Iterable[str]) -> Iterator[Problem]:
    """What failed before anything could be sent; what Zoho refused was told when it was sent."""
    for key in sorted(failed):
        row = interactions.get(session, key)
        if row is None or any(one.state is WriteState.FAILED for one in outbox.rows_of(session, key)):
            continue
        ours = row.reason.startswith(FAULT)
        next_step = _OUR_FAULT if ours else _NO_OWNER.format(key)
        yield Problem("not logged", f"{row.kind} {key}", row.reason, next_step)


def _counted(states: Mapping[str, tuple[str, str]], judged: set[str]) -> Iterator[str]:
    """As what each interaction counts in the RESULT; one whose time has not come does not."""
    for key, (state, reason) in states.items():
        if state and reason != NOT_DUE:
            told = State.WAITING.value if state == State.PLANNED else state
            yield told if key in judged else "unchanged"
