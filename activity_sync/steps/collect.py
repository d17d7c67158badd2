"""What the sources have to say since last time → sightings. One source, one calendar fails alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from activity_sync.model.failures import ConnectionFailure, SignInAgain, StartOver
from activity_sync.model.ports import Changes, Source, Span
from activity_sync.model.records import User
from activity_sync.model.results import Exit, Problem
from activity_sync.rules import brakes
from activity_sync.steps.means import Means
from activity_sync.store import cursors, facts, nameless, shadow, sightings
from activity_sync.store.tables import Cursors

LOOK_BACK = timedelta(days=14)
"""How long after its start a meeting's changes are still followed."""

INSTALLED = "installed"
"""The fact whose time is that of the very first sync."""

UNREADABLE = "unreadable"

_REMEMBERED = 5_000

_READERS = 4

_BEYOND = 20
"""So many logged meetings that moved beyond the window are asked for in one thorough reading of a calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one part of a source delivered; `changes` None: it failed, `failure` says how."""

    source: str
    kind: str
    part: str
    changes: Changes | None = None
    failure: ConnectionFailure | None = None
    held: str = ""

    @property
    def where(self) -> str:
        """For a person: the connection, and the calendar in it."""
        return f"{self.source}: {self.part}" if self.part else self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    source: Source
    part: str
    cursor: str
    read_at: datetime | None
    beyond: Sequence[str] = ()


def read_sources(
    means: Means, now: datetime, *, thorough: bool = True, only: Collection[str] | None = None
) -> Iterator[Reading]:
    """Ask every source, several at once; nothing is stored.

    `only`: these: a connection's name, or its name, a space and one of its parts.
    """
    with means.database.reading() as session:
        users = shadow.users_of(session)
        floor = installed(session, now) - means.settings.first_sync
        known = {source.name: cursors.cursors(session, source.name) for source in means.sources}
        beyond = sightings.logged_from(session, now + means.settings.meetings.horizon) if thorough else {}
    listed = [_parts(source, users, known[source.name]) for source in means.sources if _asked(source, only)]
    for parts in listed:
        yield from parts.told
    turns = [_beyond(turn, beyond, now) for parts in listed for turn in parts.turns if _is_among(turn, only)]
    with ThreadPoolExecutor(_READERS, thread_name_prefix="reader") as pool:
        spans = [_span(means, turn, now, floor, thorough=thorough) for turn in turns]
        read = pool.map(lambda turn, span: _read(means, turn, span), turns, spans)
        for turn, span, reading in zip(turns, spans, read, strict=True):
            yield reading
            yield from _portions(means, turn, span, reading)


def installed(session: Session, now: datetime) -> datetime:
    """When the very first sync ran: `first_sync` counts back from there. `now` before it ran."""
    return facts.fact_at(session, INSTALLED) or now


def keep(session: Session, reading: Reading, now: datetime) -> Sequence[str]:
    """Store what was read, with its cursor; returns the keys that it showed. A failure is kept on the cursor."""
    source, part, changes = reading.source, reading.part, reading.changes
    if changes is None:
        if isinstance(reading.failure, StartOver):
            cursors.start_over(session, source, part)
        if reading.failure is not None:
            cursors.read_badly(session, source, part, reading.failure.why, now, None, reading.failure.next_step)
        return []
    shown = nameless.named(session, changes.sightings)
    sightings.save_sightings(session, part, shown, now)
    gone = sightings.mark_gone(session, source, part, changes.gone, now)
    cursors.read_well(session, source, part, changes.cursor, now)
    return [*(sighting.key for sighting in shown), *gone]


def news_of(session: Session, reading: Reading, now: datetime) -> list[Problem]:
    """The problems of a reading; something unreadable is told once, not at every round again."""
    name = f"unreadable {reading.where}"
    told = {tuple(one) for one in facts.fact(session, name) or ()}
    current = {(one.where, one.why) for one in (reading.changes.unreadable if reading.changes else ())}
    if current - told:
        facts.keep_fact(session, name, sorted(told | current)[-_REMEMBERED:], now)
    new = current - told
    return [one for one in problems_of(reading) if one.what != UNREADABLE or (_place(one, reading), one.why) in new]


def _place(problem: Problem, reading: Reading) -> str:
    return problem.where.removeprefix(f"{reading.where}: ")


def problems_of(reading: Reading) -> Iterator[Problem]:
    """What a person should know of this reading."""
    if reading.failure is not None:
        refused = isinstance(reading.failure, SignInAgain)
        what = "connection refused us" if refused else "connection could not be read"
        yield Problem(what, reading.where, reading.failure.why, reading.failure.next_step)
    if reading.held:
        yield Problem(
            "held back", reading.where, reading.held, "If this is right, remove the connection's events by hand."
        )
    for unreadable in reading.changes.unreadable if reading.changes else ():
        yield Problem(UNREADABLE, f"{reading.where}: {unreadable.where}", unreadable.why, "Nothing else is affected.")


def all_refused(readings: Sequence[Reading]) -> Problem | None:
    """The one problem that stands for all when nothing at all could be read; None otherwise."""
    if readings and all(isinstance(reading.failure, SignInAgain) for reading in readings):
        why = "every calendar and dialer refused us, so that nothing could be done"
        return Problem("no source", "connections", why, "See the lines above.", Exit.REFUSED)
    return None


@dataclass(frozen=True, slots=True)
class _Parts:
    """What of a source is to be read, and what is to be told of the list of these."""

    turns: Sequence[_Turn]
    told: Sequence[Reading] = ()


def _parts(source: Source, users: Sequence[User], known: Sequence[Cursors]) -> _Parts:
    """The parts of a source; those that are known when it cannot list them (a directory that refuses us)."""
    rows = {row.part: row for row in known}
    blank = Reading(source=source.name, kind=source.kind, part="")
    try:
        parts, told = source.parts(users), []
        if parts and "" not in parts and "" in rows and rows[""].failing_since is not None:
            told = [replace(blank, changes=Changes())]
    except ConnectionFailure as failure:
        parts, told = [part for part in rows if part], [replace(blank, failure=failure)]
    return _Parts([_turn(source, part, rows.get(part)) for part in parts], told)


def _turn(source: Source, part: str, row: Cursors | None) -> _Turn:
    return _Turn(source=source, part=part, cursor=row.cursor if row else "", read_at=row.read_at if row else None)


def _asked(source: Source, only: Collection[str] | None) -> bool:
    return only is None or any(name.partition(" ")[0] == source.name for name in only)


def _is_among(turn: _Turn, only: Collection[str] | None) -> bool:
    return only is None or turn.source.name in only or f"{turn.source.name} {turn.part}" in only


def _span(means: Means, turn: _Turn, now: datetime, floor: datetime, *, thorough: bool) -> Span:
    oldest = max(floor, (turn.read_at or now) - max(LOOK_BACK, means.settings.first_sync))
    return Span(now=now, oldest=oldest, newest=now + means.settings.meetings.horizon, thorough=thorough)


def _portions(means: Means, turn: _Turn, span: Span, reading: Reading) -> Iterator[Reading]:
    """What is left after a first portion, read when that is stored: however much it is, it needs no more room."""
    while reading.changes is not None and reading.changes.more:
        turn = replace(turn, cursor=reading.changes.cursor)
        reading = _read(means, turn, span)
        yield reading


def _read(means: Means, turn: _Turn, span: Span) -> Reading:
    blank = Reading(source=turn.source.name, kind=turn.source.kind, part=turn.part)
    try:
        changes = _from_the_cursor_on(turn, span)
        return _with_missing(means, turn, replace(blank, changes=changes))
    except ConnectionFailure as failure:
        return replace(blank, failure=failure)


def _from_the_cursor_on(turn: _Turn, span: Span) -> Changes:
    """What is new; all of it where the cursor is refused. One that is refused again has to wait for the next round."""
    try:
        return turn.source.read(turn.part, turn.cursor, span)
    except StartOver:
        return turn.source.read(turn.part, "", span)


def _with_missing(means: Means, turn: _Turn, reading: Reading) -> Reading:
    """What a complete window no longer shows has moved out of it or has gone: ask for each, believe no silence."""
    changes = reading.changes
    if changes is None or changes.complete is None:
        return reading
    with means.database.reading() as session:
        known = sightings.native_ids_between(session, turn.source.name, turn.part, *changes.complete)
    shown = {sightings.native_id(sighting) for sighting in changes.sightings} | set(changes.gone)
    missing = [native_id for native_id in known if native_id not in shown]
    held = brakes.hold(len(known), len(missing))
    asked = [*([] if held else missing), *(native_id for native_id in turn.beyond if native_id not in shown)]
    more = turn.source.again(turn.part, asked) if asked else Changes()
    return replace(
        reading,
        held=held or "",
        changes=replace(
            changes,
            sightings=[*changes.sightings, *more.sightings],
            gone=[*changes.gone, *more.gone],
            unreadable=[*changes.unreadable, *more.unreadable],
        ),
    )


def _beyond(turn: _Turn, logged: Mapping[tuple[str, str], Sequence[str]], now: datetime) -> _Turn:
    """With what was logged and then moved beyond the window, where it may change again: in turns if that is much."""
    found = logged.get((turn.source.name, turn.part), ())
    first = int(now.timestamp() // 3600) * _BEYOND % len(found) if len(found) > _BEYOND else 0
    return replace(turn, beyond=[*found[first:], *found[:first]][:_BEYOND])
