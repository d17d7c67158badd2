"""The pretend Google, asked through Google's own client library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import google_auth_httplib2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from googleapiclient.errors import HttpError

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google import GoogleSimulator, instance_id
from activity_sync.simulator.google.tokens import TokenOffice
from activity_sync.simulator.mishaps import Mishap
from tests.simulator.google_client import JO, MAX, NOON, READ, Google


@pytest.fixture
def google() -> Iterator[Google]:
    simulator = GoogleSimulator(Clock(NOON))
    simulator.add_calendar(JO, "Jo Smith", admin=True)
    simulator.add_calendar(MAX, "Max Stone", "Europe/Berlin", aliases=["m@acme.example"])
    with simulator.serve() as url:
        google = Google(simulator, url)
        yield google
        for wire in google.wires:
            wire.close()


def refused(call: Callable[[], object]) -> tuple[int, str]:
    """Status and reason of the refusal that `call` meets."""
    with pytest.raises(HttpError) as caught:
        call()
    return caught.value.status_code, caught.value.error_details[0]["reason"]


def test_a_rep_sees_the_own_calendar_and_nobody_elses(google: Google) -> None:
    google.meet("Mine")
    google.meet("His", calendars=(MAX,))
    assert google.titles(JO) == ["Mine"]
    assert google.titles(MAX) == ["His"]
    assert refused(google.service(JO).events().list(calendarId=MAX).execute) == (404, "notFound")


def test_copies_of_one_meeting_share_the_uid_and_differ_in_whose_they_are(google: Google) -> None:
    people = [{"email": JO, "organizer": True, "responseStatus": "accepted"}, {"email": MAX}]
    google.meet("Both", calendars=(JO, MAX), attendees=people)
    mine, his = (google.list(rep)["items"][0] for rep in (JO, MAX))
    assert mine["iCalUID"] == his["iCalUID"]
    assert mine["organizer"] == {"email": JO, "self": True}
    assert his["organizer"] == {"email": JO}
    assert [one.get("self") for one in his["attendees"]] == [None, True]
    assert his["start"] == {"dateTime": "2026-03-09T13:00:00+01:00", "timeZone": "Europe/Berlin"} | {
        "timeZone": "Europe/London"
    }


def test_both_bounds_of_a_listing_are_exclusive(google: Google) -> None:
    google.meet("Meeting", NOON, 30)
    end = NOON + timedelta(minutes=30)
    assert google.titles(timeMin=end.isoformat()) == []
    assert google.titles(timeMin=(end - timedelta(seconds=1)).isoformat()) == ["Meeting"]
    assert google.titles(timeMax=NOON.isoformat()) == []
    assert google.titles(timeMax=(NOON + timedelta(seconds=1)).isoformat()) == ["Meeting"]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"timeMin": "2026-03-09T12:00:00"}, "badRequest"),
        ({"timeMin": "2026-03-09T12:00:00Z", "timeMax": "2026-03-09T12:00:00Z"}, "timeRangeEmpty"),
        ({"orderBy": "startTime"}, "badRequest"),
        ({"maxResults": 0}, "invalid"),
        ({"timeZone": "Mars/Olympus"}, "invalid"),
        ({"pageToken": "made-up"}, "invalid"),
        ({"fields": "items(id"}, "invalidParameter"),
        ({"fields": "itemz"}, "invalidParameter"),
    ],
)
def test_what_google_refuses_is_refused(google: Google, asked: dict[str, Any], reason: str) -> None:
    assert refused(lambda: google.list(**asked)) == (400, reason)


def test_a_sync_token_brings_only_what_changed(google: Google) -> None:
    old, _ = google.meet("Old"), google.meet("Untouched")
    first = google.list(singleEvents=True, showDeleted=True, timeMin="2026-03-01T00:00:00Z")
    google.simulator.change_event(old, summary="New title")
    google.meet("Added")
    later = google.list(singleEvents=True, syncToken=first["nextSyncToken"])
    assert sorted(one["summary"] for one in later["items"]) == ["Added", "New title"]
    assert google.list(singleEvents=True, syncToken=later["nextSyncToken"])["items"] == []


@pytest.mark.parametrize("name", ["timeMin", "timeMax", "updatedMin"])
def test_a_sync_token_goes_with_no_other_bound(google: Google, name: str) -> None:
    token = google.list()["nextSyncToken"]
    assert refused(lambda: google.list(syncToken=token, **{name: NOON.isoformat()})) == (400, "invalid")
    assert refused(lambda: google.list(syncToken=token, showDeleted=False)) == (400, "invalid")
    assert refused(lambda: google.list(syncToken=token, singleEvents=True)) == (400, "invalid")


def test_an_expired_sync_token_asks_for_a_full_sync(google: Google) -> None:
    token = google.list()["nextSyncToken"]
    google.simulator.expire_sync_tokens()
    assert refused(lambda: google.list(syncToken=token)) == (410, "fullSyncRequired")
    assert refused(lambda: google.list(updatedMin="2025-01-01T00:00:00Z")) == (410, "updatedMinTooLongAgo")


def test_an_ordered_listing_yields_no_sync_token(google: Google) -> None:
    google.meet("Late", NOON + timedelta(hours=2))
    google.meet("Early")
    page = google.list(orderBy="startTime", singleEvents=True)
    assert [one["summary"] for one in page["items"]] == ["Early", "Late"]
    assert "nextSyncToken" not in page


def test_pages_may_be_small_and_even_empty(google: Google) -> None:
    titles = [f"Meeting {number}" for number in range(5)]
    for title in titles:
        google.meet(title)
    google.simulator.listings.page_limit, google.simulator.listings.empty_pages = 2, 1
    page = google.list(maxResults=4)
    assert sorted(one["summary"] for one in page["items"]) == titles
    assert page["nextSyncToken"]
    assert len([one for one in google.simulator.requests if one.path.endswith("/events")]) == 4


def test_a_deleted_meeting_is_a_stub_and_only_shown_when_asked_for(google: Google) -> None:
    gone = google.meet("Gone")
    google.simulator.cancel_event(gone)
    assert google.titles() == []
    stub = google.list(showDeleted=True)["items"][0]
    assert set(stub) == {"kind", "etag", "id", "status"}
    assert google.service().events().get(calendarId="primary", eventId=gone).execute()["status"] == "cancelled"
    assert google.titles(updatedMin=(NOON - timedelta(days=1)).isoformat()) == [gone]


def test_a_meeting_deleted_by_one_rep_stays_with_the_other(google: Google) -> None:
    both = google.meet("Both", calendars=(JO, MAX))
    google.simulator.remove_copy(JO, both)
    assert google.titles(JO) == []
    assert google.titles(MAX) == ["Both"]


def test_a_series_is_expanded_only_on_request(google: Google) -> None:
    starts = [NOON + timedelta(weeks=week) for week in range(3)]
    master = google.simulator.put_series(
        [JO], starts=starts, length=timedelta(hours=1), recurrence="RRULE:FREQ=WEEKLY;COUNT=3", summary="Weekly"
    )
    google.simulator.move_event(instance_id(master, starts[1]), starts[1] + timedelta(days=1))
    google.simulator.cancel_event(instance_id(master, starts[2]))
    single = {one["id"]: one for one in google.list(singleEvents=True, showDeleted=True)["items"]}
    assert set(single) == {instance_id(master, start) for start in starts}
    moved = single[instance_id(master, starts[1])]
    assert moved["originalStartTime"]["dateTime"] == "2026-03-16T12:00:00Z"
    assert moved["start"]["dateTime"] == "2026-03-17T12:00:00Z"
    whole = {one["id"]: one["status"] for one in google.list()["items"]}
    assert whole == {
        master: "confirmed",
        instance_id(master, starts[1]): "confirmed",
        instance_id(master, starts[2]): "cancelled",
    }
    instances = google.service().events().instances(calendarId="primary", eventId=master).execute()["items"]
    assert len(instances) == 2


def test_an_all_day_entry_and_one_without_an_end_are_delivered_as_they_are(google: Google) -> None:
    google.simulator.put_event([JO], summary="Fair", start=date(2026, 3, 9), end=date(2026, 3, 10))
    google.simulator.put_event([JO], summary="Broken", start=NOON)
    items = {one["summary"]: one for one in google.list(timeMin="2026-03-09T00:00:00Z")["items"]}
    assert items["Fair"]["start"] == {"date": "2026-03-09"}
    assert "end" not in items["Broken"]


def test_event_types_are_kept_apart(google: Google) -> None:
    google.meet("Away", eventType="outOfOffice")
    google.meet("Meeting")
    assert google.titles(eventTypes=["default"]) == ["Meeting"]
    assert google.titles(eventTypes=["outOfOffice", "focusTime"]) == ["Away"]


def test_fields_keep_a_part_of_the_answer(google: Google) -> None:
    google.meet("Meeting")
    answer = google.service().events().list(calendarId="primary", fields="items(id,start/dateTime),kind").execute()
    assert set(answer) == {"kind", "items"}
    assert set(answer["items"][0]) == {"id", "start"}
    assert set(answer["items"][0]["start"]) == {"dateTime"}


def test_a_very_long_question_comes_as_a_post(google: Google) -> None:
    google.meet("Meeting")
    assert google.titles(q="x" * 3000) == []
    last = google.simulator.requests[-1]
    assert last.method == "GET"
    assert last.query["q"] == ["x" * 3000]


def test_a_refused_subject_fails_alone(google: Google) -> None:
    google.simulator.refuse_token(JO, "invalid_grant")
    with pytest.raises(RefreshError, match="invalid_grant"):
        google.list(JO)
    assert google.titles(MAX) == []
    google.simulator.refuse_token(MAX, "unauthorized_client")
    with pytest.raises(RefreshError, match="unauthorized_client"):
        google.list(MAX)


def test_scopes_that_were_not_delegated_give_no_token(google: Google) -> None:
    with pytest.raises(RefreshError, match="unauthorized_client"):
        google.service(scope="https://www.googleapis.com/auth/calendar").events().list(calendarId="primary").execute()


def test_a_key_that_is_not_ours_is_refused(google: Google) -> None:
    other = rsa.generate_private_key(65537, 2048)
    stranger = TokenOffice(Clock(NOON), key=other).key_file(google.url)
    credentials = service_account.Credentials.from_service_account_info(stranger, scopes=[READ], subject=JO)
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(google_auth_httplib2.Request(google.wire()))


def test_a_token_ages_and_is_then_refreshed(google: Google) -> None:
    service = google.service()
    service.events().list(calendarId="primary").execute()
    google.simulator.clock.shift(timedelta(hours=2))
    service.events().list(calendarId="primary").execute()
    assert len([one for one in google.simulator.requests if one.path == "/token"]) == 2


def test_the_calendar_list_needs_a_wider_scope(google: Google) -> None:
    assert refused(google.service().calendarList().list().execute) == (403, "insufficientPermissions")
    wider = google.service(scope="https://www.googleapis.com/auth/calendar.readonly")
    assert [one["id"] for one in wider.calendarList().list().execute()["items"]] == [JO]


def test_the_directory_lists_the_users_to_an_admin(google: Google) -> None:
    google.simulator.delegate("admin.directory.user.readonly")
    scope = "https://www.googleapis.com/auth/admin.directory.user.readonly"
    users = google.service(scope=scope, api=("admin", "directory_v1")).users()
    page = users.list(customer="my_customer").execute()
    assert [one["primaryEmail"] for one in page["users"]] == [JO, MAX]
    assert page["users"][1]["aliases"] == ["m@acme.example"]
    assert refused(users.list().execute)[0] == 400
    others = google.service(MAX, scope, ("admin", "directory_v1")).users()
    assert refused(others.list(customer="my_customer").execute)[0] == 403


def test_limits_and_mishaps_speak_as_google_does(google: Google) -> None:
    google.simulator.refuse(JO, 403, "rateLimitExceeded", times=1)
    assert refused(lambda: google.list()) == (403, "rateLimitExceeded")
    google.simulator.mishaps.plan(Mishap.TOO_MANY, path="/events")
    assert refused(lambda: google.list()) == (429, "rateLimitExceeded")
    assert google.list()["items"] == []
