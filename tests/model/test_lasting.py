"""Answers that are good for an hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from activity_sync.model.failures import TryLater
from activity_sync.model.lasting import Lasting

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def answers() -> Iterator[int]:
    return count(1)


def test_within_the_hour_it_is_asked_for_once(answers: Iterator[int]) -> None:
    kept = Lasting[int]()
    assert [kept.told(NOW + part, lambda: next(answers)) for part in (timedelta(), HOUR / 2, HOUR)] == [1, 1, 2]


def test_a_clock_that_was_set_back_asks_again(answers: Iterator[int]) -> None:
    kept = Lasting[int]()
    assert [kept.told(at, lambda: next(answers)) for at in (NOW, NOW - HOUR)] == [1, 2]


def test_what_is_forgotten_is_asked_for_again(answers: Iterator[int]) -> None:
    kept = Lasting[int]()
    kept.told(NOW, lambda: next(answers))
    kept.forget()
    assert kept.told(NOW, lambda: next(answers)) == 2


def test_a_failure_is_not_kept(answers: Iterator[int]) -> None:
    def busy() -> int:
        raise TryLater("busy")

    kept = Lasting[int]()
    with pytest.raises(TryLater):
        kept.told(NOW, busy)
    assert kept.told(NOW, lambda: next(answers)) == 1
