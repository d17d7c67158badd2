"""Silence is a pause that is longer than allowed and longer than is usual."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activity_sync.model.settings import Delay
from activity_sync.rules.silence import silent_since
from tests.builders import at, settings

THREE_DAYS = Delay(3, "business days")


def silent(days: list[float], now: float, after: Any = THREE_DAYS) -> float | None:
    """Things that started on these days (0: a Monday); the day since which it is silent."""
    business, zone = settings(business_days={"holidays": None}).business_days, settings().zone
    since = silent_since([at(days=0) + timedelta(days=day) for day in days], at(days=0) + timedelta(days=now), after,
        business, zone)  # fmt: skip
    return None if since is None else (since - at()) / timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "now", "since"),
    [
        ([0, 1, 2, 3, 4], 7, None),  # the weekend is none of three working days
        ([0, 1, 2, 3, 4], 8, None),
        ([0, 1, 2, 3, 4], 9.5, 4),
        ([0, 7, 14], 21, None),  # once a week is usual here
        ([0, 7, 14], 24, 14),
        ([0, 1], 50, None),  # nobody knows what is usual
        ([], 50, None),
    ],
)
def test_a_pause_is_measured_by_business_days_and_by_habit(days: list[float], now: float, since: float | None) -> None:
    assert silent(days, now) == since


def test_a_plain_length_counts_every_hour() -> None:
    assert silent([0, 0.1, 0.2], 1, timedelta(hours=12)) == pytest.approx(0.2)
    assert silent([0, 0.1, 0.2], 0.6, timedelta(hours=12)) is None
