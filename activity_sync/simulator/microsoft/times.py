"""Graph's times: naive text with seven digits of a second, the zone beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

Moment = datetime | date | None
"""An aware moment, a day (all-day), or nothing at all (a malformed event)."""

NEVER = "0001-01-01T00:00:00Z"
_WINDOWS = {
    "GMT Standard Time": "Europe/London",
    "W. Europe Standard Time": "Europe/Berlin",
    "Eastern Standard Time": "America/New_York",
    "Pacific Standard Time": "America/Los_Angeles",
    "Tokyo Standard Time": "Asia/Tokyo",
    "UTC": "UTC",
}
_NAMES = {zone: name for name, zone in _WINDOWS.items()} | {"Europe/Lisbon": "GMT Standard Time"}


def windows_name(zone: str) -> str:
    """The name that Exchange writes for a zone; the IANA one where none is known here."""
    return _NAMES.get(zone, zone)


def zone_asked(name: str) -> ZoneInfo:
    """The zone that `Prefer: outlook.timezone` names, by either kind of name. Raises ValueError."""
    try:
        return ZoneInfo(_WINDOWS.get(name, name) or "nowhere")
    except (OSError, KeyError):
        raise ValueError(name) from None


def is_day(at: Moment) -> bool:
    """Whether this is a day and no moment."""
    return isinstance(at, date) and not isinstance(at, datetime)


def graph_time(at: Moment, zone: ZoneInfo, name: str) -> dict[str, str] | None:
    """A start or an end as it is shown in `zone`, called `name`; a day is midnight in whatever zone."""
    if at is None:
        return None
    local = at.astimezone(zone) if isinstance(at, datetime) else datetime.combine(at, time())
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond:06d}0", "timeZone": name}


def instant(at: Moment, zone: ZoneInfo) -> datetime | None:
    """The moment itself; a day begins at midnight in the mailbox's zone."""
    if at is None or isinstance(at, datetime):
        return at
    return datetime.combine(at, time(), zone)


def stamp(at: datetime) -> str:
    """A moment as in `lastModifiedDateTime`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}0Z"
