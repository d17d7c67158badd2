"""Zoom Phone: what becomes of its records and their paths, its sign-in, its windows and filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.dialers.zoom_phone.elements import to_elements
from activity_sync.dialers.zoom_phone.outcomes import to_outcome
from activity_sync.dialers.zoom_phone.people import People
from activity_sync.dialers.zoom_phone.translation import to_call_leg
from activity_sync.model.failures import SignInAgain
from activity_sync.model.interactions import CallLeg, Direction, Outcome, fingerprint
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall
from tests.sources.recorded import recorded
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON
from tests.sources.zoom_phone_stage import QUEUE, ZoomPhoneStage, outside

ANSWERED, TRANSFERRED = recorded("zoom_phone", "answered"), recorded("zoom_phone", "warm_transfer")
SAM = "sam@acme.example"


@pytest.fixture
def zoom(monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoomPhoneStage]:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    with ZoomPhoneStage().serve() as stage:
        yield stage


def leg(record: Any, emails: dict[str, str] | None = None, **ends: Any) -> CallLeg:
    people = People(OurEnds("GB", **ends), emails or {})
    return to_call_leg(record, to_elements(record), source="zoom", people=people)


def shares(found: CallLeg) -> list[tuple[str, int]]:
    return [(rep.email, rep.talk_seconds) for rep in found.reps]


def lists(zoom: ZoomPhoneStage) -> list[dict[str, str]]:
    """What the history was asked for."""
    found = [request for request in zoom.simulator.requests if request.path.endswith("/call_history")]
    return [{name: values[0] for name, values in request.query.items()} for request in found]


def paths(zoom: ZoomPhoneStage) -> int:
    return sum("/call_history/" in request.path for request in zoom.simulator.requests)


def test_talk_is_from_answer_to_end_whatever_the_duration_counts() -> None:
    found = leg(ANSWERED)
    assert (found.started, found.talk_seconds) == (datetime(2026, 3, 9, 10, tzinfo=UTC), 288)
    assert (found.record_id, found.conversation_id) == ("20260309-48c1", "7018317023722949162")
    assert (found.outside_number, found.line, found.outside_name) == ("+447700900123", "+442079460100", "Ann Lee")
    assert (shares(found), found.outcome, found.direction) == ([(JO, 288)], Outcome.ANSWERED, Direction.INBOUND)


def test_after_a_transfer_each_has_the_own_part_and_listeners_and_losers_have_none() -> None:
    found = leg(TRANSFERRED)
    assert shares(found) == [(JO, 100), (MAX, 240)]
    assert (found.talk_seconds, found.queue, found.disposition) == (340, "Sales", "demo")


def test_a_number_behind_the_calls_id_is_the_same_call() -> None:
    assert leg(ANSWERED | {"call_id": "7018317023722949162_2"}).key == leg(ANSWERED).key
    assert leg(ANSWERED | {"call_id": "call_1"}).key != leg(ANSWERED | {"call_id": "call_2"}).key


def test_withheld_callers_are_withheld_though_their_number_shows() -> None:
    for told in ({"hide_caller_id": True}, {"caller_number_type": "anonymous_number", "caller_did_number": None}):
        assert leg(ANSWERED | told).outside_number == "anonymous"
    out = {"direction": "outbound", "hide_caller_id": True, "callee_did_number": "+447700900123"}
    assert leg(ANSWERED | out).outside_number == "+447700900123"


def test_extension_to_extension_is_internal() -> None:
    assert leg(ANSWERED | {"connect_type": "internal"}).direction is Direction.INTERNAL


def test_who_it_is_comes_from_the_config_then_the_record_then_the_list_of_users() -> None:
    nameless = ANSWERED | {"callee_email": None}
    assert shares(leg(nameless, {"ATu6": MAX})) == [(MAX, 288)]
    assert shares(leg(nameless, {"101": MAX})) == [(MAX, 288)]
    assert shares(leg(ANSWERED, extensions={"101": SAM})) == [(SAM, 288)]
    assert leg(nameless).reps == ()


def test_a_users_own_number_is_that_users_line_and_a_queues_is_nobodys() -> None:
    missed = ANSWERED | {"call_result": "no_answer", "answer_time": None, "duration": 0}
    assert (leg(missed).outcome, leg(missed).line_rep) == (Outcome.MISSED, JO)
    assert leg(missed | {"callee_did_number": None}).line_rep == ""
    assert leg(missed | {"callee_ext_type": "call_queue", "callee_email": None}).line_rep == ""


def test_a_menu_or_a_queue_that_answered_alone_is_missed() -> None:
    menu = ANSWERED | {"callee_ext_type": "auto_receptionist", "callee_email": None}
    assert (leg(menu).outcome, leg(menu).talk_seconds) == (Outcome.MISSED, 0)
    alone = TRANSFERRED | {"call_elements": TRANSFERRED["call_elements"][:2]}
    assert leg(alone).outcome is Outcome.MISSED
    message = [*TRANSFERRED["call_elements"][:2], {"event": "voicemail", "result": "voicemail"}]
    assert leg(TRANSFERRED | {"call_elements": message}).outcome is Outcome.VOICEMAIL


@pytest.mark.parametrize(
    ("result", "inbound", "outgoing"),
    [
        ("answered", Outcome.ANSWERED, Outcome.ANSWERED),
        ("picked_up", Outcome.ANSWERED, Outcome.ANSWERED),
        ("voicemail", Outcome.VOICEMAIL, Outcome.VOICEMAIL),
        ("ring_timeout", Outcome.MISSED, Outcome.NO_ANSWER),
        ("abandoned", Outcome.MISSED, Outcome.NO_ANSWER),
        ("busy", Outcome.MISSED, Outcome.BUSY),
        ("canceled", Outcome.MISSED, Outcome.FAILED),
        ("system_blocked", Outcome.FAILED, Outcome.FAILED),
        ("something new", Outcome.UNKNOWN, Outcome.UNKNOWN),
        ("", Outcome.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_each_result_has_one_meaning_a_way(result: str, inbound: Outcome, outgoing: Outcome) -> None:
    assert (to_outcome(result, inbound=True), to_outcome(result, inbound=False)) == (inbound, outgoing)


@pytest.mark.parametrize(
    "change",
    [
        {"call_history_uuid": None},
        {"direction": "sideways"},
        {"start_time": None},
        {"start_time": "2026-03-09T10:00:00"},
        {"end_time": "2026-03-09T09:00:00Z"},
        {"answer_time": "2026-03-09T09:00:00Z"},
        {"duration": -5},
        {"duration": "long"},
    ],
)
def test_a_malformed_record_is_refused_with_a_reason(change: dict[str, Any]) -> None:
    with pytest.raises(NoCall, match=r"^(it|its) "):
        leg(ANSWERED | change)


def test_a_part_that_cannot_be_read_counts_for_nobody() -> None:
    odd = [{"event": "x", "result": "answered", "callee_ext_type": "user", "start_time": "soon"}, 7, None]
    assert shares(leg(ANSWERED | {"call_elements": odd})) == [(JO, 288)]


def test_the_path_of_an_answered_call_is_asked_for_once_and_again_when_the_record_changes(zoom: ZoomPhoneStage) -> None:
    key = zoom.queue_call()
    zoom.queue_call(NOON - 2 * HOUR, talk=None)
    assert [shares(zoom.leg(key)) for _ in range(3)] == [[(MAX, 0), (JO, 60)]] * 3
    assert paths(zoom) == 1
    zoom.simulator.change_record(key, recording_status="recorded")
    zoom.leg(key)
    assert paths(zoom) == 2


def test_a_path_that_comes_after_the_record_is_found_and_one_that_never_comes_is_asked_for_half_an_hour(
    zoom: ZoomPhoneStage,
) -> None:
    late, never = (zoom.call(NOON - minutes * timedelta(minutes=1), talk=60) for minutes in (10, 12))
    cursor = zoom.read().cursor
    zoom.simulator.add_element(
        late, "incoming", "answered", zoom.simulator.user_end(zoom.max, "callee"), after=12, lasting=48
    )
    assert [email for email, _ in shares(zoom.leg(late))] == [MAX]
    zoom.simulator.clock.shift(HOUR)
    for _ in range(3):
        cursor = zoom.read(cursor).cursor
    asked = [request.path.rsplit("/")[-1] for request in zoom.simulator.requests if "/call_history/" in request.path]
    assert (asked.count(late), asked.count(never)) == (2, 3)


def test_a_program_that_starts_again_asks_only_for_paths_that_tell_something(zoom: ZoomPhoneStage) -> None:
    plain, queue, changed = zoom.call(talk=60), zoom.queue_call(), zoom.call(NOON - 3 * HOUR, talk=30)
    zoom.simulator.add_element(plain, "incoming", "answered", zoom.simulator.user_end(zoom.jo, "callee"), after=12)
    first = zoom.read()
    assert paths(zoom) == 3
    zoom.source = zoom.open()
    zoom.simulator.change_record(changed, recording_status="recorded")
    again = zoom.read(first.cursor)
    asked = [request.path.rsplit("/")[-1] for request in zoom.simulator.requests if "/call_history/" in request.path]
    assert set(asked[3:]) == {queue, changed}
    told = {one.record_id: fingerprint(one) for one in first.sightings}
    assert {one.record_id for one in again.sightings if told[one.record_id] != fingerprint(one)} == {changed}
    zoom.simulator.clock.shift(10 * DAY)
    assert "plain" not in zoom.read(again.cursor).cursor


def test_several_records_of_one_call_are_one_conversation(zoom: ZoomPhoneStage) -> None:
    first = zoom.call(talk=60)
    zoom.call(NOON - HOUR + HOUR / 30, user=zoom.max, talk=90, call_id=zoom.conversation(first))
    assert len({one.key for one in zoom.read().sightings}) == 1


def test_a_call_of_hours_is_found_by_its_end(zoom: ZoomPhoneStage) -> None:
    long = zoom.call(NOON - 9 * HOUR, talk=9 * 3600 + 300)
    cursor = zoom.read().cursor
    zoom.simulator.clock.shift(timedelta(minutes=10))
    assert long in [one.record_id for one in zoom.read(cursor, thorough=False).sightings]
    assert {asked["time_type"] for asked in lists(zoom)} == {"end_time"}


def test_calls_that_were_not_recorded_are_found_whatever_a_missing_filter_means(zoom: ZoomPhoneStage) -> None:
    made = {zoom.call(talk=60, recorded=True), zoom.call(NOON - 2 * HOUR, talk=60)}
    for default in (False, True):
        zoom.simulator.recorded_by_default = default
        zoom.source = zoom.open()
        for _ in range(2):
            assert {one.record_id for one in zoom.read().sightings} == made
    assert [one.get("recording_status", "") for one in lists(zoom)][:4] == ["", "", "", "non_recorded"]


def test_a_window_is_never_longer_than_a_month_nor_older_than_half_a_year(zoom: ZoomPhoneStage) -> None:
    old, older = zoom.call(NOON - 100 * DAY, talk=60), zoom.call(NOON - 175 * DAY, talk=60)
    zoom.call(NOON - 200 * DAY, talk=60)
    assert {one.record_id for one in zoom.read(back=365 * DAY).sightings} == {old, older}


def test_all_pages_are_read(zoom: ZoomPhoneStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.dialers.zoom_phone.client.PAGE", 2)
    made = {zoom.call(NOON - minutes * timedelta(minutes=1), result="no_answer") for minutes in range(1, 8)}
    assert {one.record_id for one in zoom.read().sightings} == made
    assert not [wait for wait in zoom.waits if wait > 0.2]


def test_one_token_serves_many_readings_and_programs_and_is_replaced_when_it_ends(zoom: ZoomPhoneStage) -> None:
    zoom.read()
    zoom.source = zoom.open()
    zoom.read()
    assert [request.path for request in zoom.simulator.requests].count("/oauth/token") == 1
    zoom.simulator.end_tokens()
    zoom.read()
    assert [request.path for request in zoom.simulator.requests].count("/oauth/token") == 2


def test_without_an_address_for_accounts_the_other_one_is_asked_and_no_third(zoom: ZoomPhoneStage) -> None:
    zoom.source = zoom.open(accounts_url=None)
    zoom.read()  # the token's answer names a host of its own


@pytest.mark.parametrize("key", ["account_id", "client_id", "client_secret"])
def test_a_refused_app_is_named_without_its_secret(zoom: ZoomPhoneStage, key: str) -> None:
    with pytest.raises(SignInAgain) as caught:
        zoom.open(**{key: "hunter2"}).probe("")
    assert "hunter2" not in caught.value.why + caught.value.next_step
    assert "client_secret" in caught.value.next_step


def test_no_secret_is_in_an_address_or_a_repr(zoom: ZoomPhoneStage) -> None:
    zoom.read()
    zoom.source.client.vendor.pause = None  # the stage's own, which shows all of the stage
    seen = repr(zoom.source) + repr([(one.path, one.query) for one in zoom.simulator.requests])
    for secret in (zoom.simulator.client_secret, *zoom.simulator._tokens):
        assert secret not in seen


def test_the_users_are_asked_for_only_where_a_record_names_nobody(zoom: ZoomPhoneStage) -> None:
    zoom.call(talk=60)
    zoom.read()
    assert not any(request.path.endswith("/users") for request in zoom.simulator.requests)
    key = zoom.call(ends={"callee_email": None}, talk=60)
    assert shares(zoom.leg(key)) == [(JO, 60)]


def test_single_records_are_looked_up_and_missing_ones_are_gone(zoom: ZoomPhoneStage) -> None:
    key = zoom.queue_call()
    found = zoom.source.again("", [key, "gone"])
    assert ([one.record_id for one in found.sightings], list(found.gone)) == ([key], ["gone"])
    assert fingerprint(found.sightings[0]) != ""
    assert shares(found.sightings[0]) == [(MAX, 0), (JO, 60)]


def test_a_queue_that_nobody_took_names_who_is_in_it(zoom: ZoomPhoneStage) -> None:
    found = zoom.leg(zoom.queue_call(talk=None))
    assert (found.outcome, found.queue, found.line_name) == (Outcome.MISSED, QUEUE["callee_name"], "Sales")
    assert outside("caller")["caller_did_number"] == found.outside_number
