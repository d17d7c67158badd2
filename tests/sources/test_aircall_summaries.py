"""Aircall's summaries: asked for seldom, never lost, and nothing fails for the want of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from activity_sync.dialers.aircall.summaries import AT_ONCE, to_summary
from activity_sync.simulator.mishaps import Mishap
from tests.sources.stage import DAY, HOUR, NOON, AircallStage

MINUTE = timedelta(minutes=1)


@pytest.fixture
def aircall(monkeypatch: pytest.MonkeyPatch) -> Iterator[AircallStage]:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    stage = AircallStage()
    stage.simulator.summaries = {}
    with stage.serve() as served:
        yield served


def asked(aircall: AircallStage) -> list[str]:
    paths = [request.path for request in aircall.simulator.requests]
    return [path.split("/")[3] for path in paths if path.endswith("/summary")]


def begun(aircall: AircallStage) -> str:
    """The cursor after a first reading, which asks for no summary."""
    cursor = str(aircall.read().cursor)
    assert asked(aircall) == []
    return cursor


def summaries(aircall: AircallStage, cursor: str) -> tuple[list[str | None], str]:
    changes = aircall.read(cursor)
    return [leg.summary for leg in changes.sightings], changes.cursor


def test_a_summary_comes_with_its_call_and_is_asked_for_once(aircall: AircallStage) -> None:
    number = aircall.call()
    aircall.simulator.summaries = {number: " Wants a quote. "}
    cursor, found = begun(aircall), []
    for _ in range(4):
        told, cursor = summaries(aircall, cursor)
        found += told
        aircall.simulator.clock.shift(HOUR)
    assert found == ["Wants a quote.", None, None, None]
    assert asked(aircall) == [str(number)]


def test_a_call_without_one_is_asked_about_once_more_when_it_would_be_there(aircall: AircallStage) -> None:
    cursor = begun(aircall)
    number = aircall.call(at=NOON)
    found = []
    for minutes in (2, 5, 20, 60, 60, 60, 600):
        aircall.simulator.clock.shift(minutes * MINUTE)
        if aircall.simulator.clock.now() - NOON > HOUR:
            aircall.simulator.summaries = {number: "Late"}
        told, cursor = summaries(aircall, cursor)
        found += told
    assert found == [None, None, None, None, "Late", None, None]
    assert asked(aircall) == [str(number)] * 2


def test_an_account_without_the_add_on_is_asked_once_a_day(aircall: AircallStage) -> None:
    aircall.simulator.summaries = None
    cursor = begun(aircall)
    for _ in range(3 * 24):
        aircall.simulator.clock.shift(HOUR)
        aircall.call(at=aircall.simulator.clock.now() - 10 * MINUTE)
        told, cursor = summaries(aircall, cursor)
        assert set(told) == {None}
    assert len(asked(aircall)) == 3


def test_an_account_that_never_has_one_is_soon_left_alone(aircall: AircallStage) -> None:
    cursor = begun(aircall)
    for minute in range(15):
        aircall.call(at=NOON - 5 * HOUR + minute * MINUTE)
    for _ in range(10):
        _, cursor = summaries(aircall, cursor)
    assert len(asked(aircall)) == 10
    aircall.simulator.clock.shift(DAY + MINUTE)
    for _ in range(10):
        _, cursor = summaries(aircall, cursor)
    assert len(asked(aircall)) == 11


def test_short_missed_and_running_calls_are_not_asked_about(aircall: AircallStage) -> None:
    cursor = begun(aircall)
    aircall.call(talk=29)
    aircall.call(talk=None)
    aircall.call(status="answered")
    summaries(aircall, cursor)
    assert asked(aircall) == []


def test_many_calls_are_asked_about_some_at_a_time(aircall: AircallStage) -> None:
    cursor = begun(aircall)
    numbers = [aircall.call(at=NOON - 3 * HOUR + minute * MINUTE) for minute in range(AT_ONCE + 5)]
    aircall.simulator.summaries = dict.fromkeys(numbers, "Hello")
    sizes = []
    for _ in range(3):
        told, cursor = summaries(aircall, cursor)
        sizes.append(told.count("Hello"))
    assert sizes == [AT_ONCE, 5, 0]


@pytest.mark.parametrize("mishap", [Mishap.ERROR_BEFORE, Mishap.HTML])
def test_a_mishap_costs_the_summary_of_this_reading_only(aircall: AircallStage, mishap: Mishap) -> None:
    cursor = begun(aircall)
    number = aircall.call()
    aircall.simulator.summaries = {number: "Hello"}
    aircall.simulator.mishaps.plan(mishap, path="/summary")
    told, cursor = summaries(aircall, cursor)
    assert told == [None]
    assert summaries(aircall, cursor)[0] == ["Hello"]


def test_whoever_wants_no_summaries_asks_for_none(aircall: AircallStage) -> None:
    cursor = begun(aircall)
    aircall.call()
    aircall.source.whole = aircall.source.whole.model_copy(
        update={"calls": aircall.source.whole.calls.model_copy(update={"summary": False})}
    )
    assert summaries(aircall, cursor)[0] == [None]
    assert asked(aircall) == []


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"summary": "Hello"}, "Hello"),
        ({"summary": {"content": "Hello"}}, "Hello"),
        ({"content": "Hello"}, "Hello"),
        ({"summary": {"content": {"text": "Hello"}}}, "Hello"),
        ({"summary": ["Hello"]}, ""),
        ({"summary": None}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_summary_is_found_in_whatever_shape_it_has(answer: dict[str, object] | None, text: str) -> None:
    assert to_summary(answer) == text
