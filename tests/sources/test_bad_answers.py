"""The same bad days at each vendor: isolated, named, with what a person does about it; and what a quiet round costs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from activity_sync.model.failures import ConnectionFailure, SignInAgain, TryLater, Unexpected
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.network import Request, Response, json_response
from tests.sources.cloudtalk_stage import CloudTalkStage
from tests.sources.dialpad_stage import DialpadStage
from tests.sources.quo_stage import QuoStage
from tests.sources.stage import HOUR, NOON
from tests.sources.zoom_phone_stage import ZoomPhoneStage

STAGES: dict[str, Callable[[], Any]] = {
    "cloudtalk": CloudTalkStage,
    "dialpad": DialpadStage,
    "quo": QuoStage,
    "zoom_phone": ZoomPhoneStage,
}
LISTS = {"cloudtalk": "calls/index", "dialpad": "v2/call", "quo": "/calls", "zoom_phone": "call_history"}
PAGES = {"cloudtalk": "cloudtalk.client.PAGE", "quo": "quo.client.PAGE", "zoom_phone": "zoom_phone.client.PAGE"}


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Each vendor in turn, two calls on a page."""
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
    if request.param in PAGES:
        monkeypatch.setattr(f"activity_sync.dialers.{PAGES[request.param]}", 2)
    with STAGES[request.param]().serve() as opened:
        opened.kind = request.param
        if opened.kind == "dialpad":
            opened.simulator.page = 2
        yield opened


def refused(stage: Any) -> ConnectionFailure:
    """How a reading fails; nothing of its secrets is told."""
    with pytest.raises(ConnectionFailure) as caught:
        stage.read()
    told = f"{caught.value.why} {caught.value.next_step}"
    secrets = [getattr(stage.simulator, name, "") for name in ("api_key", "client_secret")]
    assert not any(secret and secret in told for secret in secrets)
    return caught.value


def take_scope_back(stage: Any) -> str:
    """The credentials are known, but may no longer read calls; gives a word of the remedy."""
    simulator = stage.simulator
    if stage.kind == "dialpad":
        simulator.scopes.discard("calls:list")
        return "admin"
    if stage.kind == "zoom_phone":
        simulator.scopes.discard("phone:read:list_call_logs:admin")
        return "phone:read:list_call_logs:admin"
    simulator.may_read = False
    return "API key"


def test_a_scope_that_was_taken_back_is_named_with_the_remedy(stage: Any) -> None:
    stage.call()
    cursor = stage.read().cursor
    word = take_scope_back(stage)
    failure = refused(stage)
    assert isinstance(failure, SignInAgain)
    assert word in failure.next_step
    with pytest.raises(SignInAgain):
        stage.source.probe("")
    assert cursor


def test_a_429_is_waited_for_as_its_header_says_and_no_request_goes_out_before(stage: Any) -> None:
    stage.read()
    simulator = stage.simulator
    simulator.mishaps.too_many = lambda: Response(429, b"{}", {"Retry-After": "600"})
    simulator.mishaps.plan(Mishap.TOO_MANY, path=LISTS[stage.kind])
    failure = refused(stage)
    assert isinstance(failure, TryLater)
    assert failure.after is not None
    assert timedelta(seconds=590) < failure.after <= timedelta(seconds=602)
    sent = len(simulator.requests)
    refused(stage)
    assert len(simulator.requests) == sent
    simulator.clock.shift(timedelta(seconds=602))
    stage.read()


def test_a_short_429_passes_within_the_reading(stage: Any) -> None:
    stage.call()
    stage.read()
    stage.simulator.mishaps.plan(Mishap.TOO_MANY, path=LISTS[stage.kind])
    assert len(stage.read().sightings) == 1


def test_html_in_the_middle_of_the_pages_moves_nothing(stage: Any) -> None:
    for minutes in range(1, 6):
        stage.call(NOON - minutes * timedelta(minutes=1))
    cursor = stage.read().cursor
    newest = stage.call(NOON - timedelta(seconds=30))
    stage.simulator.mishaps.plan(Mishap.HTML, path=LISTS[stage.kind])
    with pytest.raises(Unexpected) as caught:
        stage.read(cursor)
    assert caught.value.next_step
    assert newest in [one.record_id for one in stage.read(cursor).sightings]


@pytest.mark.parametrize("mishap", [Mishap.TRUNCATED, Mishap.ERROR_BEFORE, Mishap.DROP_BEFORE, Mishap.BAD_GATEWAY])
def test_a_broken_answer_is_another_rounds_business(stage: Any, mishap: Mishap) -> None:
    stage.call()
    stage.read()
    stage.simulator.mishaps.plan(mishap, path=LISTS[stage.kind])
    assert isinstance(refused(stage), TryLater | Unexpected)
    assert len(stage.read().sightings) == 1


def test_pages_that_lead_in_a_circle_end_the_reading(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes in range(1, 8):
        stage.call(NOON - minutes * timedelta(minutes=1))
    vendor = type(stage.simulator)
    route, paging = vendor._route, {"next_page_token", "cursor", "after", "pageToken", "nextCursor", "page"}

    def first_page(simulator: Any, request: Request) -> Any:
        kept = {name: values for name, values in request.query.items() if name not in paging}
        return route(simulator, replace(request, query=kept))

    monkeypatch.setattr(vendor, "_route", first_page)
    failure = refused(stage)
    assert isinstance(failure, Unexpected)
    assert "no end" in failure.why
    assert len(stage.simulator.requests) < 10


def test_a_refused_page_cursor_starts_the_list_again_in_the_next_round(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {stage.call(NOON - minutes * timedelta(minutes=1)) for minutes in range(1, 8)}
    vendor = type(stage.simulator)
    route, paging = vendor._route, {"next_page_token", "cursor", "after", "pageToken", "nextCursor"}

    def no_cursor(simulator: Any, request: Request) -> Any:
        if paging & set(request.query):
            raise Forgotten(json_response({"code": 300, "message": "The token is invalid or expired."}, 400))
        return route(simulator, request)

    monkeypatch.setattr(vendor, "_route", no_cursor)
    monkeypatch.setattr(f"{vendor.__module__}.Refused", (sys.modules[vendor.__module__].Refused, Forgotten))
    if stage.kind == "cloudtalk":
        assert len(stage.read().sightings) == 7  # its pages are numbers
        return
    failure = refused(stage)
    assert isinstance(failure, TryLater)
    assert "broke off" in failure.why
    monkeypatch.undo()
    assert {one.record_id for one in stage.read().sightings} == made


class Forgotten(Exception):  # noqa: N818 - an answer
    """What a vendor says to a cursor that it does not know any more."""

    def __init__(self, response: Response) -> None:
        super().__init__("forgotten")
        self.response = response


@pytest.mark.parametrize("empty", [b"[]", b'"x"', b"null", b'{"data": 7}'])
def test_json_of_a_foreign_shape_is_unexpected(stage: Any, empty: bytes) -> None:
    stage.read()
    stage.simulator.mishaps.too_many = lambda: Response(200, empty, {"Content-Type": "application/json"})
    stage.simulator.mishaps.plan(Mishap.TOO_MANY, path=LISTS[stage.kind])
    assert isinstance(refused(stage), Unexpected)


def test_a_quiet_round_costs_one_or_two_requests(stage: Any) -> None:
    """What was there stays as it was: no person, no path and no call is asked for one by one."""
    stage.call(talk=60)
    cursor = stage.read().cursor
    for _ in range(3):
        stage.simulator.clock.shift(timedelta(minutes=2))
        before = len(stage.simulator.requests)
        cursor = stage.read(cursor, thorough=False).cursor
        assert len(stage.simulator.requests) - before <= 2


def test_a_call_of_an_unknown_agent_without_a_number_is_still_a_call(stage: Any) -> None:
    key = nobodys(stage)
    (leg,) = stage.read().sightings
    assert (leg.record_id, [rep.email for rep in leg.reps]) == (key, [])


def nobodys(stage: Any) -> str:
    """A call that names neither the caller nor one of our people."""
    if stage.kind == "dialpad":
        return str(stage.call(external="", target={"id": "99", "type": "user"}, talk=20))
    if stage.kind == "quo":
        return str(stage.call(outside="", owner="US0", by="US0", talk=20))
    if stage.kind == "cloudtalk":
        return str(stage.call(external="", agent="", user_id="99", talk=20))
    ends = {"caller_did_number": None, "callee_email": None, "callee_ext_id": "x", "callee_ext_number": "9"}
    return str(stage.call(ends=ends, talk=20))


def test_one_malformed_call_among_many_is_named_by_its_id(stage: Any) -> None:
    good = {stage.call(NOON - HOUR), stage.call(NOON - 2 * HOUR)}
    bad = stage.call(NOON - 1.5 * HOUR)
    way = {"cloudtalk": "type"}.get(stage.kind, "direction")
    change = stage.simulator.change_record if stage.kind == "zoom_phone" else stage.simulator.change_call
    change(bad, **{way: "sideways"})
    changes = stage.read()
    assert {one.record_id for one in changes.sightings} == good
    assert [one.where for one in changes.unreadable] == [f"call {bad}"]


def test_a_vendor_without_a_list_of_people_can_be_read_and_checked(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = type(stage.simulator)
    route = vendor._route

    def without(simulator: Any, request: Request) -> Any:
        if "users" in request.path or "agents" in request.path or "phone-numbers" in request.path:
            raise Forgotten(json_response({"message": "Not found"}, 404))
        return route(simulator, request)

    monkeypatch.setattr(vendor, "_route", without)
    monkeypatch.setattr(f"{vendor.__module__}.Refused", (sys.modules[vendor.__module__].Refused, Forgotten))
    key = stage.call(talk=20)
    assert key in [one.record_id for one in stage.read().sightings]
    assert stage.source.probe("").endswith("0 users have an e-mail address") or stage.kind == "cloudtalk"
