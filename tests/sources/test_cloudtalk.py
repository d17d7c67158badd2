"""CloudTalk: what becomes of its calls, its dates in an unknown zone, its sixty requests a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.dialers.cloudtalk.translation import to_call_leg
from activity_sync.model.interactions import CallLeg, Direction, Outcome, fingerprint
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall
from activity_sync.simulator.dialers.cloudtalk.simulator import CloudTalkSimulator, Refused
from tests.sources.cloudtalk_stage import CloudTalkStage
from tests.sources.recorded import recorded
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON

ANSWERED = recorded("cloudtalk", "answered")


@pytest.fixture
def cloudtalk(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudTalkStage]:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    with CloudTalkStage().serve() as stage:
        yield stage


def leg(cdr: dict[str, Any] | None = None, *, item: Any = ANSWERED, **ends: Any) -> CallLeg:
    told = item | {"Cdr": item["Cdr"] | (cdr or {})}
    agents = {"8": MAX}
    return to_call_leg(told, source="cloudtalk", ends=OurEnds("GB", **ends), agent=lambda key: agents.get(key, ""))


def test_digits_become_a_number_and_texts_become_seconds() -> None:
    found = leg()
    assert (found.outside_number, found.line) == ("+447700900123", "+442079460100")
    assert (found.started, found.talk_seconds) == (datetime(2026, 3, 9, 10, tzinfo=UTC), 288)
    assert (found.outcome, found.direction) == (Outcome.ANSWERED, Direction.INBOUND)
    assert [(rep.email, rep.talk_seconds) for rep in found.reps] == [(JO, 288)]
    assert (found.notes, found.tags, found.line_name) == (("Wants a quote",), ("VIP",), "Sales")
    assert (found.recording_url, found.extra["rating"]) == ("https://my.cloudtalk.io/r/play/27", "5")
    assert leg({"public_external": "447700900123", "talking_time": 288}) == found


def test_a_call_that_nobody_took_has_no_talk() -> None:
    nobody = {"answered_at": "", "talking_time": ""}
    assert (leg(nobody).outcome, leg(nobody).talk_seconds) == (Outcome.MISSED, 0)
    assert leg(nobody | {"type": "outgoing"}).outcome is Outcome.NO_ANSWER
    assert leg(nobody | {"is_voicemail": "1"}).outcome is Outcome.VOICEMAIL
    assert leg({"type": "internal"}).direction is Direction.INTERNAL


def test_an_agent_of_whom_only_the_id_is_told_is_looked_up() -> None:
    assert [rep.email for rep in leg({"user_id": "8"}, item=ANSWERED | {"Agent": {}}).reps] == [MAX]
    assert [rep.email for rep in leg(item=ANSWERED | {"Agent": {"id": 8}}).reps] == [MAX]
    assert leg({"user_id": "9"}, item=ANSWERED | {"Agent": {}}).reps == ()
    assert [rep.email for rep in leg(extensions={"7": MAX}).reps] == [MAX]


def test_times_without_a_zone_are_utc_as_cloudtalk_says() -> None:
    assert leg({"started_at": "2026-03-09 10:00:00"}).started == datetime(2026, 3, 9, 10, tzinfo=UTC)


def test_a_withheld_caller_is_still_a_call() -> None:
    for hidden in ("anonymous", "", None, 0):
        assert leg({"public_external": hidden}).outcome is Outcome.ANSWERED
    assert leg({"public_external": 104}).outside_number == "104"


def test_a_recording_that_is_not_there_yet_has_no_link() -> None:
    assert leg({"recorded": False}).recording_url == ""
    assert leg({"recorded": "1", "recording_link": "javascript:alert(1)"}).recording_url == ""


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"type": "sideways"},
        {"started_at": ""},
        {"started_at": "noon"},
        {"ended_at": "2026-03-09T09:00:00.000Z"},
        {"talking_time": "-5"},
        {"talking_time": "long"},
    ],
)
def test_a_malformed_call_is_refused_with_a_reason(change: dict[str, Any]) -> None:
    with pytest.raises(NoCall, match=r"^(it|its) "):
        leg(change)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("descending", [True, False])
def test_no_call_is_lost_whatever_zone_and_order_are_meant(
    cloudtalk: CloudTalkStage, zone: str, descending: bool
) -> None:
    cloudtalk.simulator.zone, cloudtalk.simulator.descending = zone, descending
    made = {cloudtalk.call(NOON - 7 * DAY), cloudtalk.call(NOON - DAY), cloudtalk.call(NOON - HOUR / 60)}
    assert {one.record_id for one in cloudtalk.read().sightings} == made


def test_all_pages_are_read(cloudtalk: CloudTalkStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.dialers.cloudtalk.client.PAGE", 2)
    made = {cloudtalk.call(NOON - minutes * timedelta(minutes=1), talk=20) for minutes in range(1, 8)}
    assert {one.record_id for one in cloudtalk.read().sightings} == made


def test_the_last_request_of_a_minute_is_followed_by_a_rest(cloudtalk: CloudTalkStage) -> None:
    cloudtalk.simulator.limit = 2
    for _ in range(5):
        cloudtalk.read()
    assert [round(wait) for wait in cloudtalk.waits] == [61, 61]


def test_the_agents_are_asked_for_only_where_a_call_names_one_by_number(cloudtalk: CloudTalkStage) -> None:
    key = cloudtalk.call(talk=20)
    cloudtalk.read()
    assert not any("agents" in request.path for request in cloudtalk.simulator.requests)
    cloudtalk.simulator.calls[key]["Agent"] = {"id": cloudtalk.jo}
    assert [rep.email for rep in cloudtalk.leg(key).reps] == [JO]


@pytest.mark.parametrize("late", ["note", "tag", "record"])
def test_what_comes_late_changes_the_fingerprint(cloudtalk: CloudTalkStage, late: str) -> None:
    key = cloudtalk.call(NOON - 30 * HOUR, talk=60)
    first = cloudtalk.read()
    if late == "record":
        cloudtalk.simulator.record(key)
    else:
        getattr(cloudtalk.simulator, late)(key, "Wants a quote")
    cloudtalk.simulator.clock.shift(HOUR)
    again = cloudtalk.read(first.cursor, thorough=False)
    assert fingerprint(again.sightings[0]) != fingerprint(first.sightings[0])


def test_single_calls_are_looked_up_and_missing_ones_are_gone(cloudtalk: CloudTalkStage) -> None:
    key = cloudtalk.call(talk=20)
    found = cloudtalk.source.again("", [key, "0"])
    assert ([one.record_id for one in found.sightings], list(found.gone)) == ([key], ["0"])


@pytest.mark.parametrize("beyond", ["empty", "not there", "the first again"])
def test_where_no_count_of_pages_is_told_none_is_left_out(
    cloudtalk: CloudTalkStage, monkeypatch: pytest.MonkeyPatch, beyond: str
) -> None:
    made = {cloudtalk.call(NOON - minutes * timedelta(minutes=1)) for minutes in range(1, 5)}
    monkeypatch.setattr("activity_sync.dialers.cloudtalk.client.PAGE", 4 if beyond == "the first again" else 2)
    route = CloudTalkSimulator._route

    def countless(simulator: Any, request: Any) -> Any:
        kept = replace(request, query={**request.query, "page": ["1"]}) if beyond == "the first again" else request
        held = route(simulator, kept)["responseData"]
        if beyond == "not there" and not held["data"]:
            raise Refused(404, "Not Found")
        return {"responseData": {"data": held["data"]}}

    monkeypatch.setattr(CloudTalkSimulator, "_route", countless)
    assert {leg.record_id for leg in cloudtalk.read().sightings} == made
