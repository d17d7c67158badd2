"""RingCentral: what becomes of its records, its sign-in, its limits and its directory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.dialers.ringcentral.outcomes import to_outcome
from activity_sync.dialers.ringcentral.people import to_people
from activity_sync.dialers.ringcentral.translation import to_call_leg
from activity_sync.model.failures import SignInAgain, TryLater, Unexpected
from activity_sync.model.interactions import CallLeg, Direction, Outcome, fingerprint
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall
from activity_sync.rules.joining import join
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.network import Response
from tests.sources.recorded import recorded
from tests.sources.ringcentral_stage import CALLER, OUR_LINE, RingCentralStage
from tests.sources.stage import HOUR, JO, MAX, NOON

MALFORMED = recorded("ringcentral", "malformed")
ENTRIES = [
    {"id": 900, "extensionNumber": "101", "type": "User", "name": "Jo", "contact": {"email": "Jo@Acme.example"}},
    {"id": 901, "extensionNumber": "102", "type": "User", "name": "Max", "contact": {"email": MAX}},
    {"id": 800, "extensionNumber": "8", "type": "Department", "name": "Sales"},
    {"id": 700, "extensionNumber": "9", "type": "IvrMenu", "name": "Welcome"},
    "no entry",
]


@pytest.fixture
def ringcentral(monkeypatch: pytest.MonkeyPatch) -> Iterator[RingCentralStage]:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    with RingCentralStage().serve() as stage:
        yield stage


def leg(record: Any, **ends: Any) -> CallLeg:
    return to_call_leg(record, source="ringcentral", people=to_people(OurEnds("GB", **ends), ENTRIES))


def told(name: str) -> CallLeg:
    return leg(recorded("ringcentral", name))


def shares(found: CallLeg) -> dict[str, int]:
    return {rep.email: rep.talk_seconds for rep in found.reps}


def test_who_took_a_call_that_rang_for_several_talked_and_the_others_did_not() -> None:
    found = told("simultaneous_ring")
    assert (found.outcome, found.talk_seconds, shares(found)) == (Outcome.ANSWERED, 288, {JO: 0, MAX: 288})
    assert (found.queue, found.conversation_id, found.record_id) == ("Sales", "s-a0d1", "IWM7abc")


def test_two_legs_of_one_talk_are_counted_once() -> None:
    assert told("simultaneous_ring").reps[-1].last_at == datetime(2026, 3, 9, 10, 5, tzinfo=UTC)


def test_a_transfer_shares_the_talk_between_both() -> None:
    found = told("transferred")
    assert (shares(found), found.talk_seconds) == ({JO: 100, MAX: 200}, 300)


def test_a_transfer_in_a_second_record_is_the_same_conversation_whichever_comes_first() -> None:
    missed = leg(recorded("ringcentral", "voicemail") | {"id": "second", "startTime": "2026-03-09T09:59:00.000Z"})
    taken = told("simultaneous_ring")
    assert missed.key == taken.key
    both = [join([missed, taken]), join([taken, missed])]
    assert both[0] == both[1]
    assert (both[0].outcome, both[0].reps[0].email) == (Outcome.ANSWERED, MAX)


def test_voicemail_is_told_from_missed() -> None:
    found = told("voicemail")
    assert (found.outcome, found.talk_seconds, shares(found)) == (Outcome.VOICEMAIL, 0, {JO: 0})
    assert found.extra["voicemail"] == "77"


def test_a_message_that_comes_later_makes_a_missed_call_a_voicemail() -> None:
    missed = recorded("ringcentral", "voicemail") | {"result": "Missed"}
    assert leg(missed).outcome is Outcome.VOICEMAIL
    assert leg({**missed, "message": None}).outcome is Outcome.MISSED


def test_a_caller_whom_only_the_menu_answered_was_missed() -> None:
    assert (told("only_the_menu").outcome, told("only_the_menu").talk_seconds) == (Outcome.MISSED, 0)


def test_an_old_record_of_a_withheld_caller_is_still_a_call() -> None:
    found = told("withheld_old_session")
    assert (found.outside_number, found.conversation_id, found.outcome) == ("", "403631628008", Outcome.MISSED)
    assert (found.direction, shares(found)) == (Direction.INBOUND, {JO: 0})


def test_extension_to_extension_is_internal_with_both_people() -> None:
    found = told("internal")
    assert (found.direction, shares(found)) == (Direction.INTERNAL, {JO: 30, MAX: 30})


def test_a_number_stays_as_it_was_delivered_and_its_region_with_it() -> None:
    found = told("national_outbound")
    assert (found.outside_number, found.outside_name, found.region) == ("07700 900123", "Ann Lee", "GB")
    assert (found.direction, found.line, found.talk_seconds) == (Direction.OUTBOUND, "442079460100", 42)


def test_a_town_is_no_name() -> None:
    assert told("voicemail").outside_name == ""


def test_no_link_to_a_recording_is_kept_for_all_need_the_apps_credentials() -> None:
    found = told("simultaneous_ring")
    assert (found.recording_url, found.extra["recording"]) == ("", "1")
    assert "https://" not in repr(found)


def test_what_the_config_says_of_lines_and_extensions_goes_first() -> None:
    found = leg(recorded("ringcentral", "voicemail"), lines={"020 7946 0100": MAX}, extensions={"101": MAX})
    assert (found.line_rep, shares(found)) == (MAX, {MAX: 0})


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_record_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(NoCall, match=r"^(it|its) "):
        leg(MALFORMED[name])


@pytest.mark.parametrize(
    ("result", "inbound", "outgoing"),
    [
        ("Accepted", Outcome.ANSWERED, Outcome.ANSWERED),
        ("Call connected", Outcome.ANSWERED, Outcome.ANSWERED),
        ("Reply", Outcome.VOICEMAIL, Outcome.VOICEMAIL),
        ("No Answer", Outcome.MISSED, Outcome.NO_ANSWER),
        ("Hang Up", Outcome.MISSED, Outcome.NO_ANSWER),
        ("Abandoned", Outcome.MISSED, Outcome.NO_ANSWER),
        ("Declined", Outcome.MISSED, Outcome.FAILED),
        ("Busy", Outcome.MISSED, Outcome.BUSY),
        ("Stopped", Outcome.FAILED, Outcome.NO_ANSWER),
        ("Blocked", Outcome.FAILED, Outcome.FAILED),
        ("Suspended account", Outcome.FAILED, Outcome.FAILED),
        ("Something new", Outcome.FAILED, Outcome.FAILED),
        ("", Outcome.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_each_result_has_one_meaning_a_way(result: str, inbound: Outcome, outgoing: Outcome) -> None:
    assert (to_outcome(result, inbound=True), to_outcome(result, inbound=False)) == (inbound, outgoing)


def test_one_token_serves_many_readings_and_programs(ringcentral: RingCentralStage) -> None:
    ringcentral.read()
    ringcentral.read()
    ringcentral.source = ringcentral.open()
    ringcentral.read()
    paths = [request.path for request in ringcentral.simulator.requests]
    assert paths.count("/restapi/oauth/token") == 1


def test_a_token_that_ends_early_is_replaced(ringcentral: RingCentralStage) -> None:
    ringcentral.call()
    ringcentral.read()
    ringcentral.simulator.end_tokens()
    assert len(ringcentral.read().sightings) == 1


def test_a_changed_jwt_asks_for_a_token_of_its_own(ringcentral: RingCentralStage) -> None:
    ringcentral.read()
    with pytest.raises(SignInAgain) as caught:
        ringcentral.open(jwt="hunter2").probe("")
    assert "hunter2" not in caught.value.why + caught.value.next_step


def test_no_secret_is_in_an_address_or_a_repr(ringcentral: RingCentralStage) -> None:
    ringcentral.read()
    simulator = ringcentral.simulator
    ringcentral.source.client.vendor.pause = None  # the stage's own, which shows all of the stage
    seen = repr(ringcentral.source) + repr([(one.path, one.query) for one in simulator.requests])
    for secret in (simulator.jwt, simulator.client_secret, *simulator._tokens):
        assert secret not in seen


@pytest.mark.parametrize("permission", ["FullCompanyCallLog", "ReadAccounts"])
def test_a_missing_permission_is_named(ringcentral: RingCentralStage, permission: str) -> None:
    ringcentral.simulator.permissions.discard(permission)
    with pytest.raises(SignInAgain, match=permission) as caught:
        ringcentral.source.probe("")
    assert permission in caught.value.next_step


def test_all_pages_are_read_though_nobody_tells_how_many(
    ringcentral: RingCentralStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activity_sync.dialers.ringcentral.client.PAGE", 2)
    made = {ringcentral.call(NOON - minutes * timedelta(minutes=1)) for minutes in range(1, 8)}
    assert {one.record_id for one in ringcentral.read().sightings} == made


def test_the_tenth_request_of_a_minute_is_followed_by_a_rest_and_never_by_a_penalty(
    ringcentral: RingCentralStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activity_sync.dialers.ringcentral.client.PAGE", 2)
    for minutes in range(1, 30):
        ringcentral.call(NOON - minutes * timedelta(minutes=1))
    assert len(ringcentral.read().sightings) == 29
    heavy = ringcentral.simulator.limits.heavy
    assert (ringcentral.waits, heavy.restarted, heavy.used) == ([61.0], 0, 5)


def test_waiting_has_an_end_and_nothing_is_sent_while_the_gate_is_shut(ringcentral: RingCentralStage) -> None:
    ringcentral.read()
    simulator = ringcentral.simulator
    simulator.mishaps.too_many = lambda: _refusal(600)
    simulator.mishaps.plan(Mishap.TOO_MANY, path="call-log")
    for _ in range(3):
        sent = len(simulator.mishaps.happened) + len(simulator.requests)
        with pytest.raises(TryLater) as caught:
            ringcentral.read()
        assert caught.value.after == timedelta(seconds=601)
    assert len(simulator.mishaps.happened) + len(simulator.requests) == sent
    simulator.clock.shift(timedelta(seconds=601))
    ringcentral.read()


def test_spent_sign_ins_are_waited_for(ringcentral: RingCentralStage) -> None:
    ringcentral.simulator.limits.auth.limit = 0
    with pytest.raises(TryLater) as caught:
        ringcentral.read()
    assert caught.value.after == timedelta(seconds=60)


def test_the_directory_is_read_once_an_hour(ringcentral: RingCentralStage) -> None:
    key = ringcentral.call()
    ringcentral.read()
    ringcentral.read()
    assert _asked(ringcentral, "/extension") == 1
    ringcentral.simulator.extensions[ringcentral.jo]["contact"]["email"] = "jo.jones@acme.example"
    ringcentral.simulator.clock.shift(HOUR)
    assert [rep.email for rep in ringcentral.leg(key).reps] == ["jo.jones@acme.example"]
    assert _asked(ringcentral, "/extension") == 2


def test_single_records_are_looked_up_and_missing_ones_are_gone(ringcentral: RingCentralStage) -> None:
    there, running = ringcentral.call(), ringcentral.call(result="In Progress")
    found = ringcentral.source.again("", [there, running, "IWM1"])
    assert ([one.record_id for one in found.sightings], list(found.gone)) == ([there], ["IWM1"])


def test_a_call_that_shows_late_is_found(ringcentral: RingCentralStage) -> None:
    ringcentral.simulator.lag = timedelta(seconds=30)
    long = ringcentral.call(NOON - 2 * HOUR, lasting=7200)
    first = ringcentral.read()
    assert not first.sightings
    ringcentral.call(NOON - HOUR)
    cursor = ringcentral.read(first.cursor, thorough=False).cursor
    ringcentral.simulator.clock.shift(timedelta(minutes=1))
    assert long in [one.record_id for one in ringcentral.read(cursor, thorough=False).sightings]


def test_a_recording_that_comes_later_changes_the_call(ringcentral: RingCentralStage) -> None:
    key = ringcentral.call()
    before = ringcentral.leg(key)
    assert fingerprint(ringcentral.leg(key)) == fingerprint(before)
    ringcentral.simulator.record_call(key)
    assert fingerprint(ringcentral.leg(key)) != fingerprint(before)


def test_a_list_without_records_is_unexpected(ringcentral: RingCentralStage) -> None:
    ringcentral.read()
    ringcentral.simulator.mishaps.plan(Mishap.TRUNCATED, path="call-log", times=9)
    with pytest.raises((Unexpected, TryLater)):
        ringcentral.read()


def test_the_outside_number_and_the_line_come_as_ringcentral_writes_them(ringcentral: RingCentralStage) -> None:
    found = ringcentral.leg(ringcentral.call())
    assert (found.outside_number, found.line) == (CALLER, OUR_LINE)


def _asked(stage: RingCentralStage, end: str) -> int:
    return sum(request.path.endswith(end) for request in stage.simulator.requests)


def _refusal(seconds: int) -> Response:
    return Response(429, b"{}", {"Retry-After": str(seconds)})
