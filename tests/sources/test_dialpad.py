"""Dialpad: what becomes of its records, and how far a reading goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.dialers.dialpad.people import to_people
from activity_sync.dialers.dialpad.translation import to_call_leg
from activity_sync.model.interactions import Call, CallLeg, Direction, Outcome, fingerprint
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall
from activity_sync.rules.joining import join
from activity_sync.simulator.dialers.dialpad.simulator import Refused
from tests.sources.dialpad_stage import CALLER, SALES, DialpadStage
from tests.sources.recorded import recorded
from tests.sources.stage import HOUR, JO, MAX, NOON

OPERATOR = recorded("dialpad", "operator")
USERS = [{"id": "3", "emails": ["Max@Acme.example"], "phone_numbers": ["+442079460102"]}, "no user", {"emails": 7}]


@pytest.fixture
def dialpad(monkeypatch: pytest.MonkeyPatch) -> Iterator[DialpadStage]:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    with DialpadStage().serve() as stage:
        yield stage


def leg(record: Any, **ends: Any) -> CallLeg:
    return to_call_leg(record, source="dialpad", people=to_people(OurEnds("GB", **ends), USERS))


def whole(stage: DialpadStage) -> Call:
    """The one call that all records make."""
    found = list(stage.legs().values())
    assert len({one.key for one in found}) == 1
    call = join(found)
    assert isinstance(call, Call)
    return call


def test_milliseconds_and_ids_as_text_are_read() -> None:
    found = leg(OPERATOR)
    assert (found.record_id, found.conversation_id) == ("5003912301060096", "4932532989665280")
    assert found.started == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert (found.outcome, found.talk_seconds, found.direction) == (Outcome.ANSWERED, 288, Direction.INBOUND)
    assert [(rep.email, rep.talk_seconds) for rep in found.reps] == [(JO, 288)]
    assert (found.queue, found.tags, found.outside_name) == ("Sales", ("demo",), "Ann Lee")
    numbers = {name: int(OPERATOR[name]) for name in ("call_id", "entry_point_call_id", "date_started", "date_ended")}
    assert fingerprint(leg(OPERATOR | numbers)) == fingerprint(found)


def test_only_a_page_of_dialpads_own_is_kept_of_a_recording() -> None:
    assert leg(OPERATOR).recording_url == ""
    shared = "https://dialpad.com/shared/call/9"
    assert leg(OPERATOR | {"admin_call_recording_share_links": ["ftp://x", shared]}).recording_url == shared


def test_a_message_after_the_tone_is_a_voicemail_with_its_words() -> None:
    told = {"date_connected": None, "voicemail_share_link": "https://dialpad.com/v/1", "transcription_text": "Call me"}
    found = leg(OPERATOR | told)
    assert (found.outcome, found.talk_seconds, found.summary) == (Outcome.VOICEMAIL, 0, "Call me")
    details = [{"id": "1", "recording_type": "voicemail"}]
    assert leg(OPERATOR | {"date_connected": None, "recording_details": details}).outcome is Outcome.VOICEMAIL


def test_a_colleagues_number_makes_it_internal() -> None:
    assert leg(OPERATOR | {"external_number": "+442079460102"}).direction is Direction.INTERNAL


def test_who_it_is_comes_from_the_config_then_the_record_then_the_list_of_users() -> None:
    nameless = OPERATOR | {"target": {"id": "3", "type": "user"}}
    assert [rep.email for rep in leg(nameless).reps] == [MAX]
    assert [rep.email for rep in leg(nameless, extensions={"3": JO}).reps] == [JO]
    assert leg(OPERATOR | {"target": {"id": "99", "type": "user"}}).reps == ()
    assert leg(OPERATOR, lines={"020 7946 0199": MAX}).line_rep == MAX


def test_a_users_own_number_is_that_users_line_though_the_call_was_missed() -> None:
    missed = OPERATOR | {"date_connected": None, "entry_point_target": {}, "entry_point_call_id": None}
    assert (leg(missed).outcome, leg(missed).line_rep) == (Outcome.MISSED, JO)
    assert leg(missed | {"internal_number": "+442079460102"}).line_rep == MAX
    assert leg(missed | {"internal_number": "+442079460199"}).line_rep == ""


def test_a_department_that_nobody_took_is_no_line_of_who_was_rung() -> None:
    found = leg(OPERATOR | {"date_connected": None})
    assert (found.line, found.line_rep) == ("+442079460199", "")


def test_talk_is_told_in_milliseconds_where_the_end_is_missing() -> None:
    assert leg(OPERATOR | {"date_ended": None}).talk_seconds == 288


@pytest.mark.parametrize(
    "change",
    [
        {"call_id": None},
        {"direction": "sideways"},
        {"date_started": None, "date_rang": None},
        {"date_started": "yesterday"},
        {"date_ended": "1773050300000"},
        {"date_connected": "1773050399000"},
        {"date_connected": "1773050800000"},
        {"date_ended": None, "duration": -5},
        {"date_ended": None, "duration": "long"},
        {"date_started": "9" * 30},
    ],
)
def test_a_malformed_record_is_refused_with_a_reason(change: dict[str, Any]) -> None:
    with pytest.raises(NoCall, match=r"^(it|its) "):
        leg(OPERATOR | change)


def test_a_department_that_rang_several_is_one_call_of_who_took_it(dialpad: DialpadStage) -> None:
    dialpad.queue_call(talk=60)
    call = whole(dialpad)
    assert (call.outcome, call.talk_seconds, call.queue) == (Outcome.ANSWERED, 60, "Sales")
    assert [(rep.email, rep.talk_seconds) for rep in call.reps] == [(JO, 60), (MAX, 0)]


def test_a_call_that_nobody_of_a_department_took_is_missed_once(dialpad: DialpadStage) -> None:
    dialpad.queue_call(talk=None)
    call = whole(dialpad)
    assert (call.outcome, call.talk_seconds, call.outside_number) == (Outcome.MISSED, 0, CALLER)


def test_a_transfer_is_the_same_call_and_the_longer_talk_owns_it(dialpad: DialpadStage) -> None:
    first = dialpad.call(talk=60)
    target = dialpad.simulator.user_target(dialpad.max)
    dialpad.call(NOON - HOUR + HOUR / 30, target=target, entry_point=first, talk=190, is_transferred=True)
    call = whole(dialpad)
    assert [(rep.email, rep.talk_seconds) for rep in call.reps] == [(MAX, 190), (JO, 60)]


def test_a_connected_department_without_a_person_was_missed(dialpad: DialpadStage) -> None:
    dialpad.call(target=SALES, talk=40)
    assert whole(dialpad).outcome is Outcome.MISSED


def test_all_pages_are_read_before_the_mark_moves(dialpad: DialpadStage) -> None:
    made = {dialpad.call(NOON - minutes * timedelta(minutes=1), talk=20) for minutes in range(1, 61)}
    assert set(dialpad.legs()) == made
    assert sum(request.path == "/api/v2/call" for request in dialpad.simulator.requests) == 3


def test_a_very_long_call_shows_hours_in_the_past_and_is_found(dialpad: DialpadStage) -> None:
    long = dialpad.call(NOON - 9 * HOUR, talk=60, over=False)
    dialpad.call(NOON - HOUR, talk=60)
    cursor = dialpad.read().cursor
    dialpad.simulator.finish_call(long)
    cursor = dialpad.read(cursor, thorough=False).cursor
    dialpad.simulator.clock.shift(timedelta(minutes=30))
    assert long in [one.record_id for one in dialpad.read(cursor, thorough=False).sightings]


def test_twenty_requests_a_second_are_never_passed(dialpad: DialpadStage) -> None:
    dialpad.simulator.page = 1
    for minutes in range(1, 61):
        dialpad.call(NOON - minutes * timedelta(minutes=1), talk=20)
    assert len(dialpad.legs()) == 60
    assert max(dialpad.waits) <= 0.05


def test_the_users_are_read_once_an_hour(dialpad: DialpadStage) -> None:
    for hours in (0, 0, 1):
        dialpad.simulator.clock.shift(hours * HOUR)
        dialpad.read()
    assert sum(request.path == "/api/v2/users" for request in dialpad.simulator.requests) == 2


@pytest.mark.parametrize("status", [403, 404])
def test_without_a_list_of_users_the_addresses_in_the_calls_do(
    dialpad: DialpadStage, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    key = dialpad.call(talk=60)
    route = type(dialpad.simulator)._route

    def without(simulator: Any, request: Any) -> Any:
        if request.path.endswith("/users"):
            raise Refused(status, "Not for you")
        return route(simulator, request)

    monkeypatch.setattr(type(dialpad.simulator), "_route", without)
    assert [rep.email for rep in dialpad.legs()[key].reps] == [JO]


def test_single_records_are_asked_for_ten_a_minute(dialpad: DialpadStage) -> None:
    made = [dialpad.call(talk=20) for _ in range(11)]
    found = dialpad.source.again("", [*made, "1"])
    assert ([one.record_id for one in found.sightings], list(found.gone)) == (made, ["1"])
    assert sum(dialpad.waits) == pytest.approx(66, abs=1)


@pytest.mark.parametrize("late", ["label", "record"])
def test_what_comes_late_changes_the_fingerprint(dialpad: DialpadStage, late: str) -> None:
    key = dialpad.call(NOON - 30 * HOUR, talk=60)
    first = dialpad.read()
    dialpad.simulator.label(key, "Demo booked") if late == "label" else dialpad.simulator.record(key)
    dialpad.simulator.clock.shift(HOUR)
    again = dialpad.read(first.cursor, thorough=False)
    assert fingerprint(again.sightings[0]) != fingerprint(first.sightings[0])
