"""`backfill`: the past read by date range, window by window, the newest first, paid from the share for backfill.

What is done is remembered, so that a call that was stopped, killed or short of credits is gone on with by the next one
for the same dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain
from activity_sync.model.ports import Changes, Source, Span
from activity_sync.model.results import Exit, Problem, RunResult
from activity_sync.steps import collect
from activity_sync.steps.collect import Reading
from activity_sync.steps.finishing import finish
from activity_sync.steps.means import Means
from activity_sync.steps.round import judge_and_send, refreshed
from activity_sync.store import facts, nameless, outbox, past, runs, shadow, sightings, sync_log
from activity_sync.store.outbox.reading import BACKFILL

WINDOW = timedelta(days=30)
"""So much is read, judged and written at a time."""

_FACT = "backfill"
_READERS = 4
_BREATH = 3.0
"""Seconds between two windows, in which a daemon beside us can do a round."""

Turn = Callable[[], AbstractContextManager[Means]]
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Range:
    """What is to be brought in: [since, until), UTC. `done`: the windows that were, by their beginning."""

    since: datetime
    until: datetime
    done: frozenset[str] = frozenset()

    @property
    def windows(self) -> list[Window]:
        """Those that are left, the newest first."""
        return [one for one in _cut(self.since, self.until) if one[0].isoformat() not in self.done]


def to_do(means: Means, since: datetime, until: datetime | None) -> Range:
    """What is left of this range: a call for the same dates goes on where an earlier one stopped.

    `until` None: now, or what the unfinished call had. Nothing is ever read ahead of now.
    """
    now = means.now()
    with means.database.reading() as session:
        kept = facts.fact(session, _FACT)
    if kept is not None and datetime.fromisoformat(kept["from"]) == since:
        end = datetime.fromisoformat(kept["to"])
        if until is None or end == min(until, now) or end == until:
            return Range(since, end, frozenset(kept["done"]))
    return Range(since, min(until or now, now))


def _cut(since: datetime, until: datetime) -> Iterator[Window]:
    end = until
    while end > since:
        start = max(since, end - WINDOW)
        yield start, end
        end = start


# --- reading ---------------------------------------------------------------------------------------------------------


def read(means: Means, window: Window) -> list[Reading]:
    """What every source has of this window; a source or calendar that fails, fails alone. No cursor is touched."""
    now = means.now()
    span = Span(now=now, oldest=window[0], newest=window[1], thorough=True)
    with means.database.reading() as session:
        users = shadow.users_of(session)
    parts = [(source, part) for source in means.sources for part in source.parts(users)]
    with ThreadPoolExecutor(_READERS, thread_name_prefix="reader") as pool:
        return list(pool.map(lambda one: _read(one[0], one[1], span), parts))


def _read(source: Source, part: str, span: Span) -> Reading:
    blank = Reading(source=source.name, kind=source.kind, part=part)
    try:
        return Reading(source=source.name, kind=source.kind, part=part, changes=_whole(source, part, span))
    except ConnectionFailure as failure:
        return Reading(source=blank.source, kind=blank.kind, part=blank.part, failure=failure)


def _whole(source: Source, part: str, span: Span) -> Changes:
    """All of a window, in however many portions a source hands it over."""
    changes = source.read(part, "", span)
    while changes.more:
        rest = source.read(part, changes.cursor, span)
        changes = replace(
            rest,
            sightings=[*changes.sightings, *rest.sightings],
            gone=[*changes.gone, *rest.gone],
            unreadable=[*changes.unreadable, *rest.unreadable],
        )
    return changes


def keep(session: Session, readings: Sequence[Reading], run: int, now: datetime) -> tuple[set[str], set[str]]:
    """Store what was read. Returns all keys that it showed, and those that are new or changed."""
    shown: set[str] = set()
    fresh: set[str] = set()
    for reading in readings:
        if reading.changes is None:
            continue
        found = nameless.named(session, reading.changes.sightings)
        saved = sightings.save_sightings(session, reading.part, found, now)
        gone = sightings.mark_gone(session, reading.source, reading.part, reading.changes.gone, now)
        shown.update(sighting.key for sighting in found)
        fresh.update(saved.keys, gone)
    past.mark_backfilled(session, fresh, run)
    return shown | fresh, fresh


# --- the run ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Work:
    run: int
    result: RunResult
    range: Range
    shown: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)


def backfill(means: Means, wanted: Range, turn: Turn, *, wait: bool = True) -> RunResult:
    """Bring it in. `turn`: the right to work on the database, taken for each window, so that a daemon comes between."""
    started = means.now()
    with turn() as ours:
        work = _begin(ours, wanted, started)
    windows = wanted.windows
    for number, window in enumerate(windows):
        if _is_stopped(work.result):
            break
        if means.pause(_BREATH if number and _has_company(means) else 0):
            work.result.problems.append(_ended(len(windows) - number))
            break
        means.tell(_progress(window, number, len(windows), means.now() - started))
        readings = read(means, window)
        with turn() as ours:
            _one_window(ours, work, window, readings, wait=wait)
    with turn() as ours:
        _say_what_is_left(ours, work)
        finish(ours, work.run, work.result, work.shown, work.judged, started)
    return work.result


def _begin(means: Means, wanted: Range, now: datetime) -> _Work:
    with means.database.transaction() as session:
        run = runs.start_run(session, BACKFILL, now)
        outbox.hurry_backfill(session, now)
        if facts.fact_at(session, collect.INSTALLED) is None:
            facts.keep_fact(session, collect.INSTALLED, True, now)
        _remember(session, wanted, now)
    work = _Work(run, RunResult(run=f"R{run}"), wanted)
    work.result.problems += refreshed(means, run, now)
    return work


def _one_window(means: Means, work: _Work, window: Window, readings: Sequence[Reading], *, wait: bool) -> None:
    now = means.now()
    with means.database.transaction() as session:
        shown, _ = keep(session, readings, work.run, now)
        news = [problem for reading in readings for problem in collect.news_of(session, reading, now)]
        known = set(work.result.problems)
        for problem in news:
            if problem not in known:
                sync_log.append(session, now, "in", problem.what, problem.sentences(), run=work.run, failed=True)
    work.shown |= shown
    work.result.problems += [problem for problem in dict.fromkeys(news) if problem not in known]
    refused = collect.all_refused(readings)
    if refused is not None:
        work.result.problems.append(refused)
        return
    work.judged |= set(judge_and_send(means, work.run, work.result, wait=wait))
    if all(_is_through(reading) for reading in readings) and not _is_stopped(work.result, but_credits=True):
        with means.database.transaction() as session:
            done = work.range.done | {window[0].isoformat()}
            work.range = Range(work.range.since, work.range.until, done)
            _remember(session, work.range, now)
    if _resting(means):
        work.result.problems.append(_short_of_credits(means, work))


def _is_through(reading: Reading) -> bool:
    """A calendar that refuses us will do so next time too: it holds up nothing."""
    return reading.failure is None or isinstance(reading.failure, SignInAgain | Refused)


def _is_stopped(result: RunResult, *, but_credits: bool = False) -> bool:
    grave = {Exit.REFUSED} if but_credits else {Exit.REFUSED, Exit.OUT_OF_CREDITS}
    return any(problem.exit in grave for problem in result.problems)


def _has_company(means: Means) -> bool:
    """Whether a daemon is at work on the same database."""
    with means.database.reading() as session:
        last = next(iter(runs.latest_runs(session, 1, "run")), None)
    return last is not None and means.now() - last.started < timedelta(hours=1)


def _resting(means: Means) -> int:
    """How many writes of a backfill wait for credits."""
    with means.database.reading() as session:
        return outbox.waiting_for_credits(session)


def _remember(session: Session, wanted: Range, now: datetime) -> None:
    if not wanted.windows:
        facts.keep_fact(session, _FACT, None, now)
        return
    told = {"from": wanted.since.isoformat(), "to": wanted.until.isoformat(), "done": sorted(wanted.done)}
    facts.keep_fact(session, _FACT, told, now)


# --- words -----------------------------------------------------------------------------------------------------------


def _progress(window: Window, number: int, of: int, passed: timedelta) -> str:
    left = f", about {_length(passed / number * (of - number))} left" if number else ""
    return f"Backfill {number + 1} of {of}: {window[0]:%Y-%m-%d} to {window[1]:%Y-%m-%d}{left}"


def _length(time: timedelta) -> str:
    minutes = round(time / timedelta(minutes=1))
    return f"{minutes} minutes" if minutes > 1 else "a minute"


def _again(work: _Work) -> str:
    return f"Run `activity-sync backfill` for the same dates again: {len(work.range.windows)} parts of them are left."


def _short_of_credits(means: Means, work: _Work) -> Problem:
    why = f"the share of the API credits for backfill is spent; {_resting(means)} planned writes wait for their return"
    return Problem("stopped", "credits", why, _again(work), Exit.OUT_OF_CREDITS)


def _ended(left: int) -> Problem:
    next_step = "Run `activity-sync backfill` for the same dates again: it goes on."
    return Problem("stopped", BACKFILL, f"it was ended with {left} parts left", next_step)


def _say_what_is_left(means: Means, work: _Work) -> None:
    left = len(work.range.windows)
    if left and not work.result.problems:
        work.result.problems.append(Problem("not all was read", BACKFILL, f"{left} parts are left", _again(work)))
    if not left:
        with means.database.transaction() as session:
            facts.keep_fact(session, _FACT, None, means.now())
