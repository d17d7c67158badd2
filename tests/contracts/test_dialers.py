"""What every dialer keeps, whatever its vendor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from activity_sync.dialers import KINDS
from activity_sync.model.addresses import read_number
from activity_sync.model.failures import SignInAgain, StartOver, TryLater, Unexpected
from activity_sync.model.interactions import CallLeg, Direction, Outcome, fingerprint
from activity_sync.model.ports import Changes
from activity_sync.simulator.mishaps import Mishap
from tests.contracts.dialer_cases import DialerCase, case
from tests.sources.stage import CUSTOMER, DAY, HOUR, JO, LINE, NOON, span

LISTED_WHEN_OVER = {"dialpad", "zoom_phone"}
"""Vendors that show no call that goes on: a very long one is found by the next look for what comes late."""


@pytest.fixture(params=(*KINDS, "asterisk table"))
def dialer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DialerCase]:
    with case(request.param, tmp_path) as opened:
        yield opened


def read(dialer: DialerCase, cursor: str = "", **asked: Any) -> Changes:
    return dialer.source.read("", cursor, span(**asked))


def legs(changes: Changes) -> dict[str, CallLeg]:
    """By conversation: how a vendor names its records is its own affair."""
    return {leg.conversation_id: leg for leg in changes.sightings if isinstance(leg, CallLeg)}


def number(text: str) -> str:
    """However a vendor writes it."""
    return read_number(text, "GB").e164


def test_a_dialer_has_one_part(dialer: DialerCase) -> None:
    assert list(dialer.source.parts([])) == [""]


def test_an_answered_call_comes_with_its_people_and_times(dialer: DialerCase) -> None:
    call_id = dialer.call(NOON - HOUR)
    leg = legs(read(dialer))[call_id]
    assert (leg.source, leg.conversation_id, leg.started) == (dialer.source.name, call_id, NOON - HOUR)
    assert (leg.direction, leg.outcome, leg.talk_seconds, leg.final) == (Direction.INBOUND, Outcome.ANSWERED, 60, True)
    assert (number(leg.outside_number), number(leg.line)) == (number(CUSTOMER), number(LINE))
    assert [rep.email for rep in leg.reps if rep.talk_seconds] == [JO]


@pytest.mark.parametrize(("outbound", "outcome"), [(False, Outcome.MISSED), (True, Outcome.NO_ANSWER)])
def test_a_call_that_nobody_took_is_missed_or_unanswered(dialer: DialerCase, outbound: bool, outcome: Outcome) -> None:
    call_id = dialer.call(NOON - HOUR, answered=False, outbound=outbound)
    leg = legs(read(dialer))[call_id]
    assert (leg.outcome, leg.talk_seconds, number(leg.outside_number)) == (outcome, 0, number(CUSTOMER))


def test_an_unchanged_call_has_an_unchanged_fingerprint(dialer: DialerCase) -> None:
    dialer.call(NOON - HOUR)
    assert [fingerprint(one) for one in read(dialer).sightings] == [fingerprint(one) for one in read(dialer).sightings]


def test_a_new_call_comes_with_the_next_reading(dialer: DialerCase) -> None:
    dialer.call(NOON - HOUR)
    cursor = read(dialer).cursor
    later = dialer.call(NOON - HOUR / 2)
    assert later in legs(read(dialer, cursor))


def test_what_comes_late_comes_with_the_next_reading(dialer: DialerCase) -> None:
    call_id = dialer.call(NOON - 3 * DAY)
    first = read(dialer)
    notes = dialer.add_late(call_id)
    leg = legs(read(dialer, first.cursor))[call_id]
    assert leg.notes == notes
    assert leg.key == legs(first)[call_id].key
    assert fingerprint(leg) != fingerprint(legs(first)[call_id])


def test_a_running_call_is_handed_over_when_it_ends(dialer: DialerCase) -> None:
    call_id = dialer.running(NOON - HOUR * (5 if dialer.source.kind in LISTED_WHEN_OVER else 9))
    newer = dialer.call(NOON - HOUR)
    first = read(dialer)
    assert set(legs(first)) == {newer}
    dialer.finish(call_id)
    assert legs(read(dialer, first.cursor, thorough=False))[call_id].final


def test_what_was_read_but_not_stored_is_read_again(dialer: DialerCase) -> None:
    cursor = read(dialer).cursor
    call_id = dialer.call(NOON - HOUR)
    assert call_id in legs(read(dialer, cursor))  # killed before the cursor was stored
    assert call_id in legs(read(dialer, cursor))


def test_nothing_older_than_the_window_is_handed_over(dialer: DialerCase) -> None:
    dialer.call(NOON - 8 * DAY)
    inside = dialer.call(NOON - 7 * DAY)
    assert set(legs(read(dialer))) == {inside}


def test_a_past_range_ends_where_it_is_told_to(dialer: DialerCase) -> None:
    inside = dialer.call(NOON - 3 * DAY)
    dialer.call(NOON - HOUR)
    assert set(legs(read(dialer, ahead=-2 * DAY))) == {inside}


def test_something_malformed_fails_alone(dialer: DialerCase) -> None:
    before = dialer.call(NOON - 2 * HOUR)
    dialer.malformed()
    after = dialer.call(NOON - HOUR)
    changes = read(dialer)
    assert set(legs(changes)) == {before, after}
    assert [bool(one.where and one.why) for one in changes.unreadable] == [True]


@pytest.mark.parametrize("cursor", ["half a cursor", "[]", "7", '{"newest": "never"}'])
def test_a_foreign_cursor_starts_over(dialer: DialerCase, cursor: str) -> None:
    with pytest.raises(StartOver):
        read(dialer, cursor)


def test_refused_credentials_are_named_with_what_to_do(dialer: DialerCase) -> None:
    dialer.call(NOON - HOUR)
    assert dialer.source.probe("")
    dialer.refuse()
    for ask in (lambda: read(dialer), lambda: dialer.source.probe("")):
        with pytest.raises(SignInAgain) as caught:
            ask()
        assert caught.value.next_step


@pytest.mark.parametrize("mishap", [Mishap.ERROR_BEFORE, Mishap.BAD_GATEWAY, Mishap.TOO_MANY, Mishap.DROP_BEFORE])
def test_a_busy_or_missing_server_is_tried_later(dialer: DialerCase, mishap: Mishap) -> None:
    if dialer.befall(mishap):
        with pytest.raises(TryLater):
            read(dialer)


def test_a_web_page_for_an_answer_is_unexpected(dialer: DialerCase) -> None:
    if dialer.befall(Mishap.HTML):
        with pytest.raises(Unexpected):
            read(dialer)
