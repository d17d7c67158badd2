"""What the wire says: the members of a calendar event that are read, and nothing else (calendars.md A5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from activity_sync.model.invitations import clean, one_line

EVENT = (
    "id,iCalUID,status,summary,description,location,created,updated,start,end,endTimeUnspecified,recurringEventId,"
    "originalStartTime,organizer(email,displayName,self),"
    "attendees(email,displayName,organizer,self,resource,responseStatus),attendeesOmitted,guestsCanSeeOtherGuests,"
    "visibility,eventType,hangoutLink,conferenceData(entryPoints(entryPointType,uri))"
)
"""What is asked for of one event."""

PAGE = f"nextPageToken,items({EVENT})"
"""What is asked for of a page of events; without the token no further page is ever seen."""

TEXTS = ("summary", "description", "location", "hangoutLink", "conferenceData")
"""The members that hold somebody's words or a way into the meeting."""

Event = Mapping[str, Any]


def text(holder: object, name: str) -> str:
    """A text member in one line; "" when it is missing or no text."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return one_line(value) if isinstance(value, str) else ""


def long_text(holder: Event, name: str) -> str:
    """A text member as it is."""
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def identity(holder: Event, name: str) -> str:
    """A text member that names something: whole, only what cannot be stored is taken out."""
    return clean(long_text(holder, name)).strip()


def flag(holder: object, name: str) -> bool:
    """A yes-or-no member; Google leaves it out for no."""
    return isinstance(holder, Mapping) and holder.get(name) is True


def items(holder: object, name: str) -> Sequence[Mapping[str, Any]]:
    """The objects in a list member; whatever else is in it is passed over."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
