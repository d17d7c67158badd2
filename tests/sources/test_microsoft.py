"""Microsoft's Graph over real HTTP: pages, envelopes, throttling, refusals, mailboxes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, StartOver, TryLater, Unexpected
from activity_sync.simulator.microsoft import person
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.network import Request, Response, Server, json_response
from tests.sources.microsoft_stage import MicrosoftStage
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, span


@pytest.fixture
def microsoft(monkeypatch: pytest.MonkeyPatch) -> Iterator[MicrosoftStage]:
    monkeypatch.setattr("activity_sync.calendars.microsoft.source.TRIES", 1)
    with MicrosoftStage().serve() as stage:
        yield stage


def refusal(microsoft: MicrosoftStage, part: str = JO) -> ConnectionFailure:
    with pytest.raises(ConnectionFailure) as caught:
        microsoft.read(part)
    return caught.value


def test_every_page_is_read_and_an_empty_one_ends_nothing(microsoft: MicrosoftStage) -> None:
    for minute in range(7):
        microsoft.meet(f"Meeting {minute}", NOON + timedelta(minutes=minute))
    microsoft.simulator.listings.page_limit, microsoft.simulator.listings.empty_pages = 3, 2
    assert len(microsoft.copies()) == 7


def test_every_page_is_asked_for_with_the_same_preferences(microsoft: MicrosoftStage) -> None:
    for minute in range(4):
        microsoft.meet(start=NOON + timedelta(minutes=minute))
    microsoft.simulator.listings.page_limit = 2
    assert {copy.event_id[:6] for copy in microsoft.copies()} == {"AAkALg"}  # immutable ids
    preferences = {request.headers["prefer"] for request in microsoft.asked()}
    assert len(microsoft.asked()) == 2
    assert len(preferences) == 1


def test_one_poll_of_a_rep_is_one_request_and_the_token_is_asked_for_once(microsoft: MicrosoftStage) -> None:
    microsoft.meet()
    microsoft.read()
    before = len(microsoft.simulator.requests)
    for part in (JO, MAX, JO):
        microsoft.read(part)
    assert len(microsoft.simulator.requests) == before + 3
    assert len(microsoft.asked("/oauth2/v2.0/token")) == 1
    assert {request.method for request in microsoft.asked()} == {"GET"}


def test_no_more_than_four_requests_are_under_way_at_once(microsoft: MicrosoftStage) -> None:
    microsoft.meet()
    microsoft.read()
    microsoft.simulator.takes = 0.05
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(microsoft.copies()))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 10
    assert 2 <= microsoft.simulator.busiest <= 4


def test_many_events_are_looked_at_again_in_envelopes_of_twenty(microsoft: MicrosoftStage) -> None:
    ids = [microsoft.meet(start=NOON + 40 * DAY + timedelta(minutes=minute)) for minute in range(45)]
    for gone in ids[::9]:
        microsoft.simulator.forget_event(gone)
    before = len(microsoft.asked("/v1.0/$batch"))
    changes = microsoft.source.again(JO, ids)
    assert len(microsoft.asked("/v1.0/$batch")) == before + 3
    assert set(changes.gone) == set(ids[::9])
    assert {copy.event_id for copy in changes.sightings} == set(ids) - set(ids[::9])


def test_what_exchange_was_too_busy_for_in_an_envelope_is_asked_again(microsoft: MicrosoftStage) -> None:
    ids = [microsoft.meet(start=NOON + minute * HOUR) for minute in range(5)]
    microsoft.read()
    microsoft.simulator.refuse(JO, 429, "ApplicationThrottled", times=3, after=7)
    waits: list[float] = []
    microsoft.source._opened().pause = waits.append
    assert len(microsoft.source.again(JO, ids).sightings) == 5
    assert waits == [7.0]
    microsoft.simulator.refuse(JO, 429, "ApplicationThrottled", after=7)
    with pytest.raises(TryLater) as caught:
        microsoft.source.again(JO, ids)
    assert caught.value.after == timedelta(seconds=7)
    assert waits == [7.0] * 3


def test_an_envelope_that_leaves_an_answer_out_loses_nothing(microsoft: MicrosoftStage) -> None:
    def answer(request: Request) -> Response:
        if request.path.endswith("$batch"):
            parts = request.json()["requests"][:-1]
            return json_response({"responses": [{"id": one["id"], "status": 404, "body": NO_ITEM} for one in parts]})
        return microsoft.simulator.handle(request)

    with Server(answer) as server:
        source = microsoft.open(graph_url=f"{server.url}/v1.0")
        source._opened().pause = lambda _: None
        with pytest.raises(TryLater):
            source.again(JO, ["a", "b", "c"])


NO_ITEM = {"error": {"code": "ErrorItemNotFound", "message": "gone"}}


def test_a_mailbox_that_is_gone_deletes_no_meetings(microsoft: MicrosoftStage) -> None:
    ids = [microsoft.meet(start=NOON + minute * HOUR) for minute in range(3)]
    for code in ("MailboxNotEnabledForRESTAPI", "ErrorInvalidUser", "ResourceNotFound"):
        microsoft.simulator.refuse(JO, 404, code)
        for some in (ids, ids[:1]):
            with pytest.raises(SignInAgain):
                microsoft.source.again(JO, some)


def test_a_moved_id_is_still_the_same_event(microsoft: MicrosoftStage) -> None:
    event_id = microsoft.meet()
    microsoft.simulator.meetings.change_folder(JO, event_id)
    assert [copy.event_id for copy in microsoft.copies()] == [event_id]
    assert len(microsoft.source.again(JO, [event_id]).sightings) == 1


def test_a_series_is_handed_over_occurrence_by_occurrence(microsoft: MicrosoftStage) -> None:
    starts = [NOON + week * 7 * DAY for week in range(2)]
    microsoft.simulator.put_series([JO], starts=starts, length=HOUR, subject="Weekly")
    copies = microsoft.copies()
    assert sorted(copy.occurrence for copy in copies) == [start.isoformat() for start in starts]
    assert (len({copy.uid for copy in copies}), len({copy.key for copy in copies})) == (1, 2)
    assert {copy.title for copy in copies} == {"Weekly"}


@pytest.mark.parametrize("uids", ["each", "same"])
def test_a_moved_occurrence_keeps_its_key(microsoft: MicrosoftStage, uids: str) -> None:
    microsoft.simulator.meetings.uids = uids
    starts = [NOON, NOON + 7 * DAY]
    master = microsoft.simulator.put_series([JO, MAX], starts=starts, length=HOUR, subject="Weekly")
    before = {copy.key for copy in microsoft.copies()}
    second = microsoft.simulator.occurrence_id(JO, master, starts[1])
    microsoft.simulator.move_event(second, NOON + 9 * DAY)
    assert {copy.key for copy in microsoft.copies()} == before == {copy.key for copy in microsoft.copies(MAX)}
    assert max(copy.start for copy in microsoft.copies()) == NOON + 9 * DAY


def test_the_days_of_an_all_day_series_tell_them_apart(microsoft: MicrosoftStage) -> None:
    days = [date(2026, 3, 10), date(2026, 3, 31)]
    microsoft.simulator.put_series([JO, MAX], starts=days, length=DAY, subject="On site")
    read = [*microsoft.copies(JO, ahead=30 * DAY), *microsoft.copies(MAX, ahead=30 * DAY)]
    assert sorted(copy.occurrence for copy in read) == ["2026-03-10", "2026-03-10", "2026-03-31", "2026-03-31"]
    assert len({copy.key for copy in read}) == 2


def test_all_day_events_at_the_edges_of_the_window_are_not_lost(microsoft: MicrosoftStage) -> None:
    first, last = span().oldest.date() + DAY, span().newest.date()
    ids = {microsoft.simulator.put_event([JO], start=day, end=day + DAY, subject="Fair") for day in (first, last)}
    assert {copy.event_id for copy in microsoft.copies()} == ids


def test_an_invitation_that_the_organiser_cancelled_is_told_as_gone(microsoft: MicrosoftStage) -> None:
    event_id = microsoft.meet(calendars=[MAX, JO])
    microsoft.simulator.cancel_event(event_id)
    assert [copy.gone for copy in microsoft.copies(JO)] == [True]
    assert microsoft.copies(MAX) == []


def test_a_huge_body_does_not_stop_the_rest(microsoft: MicrosoftStage) -> None:
    microsoft.meet("Huge", body="<p>" + "word " * 2_000_000 + "</p>")
    microsoft.meet("Small")
    assert {copy.title: len(copy.notes) <= 30_000 for copy in microsoft.copies()} == {"Huge": True, "Small": True}


def test_two_thousand_attendees_are_read(microsoft: MicrosoftStage) -> None:
    people = [person(f"p{number}@customer.example") for number in range(2_000)]
    assert len(microsoft.copy(attendees=people).participants) == 2_001


def test_the_listed_reps_are_the_parts(microsoft: MicrosoftStage) -> None:
    assert microsoft.open(reps=["Max@acme.example"]).parts([]) == (MAX,)


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
        (404, "MailboxNotEnabledForRESTAPI", SignInAgain),
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
    microsoft.simulator.add_calendar("new@acme.example", licensed=False)
    assert "licence" in refusal(microsoft, "new@acme.example").next_step
    assert microsoft.copies(MAX) == []


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
