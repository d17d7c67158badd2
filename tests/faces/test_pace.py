"""What somebody reads who waits for half a million calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from activity_sync.steps.means import Means
from activity_sync.steps.pace import Pace
from tests.builders import NOON


def told(total: int, *at: tuple[float, int]) -> list[str]:
    """What is told when so many are done after so many seconds."""
    seconds, lines = iter([0.0, *(one for one, _ in at)]), cast("list[str]", [])
    nothing: Any = None
    means = Means(
        settings=nothing, database=nothing, crm=nothing, sources=(), pause=lambda _: False, tell=lines.append,
        now=lambda: NOON + timedelta(seconds=next(seconds)),
    )  # fmt: skip
    pace = Pace(means, "Judging", "calls", total)
    for _, done in at:
        pace.at(done)
    return lines


def test_what_is_over_soon_is_not_worth_a_word() -> None:
    assert told(500, (3, 100), (9.9, 500)) == []


def test_a_line_every_ten_seconds_tells_how_far_it_is_and_how_long_it_takes_still() -> None:
    lines = told(500_000, (5, 2_000), (10, 5_000), (12, 6_000), (600, 100_000), (3_000, 500_000))
    assert lines == [
        "Judging: 5,000 of about 500,000 calls, about 16 min left",
        "Judging: 100,000 of about 500,000 calls, about 40 min left",
        "Judging: 500,000 calls",
    ]


def test_where_nobody_knows_how_many_there_are_the_number_is_enough() -> None:
    assert told(0, (11, 10_000)) == ["Judging: 10,000 calls"]
