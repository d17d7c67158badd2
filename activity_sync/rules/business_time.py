"""Waits counted in days and hours, or in working days and working hours."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from activity_sync.model.settings.durations import Delay
from activity_sync.model.settings.follow_ups import BusinessDays

_DAY = timedelta(days=1)
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add(delay: Delay, moment: datetime, business_days: BusinessDays, zone: ZoneInfo) -> datetime:
    """`moment` (aware) plus `delay`, in UTC. Raises OverflowError beyond the calendar.

    Days, weeks and all business time are counted on the clocks of `zone`. A wait in business days or hours ends
    within the working hours: one business day after Saturday noon is Monday noon, one after 20:00 the end of the day.
    """
    local = moment.astimezone(zone)
    match delay.unit:
        case "minutes" | "hours":
            return moment.astimezone(UTC) + timedelta(**{delay.unit: delay.amount})
        case "days" | "weeks":
            return _at(local.date() + timedelta(**{delay.unit: delay.amount}), local.time(), zone)
        case "business days":
            day = _working_day(local.date(), delay.amount, business_days)
            on_time = local.time() if day == local.date() or delay.amount else time.min
            return _at(day, min(max(on_time, business_days.hours.start), business_days.hours.end), zone)
        case "business hours":
            return _after_hours(local, timedelta(hours=delay.amount), business_days, zone)


def is_working_day(day: date, business_days: BusinessDays) -> bool:
    """Whether people work on this day: in the week, and no public holiday."""
    return _NAMES[day.weekday()] in business_days.week and day not in _free_days(business_days.holidays)


def knows_holidays(country: str) -> bool:
    """Whether the public holidays of a country (ISO 3166) are known."""
    try:
        _free_days(country)
    except ValueError:
        return False
    return True


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock.replace(tzinfo=None, fold=0), zone).astimezone(UTC)


def _working_day(day: date, steps: int, business_days: BusinessDays) -> date:
    while not steps and not is_working_day(day, business_days):
        day += _DAY
    while steps:
        day += _DAY
        steps -= is_working_day(day, business_days)
    return day


def _after_hours(local: datetime, left: timedelta, business_days: BusinessDays, zone: ZoneInfo) -> datetime:
    day, moment = local.date(), local.astimezone(UTC)
    while True:
        opens = max(moment, _at(day, business_days.hours.start, zone))
        closes = _at(day, business_days.hours.end, zone)
        if is_working_day(day, business_days) and opens <= closes:
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        day += _DAY


@lru_cache(maxsize=300)
def _free_days(country: str | None) -> Container[date]:
    if country is None:
        return frozenset()
    import holidays  # reads its tables: only where a working day is asked for

    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        raise ValueError(f"the public holidays of {country} are not known") from None
