"""Brakes, credits and backoff: when not to act, or not yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activity_sync.model.failures import (
    ConnectionFailure,
    OutOfCredits,
    Refused,
    SignInAgain,
    StartOver,
    TryLater,
    Uncertain,
    Unexpected,
)
from activity_sync.rules.backoff import next_try
from activity_sync.rules.brakes import hold
from activity_sync.rules.credits import allowance, daily_limit, forecast
from tests.builders import NOON


@pytest.mark.parametrize(("known", "gone"), [(100, 31), (10, 21), (1_000, 301), (0, 21)])
def test_too_much_gone_at_once_is_held(known: int, gone: int) -> None:
    assert str(gone) in (hold(known, gone) or "")


@pytest.mark.parametrize(("known", "gone"), [(100, 30), (10, 10), (30, 20), (1_000, 300), (0, 0)])
def test_what_people_do_in_a_day_goes_on(known: int, gone: int) -> None:
    assert hold(known, gone) is None


@pytest.mark.parametrize(
    ("edition", "licences", "limit"),
    [
        ("free", 3, 5_000),
        ("standard", 10, 52_500),
        ("Standard", 1_000, 100_000),
        ("professional", 10, 55_000),
        ("enterprise", 100, 150_000),
        ("Zoho One", 100, 150_000),
        ("ultimate", 10_000, 20_050_000),
        ("something new", 100, 5_000),
    ],
)
def test_the_daily_limit_follows_edition_and_licences(edition: str, licences: int, limit: int) -> None:
    assert daily_limit(edition, licences) == limit


def test_backfill_yields_first_then_reading_and_live_writes_last() -> None:
    left = [allowance(purpose, 5_000, 0.3, 2_000) for purpose in ("backfill", "reading", "checking", "writing")]
    assert left == [100, 975, 1_325, 1_500]
    assert allowance("backfill", 5_000, 0.3, 2_500) == 0
    assert allowance("writing", 5_000, 0.3, 3_499) == 1
    assert allowance("writing", 5_000, 0.3, 9_999) == 0


def test_the_forecast_says_when_it_will_not_do() -> None:
    assert forecast(100, timedelta(hours=1), 5_000, 0.3).lasts is None
    tight = forecast(700, timedelta(hours=1), 5_000, 0.3)
    assert (tight.expected, tight.usable, tight.lasts) == (16_800, 3_500, timedelta(hours=4))
    assert forecast(4_000, timedelta(hours=24), 5_000, 0.3).lasts == timedelta(0)
    assert forecast(0, timedelta(0), 5_000, 0.3).expected == 0


def waits(failure: ConnectionFailure, attempts: int = 1, number: int = 0) -> float | None:
    due = next_try(attempts, failure, NOON, number)
    return None if due is None else (due - NOON).total_seconds()


def test_waits_grow_up_to_an_hour() -> None:
    firsts = [waits(TryLater("busy"), attempts) or 0 for attempts in range(1, 30)]
    assert 5 <= firsts[0] <= 6
    assert firsts[:10] == sorted(firsts[:10])
    assert 3_600 <= firsts[-1] <= 4_320


def test_the_other_side_is_never_asked_sooner_than_it_said() -> None:
    assert all(60 <= (waits(TryLater("busy", timedelta(seconds=60)), number=n) or 0) <= 72 for n in range(50))


def test_rows_that_failed_together_are_spread_and_always_in_the_same_way() -> None:
    due = [waits(TryLater("busy"), 5, number) for number in range(20)]
    assert len(set(due)) == 20
    assert due == [waits(TryLater("busy"), 5, number) for number in range(20)]


def test_what_is_refused_is_given_up_and_what_stays_odd_too() -> None:
    assert waits(Refused("bad data")) is None
    assert waits(Unexpected("HTML"), 1) is not None
    assert waits(Unexpected("HTML"), 8) is None
    assert waits(TryLater("locked"), 199) is not None
    assert waits(TryLater("locked", timedelta(hours=1)), 200) is None


@pytest.mark.parametrize(
    ("failure", "least"),
    [
        (Uncertain("lost"), 120),
        (OutOfCredits("none left"), 3_600),
        (SignInAgain("revoked"), 900),
        (StartOver("old"), 0),
    ],
)
def test_other_failures_wait_as_long_as_they_need_and_are_never_given_up(
    failure: ConnectionFailure, least: float
) -> None:
    wait = waits(failure, 1_000)
    assert wait is not None
    assert least <= wait <= least * 1.2
