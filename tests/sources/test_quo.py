"""Quo: what becomes of its calls, and how its list is asked for, whatever its filters are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.dialers.quo.people import to_people
from activity_sync.dialers.quo.translation import to_call_leg
from activity_sync.model.interactions import CallLeg, Direction, Outcome, fingerprint
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall
from activity_sync.simulator.dialers.quo.simulator import QuoSimulator, Refused
from tests.sources.quo_stage import CALLER, OUR_LINE, QuoStage
from tests.sources.recorded import recorded
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON

ANSWERED, OLDER = recorded("quo", "answered"), recorded("quo", "older")
USERS = [{"id": "US123abc", "email": "Max@Acme.example"}, {"id": "US456def", "email": JO}, "nobody"]
NUMBERS = [{"id": "PN123abc", "number": OUR_LINE, "name": "Sales UK"}, 7]


@pytest.fixture
def quo(monkeypatch: pytest.MonkeyPatch) -> Iterator[QuoStage]:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    with QuoStage().serve() as stage:
        yield stage


def leg(call: Any, numbers: Any = NUMBERS, **ends: Any) -> CallLeg:
    return to_call_leg(call, source="quo", people=to_people(OurEnds("GB", **ends), USERS, numbers))


def asked(quo: QuoStage) -> list[dict[str, str]]:
    found = [request for request in quo.simulator.requests if request.path == "/calls"]
    return [{name: values[0] for name, values in request.query.items()} for request in found]


def test_who_answered_is_the_rep_and_not_whose_line_it_is() -> None:
    found = leg(ANSWERED)
    assert [(rep.email, rep.talk_seconds) for rep in found.reps] == [(JO, 288)]
    assert (found.line_rep, found.line, found.line_name) == (MAX, OUR_LINE, "Sales UK")
    assert (found.started, found.outcome) == (datetime(2026, 3, 9, 10, tzinfo=UTC), Outcome.ANSWERED)
    assert (found.outside_number, found.direction) == (CALLER, Direction.INBOUND)
    assert found.summary == "You talked about the weather.\n\nNext steps:\n- Bring an umbrella."


def test_a_completed_call_that_nobody_answered_was_missed_on_the_owners_line() -> None:
    found = leg(ANSWERED | {"answeredAt": None, "answeredBy": None})
    assert (found.outcome, found.talk_seconds, found.reps, found.line_rep) == (Outcome.MISSED, 0, (), MAX)


def test_the_older_shape_has_bare_numbers_and_a_user() -> None:
    found = leg(OLDER)
    assert (found.outcome, found.outside_number, found.line) == (Outcome.NO_ANSWER, CALLER, OUR_LINE)
    assert [rep.email for rep in found.reps] == [MAX]


def test_a_machine_that_answers_is_nobody_of_ours() -> None:
    found = leg(ANSWERED | {"answeredBy": "SYU1", "aiHandled": "ai-agent"})
    assert (found.outcome, found.talk_seconds, found.reps) == (Outcome.MISSED, 0, ())
    assert found.summary.startswith("You talked")
    assert leg(ANSWERED | {"aiHandled": "ai-agent"}).outcome is Outcome.ANSWERED


def test_a_message_after_the_tone_is_a_voicemail_with_its_words_and_no_link_that_ends() -> None:
    message = {"id": "VM1", "status": "completed", "recordingUrl": "https://x.example/1.mp3", "transcript": "Call me"}
    found = leg(ANSWERED | {"answeredAt": None, "answeredBy": None, "voicemail": message, "summary": None})
    assert (found.outcome, found.summary, found.recording_url) == (Outcome.VOICEMAIL, "Call me", "")
    assert "mp3" not in repr(found)


def test_numbers_that_are_not_listed_are_told_from_outside_by_their_users() -> None:
    found = leg(ANSWERED, numbers=())
    assert (found.outside_number, found.line) == (CALLER, OUR_LINE)
    assert leg(OLDER, numbers=(), lines={"020 7946 0100": JO}).outside_number == CALLER


def test_a_withheld_caller_and_a_call_without_a_number_are_still_calls() -> None:
    nobody = [{"phoneNumber": OUR_LINE, "actorId": "US123abc"}, {"phoneNumber": "anonymous", "actorId": None}]
    assert leg(ANSWERED | {"participants": nobody}).outside_number == "anonymous"
    without = leg(ANSWERED | {"participants": None, "phoneNumberId": None})
    assert (without.outside_number, without.direction) == ("", Direction.INBOUND)


def test_a_third_party_is_named_beside_the_first() -> None:
    third = [*ANSWERED["participants"], {"phoneNumber": "+447700900456", "actorId": None}]
    assert leg(ANSWERED | {"participants": third}).extra["also_on_the_call"] == "+447700900456"


def test_colleagues_among_themselves_are_internal() -> None:
    ours = [{"phoneNumber": OUR_LINE, "actorId": "US1"}, {"phoneNumber": "+442079460177", "actorId": "US2"}]
    found = leg(ANSWERED | {"participants": ours})
    assert (found.direction, found.outside_number) == (Direction.INTERNAL, "+442079460177")


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"direction": "sideways"},
        {"createdAt": None},
        {"createdAt": "2026-03-09T10:00:00"},
        {"completedAt": "2026-03-09T09:00:00Z"},
        {"answeredAt": "2026-03-09T09:00:00Z"},
        {"answeredAt": "soon"},
        {"completedAt": None, "status": "answered", "duration": -5},
    ],
)
def test_a_malformed_call_is_refused_with_a_reason(change: dict[str, Any]) -> None:
    with pytest.raises(NoCall, match=r"^(it|its) "):
        leg(ANSWERED | change)


@pytest.mark.parametrize("late", ["summary", "voicemail"])
def test_what_comes_late_changes_the_fingerprint(quo: QuoStage, late: str) -> None:
    key = quo.call(NOON - 30 * HOUR)
    first = quo.read()
    if late == "summary":
        quo.simulator.summarize(key, "Wants a quote", steps=["Send it"])
    else:
        quo.simulator.leave_message(key, "Call me")
    quo.simulator.clock.shift(HOUR)
    again = quo.read(first.cursor, thorough=False)
    assert fingerprint(again.sightings[0]) != fingerprint(first.sightings[0])


@pytest.mark.parametrize("filters", [True, False])
@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("paging", ["after", "cursor", "pageToken", "nextCursor"])
def test_all_pages_are_read_whatever_filters_and_paging_are_called(
    quo: QuoStage, filters: bool, strict: bool, paging: str
) -> None:
    quo.simulator.filters, quo.simulator.strict, quo.simulator.paging = filters, strict, paging
    made = {quo.call(NOON - minutes * timedelta(minutes=1), talk=20) for minutes in range(1, 121)}
    quo.call(NOON - 300 * DAY)
    assert {one.record_id for one in quo.read().sightings} == made
    first = asked(quo)[0]
    assert (first["limit"], first["include"]) == ("50", "summary,voicemail")
    assert datetime.fromisoformat(first["createdAt[gte]"]) == NOON - 7 * DAY


def test_a_filter_that_is_overlooked_does_not_read_the_whole_past(quo: QuoStage) -> None:
    quo.simulator.filters = False
    for days in range(1, 200):
        quo.call(NOON - days * DAY)
    assert len(quo.read().sightings) == 7
    assert len(asked(quo)) == 3  # refused, the first page, and one with only older ones


def test_a_list_that_runs_oldest_first_is_read_to_its_end(quo: QuoStage) -> None:
    quo.simulator.filters, quo.simulator.newest_first = False, False
    for days in range(1, 200):
        quo.call(NOON - days * DAY)
    assert len(quo.read().sightings) == 7


@pytest.mark.parametrize("size", ["maxResults", "per_page"])
def test_everything_is_read_where_the_size_of_a_page_has_another_name(quo: QuoStage, size: str) -> None:
    quo.simulator.filters, quo.simulator.size, quo.simulator.strict = False, size, True
    made = {quo.call(NOON - minutes * timedelta(minutes=1), talk=20) for minutes in range(1, 21)}
    assert {(one.record_id, one.reps[0].email) for one in quo.read().sightings} == {(key, JO) for key in made}
    assert "2 users" in quo.source.probe("")


def test_users_and_numbers_come_from_the_older_api_where_the_new_one_has_none(quo: QuoStage) -> None:
    quo.simulator.older_lists = True
    found = quo.leg(quo.call(talk=20))
    assert ([rep.email for rep in found.reps], found.line) == ([JO], OUR_LINE)
    assert "2 users" in quo.source.probe("")


def test_a_key_that_may_not_read_the_numbers_still_reads_the_calls(
    quo: QuoStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = QuoSimulator._route

    def without(simulator: Any, request: Any) -> Any:
        if request.path == "/phone-numbers":
            raise Refused(403, "Forbidden")
        return route(simulator, request)

    monkeypatch.setattr(QuoSimulator, "_route", without)
    assert [rep.email for rep in quo.leg(quo.call(talk=20)).reps] == [JO]


def test_ten_requests_a_second_are_never_passed(quo: QuoStage) -> None:
    for minutes in range(1, 701):
        quo.call(NOON - minutes * timedelta(minutes=1), talk=20)
    assert len(quo.read().sightings) == 700
    assert max(quo.waits) <= 0.1


def test_single_calls_are_looked_up_and_missing_ones_are_gone(quo: QuoStage) -> None:
    key = quo.call(talk=20)
    found = quo.source.again("", [key, "AC0"])
    assert ([one.record_id for one in found.sightings], list(found.gone)) == ([key], ["AC0"])
