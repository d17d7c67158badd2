"""Listings: which copies they hold, page after page, and the token that continues them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google.copies import Calendar, Copy, Json, stamp
from activity_sync.simulator.google.failures import Refused, bad_parameter, refusal
from activity_sync.simulator.google.parameters import Listing

_UPDATED_MIN_REACH = timedelta(days=28)


@dataclass(slots=True)
class _Rest:
    """What is left of a listing after a page."""

    calendar: str
    asked: tuple[object, ...]
    copies: list[Copy]
    sync_token: str | None


@dataclass(slots=True)
class Listings:
    """Answers listings. `page_limit`: no page holds more; `empty_pages`: so many empty pages come first."""

    clock: Clock
    generation: int = 0
    page_limit: int = 2500
    empty_pages: int = 0
    _rests: dict[str, _Rest] = field(default_factory=dict)

    def page(self, calendar: Calendar, listing: Listing, version: int) -> Json:
        """One page of `events.list`; `version` is that of the newest change anywhere."""
        rest = self._continued(calendar, listing) if listing.page_token else self._begun(calendar, listing, version)
        return self._turn(rest, calendar, listing)

    def instances_page(self, calendar: Calendar, master: str, listing: Listing) -> Json:
        """One page of `events.instances`; here the lower bound counts as inside."""
        if listing.page_token:
            return self._turn(self._continued(calendar, listing), calendar, listing)
        found = [
            copy
            for copy in calendar.instances(master)
            if _in_window(copy, calendar.zone, listing, inclusive=True) and (listing.show_deleted or not copy.cancelled)
        ]
        return self._turn(_Rest(calendar.email, _question(listing), found, None), calendar, listing)

    def _begun(self, calendar: Calendar, listing: Listing, version: int) -> _Rest:
        since = self._since(calendar, listing)
        if listing.updated_min and listing.updated_min < self.clock.now() - _UPDATED_MIN_REACH:
            raise Refused(
                _gone(
                    "updatedMinTooLongAgo",
                    "updatedMin",
                    "The requested minimum modification time lies too far in the past.",
                )
            )
        fits = _since_version(since, listing) if since is not None else _first_time(calendar, listing)
        found = [copy for copy in calendar.copies.values() if _of_the_kind(copy, listing) and fits(copy)]
        token = None if listing.order_by else self._token(calendar, listing, version)
        return _Rest(calendar.email, _question(listing), _ordered(found, listing, calendar.zone), token)

    def _turn(self, rest: _Rest, calendar: Calendar, listing: Listing) -> Json:
        size = min(listing.max_results, self.page_limit)
        if self.empty_pages > 0:
            self.empty_pages -= 1
            size = 0
        shown, left = rest.copies[:size], rest.copies[size:]
        page = _envelope(calendar, listing, self.clock)
        page["items"] = [_shown(calendar, copy, listing) for copy in shown]
        if left or size == 0:
            token = f"CiA{secrets.token_urlsafe(16)}"
            self._rests[token] = _Rest(rest.calendar, rest.asked, left, rest.sync_token)
            page["nextPageToken"] = token
        elif rest.sync_token:
            page["nextSyncToken"] = rest.sync_token
        return page

    def _continued(self, calendar: Calendar, listing: Listing) -> _Rest:
        rest = self._rests.get(listing.page_token or "")
        if rest is None or rest.calendar != calendar.email or rest.asked != _question(listing):
            raise bad_parameter("pageToken", "Invalid page token value.")
        return rest

    def _token(self, calendar: Calendar, listing: Listing, version: int) -> str:
        held = [calendar.email, version, self.generation, listing.asked]
        return base64.urlsafe_b64encode(orjson.dumps(held)).decode().rstrip("=") + "="

    def _since(self, calendar: Calendar, listing: Listing) -> int | None:
        if not listing.sync_token:
            return None
        try:
            text = listing.sync_token.rstrip("=")
            email, version, generation, asked = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except ValueError:
            raise bad_parameter("syncToken", "Invalid sync token value.") from None
        if email != calendar.email or generation != self.generation:
            raise Refused(
                _gone("fullSyncRequired", "syncToken", "Sync token is no longer valid, a full sync is required.")
            )
        if asked != orjson.loads(orjson.dumps(listing.asked)):
            raise bad_parameter("syncToken", "The other parameters differ from those of the initial request.")
        return int(version)


Fits = Callable[[Copy], bool]


def _first_time(calendar: Calendar, listing: Listing) -> Fits:
    def fits(copy: Copy) -> bool:
        return _in_reach(calendar, copy, listing) and _wanted(copy, listing) and _matches(copy.event, listing)

    return fits


def _since_version(since: int, listing: Listing) -> Fits:
    # Later increments are not held to the first request's window: the vendor does not say that they are.
    def fits(copy: Copy) -> bool:
        return copy.version > since and copy.event.get("eventType", "default") in listing.event_types

    return fits


def _of_the_kind(copy: Copy, listing: Listing) -> bool:
    if listing.single_events:
        return copy.role != "master"
    return copy.role != "instance" or copy.exception or copy.cancelled


def _in_reach(calendar: Calendar, copy: Copy, listing: Listing) -> bool:
    if copy.role == "master":
        return any(_in_window(one, calendar.zone, listing) for one in calendar.instances(copy.id))
    return _in_window(copy, calendar.zone, listing)


def _in_window(copy: Copy, zone: ZoneInfo, listing: Listing, *, inclusive: bool = False) -> bool:
    start, end = copy.bounds(zone)
    low, high = listing.time_min, listing.time_max
    return (low is None or end > low or (inclusive and end == low)) and (high is None or start < high)


def _wanted(copy: Copy, listing: Listing) -> bool:
    if listing.updated_min:
        return bool(copy.event["updated"] >= stamp(listing.updated_min))  # deleted ones included
    if not copy.cancelled or listing.show_deleted:
        return True
    return copy.role == "instance" and not listing.single_events


def _matches(event: Json, listing: Listing) -> bool:
    properties = event.get("extendedProperties", {})
    return (
        event.get("eventType", "default") in listing.event_types
        and (listing.ical_uid is None or event.get("iCalUID") == listing.ical_uid)
        and (listing.words is None or listing.words.casefold() in _text(event))
        and _has(properties.get("private", {}), listing.private_properties)
        and _has(properties.get("shared", {}), listing.shared_properties)
    )


def _text(event: Json) -> str:
    people = (f"{one.get('displayName', '')} {one.get('email', '')}" for one in event.get("attendees", ()))
    return " ".join(
        (*(str(event.get(name, "")) for name in ("summary", "description", "location")), *people)
    ).casefold()


def _has(properties: Json, asked: tuple[str, ...]) -> bool:
    return all(properties.get(one.partition("=")[0]) == one.partition("=")[2] for one in asked)


def _ordered(copies: list[Copy], listing: Listing, zone: ZoneInfo) -> list[Copy]:
    match listing.order_by:
        case "startTime":
            return sorted(copies, key=lambda copy: copy.bounds(zone)[0])
        case "updated":
            return sorted(copies, key=lambda copy: (str(copy.event["updated"]), copy.version))
        case _:
            return sorted(copies, key=lambda copy: copy.id)


def _shown(calendar: Calendar, copy: Copy, listing: Listing) -> Json:
    shown = calendar.shown(copy, listing.zone)
    people = shown.get("attendees", [])
    if listing.max_attendees and len(people) > listing.max_attendees:
        shown |= {"attendees": [one for one in people if one.get("self")], "attendeesOmitted": True}
    return shown


def _envelope(calendar: Calendar, listing: Listing, clock: Clock) -> dict[str, Any]:
    return {
        "kind": "calendar#events",
        "etag": f'"p{secrets.token_hex(8)}"',
        "summary": calendar.email,
        "description": "",
        "updated": stamp(clock.now()),
        "timeZone": (listing.zone or calendar.zone).key,
        "accessRole": "owner",
        "defaultReminders": [{"method": "popup", "minutes": 10}],
    }


def _question(listing: Listing) -> tuple[object, ...]:
    return (
        *listing.asked,
        listing.sync_token,
        listing.time_min,
        listing.time_max,
        listing.updated_min,
        listing.order_by,
    )


def _gone(reason: str, parameter: str, message: str) -> Any:
    return refusal(410, reason, message, domain="calendar", place=("parameter", parameter))
