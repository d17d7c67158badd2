"""Channels by which Google tells that a calendar changed (calendars.md A8). A push says nothing but that."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from activity_sync.calendars.google.failures import NotThere, missing_calendar
from activity_sync.model.failures import Unexpected
from activity_sync.model.members import text
from activity_sync.model.ports import Channel, Pushed

_LIFE = timedelta(days=7)
"""Asked for; what Google answers counts."""

Ask = Callable[[str, Callable[[Any], Any]], object]
"""Asks the calendar service as one person: the part, and the request made of its resources."""


def open_channel(ask: Ask, part: str, word: str, url: str, now: datetime) -> Channel:
    """A new channel of this calendar. Raises as `GoogleCalendars.read`."""
    name = str(uuid.uuid4())
    wish = {
        "id": name,
        "type": "web_hook",
        "address": url,
        "token": word,
        "expiration": str(int((now + _LIFE).timestamp() * 1000)),
        "params": {"ttl": str(int(_LIFE.total_seconds()))},
    }
    try:
        told = ask(part, lambda service: service.events().watch(calendarId="primary", body=wish))
    except NotThere as missing:
        raise missing_calendar(part, missing.status) from None
    if text(told, "id") != name:
        raise Unexpected(f"Google's answer on the channel of {part} names another one.")
    return Channel(name, _until(told), text(told, "resourceId"))


def close_channel(ask: Ask, part: str, channel: Channel) -> None:
    """End it; only who opened it can. Raises as `open_channel`."""
    body = {"id": channel.id, "resourceId": channel.resource}
    try:
        ask(part, lambda service: service.channels().stop(body=body))
    except NotThere:
        return


def pushed(headers: Mapping[str, str]) -> list[Pushed]:
    """What a push says; `headers` with names in lower case. Raises ValueError for none of Google's."""
    channel = headers.get("x-goog-channel-id", "")
    if not channel or "x-goog-resource-state" not in headers:
        raise ValueError("no push of a calendar")
    return [Pushed(channel, headers.get("x-goog-channel-token", ""))]


def _until(told: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text(told, "expiration")) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
