"""What the wire says: the members of a Graph event that are read, and nothing else (calendars.md C6)."""

from __future__ import annotations

from collections.abc import Mapping

SELECTED = (
    "id",
    "iCalUId",
    "type",
    "subject",
    "body",
    "start",
    "end",
    "originalStart",
    "originalStartTimeZone",
    "isAllDay",
    "isCancelled",
    "isOrganizer",
    "organizer",
    "attendees",
    "hideAttendees",
    "responseStatus",
    "sensitivity",
    "showAs",
    "categories",
    "location",
    "locations",
    "onlineMeeting",
    "onlineMeetingUrl",
    "createdDateTime",
    "lastModifiedDateTime",
)
"""What is asked for of an event."""

TEXTS = ("subject", "body", "bodyPreview", "location", "locations", "onlineMeeting", "onlineMeetingUrl")
"""The members that hold somebody's words or a way into the meeting."""

PREFERENCES = 'outlook.timezone="UTC", outlook.body-content-type="text", IdType="ImmutableId"'
"""Wanted of every answer: one header for all, because repeated ones may not survive a proxy (calendars.md D3)."""


def query(parameters: Mapping[str, str]) -> str:
    """A query string with `$select` spelt as it is documented; httpx would write %24."""
    from urllib.parse import urlencode

    return urlencode(parameters, safe="$,:")
