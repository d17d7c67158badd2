"""What the wire says: the members of a calendar event that are read, and nothing else (calendars.md A5)."""

from __future__ import annotations

from activity_sync.model.members import Holder

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

Event = Holder
