"""What people did in Zoho to activities of ours: an edit makes the field theirs, a deletion the record.

No write of ours is needed to notice: Zoho lists what changed and what was deleted, and only what is ours and was not
changed by ourselves is looked at, 200 for a credit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from activity_sync.model.failures import ConnectionFailure, OutOfCredits, SignInAgain
from activity_sync.model.ports import Refreshed
from activity_sync.model.records import ACTIVITIES, Module
from activity_sync.model.writes import Op, Write
from activity_sync.rules.differences import respect
from activity_sync.steps.means import Means
from activity_sync.store import facts, interactions, outbox, shadow, sync_log, written
from activity_sync.store.outbox.reading import OPEN
from activity_sync.store.written import Ours

_LINKS = {"What_Id", "Who_Id"}
_BIN = timedelta(days=60)
"""So long a deleted record can be taken out of Zoho's bin again."""

_LOOKED = "activities.restored"
_EVERY = timedelta(days=1)

Values = Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class Noticed:
    """What was seen of our activities: their present values by module, when they changed, which are gone.

    `unread`: lists that must be asked for again, because a look failed.
    """

    ours: dict[Module, dict[str, Ours]] = field(default_factory=dict)
    present: dict[Module, Values] = field(default_factory=dict)
    times: dict[Module, Mapping[str, datetime]] = field(default_factory=dict)
    gone: dict[Module, Sequence[str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def look(means: Means, refreshed: Refreshed) -> Noticed:
    """Look at those of the changed activities that are ours. Raises SignInAgain; other failures are noted."""
    seen = Noticed(gone={module: refreshed.deleted[module] for module in ACTIVITIES if module in refreshed.deleted})
    for module, times in refreshed.changed.items():
        with means.database.reading() as session:
            ours = _to_look_at(session, module, times)
        try:
            seen.present[module] = _values(means, module, ours)
        except SignInAgain:
            raise
        except ConnectionFailure as failure:
            seen.unread.add(f"changed.{module}")
            seen.notes.append(f"changed {module} could not be looked at: {failure.why}")
        else:
            seen.ours[module], seen.times[module] = ours, times
    return seen


def _to_look_at(session: Session, module: Module, times: Mapping[str, datetime]) -> dict[str, Ours]:
    """Ours, without those that only we changed, and those on which a write is under way: that looks by itself."""
    ours = written.written_as(session, module, times)
    busy = {(row.key, row.write.slot) for row in outbox.open_rows(session, OPEN)}
    return {
        record_id: one
        for record_id, one in ours.items()
        if one.modified != times[record_id] and one.written.gone != "us" and (one.key, one.written.slot) not in busy
    }


def _values(means: Means, module: Module, ours: Mapping[str, Ours]) -> Values:
    names = sorted({name for one in ours.values() for name in one.written.fields if not name.startswith("$")})
    return means.crm.current(module, list(ours), names) if ours else {}


def keep(session: Session, seen: Noticed, run: int | None, now: datetime) -> None:
    """Note what was seen: fields that are a person's now, records that are gone or back."""
    for module, ours in seen.ours.items():
        for record_id, one in ours.items():
            present = seen.present[module].get(record_id)
            if present is not None:
                _compared(session, module, one, present, run, now)
        back = {record_id: at for record_id, at in seen.times[module].items() if record_id in seen.present[module]}
        written.note_modified(session, module, back)
    for module, ids in seen.gone.items():
        _gone(session, module, ids, run, now)


def _compared(
    session: Session, module: Module, one: Ours, present: Mapping[str, Any], run: int | None, now: datetime
) -> None:  # fmt: skip
    if one.written.gone == "person":
        _back(session, module, one, run, now)
    nothing = Write(
        slot=one.written.slot, module=module, op=Op.UPDATE, record_key=one.written.record_key, id=one.written.id
    )  # fmt: skip
    _, theirs = respect(nothing, one.written, present)
    fresh = theirs - one.written.theirs - _moved_by_zoho(session, one)
    if fresh:
        written.leave_to_person(session, one.key, one.written.slot, fresh)
        text = f"a person changed {', '.join(sorted(fresh))}; that stays"
        _log(session, now, "edited", text, run, one, module)


def _moved_by_zoho(session: Session, one: Ours) -> set[str]:
    """The links, when what they led to is no more: Zoho moves activities when leads convert and records merge."""
    ids = {(one.written.fields.get(name) or {}).get("id", "") for name in _LINKS} - {""}
    live = {found for module in Module for found in shadow.records(session, module, ids)}
    converted = shadow.records(session, Module.LEADS, ids).values()
    return _LINKS if ids - live or any(lead.converted for lead in converted) else set()


def _gone(session: Session, module: Module, ids: Sequence[str], run: int | None, now: datetime) -> None:
    ours = written.written_as(session, module, ids)
    busy = {(row.key, row.write.slot) for row in outbox.open_rows(session, OPEN)}
    left = {
        record_id: one
        for record_id, one in ours.items()
        if not one.written.gone and (one.key, one.written.slot) not in busy
    }
    written.mark_removed(session, module, left, "person", now)
    for one in left.values():
        _log(session, now, "gone", "a person deleted it in Zoho; it stays deleted", run, one, module)


def _back(session: Session, module: Module, one: Ours, run: int | None, now: datetime) -> None:
    written.mark_restored(session, module, [one.written.id], now)
    interactions.reopen(session, [one.key], now)
    _log(session, now, "restored", "a person took it out of the bin again; it is ours as before", run, one, module)


def _log(
    session: Session, now: datetime, event: str, text: str, run: int | None, one: Ours, module: Module
) -> None:  # fmt: skip
    if run is not None:
        sync_log.append(
            session, now, "in", event, text, run=run, key=one.key, module=module.value, zoho_id=one.written.id
        )  # fmt: skip


# --- restored without a trace ----------------------------------------------------------------------------------------


def look_for_restored(means: Means, run: int | None, now: datetime) -> None:
    """Once a day: whether what people removed is back (a restored record may keep its Modified_Time, zoho.md 3.5).

    Costs nothing where nobody removed anything. A failure is left to the next day.
    """
    with means.database.transaction() as session:
        at = facts.fact_at(session, _LOOKED)
        if at is not None and now - at < _EVERY:
            return
        removed = {module: written.removed_by_person(session, module, now - _BIN) for module in ACTIVITIES}
        facts.keep_fact(session, _LOOKED, True, now)
    for module, ids in removed.items():
        if ids:
            _look_for(means, module, ids, run, now)


def _look_for(means: Means, module: Module, ids: Sequence[str], run: int | None, now: datetime) -> None:
    try:
        found = means.crm.current(module, ids, ["Modified_Time"])
    except (SignInAgain, OutOfCredits):
        raise
    except ConnectionFailure:
        return
    with means.database.transaction() as session:
        for one in written.written_as(session, module, found).values():
            if one.written.gone == "person":
                _back(session, module, one, run, now)
