"""What a `sync` would write, and why: the same reading, the same judgement, nothing kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.records import ACTIVITIES
from activity_sync.model.results import Problem
from activity_sync.model.writes import Op, Write
from activity_sync.rules import rows
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.rules.planning import ACTIVITY
from activity_sync.steps import collect, roles
from activity_sync.steps.decide import TURNS, Decision, foretold, reopen_rehearsed, roles_needed
from activity_sync.steps.means import Means
from activity_sync.steps.price import price
from activity_sync.steps.refresh import refresh
from activity_sync.store import credits, interactions

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`reading`: credits that it took, and that a `sync` would take, to read; `writing`: to write. `rows`: ROWs.

    `notes`: what only a `sync` finds out, because it asks Zoho right before it writes.
    """

    reading: int
    writing: int
    rows: Sequence[dict[str, Any]]
    problems: Sequence[Problem]
    notes: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """As commands.md has it."""
        return {
            "credits": {"reading": self.reading, "writing": self.writing},
            "interactions": list(self.rows),
            "problems": [problem.as_json() for problem in self.problems],
            "notes": list(self.notes),
        }


def preview(means: Means, since: datetime | None = None) -> Preview:
    """Judge what is new or changed, and what waits, without keeping any of it.

    May fill or refresh the shadow and book its credits. `since`: leave out what starts before. Raises what the CRM
    raises when the shadow cannot be read.
    """
    now = means.now()
    problems = list(refresh(means, None, now))
    readings = list(collect.read_sources(means, now))
    problems += [problem for reading in readings for problem in collect.problems_of(reading)]
    found = _judged(means, readings, now)
    needed = {deal for one in found for deal in roles_needed(one)}
    if needed and roles.read(means, needed, now):
        found = _judged(means, readings, now)
    return told(means, [one for one in found if since is None or _start(one) >= since], problems, now)


def told(means: Means, found: Sequence[Decision], problems: Sequence[Problem], started: datetime) -> Preview:
    """These decisions as a preview that began at `started`."""
    with means.database.reading() as session:
        spent = credits.used_between(session, started, means.now() + timedelta(seconds=1)).total
    found = _each_made_once(found)
    writes = [write for one in found for write in one.writes]
    listed = [_row(one) for one in sorted(found, key=lambda one: (_start(one), one.judgement.interaction.key))]
    return Preview(
        reading=spent,
        writing=price(writes, adopting=means.settings.matching.adopt_existing),
        rows=listed,
        problems=problems,
        notes=_not_known_yet(writes, adopting=means.settings.matching.adopt_existing),
    )


def _each_made_once(found: Sequence[Decision]) -> Sequence[Decision]:
    """A rehearsal keeps no plan, so that each meeting with somebody unknown would make a record for him or her."""
    made: set[str] = set()
    decisions = []
    for one in found:
        again = {write.record_key for write in one.writes if _makes_a_record(write)} & made
        made |= {write.record_key for write in one.writes if _makes_a_record(write)}
        left = tuple(write for write in one.writes if not (_makes_a_record(write) and write.record_key in again))
        decisions.append(replace(one, writes=left) if again else one)
    return decisions


def _makes_a_record(write: Write) -> bool:
    return write.op is Op.CREATE and write.module not in ACTIVITIES


def _not_known_yet(writes: Sequence[Write], *, adopting: bool) -> list[str]:
    """To ask it twice would cost as much again."""
    making = sum(write.op is Op.CREATE and write.slot == ACTIVITY for write in writes)
    changing = sum(write.op is not Op.CREATE for write in writes)
    others = (
        f"Zoho is asked right before the writing whether somebody else has logged one of these {making} meanwhile:"
        " such a one is adopted, not doubled. The price covers the asking."
    )
    people = (
        f"The {changing} records to be changed or deleted are read right before it: what a person has changed since"
        " stays."
    )
    return [*([others] if making and adopting else []), *([people] if changing else [])]


def _judged(means: Means, readings: Sequence[collect.Reading], now: datetime) -> list[Decision]:
    with means.database.reading() as session:  # what is changed in here is thrown away at the end
        for reading in readings:
            if reading.changes is not None:
                collect.keep(session, reading, now)
        reopen_rehearsed(session, now)
        return _decisions(session, means, now)


def _decisions(session: Session, means: Means, now: datetime) -> list[Decision]:
    """The last that a `sync` would decide of each: judging one may open another, a missed call that was reached."""
    judged, made = Counter[str](), dict[str, Decision]()
    while keys := [key for key in interactions.due(session, now, _AT_ONCE) if judged[key] < TURNS]:
        made |= {one.judgement.interaction.key: one for one in foretold(session, means, keys, now)}
        judged.update(keys)
    return [one for one in made.values() if not _stays(one)]


def _stays(one: Decision) -> bool:
    """Logged and as it should be, or not due: nothing that a `sync` would do."""
    judgement = one.judgement
    return judgement.reason == NOT_DUE or (judgement.state is State.LOGGED and not one.writes)


def _row(one: Decision) -> dict[str, Any]:
    state = State.PLANNED if one.writes else one.judgement.state
    return rows.row(rows.decided(one.judgement), state, [rows.write_row(write, "planned") for write in one.writes])


def _start(one: Decision) -> datetime:
    return one.judgement.interaction.start
