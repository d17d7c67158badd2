"""What Graph refuses, throttles or garbles: each named by what happens next, and alone."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from activity_sync.model.failures import Refused, SignInAgain, StartOver, TryLater, Unexpected
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.network import Request, Response, Server, json_response
from tests.sources.microsoft_stage import MicrosoftStage
from tests.sources.stage import JO, MAX, span
from tests.sources.test_microsoft import refusal


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (429, "ApplicationThrottled", TryLater),
        (503, "serviceNotAvailable", TryLater),
        (504, "UnknownError", TryLater),
        (409, "ErrorMailboxMoveInProgress", TryLater),
        (401, "InvalidAuthenticationToken", SignInAgain),
        (403, "ErrorAccessDenied", SignInAgain),
        (403, "Authorization_RequestDenied", SignInAgain),
        (403, "ErrorAccountDisabled", SignInAgain),
        (404, "ErrorInvalidUser", SignInAgain),
        (404, "ErrorItemNotFound", SignInAgain),
        (410, "SyncStateNotFound", StartOver),
        (400, "resyncRequired", StartOver),
        (400, "ErrorInvalidParameter", Refused),
        (501, "NotImplemented", Refused),
    ],
)
def test_refusals_are_named_by_what_happens_next(
    microsoft: MicrosoftStage, status: int, code: str, failure: type
) -> None:
    microsoft.simulator.refuse(JO, status, code)
    refused = refusal(microsoft)
    assert isinstance(refused, failure)
    assert refused.next_step or failure is not SignInAgain


def test_the_remedy_fits_the_mailbox(microsoft: MicrosoftStage) -> None:
    microsoft.simulator.close_mailbox(JO)
    assert "access policy" in refusal(microsoft).next_step
    assert "ghost@acme.example" in refusal(microsoft, "ghost@acme.example").why
    assert microsoft.copies(MAX) == []


def test_who_has_no_mailbox_is_left_out_and_named_unless_somebody_listed_them(microsoft: MicrosoftStage) -> None:
    new = "new@acme.example"
    microsoft.simulator.add_calendar(new, licensed=False)
    left_out = microsoft.read(new)
    assert ["no mailbox" in one.why for one in left_out.unreadable] == [True]
    assert left_out.complete is None
    with pytest.raises(SignInAgain, match="no mailbox") as refused:
        microsoft.open(reps=[new]).read(new, "", span())
    assert "licence" in refused.value.next_step


def test_a_retry_after_is_obeyed_when_it_is_short_and_handed_on_when_it_is_long(
    microsoft: MicrosoftStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activity_sync.calendars.microsoft.source.TRIES", 2)
    source, waits = microsoft.open(), list[float]()
    microsoft.meet()
    source._opened().session._transport.pause = waits.append
    microsoft.simulator.refuse(JO, 429, "ApplicationThrottled", times=1, after=3)
    assert len(source.read(JO, "", span()).sightings) == 1
    assert waits == [3.0]
    microsoft.simulator.refuse(JO, 429, "ApplicationThrottled", after=300)
    with pytest.raises(TryLater) as caught:
        source.read(JO, "", span())
    assert caught.value.after == timedelta(seconds=300)
    assert waits == [3.0]


def test_a_token_that_died_is_renewed_once(microsoft: MicrosoftStage) -> None:
    microsoft.meet()
    microsoft.read()
    microsoft.simulator.identity.end_tokens()
    assert len(microsoft.copies()) == 1
    assert len(microsoft.asked("/oauth2/v2.0/token")) == 2


def test_the_tokens_of_many_readers_are_renewed_once(microsoft: MicrosoftStage) -> None:
    microsoft.read()
    microsoft.simulator.identity.end_tokens()
    threads = [threading.Thread(target=microsoft.read, args=(rep,)) for rep in (JO, MAX) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(microsoft.asked("/oauth2/v2.0/token")) == 2


PAGE: dict[str, Any] = {"value": []}


@pytest.mark.parametrize(
    ("link", "asked_at"),
    [
        ("https://graph.microsoft.com/v1.0/users/x/calendarView?$skip=10", "/v1.0/users/x/calendarView"),
        ("{url}/v1.0/users/x/calendarView?$skip=10", "/v1.0/users/x/calendarView"),
        ("https://evil.example/steal?token=1", None),
        (7, None),
    ],
)
def test_a_next_page_is_asked_for_at_the_configured_host_only(
    microsoft: MicrosoftStage, link: Any, asked_at: str | None
) -> None:
    came: list[Request] = []

    def answer(request: Request) -> Response:
        came.append(request)
        more = {"@odata.nextLink": str(link).format(url=server.url) if isinstance(link, str) else link}
        return json_response(PAGE | (more if len(came) == 1 else {}))

    with Server(answer) as server:
        source = microsoft.open(graph_url=f"{server.url}/v1.0")
        if asked_at is None:
            with pytest.raises(Unexpected):
                source.read(JO, "", span())
        else:
            source.read(JO, "", span())
            assert (came[1].path, came[1].query) == (asked_at, {"$skip": ["10"]})
            assert came[1].headers["authorization"] == came[0].headers["authorization"]


@pytest.mark.parametrize("page", [{"value": {}}, {}, {"value": None}, [], "x"])
def test_a_page_of_a_foreign_shape_is_no_empty_calendar(microsoft: MicrosoftStage, page: Any) -> None:
    with Server(lambda _: json_response(page)) as server, pytest.raises(Unexpected):
        microsoft.open(graph_url=server.url).read(JO, "", span())


def test_a_listing_that_goes_round_in_circles_ends(microsoft: MicrosoftStage) -> None:
    def answer(request: Request) -> Response:
        return json_response(PAGE | {"@odata.nextLink": server.url + "/users/x?a=1"})

    with Server(answer) as server, pytest.raises(Unexpected, match="does not end"):
        microsoft.open(graph_url=server.url).read(JO, "", span())


def test_foreign_things_in_a_page_fail_alone(microsoft: MicrosoftStage) -> None:
    microsoft.meet()
    (good,) = microsoft.copies()

    def answer(request: Request) -> Response:
        page = microsoft.simulator.handle(request)
        told = {"value": [None, 7, [], {"id": 5}, {"id": "master", "type": "seriesMaster"}, {"id": "x", "start": {}}]}
        import orjson

        return json_response({"value": orjson.loads(page.body)["value"] * 2 + told["value"]})

    with Server(answer) as server:
        changes = microsoft.open(graph_url=f"{server.url}/v1.0").read(JO, "", span())
    assert [copy.event_id for copy in changes.sightings] == [good.event_id]
    assert [one.why for one in changes.unreadable] == ["it is no event"] * 3 + ["it has no id", "it has no start"]


def test_a_probe_names_what_is_wrong(microsoft: MicrosoftStage) -> None:
    microsoft.simulator.identity.permissions.clear()
    with pytest.raises(SignInAgain) as caught:
        microsoft.source.probe(JO)
    assert "Calendars.Read" in caught.value.next_step


def test_html_is_no_answer_of_graphs(microsoft: MicrosoftStage) -> None:
    microsoft.read()
    microsoft.simulator.mishaps.plan(Mishap.BAD_GATEWAY, path="/v1.0/", times=1)
    assert isinstance(refusal(microsoft), TryLater)
    with Server(lambda _: Response(404, b"<html>nothing</html>")) as server, pytest.raises(Unexpected) as caught:
        microsoft.open(graph_url=server.url).read(JO, "", span())
    assert "graph_url" in caught.value.next_step
