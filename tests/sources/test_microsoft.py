"""Microsoft's Graph over real HTTP: pages, envelopes, throttling, refusals, mailboxes."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from activity_sync.model.failures import ConnectionFailure, SignInAgain, TryLater
from activity_sync.simulator.microsoft import listings, person
from activity_sync.simulator.network import Request, Response, Server, json_response
from tests.sources.microsoft_stage import MicrosoftStage
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, span


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


def test_an_occurrence_of_which_only_the_times_are_shown_is_asked_for(
    microsoft: MicrosoftStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = [NOON + week * 7 * DAY for week in range(2)]
    microsoft.simulator.put_series([JO], starts=starts, length=HOUR, subject="Weekly")
    stub = ("id", "type", "start", "end")
    monkeypatch.setattr(listings, "keep", lambda event, _: {name: event[name] for name in stub})
    copies = microsoft.copies()
    assert {(copy.title, copy.start) for copy in copies} == {("Weekly", start) for start in starts}
    assert len({copy.key for copy in copies}) == 2


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
