"""What a listing may be asked, and what it refuses (Calendar API v3, `events.list` and `events.instances`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from activity_sync.simulator.google.failures import Refused, bad_parameter, refusal
from activity_sync.simulator.google.fields import EVENTS, Selection, check_names, read_selection
from activity_sync.simulator.network import Request

SYSTEM = frozenset(("alt", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "userIp"))
LIST = SYSTEM | frozenset(
    [
        "alwaysIncludeEmail",
        "eventTypes",
        "iCalUID",
        "maxAttendees",
        "maxResults",
        "orderBy",
        "pageToken",
        "privateExtendedProperty",
        "q",
        "sharedExtendedProperty",
        "showDeleted",
        "showHiddenInvitations",
        "singleEvents",
        "syncToken",
        "timeMax",
        "timeMin",
        "timeZone",
        "updatedMin",
    ]
)
INSTANCES = SYSTEM | frozenset(
    [
        "alwaysIncludeEmail",
        "maxAttendees",
        "maxResults",
        "originalStart",
        "pageToken",
        "showDeleted",
        "timeMax",
        "timeMin",
        "timeZone",
    ]
)
GET = SYSTEM | frozenset(("alwaysIncludeEmail", "maxAttendees", "timeZone"))
EVENT_TYPES = frozenset(("birthday", "default", "focusTime", "fromGmail", "outOfOffice", "workingLocation"))
_NOT_WITH_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
_FREE_TO_CHANGE = SYSTEM | frozenset(("pageToken", "syncToken", "maxResults", "showDeleted", *_NOT_WITH_TOKEN))
_BIGGEST_PAGE = 2500


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing as it was asked; `asked` is what must not change between a first and a later one."""

    time_min: datetime | None
    time_max: datetime | None
    updated_min: datetime | None
    single_events: bool
    show_deleted: bool
    order_by: str | None
    event_types: frozenset[str]
    ical_uid: str | None
    words: str | None
    private_properties: tuple[str, ...]
    shared_properties: tuple[str, ...]
    max_attendees: int | None
    max_results: int
    sync_token: str | None
    page_token: str | None
    zone: ZoneInfo | None
    selection: Selection
    asked: tuple[tuple[str, tuple[str, ...]], ...]


def read_listing(request: Request, known: frozenset[str] = LIST) -> Listing:
    """The listing that a query string asks for; 400 for what the service refuses."""
    query = request.query
    check_known(query, known)
    listing = Listing(
        time_min=_moment(request, "timeMin"),
        time_max=_moment(request, "timeMax"),
        updated_min=_moment(request, "updatedMin"),
        single_events=_flag(request, "singleEvents"),
        show_deleted=_flag(request, "showDeleted"),
        order_by=_one_of(request, "orderBy", frozenset(("startTime", "updated"))),
        event_types=_event_types(query),
        ical_uid=request.one("iCalUID"),
        words=request.one("q"),
        private_properties=tuple(query.get("privateExtendedProperty", ())),
        shared_properties=tuple(query.get("sharedExtendedProperty", ())),
        max_attendees=_number(request, "maxAttendees"),
        max_results=min(_number(request, "maxResults") or 250, _BIGGEST_PAGE),
        sync_token=request.one("syncToken"),
        page_token=request.one("pageToken"),
        zone=_zone(request),
        selection=selection_of(request),
        asked=tuple(sorted((name, tuple(query[name])) for name in query if name not in _FREE_TO_CHANGE)),
    )
    _check_together(request, listing)
    return listing


def check_known(query: Mapping[str, list[str]], known: frozenset[str]) -> None:
    """400 for a parameter that does not exist: a slip of ours, whatever the real service makes of it."""
    for name in query:
        if name not in known:
            raise bad_parameter(name, f"Unknown parameter {name}", "badRequest")
    if len("".join(query.get("quotaUser", ()))) > 40:
        raise bad_parameter("quotaUser", "quotaUser is limited to 40 characters")


def selection_of(request: Request, known: frozenset[str] = EVENTS) -> Selection:
    """What `fields` keeps of the answer."""
    selection = read_selection(request.one("fields") or "*")
    check_names(selection, known)
    return selection


def _check_together(request: Request, listing: Listing) -> None:
    if listing.sync_token:
        for name in _NOT_WITH_TOKEN:
            if name in request.query:
                message = f"Sync token cannot be combined with other query restrictions: {name}"
                raise bad_parameter("syncToken", message)
        if "showDeleted" in request.query and not listing.show_deleted:
            raise bad_parameter("showDeleted", "Sync token cannot be used with showDeleted=false")
    if listing.order_by == "startTime" and not listing.single_events:
        raise bad_parameter(
            "orderBy", "The requested ordering is not available for the particular query.", "badRequest"
        )
    if listing.time_min and listing.time_max and listing.time_max <= listing.time_min:
        message = "The specified time range is empty."
        raise Refused(refusal(400, "timeRangeEmpty", message, domain="calendar", place=("parameter", "timeMax")))


def _moment(request: Request, name: str) -> datetime | None:
    text = request.one(name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise bad_parameter(name, "Bad Request", "badRequest") from None
    if at.tzinfo is None or "T" not in text:
        raise bad_parameter(name, "Bad Request", "badRequest")
    return at.replace(microsecond=0)


def _flag(request: Request, name: str) -> bool:
    return _one_of(request, name, frozenset(("true", "false"))) == "true"


def _one_of(request: Request, name: str, allowed: frozenset[str]) -> str | None:
    value = request.one(name)
    if value is not None and value not in allowed:
        raise bad_parameter(name, f"Invalid value '{value}'. Values must be one of {sorted(allowed)}")
    return value


def _number(request: Request, name: str) -> int | None:
    text = request.one(name)
    if text is None:
        return None
    if not text.isdigit() or int(text) < 1:
        raise bad_parameter(name, f"Invalid integer value: '{text}'.")
    return int(text)


def _event_types(query: Mapping[str, list[str]]) -> frozenset[str]:
    asked = frozenset(query.get("eventTypes", ()))
    if not asked <= EVENT_TYPES:
        raise bad_parameter("eventTypes", f"Invalid value: {sorted(asked - EVENT_TYPES)}")
    return asked or EVENT_TYPES


def _zone(request: Request) -> ZoneInfo | None:
    name = request.one("timeZone")
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        raise bad_parameter("timeZone", f"Invalid time zone definition: {name}") from None
