"""Copies of a meeting that came without a uid: the other copies are known by organiser, start and title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, or_, select

from activity_sync.model.interactions import MeetingCopy, Sighting
from activity_sync.store.columns import storable
from activity_sync.store.payloads import sighting_from
from activity_sync.store.tables import Sightings


def named(session: Session, sightings: Sequence[Sighting]) -> Sequence[Sighting]:
    """The sightings, each copy without a uid under that of another calendar's copy of the meeting (calendars.md F2).

    The uid that was found at first stays, wherever the meeting is moved to. A copy that stands alone keeps its own.
    """
    return [_under_a_name(session, one) if isinstance(one, MeetingCopy) and one.nameless else one for one in sightings]


def _under_a_name(session: Session, copy: MeetingCopy) -> MeetingCopy:
    same = (Sightings.source == copy.source, Sightings.part == copy.calendar)
    itself = (*same, Sightings.native_id == storable(copy.event_id))
    there = session.exec(select(Sightings).where(*itself)).first()
    if there is not None:
        kept = sighting_from(there.kind, there.payload)
        return replace(copy, uid=kept.uid, occurrence=kept.occurrence) if isinstance(kept, MeetingCopy) else copy
    beside = or_(Sightings.source != copy.source, Sightings.part != copy.calendar)
    rows = select(Sightings).where(Sightings.kind == "meeting", Sightings.starts == copy.start, beside)
    for row in session.exec(rows.where(~col(Sightings.gone)).order_by(col(Sightings.id))):
        other = sighting_from(row.kind, row.payload)
        if isinstance(other, MeetingCopy) and _are_one(copy, other):
            return replace(copy, uid=other.uid, occurrence=other.occurrence)
    return copy


def _are_one(copy: MeetingCopy, other: MeetingCopy) -> bool:
    organizer = _organizer(copy)
    return bool(organizer) and (organizer, copy.title, copy.end) == (_organizer(other), other.title, other.end)


def _organizer(copy: MeetingCopy) -> str:
    return next((person.email for person in copy.participants if person.organizer), "")
