"""Calendars and the copies of meetings in them; every change gets the next version number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]


@dataclass(slots=True)
class Copy:
    """One entry of one calendar. `event` is what was put, kept even when only a stub of it is shown."""

    id: str
    event: Json
    version: int
    role: str = "single"  # single, master or instance
    exception: bool = False  # an instance that differs from its series
    stub: bool = False

    @property
    def cancelled(self) -> bool:
        """Whether it is deleted, for whatever reason."""
        return bool(self.event.get("status") == "cancelled")

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Start and end as instants; an entry without an end ends where it starts."""
        start = instant(self.event.get("start"), zone)
        end = instant(self.event.get("end"), zone) or start
        nowhere = datetime.min.replace(tzinfo=UTC)
        return start or nowhere, end or nowhere


@dataclass(slots=True)
class Calendar:
    """One person's calendar and who else may read it."""

    email: str
    zone: ZoneInfo
    readers: set[str] = field(default_factory=set)
    copies: dict[str, Copy] = field(default_factory=dict)

    def shown(self, copy: Copy, zone: ZoneInfo | None = None) -> Json:
        """The copy as the calendar service sends it, times in `zone` (default: the calendar's)."""
        head: Json = {
            "kind": "calendar#event",
            "etag": f'"{3_000_000_000_000_000 + copy.version * 1000}"',
            "id": copy.id,
        }
        if copy.stub:
            names = ("status", "recurringEventId", "originalStartTime")
            return head | {name: copy.event[name] for name in names if name in copy.event}
        return head | own_view(self.email, _in_zone(copy.event, zone or self.zone))

    def instances(self, master: str) -> Iterator[Copy]:
        """The stored instances of a series."""
        return (copy for copy in self.copies.values() if copy.event.get("recurringEventId") == master)


def own_view(email: str, event: Mapping[str, Any]) -> Json:
    """One meeting as one calendar sees it: `self` marks, and of a hidden guest list only what is one's own."""
    view = dict(event)
    for role in ("organizer", "creator"):
        if role in view:
            view[role] = _marked(view[role], email)
    if "attendees" in view:
        view["attendees"] = [_marked(one, email) for one in view["attendees"]]
    mine = view.get("organizer", {}).get("self")
    if view.get("guestsCanSeeOtherGuests") is False and not mine and "attendees" in view:
        view["attendees"] = [one for one in view["attendees"] if one.get("self") or one.get("organizer")]
        view["attendeesOmitted"] = True
    return view


def google_time(value: object, zone: str) -> object:
    """A moment or a day in the calendar service's form; anything else is passed on as it is."""
    if isinstance(value, datetime):
        return {"dateTime": value.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds"), "timeZone": zone}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def instant(value: object, zone: ZoneInfo) -> datetime | None:
    """The moment that a start or an end names; None when it names none."""
    if not isinstance(value, Mapping):
        return None
    try:
        if "dateTime" in value:
            at = datetime.fromisoformat(value["dateTime"])
            return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(value.get("timeZone", zone.key)))
        return datetime.combine(date.fromisoformat(value["date"]), time(), zone)
    except (KeyError, ValueError, TypeError):
        return None


def stamp(at: datetime) -> str:
    """A moment as in `created` and `updated`: UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _marked(person: Mapping[str, Any], email: str) -> Json:
    return dict(person) | ({"self": True} if person.get("email", "").lower() == email.lower() else {})


def _in_zone(event: Mapping[str, Any], zone: ZoneInfo) -> Json:
    moved = dict(event)
    for name in ("start", "end", "originalStartTime"):
        value = event.get(name)
        at = instant(value, zone)
        if at and isinstance(value, Mapping) and "dateTime" in value:
            text = at.astimezone(zone).isoformat(timespec="seconds").replace("+00:00", "Z")
            moved[name] = {**value, "dateTime": text}
    return moved
