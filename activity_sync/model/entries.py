"""A calendar's entries on their way to meeting copies: which calendars, and what becomes of entries that are odd."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from activity_sync.model.addresses import comparable_email
from activity_sync.model.interactions import MeetingCopy
from activity_sync.model.ports import Changes, Unreadable
from activity_sync.model.records import User


class NoMeeting(Exception):  # noqa: N818 - an entry that cannot be read is a finding
    """Why an entry cannot be read, in words that hold nothing of its text."""


_OUR_AGE = range(1970, 2200)
"""The years of meetings: near either end of the calendar nothing can be counted on, or back."""


def times_of_a_meeting(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """The two as they are. Raises NoMeeting for an end before the start and for a time in another age."""
    if end < start:
        raise NoMeeting("it ends before it starts")
    for name, at in (("start", start), ("end", end)):
        if at.year not in _OUR_AGE:
            raise NoMeeting(f"its {name} is in another age: {at.year:04}")
    return start, end


Readable = MeetingCopy | NoMeeting | str | None
"""The copy, why there is none, the id of an entry of which only the deletion is known, or None: nothing to tell."""


def calendars_of(reps: str | Sequence[str], users: Iterable[User]) -> tuple[str, ...]:
    """The calendars to read, by e-mail: of every active user for `all`, otherwise those that are listed."""
    asked = [user.email for user in users if user.active] if isinstance(reps, str) else reps
    return tuple(dict.fromkeys(email for one in asked if (email := comparable_email(one))))


def sorted_out(
    entries: Iterable[object],
    read: Callable[[object], Readable],
    name: Callable[[object], str],
    inside: Callable[[datetime], bool],
) -> Changes:
    """What these entries of one calendar tell. `name`: an entry's id, "" without; `inside`: for its start."""
    sightings: list[MeetingCopy] = []
    gone: list[str] = []
    unreadable: list[Unreadable] = []
    for entry in entries:
        match read(entry):
            case MeetingCopy() as copy if inside(copy.start):
                sightings.append(copy)
            case MeetingCopy(gone=True, event_id=native) | str(native):
                gone.append(native)
            case NoMeeting() as reason:
                unreadable.append(Unreadable(f"event {name(entry)}".strip(), str(reason)))
    return Changes(sightings=sightings, gone=gone, unreadable=unreadable)
