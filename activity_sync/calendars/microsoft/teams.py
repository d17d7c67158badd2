"""Who was in a Teams meeting (calendars.md C10). Only the organiser's side has the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from activity_sync.calendars.microsoft.failures import NotThere
from activity_sync.calendars.microsoft.graph import Graph
from activity_sync.calendars.microsoft.wire import query
from activity_sync.model.addresses import comparable_email
from activity_sync.model.members import Holder, items, text
from activity_sync.model.ports import Attendee

_EARLY, _LATE = timedelta(minutes=30), timedelta(hours=2)


def attended(
    graph: Graph, mailbox: str, part: str, event_id: str, start: datetime, end: datetime
) -> Sequence[Attendee]:
    """Everybody who was in it about this time. A series has one online meeting, with a report for each session."""
    try:
        link = _link(graph, mailbox, part, event_id)
        meetings = (
            _values(graph, part, f"{mailbox}/onlineMeetings", {"$filter": f"JoinWebUrl eq '{link}'"}) if link else ()
        )
        found: dict[str, Attendee] = {}
        for meeting in meetings:
            reports = f"{mailbox}/onlineMeetings/{quote(text(meeting, 'id'), safe='')}/attendanceReports"
            for report in _values(graph, part, reports, {}):
                if _is_about(report, start, end):
                    path = f"{reports}/{quote(text(report, 'id'), safe='')}?{query({'$expand': 'attendanceRecords'})}"
                    found |= _people(graph.one(path, part))
    except NotThere:
        return ()
    return tuple(found[key] for key in sorted(found))


def _link(graph: Graph, mailbox: str, part: str, event_id: str) -> str:
    """As Teams made it: what is stored of it lacks what opens the door."""
    asked = query({"$select": "id,isOrganizer,onlineMeeting"})
    event = graph.one(f"{mailbox}/events/{quote(event_id, safe='')}?{asked}", part)
    link = text(event.get("onlineMeeting"), "joinUrl") if event.get("isOrganizer") is True else ""
    return link.replace("'", "''")


def _values(graph: Graph, part: str, path: str, asked: dict[str, str]) -> Sequence[Any]:
    return items(graph.one(f"{path}?{query(asked)}" if asked else path, part), "value")


def _is_about(report: Any, start: datetime, end: datetime) -> bool:
    try:
        began = datetime.fromisoformat(text(report, "meetingStartDateTime"))
    except ValueError:
        return False
    began = began if began.tzinfo else began.replace(tzinfo=UTC)
    return start - _EARLY <= began <= end + _LATE


def _people(report: Holder) -> dict[str, Attendee]:
    found: dict[str, Attendee] = {}
    for one in items(report, "attendanceRecords"):
        identity = one.get("identity")
        email, name = comparable_email(text(one, "emailAddress")), text(identity, "displayName")
        key = email or text(identity, "id") or name
        if key:
            found[key] = Attendee(name, email, ours=True if text(one, "role") == "Organizer" else None)
    return found
