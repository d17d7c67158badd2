"""JustCall over its simulator, and its webhook's signature."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.dialers.justcall.verification import verify
from activity_sync.model.interactions import Outcome
from activity_sync.simulator.dialers.justcall.simulator import JustCallSimulator
from tests.sources.justcall_stage import JustCallStage
from tests.sources.stage import HOUR, JO, MAX, NOON, span


@pytest.fixture
def justcall() -> Iterator[JustCallStage]:
    with JustCallStage().serve() as stage:
        yield stage


def test_talk_leaves_out_the_hold_and_the_end_is_worked_out(justcall: JustCallStage) -> None:
    leg = justcall.leg(ring=12, talk=280, hold=8, contact_name="Ann Lee", contact_email="Ann@customer.example")
    assert (leg.talk_seconds, leg.answered - leg.started) == (280, timedelta(seconds=12))
    assert leg.ended - leg.started == timedelta(seconds=300)
    assert (leg.outside_number, leg.line, leg.line_name) == ("+447700900123", "+442079460100", "Sales")
    assert (leg.outside_name, leg.extra["email"]) == ("Ann Lee", "ann@customer.example")


def test_the_time_is_utc_whatever_the_users_zone_and_the_hour_may_have_one_digit(justcall: JustCallStage) -> None:
    at = datetime(2026, 3, 9, 8, 25, 43, tzinfo=UTC)
    number = justcall.call(at)
    assert justcall.simulator.calls[number]["call_time"] == "8:25:43"
    (leg,) = justcall.read().sightings
    assert leg.started == at


@pytest.mark.parametrize("offset", [-12, -5, 0, 5, 14])
def test_no_users_zone_hides_a_call(offset: int) -> None:
    stage = JustCallStage()
    stage.simulator.offset = timedelta(hours=offset)
    with stage.serve():
        cursor = stage.read().cursor
        number = stage.call(NOON - timedelta(minutes=1))
        assert [leg.record_id for leg in stage.read(cursor).sightings] == [str(number)]


@pytest.mark.parametrize(
    ("direction", "kind", "talk", "outcome"),
    [
        ("Incoming", "answered", 0, Outcome.ANSWERED),
        ("Incoming", "Voicemail Received", 9, Outcome.VOICEMAIL),
        ("Incoming", "Voice Mail", 9, Outcome.VOICEMAIL),
        ("Incoming", "Abandoned", 0, Outcome.MISSED),
        ("Outgoing", "Unanswered", 0, Outcome.NO_ANSWER),
        ("Outgoing", "Something new", 30, Outcome.ANSWERED),
        ("Outgoing", "Something new", 0, Outcome.NO_ANSWER),
    ],
)
def test_an_unknown_word_is_decided_by_the_talk(
    justcall: JustCallStage, direction: str, kind: str, talk: int, outcome: Outcome
) -> None:
    assert justcall.leg(direction=direction, kind=kind, talk=talk).outcome is outcome


def test_disposition_notes_and_recording_are_taken_when_they_come(justcall: JustCallStage) -> None:
    number = justcall.call()
    link = "https://recordings.example/1"
    justcall.simulator.change_call(number, disposition="Demo booked", notes="Wants\na quote", recording=link)
    (leg,) = justcall.read().sightings
    assert (leg.disposition, leg.notes, leg.recording_url) == ("Demo booked", ("Wants\na quote",), link)
    justcall.simulator.change_call(number, recording=f"{link}?X-Amz-Expires=3600")
    assert justcall.read().sightings[0].recording_url == ""


def test_an_agent_without_an_address_is_looked_up(justcall: JustCallStage) -> None:
    assert [rep.email for rep in justcall.leg(agent_email="").reps] == [JO]
    named = justcall.open(extensions={"Max Stone": MAX})
    justcall.call(agent=None, agent_name="Max Stone", agent_email="")
    told = named.read("", "", span())
    assert {rep.email for leg in told.sightings for rep in leg.reps} == {JO, MAX}


@pytest.mark.parametrize("known_by", ["id", "name"])
def test_the_configs_word_of_an_agent_goes_before_justcalls(justcall: JustCallStage, known_by: str) -> None:
    justcall.call()
    source = justcall.open(extensions={"Jo Smith" if known_by == "name" else str(justcall.jo): MAX})
    assert [rep.email for leg in source.read("", "", span()).sightings for rep in leg.reps] == [MAX]


def test_pages_are_asked_for_by_the_number_in_the_link_with_our_filters(justcall: JustCallStage) -> None:
    numbers = {str(justcall.call(NOON - timedelta(minutes=minute + 1))) for minute in range(201)}
    assert {leg.record_id for leg in justcall.read().sightings} == numbers
    asked = [request.query for request in justcall.simulator.requests if request.path == "/v2.1/calls"]
    assert [one.get("page") for one in asked] == [None, ["1"], ["2"]]
    assert all(one["order"] == ["asc"] and "from_datetime" in one for one in asked)


def test_an_empty_list_may_be_told_as_none(justcall: JustCallStage, monkeypatch: pytest.MonkeyPatch) -> None:
    route = JustCallSimulator._route
    monkeypatch.setattr(JustCallSimulator, "_route", lambda simulator, asked: route(simulator, asked) | {"data": None})
    assert list(justcall.read().sightings) == []


def test_what_is_spent_is_waited_for(justcall: JustCallStage) -> None:
    justcall.simulator.rates.windows[1].limit = 2
    for minute in range(301):
        justcall.call(NOON - timedelta(minutes=minute + 1))
    assert len(justcall.read().sightings) == 301
    assert [55 < seconds < 65 for seconds in justcall.waits] == [True]


def test_single_calls_are_looked_up_and_missing_ones_are_gone(justcall: JustCallStage) -> None:
    there = str(justcall.call())
    found = justcall.source.again("", [there, "1"])
    assert ([leg.record_id for leg in found.sightings], list(found.gone)) == ([there], ["1"])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"call_duration": {"conversation_time": -5}}, "conversation_time"),
        ({"call_date": "2026-02-30"}, "no time"),
        ({"call_date": ""}, "call_date"),
        ({"id": None}, "no id"),
    ],
)
def test_impossible_calls_are_named(justcall: JustCallStage, changes: dict[str, Any], why: str) -> None:
    justcall.call(**changes)
    (bad,) = justcall.read().unreadable
    assert why in bad.why


URL = "https://sync.example.com/hook/justcall"
SIGNED_AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
VECTOR = {
    "x-justcall-signature": "8f965d40bad0af482e420d7d9682afa6f32affcce6de39d6c1da10342b25b635",
    "x-justcall-request-timestamp": "2026-01-05 10:00:00",
}
BODY = json.dumps({"webhook_url": "https://elsewhere.example/", "type": "call.completed", "data": {}}).encode()


def test_the_known_vector_holds_for_our_own_address_only() -> None:
    assert verify(URL, VECTOR, BODY, "jcsecret", SIGNED_AT)
    assert not verify("https://elsewhere.example/", VECTOR, BODY, "jcsecret", SIGNED_AT)
    assert not verify(URL, VECTOR, BODY.replace(b"completed", b"updated"), "jcsecret", SIGNED_AT)
    assert not verify(URL, VECTOR, BODY, "another", SIGNED_AT)
    assert not verify(URL, {}, BODY, "jcsecret", SIGNED_AT)


def test_an_old_push_is_refused() -> None:
    assert not verify(URL, VECTOR, BODY, "jcsecret", SIGNED_AT + HOUR)
    assert not verify(URL, VECTOR, BODY, "jcsecret", SIGNED_AT + timedelta(days=90))
    with pytest.raises(ValueError, match="char"):
        verify(URL, VECTOR, b"half a bo", "jcsecret", SIGNED_AT)
