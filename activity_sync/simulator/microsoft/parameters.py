"""What Graph may be asked, and what it refuses: query parameters, `$select`, the Prefer header."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from activity_sync.simulator.microsoft.failures import bad_request, no_property
from activity_sync.simulator.microsoft.mailboxes import Json, Wishes
from activity_sync.simulator.microsoft.times import zone_asked
from activity_sync.simulator.network import Request

EVENT = frozenset([
    "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "categories", "transactionId", "subject",
    "bodyPreview", "body", "importance", "hasAttachments", "webLink", "start", "end", "originalStartTimeZone",
    "originalEndTimeZone", "originalStart", "isAllDay", "isCancelled", "isDraft", "isOrganizer", "isOnlineMeeting",
    "isReminderOn", "reminderMinutesBeforeStart", "responseRequested", "allowNewTimeProposals", "hideAttendees",
    "type", "seriesMasterId", "recurrence", "cancelledOccurrences", "sensitivity", "showAs", "organizer", "attendees",
    "responseStatus", "location", "locations", "onlineMeeting", "onlineMeetingProvider", "onlineMeetingUrl",
    "iCalUId",
])  # fmt: skip
"""Every property of an event in v1.0 that is known here. `uid` is in beta only."""

USER = frozenset([
    "id", "displayName", "givenName", "surname", "mail", "userPrincipalName", "proxyAddresses", "otherMails",
    "accountEnabled", "userType", "jobTitle", "mobilePhone", "officeLocation", "preferredLanguage", "businessPhones",
])  # fmt: skip
_PREFERENCE = re.compile(r'\s*([A-Za-z.-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;"]*)))?\s*(?:,|$)')
_KNOWN = {"outlook.timezone", "outlook.body-content-type", "idtype", "odata.maxpagesize", "outlook.allow-unsafe-html"}


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing as it was asked."""

    low: datetime
    high: datetime
    top: int
    skip: int
    selection: frozenset[str]
    by_start: bool


def read_view(request: Request) -> Listing:
    """What a calendarView is asked for."""
    query = lowered(request)
    check_known(query, {"startdatetime", "enddatetime", "$select", "$top", "$skip", "$skiptoken", "$orderby", "$count"})
    low, high = (window_bound(query, name) for name in ("startDateTime", "endDateTime"))
    if high <= low:
        raise bad_request("The end of the window is not after its start.", "ErrorInvalidParameter")
    order = query.get("$orderby", "start/dateTime")
    if order not in {"start/dateTime", "start/dateTime asc"}:
        raise bad_request(f"The query parameter $orderby={order} is not supported.", "ErrorInvalidUrlQuery")
    top, skip = number(query, "$top", 10, 1, 1000), number(query, "$skip", 0, 0, 10**6)
    return Listing(low, high, top, skip, selection(query, EVENT), "$orderby" in query)


def lowered(request: Request) -> dict[str, str]:
    """The query with names in lower case; a name that stands twice is refused."""
    query: dict[str, str] = {}
    for name, values in request.query.items():
        if len(values) > 1 or name.lower() in query:
            raise bad_request(f"Query parameter '{name}' is specified, but it should be specified only once.")
        query[name.lower()] = values[0]
    return query


def check_known(query: Iterable[str], known: set[str]) -> None:
    """400 for a parameter that does not exist here: a slip of ours, whatever the real service makes of it."""
    for name in query:
        if name not in known:
            raise bad_request(f"The query parameter '{name}' is not supported.", "ErrorInvalidUrlQuery")


def window_bound(query: dict[str, str], name: str) -> datetime:
    """One end of the window; without an offset it is UTC."""
    text = query.get(name.lower(), "")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"This request requires a time window: {name}='{text}'.", "ErrorInvalidParameter") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def selection(query: dict[str, str], known: frozenset[str], kind: str = "microsoft.graph.event") -> frozenset[str]:
    """The properties to show; all when nothing is selected."""
    text = query.get("$select")
    if text is None:
        return frozenset()
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            raise no_property(name, kind)
    return frozenset(names)


def keep(shown: Json, names: frozenset[str]) -> Json:
    """What was selected of an object, with what Graph always adds."""
    if not names:
        return shown
    return {name: value for name, value in shown.items() if name in names or name.startswith("@") or name == "id"}


def number(query: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number in its bounds."""
    text = query.get(name)
    if text is None:
        return default
    if not text.isdigit() or not least <= int(text) <= most:
        raise bad_request(
            f"Invalid value '{text}' for {name}: it must be between {least} and {most}.", "ErrorInvalidParameter"
        )
    return int(text)


def wishes_of(request: Request) -> Wishes:
    """What the Prefer header asks for: several preferences in one, in any order. Unknown ones are refused here."""
    told = {
        found[1].lower(): found[2] or found[3] or ""
        for found in _PREFERENCE.finditer(request.headers.get("prefer", ""))
    }
    if unknown := told.keys() - _KNOWN:
        raise bad_request(f"Unknown preference {sorted(unknown)}.")
    name = told.get("outlook.timezone") or "UTC"
    try:
        zone = zone_asked(name)
    except ValueError:
        raise bad_request(
            f"A valid TimeZone value must be specified, not '{name}'.", "TimeZoneNotSupportedException"
        ) from None
    page = told.get("odata.maxpagesize")
    return Wishes(
        zone=zone,
        zone_name=name,
        body=told.get("outlook.body-content-type") or "html",
        immutable=told.get("idtype") == "ImmutableId",
        page=int(page) if page and page.isdigit() else None,
    )
