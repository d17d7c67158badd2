"""Which one of a series an event is: its original start, in the very words of every other copy. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from activity_sync.calendars.microsoft.times import day_of, moment, stamp, zone_named
from activity_sync.model.invitations import day_in_uid
from activity_sync.model.members import Holder, flag, long_text, text


def occurrence(event: Holder, zone: ZoneInfo) -> str:
    """The original start (instant, or date for all-day) of one of a series; "" for a meeting that stands alone.

    From `originalStart`; where it is missing, an occurrence that was never moved starts at it, and Exchange writes
    its day into the uid (calendars.md F2). `zone`: the company's. Raises NoMeeting for an occurrence without times.
    """
    kind, original, day = text(event, "type"), stamp(event, "originalStart"), day_in_uid(long_text(event, "iCalUId"))
    if not day and (kind == "singleInstance" or (original is None and kind not in {"occurrence", "exception"})):
        return ""
    if flag(event, "isAllDay") and (found := _day(event, kind, original, day, zone)):
        return found
    if original is not None:
        return original.isoformat()
    return moment(event, "start", zone).isoformat() if _is_unmoved(event, kind, day, zone) else day


def _day(event: Holder, kind: str, original: datetime | None, day: str, zone: ZoneInfo) -> str:
    """The date of one of an all-day series; "" when the series has times and only this one became all-day."""
    start = day_of(event, "start")
    if kind == "occurrence" and start:
        return start.isoformat()
    if original is None:
        return day
    # Graph writes the series' own midnight in UTC: that of its zone, which may be unknown, or that of UTC.
    local = original.astimezone(zone_named(text(event, "originalStartTimeZone"), zone))
    found = next((at for at in (local, original) if at.time() == time()), None)
    return found.date().isoformat() if found else ""


def _is_unmoved(event: Holder, kind: str, day: str, zone: ZoneInfo) -> bool:
    if kind == "occurrence" or not day:
        return True
    start = moment(event, "start", zone)
    local = start.astimezone(zone_named(text(event, "originalStartTimeZone"), zone))
    return day in {local.date().isoformat(), start.astimezone(UTC).date().isoformat()}
