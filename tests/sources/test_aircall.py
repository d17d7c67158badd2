"""Aircall: what becomes of its calls, where a reading begins, its pace and its ceiling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.dialers.aircall.translation import to_call_leg
from activity_sync.model.failures import SignInAgain, TryLater, Unexpected
from activity_sync.model.interactions import CallLeg, Outcome, fingerprint
from activity_sync.model.wire import NoCall
from activity_sync.simulator.dialers.aircall import AircallSimulator
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.network import Request
from tests.sources.recorded import recorded
from tests.sources.stage import CUSTOMER, DAY, HOUR, JO, LINE, MAX, NOON, AircallStage, dialer

MALFORMED = recorded("aircall", "malformed")


@pytest.fixture
def aircall(monkeypatch: pytest.MonkeyPatch) -> Iterator[AircallStage]:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    with AircallStage().serve() as stage:
        yield stage


def leg(call: dict[str, Any]) -> CallLeg:
    return to_call_leg(call, source="aircall", region="DE", line_rep=lambda line, region: f"{line}/{region}")


def asked(aircall: AircallStage) -> list[dict[str, str]]:
    listings = [request for request in aircall.simulator.requests if request.path == "/v1/calls"]
    return [{name: values[0] for name, values in request.query.items()} for request in listings]


def test_a_transferred_call_is_one_call_with_its_last_agent_and_notes_in_order() -> None:
    found = leg(recorded("aircall", "transferred"))
    assert (found.record_id, found.talk_seconds, found.outcome) == ("812345678", 288, Outcome.ANSWERED)
    assert found.started == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert [(rep.email, rep.talk_seconds) for rep in found.reps] == [(JO, 288), (MAX, 0)]
    assert (found.notes, found.tags) == (("Wants a demo", "Then a quote"), ("Demo",))
    assert found.extra == {"transferred_by": MAX, "teams": "Sales"}
    assert (found.line, found.line_name, found.region, found.queue) == (LINE, "Sales UK", "GB", "Sales")


def test_only_the_page_that_lasts_is_kept_of_a_recording() -> None:
    assert (
        leg(recorded("aircall", "transferred")).recording_url == "https://assets.aircall.io/calls/812345678/recording"
    )
    assert "sig=" not in repr(leg(recorded("aircall", "voicemail")))


def test_voicemail_is_told_from_missed() -> None:
    found = leg(recorded("aircall", "voicemail"))
    assert (found.outcome, found.talk_seconds, found.reps) == (Outcome.VOICEMAIL, 0, ())
    assert found.extra["missed_call_reason"] == "agents_did_not_answer"


def test_a_withheld_caller_on_no_line_is_still_a_call() -> None:
    found = leg(recorded("aircall", "anonymous_abandoned"))
    assert (found.outcome, found.outside_number, found.line, found.region) == (Outcome.MISSED, "anonymous", "", "DE")


def test_a_missed_call_belongs_to_whom_it_was_given() -> None:
    assert [rep.email for rep in leg(recorded("aircall", "given_to_somebody")).reps] == [JO]


def test_whom_aircall_knows_has_a_name_an_address_and_a_company(aircall: AircallStage) -> None:
    contact = {"id": 5, "first_name": "Ann", "last_name": "Lee", "company_name": "Globex",
               "emails": [{"label": "Work", "value": "Ann@globex.example"}]}  # fmt: skip
    others = [{"type": "user", "name": "Jo"}, {"type": "external", "phone_number": "+44 7700 900199"}]
    found = aircall.leg(contact=contact, participants=others)
    assert found.outside_name == "Ann Lee"
    told = {name: found.extra[name] for name in ("email", "company", "participants")}
    assert told == {"email": "ann@globex.example", "company": "Globex", "participants": "+44 7700 900199"}
    assert aircall.leg(contact={"first_name": "+44 7700 900123"}).outside_name == ""


def test_a_webhook_that_aircall_put_to_sleep_is_told(aircall: AircallStage) -> None:
    aircall.simulator.webhooks = [{"webhook_id": "1", "active": True}, {"webhook_id": "2", "active": False}]
    assert "inactive" not in aircall.source.probe("")
    assert "1 of its webhooks are inactive" in aircall.open(webhook={"secret": "s"}).probe("")


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_call_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(NoCall, match=r"^(it|its) "):
        leg(MALFORMED[name])


def test_whose_line_it_is_does_not_depend_on_how_its_number_is_written(aircall: AircallStage) -> None:
    aircall.source = aircall.open(lines={"020 7946 0100": MAX, "+44 20 7946 0999": JO})
    assert aircall.leg().line_rep == MAX


def test_links_that_are_signed_anew_each_time_change_nothing(aircall: AircallStage) -> None:
    aircall.simulator.record(aircall.call(voicemail=True))
    assert fingerprint(aircall.read().sightings[0]) == fingerprint(aircall.read().sightings[0])


@pytest.mark.parametrize("late", ["comment", "tag", "record"])
def test_what_comes_late_changes_the_fingerprint(aircall: AircallStage, late: str) -> None:
    number = aircall.call(at=NOON - 30 * HOUR)
    first = aircall.read()
    match late:
        case "comment":
            aircall.simulator.comment(number, "Wants a quote", by=JO)
        case "tag":
            aircall.simulator.tag(number, "Demo")
        case _:
            aircall.simulator.record(number)
    aircall.simulator.clock.shift(HOUR)
    again = aircall.read(first.cursor, thorough=False)
    assert fingerprint(again.sightings[0]) != fingerprint(first.sightings[0])


def test_a_poll_goes_back_six_hours_and_now_and_then_two_days(aircall: AircallStage) -> None:
    aircall.call(at=NOON)
    cursor = aircall.read().cursor
    reaches = []
    for _ in range(3):
        aircall.simulator.clock.shift(timedelta(minutes=20))
        cursor = aircall.read(cursor, thorough=False).cursor
        reaches.append(aircall.simulator.clock.now() - datetime.fromtimestamp(int(asked(aircall)[-1]["from"]), UTC))
    assert reaches == [6 * HOUR + timedelta(minutes=20), 48 * HOUR, 7 * HOUR]


def test_a_thorough_reading_goes_back_a_week(aircall: AircallStage) -> None:
    aircall.call(at=NOON)
    aircall.read(aircall.read().cursor, back=30 * DAY)
    assert int(asked(aircall)[-1]["from"]) == int((NOON - 7 * DAY).timestamp())


def test_a_wrong_clock_at_the_vendor_does_not_move_the_cursor_into_the_future(aircall: AircallStage) -> None:
    aircall.call(at=NOON + 30 * DAY)
    assert NOON.isoformat() in aircall.read().cursor


def test_a_call_without_an_end_after_a_day_is_told_and_no_longer_waited_for(aircall: AircallStage) -> None:
    number = aircall.call(at=NOON - 25 * HOUR, status="answered")
    changes = aircall.read()
    assert [(one.where, one.why) for one in changes.unreadable] == [(f"call {number}", "it has had no end for a day")]
    assert '"running":null' in changes.cursor


def test_all_pages_are_read_by_number_and_no_link_is_followed(aircall: AircallStage) -> None:
    numbers = {str(aircall.call(at=NOON - timedelta(minutes=minute + 1))) for minute in range(101)}
    assert {leg.record_id for leg in aircall.read().sightings} == numbers
    assert [(one["page"], one["per_page"]) for one in asked(aircall)] == [("1", "50"), ("2", "50"), ("3", "50")]


def test_a_list_at_the_ceiling_is_asked_for_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.dialers.aircall.client.CEILING", 20)
    stage = AircallStage()
    stage.simulator.ceiling = 20
    with stage.serve():
        numbers = {str(stage.call(at=NOON - minute * timedelta(hours=2))) for minute in range(60)}
        found = [leg.record_id for leg in stage.read().sightings]
    assert (set(found), len(found)) == (numbers, 60)


def test_the_pace_is_kept_and_what_is_spent_is_waited_for() -> None:
    stage = AircallStage(AircallSimulator(_held(), rate_limit=2))
    with stage.serve():
        for minute in range(180):
            stage.call(at=NOON - timedelta(minutes=minute + 1))
        assert len(stage.read().sightings) == 180
    assert [55 < seconds < 70 for seconds in stage.waits] == [True]
    assert len(asked(stage)) == 4, "the last answer said that none was left, so none was tried in vain"


def test_pages_that_lead_in_a_circle_end_the_reading(aircall: AircallStage, monkeypatch: pytest.MonkeyPatch) -> None:
    aircall.call()
    vendor = type(aircall.simulator)
    route = vendor._route

    def there_is_more(simulator: Any, request: Request) -> Any:
        page = route(simulator, replace(request, query={**request.query, "page": ["1"]}))
        return {**page, "meta": {**page["meta"], "next_page_link": "https://api.aircall.io/v1/calls?page=2"}}

    monkeypatch.setattr(vendor, "_route", there_is_more)
    with pytest.raises(Unexpected, match="no end"):
        aircall.read()
    assert len(asked(aircall)) == 2


def test_waiting_has_an_end(aircall: AircallStage) -> None:
    aircall.simulator.mishaps.plan(Mishap.TOO_MANY, times=99)
    with pytest.raises(TryLater) as caught:
        aircall.read()
    assert caught.value.after is not None
    assert sum(aircall.waits) <= 180


@pytest.mark.parametrize("key", [{"api_id": "x"}, {"api_token": "hunter2"}])
def test_a_refused_key_is_named_without_it(aircall: AircallStage, key: dict[str, str]) -> None:
    with pytest.raises(SignInAgain) as caught:
        aircall.open(**key).probe("")
    assert "hunter2" not in str(caught.value) + caught.value.next_step
    assert "hunter2" not in repr(aircall.open(**key))


def test_single_calls_are_looked_up_and_missing_ones_are_gone(aircall: AircallStage) -> None:
    there, running = aircall.call(), aircall.call(status="answered")
    found = aircall.source.again("", [str(there), str(running), "1"])
    assert ([leg.record_id for leg in found.sightings], list(found.gone)) == ([str(there)], ["1"])


def test_something_else_at_aircalls_address_is_noticed(aircall: AircallStage) -> None:
    aircall.simulator.mishaps.plan(Mishap.HTML, times=2)
    with pytest.raises(Unexpected):
        aircall.source.probe("")


def test_nobody_at_the_address_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    source: Any = dialer(name="a", kind="aircall", api_id="x", api_token="y", api_url="http://127.0.0.1:9")
    with pytest.raises(TryLater):
        source.probe("")
    source.close()


def test_the_outside_number_comes_as_aircall_shows_it(aircall: AircallStage) -> None:
    assert aircall.leg().outside_number == CUSTOMER


def _held() -> Any:
    from activity_sync.simulator.clock import Clock

    return Clock(NOON)
