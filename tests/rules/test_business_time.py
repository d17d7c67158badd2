"""Waits in calendar and business time."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.settings import BusinessDays, Delay
from activity_sync.rules.business_time import add, is_working_day, knows_holidays
from tests.rules.plans import unhurried

LONDON = ZoneInfo("Europe/London")
GB = BusinessDays(holidays="GB")
PLAIN = BusinessDays()


def local(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("delay", "start", "end"),
    [
        (Delay(2, "days"), "2026-03-27T16:00", "2026-03-29T16:00"),  # the clocks change that night
        (Delay(2, "hours"), "2026-03-29T00:30", "2026-03-29T03:30"),
        (Delay(1, "weeks"), "2026-03-02T12:00", "2026-03-09T12:00"),
        (Delay(1, "business days"), "2026-03-06T12:00", "2026-03-09T12:00"),  # Friday to Monday
        (Delay(1, "business days"), "2026-03-07T12:00", "2026-03-09T12:00"),  # Saturday to Monday
        (Delay(1, "business days"), "2026-04-02T12:00", "2026-04-06T12:00"),  # over Good Friday
        (Delay(3, "business days"), "2026-03-02T07:00", "2026-03-05T09:00"),
        (Delay(1, "business days"), "2026-03-02T21:00", "2026-03-03T17:30"),
        (Delay(0, "business days"), "2026-03-07T12:00", "2026-03-09T09:00"),
        (Delay(4, "business hours"), "2026-03-06T16:30", "2026-03-09T12:00"),
        (Delay(4, "business hours"), "2026-03-06T09:00", "2026-03-06T13:00"),
        (Delay(4, "business hours"), "2026-03-06T05:00", "2026-03-06T13:00"),
        (Delay(1, "business hours"), "2026-03-06T23:00", "2026-03-09T10:00"),
        (Delay(20, "business hours"), "2026-12-24T09:00", "2026-12-30T12:00"),  # Friday 25th, Monday 28th are free
    ],
)
def test_a_wait_ends_where_people_would_say(delay: Delay, start: str, end: str) -> None:
    assert add(delay, local(start), GB, LONDON) == local(end)


def test_without_a_country_no_day_is_a_holiday() -> None:
    assert add(Delay(1, "business days"), local("2026-12-24T12:00"), PLAIN, LONDON) == local("2026-12-25T12:00")


def test_another_week_and_other_hours_are_kept_to() -> None:
    gulf = BusinessDays(week=("sun", "mon", "tue", "wed", "thu"), hours="08:00-14:00")
    dubai = ZoneInfo("Asia/Dubai")
    due = add(Delay(2, "business hours"), local("2026-03-05T13:00", dubai), gulf, dubai)
    assert due == local("2026-03-08T09:00", dubai)


def test_a_country_without_known_holidays_is_told_apart() -> None:
    assert knows_holidays("GB")
    assert not knows_holidays("ZZ")


moments = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - with zones
units = st.sampled_from(["business days", "business hours"])


@unhurried
@given(
    moment=moments, amount=st.integers(0, 60), unit=units, zone=st.sampled_from(["Asia/Kolkata", "America/Santiago"])
)
def test_business_time_never_lands_outside_the_hours(moment: datetime, amount: int, unit: str, zone: str) -> None:
    there = ZoneInfo(zone)
    due = add(Delay(amount, unit), moment, GB, there).astimezone(there)  # type: ignore[arg-type]
    assert due >= moment or amount == 0
    assert is_working_day(due.date(), GB)
    assert time(9) <= due.time() <= time(17, 30)


@unhurried
@given(moment=moments, amount=st.integers(0, 60), unit=units)
def test_a_longer_wait_never_ends_earlier(moment: datetime, amount: int, unit: str) -> None:
    first, second = (add(Delay(n, unit), moment, GB, LONDON) for n in (amount, amount + 1))  # type: ignore[arg-type]
    assert first <= second
