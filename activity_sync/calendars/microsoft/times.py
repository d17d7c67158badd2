"""Graph's times: no offset, a zone beside them by an IANA or a Windows name, days as midnight to midnight. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.model.entries import NoMeeting
from activity_sync.model.members import Holder, flag, text


def zone_named(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone that an IANA or a Windows name means; `otherwise` for a custom or an unknown one."""
    from tzlocal.windows_tz import win_tz  # CLDR's table: only where a zone is not simply UTC

    try:
        return ZoneInfo(win_tz.get(name, name) or "nowhere")
    except (OSError, KeyError, ValueError):
        return otherwise


def moment(event: Holder, name: str, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a start or an end. A day begins at midnight in `zone`, whatever zone stands beside it.

    Graph shows days as midnight to midnight in any zone that is asked for, so only the date counts (calendars.md F1).
    Raises NoMeeting.
    """
    value = event.get(name)
    if not isinstance(value, Mapping) or not value.get("dateTime"):
        raise NoMeeting(f"it has no {name}")
    try:
        at = datetime.fromisoformat(value["dateTime"])
        if flag(event, "isAllDay"):
            return datetime.combine(at.date(), time(), zone).astimezone(UTC)
        return _with_zone(at, text(value, "timeZone"), zone).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise NoMeeting(f"its {name} is no time: {_shortened(value)}") from None


def stamp(event: Holder, name: str) -> datetime | None:
    """A moment that Graph writes with an offset; None when it is none."""
    try:
        at = datetime.fromisoformat(text(event, name))
        return _with_zone(at, "UTC", ZoneInfo("UTC")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_of(event: Holder, name: str) -> date | None:
    """The date that stands in a start, as it stands there."""
    try:
        return datetime.fromisoformat(text(event.get(name), "dateTime")).date()
    except ValueError:
        return None


def _with_zone(at: datetime, name: str, otherwise: ZoneInfo) -> datetime:
    if at.tzinfo is not None:
        return at
    return at.replace(tzinfo=UTC if name in {"UTC", "Etc/UTC"} else zone_named(name, otherwise))


def _shortened(value: Mapping[str, Any]) -> str:
    return " ".join(one[:40] for one in (text(value, "dateTime"), text(value, "timeZone")) if one) or "a foreign shape"
