"""Twilio: its pages, its window, its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.model.failures import SignInAgain, TryLater, Unexpected
from activity_sync.model.interactions import Outcome
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.twilio import TwilioSimulator
from activity_sync.simulator.dialers.twilio.lists import Refused
from activity_sync.simulator.mishaps import Mishap
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, span
from tests.sources.twilio_stage import CALLER, OUR_LINE, TwilioStage


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioStage]:
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    with TwilioStage().serve() as stage:
        yield stage


def paths(stage: TwilioStage) -> list[str]:
    return [request.path.partition(stage.simulator.account_sid)[2] for request in stage.simulator.requests]


def found(stage: TwilioStage) -> set[str]:
    return {leg.conversation_id for leg in stage.read().sightings}


def test_all_pages_are_read_whatever_host_their_links_name(
    twilio: TwilioStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activity_sync.dialers.twilio.client.PAGE", 2)
    roots = {twilio.comes_in(NOON - minutes * timedelta(minutes=1)) for minutes in range(1, 4)}
    assert found(twilio) == roots
    assert paths(twilio).count("/Calls.json") == 5
    assert all(request.headers["host"] in twilio.url for request in twilio.simulator.requests)


@pytest.mark.parametrize(
    "link",
    ["https://evil.example/2010-04-01/Accounts/AC1/Calls.json?x=1", "//evil.example/", "/2010-04-01/Accounts.json", 7],
)
def test_a_link_that_leads_elsewhere_is_not_followed(twilio: TwilioStage, link: object) -> None:
    asked = twilio.source.client._following
    with pytest.raises(Unexpected, match="elsewhere"):
        asked({"next_page_uri": link}, "Calls")


def test_a_full_address_is_followed_on_our_host(twilio: TwilioStage) -> None:
    path = f"/2010-04-01/Accounts/{twilio.simulator.account_sid}/Calls.json?PageToken=PA1"
    assert twilio.source.client._following({"next_page_uri": f"https://api.twilio.com{path}"}, "Calls") == path


def test_pages_that_go_round_end(twilio: TwilioStage, monkeypatch: pytest.MonkeyPatch) -> None:
    same = f"/2010-04-01/Accounts/{twilio.simulator.account_sid}/Calls.json?PageSize=1"
    monkeypatch.setattr("activity_sync.dialers.twilio.client.Client._following", lambda *_: same)
    with pytest.raises(Unexpected, match="circle"):
        twilio.read()


@pytest.mark.parametrize("by_day", [False, True])
def test_the_window_is_ours_also_where_filters_know_days_only(by_day: bool) -> None:
    stage = TwilioStage(TwilioSimulator(Clock(NOON), by_day=by_day))
    with stage.serve():
        stage.comes_in(NOON - 7 * DAY - HOUR)
        inside = stage.comes_in(NOON - 7 * DAY + HOUR)
        upper = stage.comes_in(NOON - 3 * DAY)
        stage.comes_in(NOON - HOUR)
        changes = stage.source.read("", "", span(ahead=-2 * DAY))
    assert {leg.conversation_id for leg in changes.sightings} == {inside, upper}


def test_a_child_just_behind_the_end_of_a_past_range_belongs_to_its_call(twilio: TwilioStage) -> None:
    root = twilio.leg("inbound", CALLER, OUR_LINE, NOON - 2 * DAY)
    twilio.dial(root, "client:jo", after=600)
    (leg,) = twilio.source.read("", "", span(ahead=-2 * DAY)).sightings
    assert (leg.conversation_id, leg.outcome) == (root, Outcome.ANSWERED)


def test_a_call_that_began_before_what_is_read_is_not_told_by_half(twilio: TwilioStage) -> None:
    root = twilio.leg("inbound", CALLER, OUR_LINE, NOON - 7 * DAY - HOUR)
    twilio.dial(root, "client:jo", after=7200)
    changes = twilio.read()
    assert (list(changes.sightings), list(changes.unreadable)) == ([], [])
    assert paths(twilio)[1] == f"/Calls/{root}.json"


def test_a_missing_root_is_asked_for_and_waited_for_but_not_for_ever(twilio: TwilioStage) -> None:
    root = twilio.comes_in()
    del twilio.simulator.calls[root]
    young = twilio.read()
    assert (list(young.sightings), paths(twilio).count(f"/Calls/{root}.json")) == ([], 1)
    twilio.simulator.clock.shift(6 * HOUR)
    (leg,) = twilio.read(young.cursor, thorough=False).sightings
    assert (leg.conversation_id, leg.outcome) == (root, Outcome.ANSWERED)


def test_a_leg_that_comes_later_turns_missed_into_answered_under_the_same_key(twilio: TwilioStage) -> None:
    root = twilio.comes_in(talk=None)
    before = twilio.read()
    twilio.dial(root, "client:jo", after=30, lasting=60)
    (after,) = twilio.read(before.cursor, thorough=False).sightings
    assert (before.sightings[0].outcome, after.outcome) == (Outcome.MISSED, Outcome.ANSWERED)
    assert after.key == before.sightings[0].key


def test_a_voicemail_that_is_ready_later_is_seen(twilio: TwilioStage) -> None:
    root = twilio.comes_in(talk=None)
    cursor = twilio.read().cursor
    twilio.simulator.record(root, "RecordVerb")
    (leg,) = twilio.read(cursor, thorough=False).sightings
    assert leg.outcome is Outcome.VOICEMAIL


@pytest.mark.parametrize("refused", [404, 400])
def test_recordings_are_asked_for_call_by_call_where_there_is_no_list(
    twilio: TwilioStage, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    root = twilio.comes_in(talk=None)
    twilio.simulator.record(root, "RecordVerb")
    handle = twilio.simulator._route

    def route(request: Any) -> Any:
        if request.path.endswith(f"{twilio.simulator.account_sid}/Recordings.json"):
            raise Refused(refused, 20404, "The requested resource was not found")
        return handle(request)

    monkeypatch.setattr(type(twilio.simulator), "_route", lambda self, request: route(request))
    assert twilio.call(root).outcome is Outcome.VOICEMAIL


def test_single_conversations_are_looked_up_with_all_their_legs_and_missing_ones_are_gone(twilio: TwilioStage) -> None:
    root, running = twilio.comes_in(), twilio.leg("inbound", CALLER, OUR_LINE, status="in-progress")
    again = twilio.source.again("", [root, running, "CA0"])
    assert ([repr(leg) for leg in again.sightings], list(again.gone)) == ([repr(twilio.call(root))], ["CA0"])


def test_lines_and_the_teams_numbers_are_ours(twilio: TwilioStage) -> None:
    twilio.source = twilio.open(lines={"020 7946 0100": MAX})
    assert twilio.call(twilio.comes_in(talk=None)).line_rep == MAX
    between = twilio.call(twilio.leg("inbound", OUR_LINE, "+442079460101"))
    assert between.direction == "internal"


def test_the_official_way_to_ask_is_kept(twilio: TwilioStage) -> None:
    twilio.read()
    query = twilio.simulator.requests[0].query
    assert query == {"StartTime>": ["2026-03-02T12:00:00Z"], "PageSize": ["1000"]}


def test_too_many_at_once_is_tried_again_soon(twilio: TwilioStage) -> None:
    root = twilio.comes_in()
    twilio.simulator.mishaps.plan(Mishap.TOO_MANY, times=2)
    assert found(twilio) == {root}
    assert twilio.waits == [6.0, 6.0]


def test_waiting_has_an_end(twilio: TwilioStage) -> None:
    twilio.simulator.mishaps.plan(Mishap.TOO_MANY, times=99)
    with pytest.raises(TryLater) as caught:
        twilio.read()
    assert caught.value.after is not None
    assert sum(twilio.waits) <= 180


@pytest.mark.parametrize("key", [{"auth_token": "hunter2"}, {"account_sid": "AC0"}])
def test_refused_credentials_are_named_without_them(twilio: TwilioStage, key: dict[str, str]) -> None:
    with pytest.raises(SignInAgain) as caught:
        twilio.open(**key).probe("")
    assert "api_url" in caught.value.next_step
    assert "hunter2" not in repr(caught.value) + caught.value.next_step


def test_a_probe_says_how_many_ends_have_a_rep(twilio: TwilioStage) -> None:
    assert "reps for 3 extensions and lines" in twilio.source.probe("")


def test_no_secret_is_in_an_address_or_a_repr(twilio: TwilioStage) -> None:
    twilio.read()
    twilio.source.client.vendor.pause = None  # the stage's own, which shows all of the stage
    seen = repr(twilio.source) + repr([(one.path, one.query) for one in twilio.simulator.requests])
    assert twilio.simulator.auth_token not in seen


def test_a_call_without_an_end_after_a_day_is_told_and_no_longer_waited_for(twilio: TwilioStage) -> None:
    root = twilio.leg("inbound", CALLER, OUR_LINE, NOON - 25 * HOUR, status="in-progress")
    changes = twilio.read()
    assert [(one.where, one.why) for one in changes.unreadable] == [(f"call {root}", "it has had no end for a day")]
    assert '"running":null' in changes.cursor


def test_one_malformed_leg_costs_its_call_nothing_but_itself(twilio: TwilioStage) -> None:
    root = twilio.comes_in()
    bad = twilio.dial(root, "client:x", duration="long")
    changes = twilio.read()
    assert [one.where for one in changes.unreadable] == [f"call {bad}"]
    assert [rep.email for rep in changes.sightings[0].reps if rep.talk_seconds] == [JO]


def test_a_malformed_root_is_told_once_and_its_children_are_not_lost(twilio: TwilioStage) -> None:
    root = twilio.comes_in(NOON - 7 * HOUR)
    twilio.simulator.change_call(root, status="dancing")
    changes = twilio.read()
    assert [one.where for one in changes.unreadable] == [f"call {root}"]
    assert [leg.conversation_id for leg in changes.sightings] == [root]


def test_times_are_utc(twilio: TwilioStage) -> None:
    root = twilio.leg("inbound", CALLER, OUR_LINE, start_time="Mon, 09 Mar 2026 13:00:00 +0200")
    twilio.simulator.change_call(root, end_time=None, date_created="Mon, 09 Mar 2026 11:00:00 +0000")
    assert twilio.call(root).started == datetime(2026, 3, 9, 11, tzinfo=UTC)
