"""The made-up Microsoft is as strict and as odd as the documents say (calendars.md C)."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest

from activity_sync.simulator.microsoft import person
from activity_sync.simulator.microsoft.parameters import EVENT
from tests.simulator.microsoft_tenant import ANN, DAY, HOUR, JO, MAX, NOON, WINDOW, Tenant, put

# calendars.md C6, and what C11 shows beside it: every property of an event that Graph v1.0 is known to have.
GRAPHS = frozenset([
    "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "categories", "transactionId", "subject",
    "bodyPreview", "body", "importance", "hasAttachments", "webLink", "start", "end", "originalStartTimeZone",
    "originalEndTimeZone", "originalStart", "isAllDay", "isCancelled", "isDraft", "isOrganizer", "isOnlineMeeting",
    "isReminderOn", "reminderMinutesBeforeStart", "responseRequested", "allowNewTimeProposals", "hideAttendees",
    "type", "seriesMasterId", "recurrence", "cancelledOccurrences", "exceptionOccurrences", "sensitivity", "showAs",
    "organizer", "attendees", "responseStatus", "location", "locations", "onlineMeeting", "onlineMeetingProvider",
    "onlineMeetingUrl", "iCalUId",
])  # fmt: skip


# --- fields and forms --------------------------------------------------------------------------------------------


def test_everything_that_is_shown_and_everything_that_is_read_is_graphs() -> None:
    from activity_sync.calendars.microsoft.wire import SELECTED, TEXTS

    assert set(SELECTED) <= GRAPHS
    assert set(TEXTS) <= GRAPHS
    assert EVENT <= GRAPHS


def test_an_event_has_exactly_graphs_fields(tenant: Tenant) -> None:
    master = tenant.simulator.put_series([JO], starts=[NOON, NOON + DAY], length=HOUR, subject="Weekly")
    put(tenant)
    shown = [*tenant.view(), tenant.get(f"users/{JO}/events/{master}").json()]
    names = {name for one in shown for name in one if not name.startswith("@")}
    assert names <= GRAPHS
    assert names >= GRAPHS - {"cancelledOccurrences", "exceptionOccurrences"}


def test_times_are_naive_with_seven_digits_in_the_zone_that_is_preferred(tenant: Tenant) -> None:
    put(tenant)
    for zone, text in (("UTC", "12"), ("W. Europe Standard Time", "13"), ("America/New_York", "08")):
        (shown,) = tenant.view(prefer=f'outlook.timezone="{zone}"')
        assert shown["start"] == {"dateTime": f"2026-03-09T{text}:00:00.0000000", "timeZone": zone}
    assert tenant.get(f"users/{JO}/calendarView", WINDOW, 'outlook.timezone="Mars"').status_code == 400


def test_days_are_midnight_in_any_zone(tenant: Tenant) -> None:
    tenant.simulator.put_event([JO], start=date(2026, 3, 10), end=date(2026, 3, 11), subject="Fair")
    for zone in ("UTC", "Tokyo Standard Time"):
        (shown,) = tenant.view(prefer=f'outlook.timezone="{zone}"')
        assert (shown["start"]["dateTime"], shown["isAllDay"]) == ("2026-03-10T00:00:00.0000000", True)


def test_several_preferences_stand_in_one_header(tenant: Tenant) -> None:
    event_id = put(tenant, body='<p>Hi <a href="https://acme.example/x">there</a></p>')
    (plain,) = tenant.view(prefer='IdType="ImmutableId", outlook.body-content-type="text"')
    assert plain["id"] == event_id
    assert plain["body"]["content"].strip() == "Hi there<https://acme.example/x>"
    (other,) = tenant.view()
    assert other["id"] != event_id
    assert other["body"]["contentType"] == "html"
    tenant.simulator.meetings.change_folder(JO, event_id)
    assert tenant.view()[0]["id"] not in {event_id, other["id"]}
    assert tenant.get(f"users/{JO}/events/{other['id']}").status_code == 404


def test_a_selection_keeps_what_it_names(tenant: Tenant) -> None:
    put(tenant)
    assert tenant.view(select="subject,start")[0].keys() == {"@odata.etag", "id", "subject", "start"}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"startDateTime": "", "endDateTime": ""}, "ErrorInvalidParameter"),
        ({"startDateTime": WINDOW["endDateTime"], "endDateTime": WINDOW["startDateTime"]}, "ErrorInvalidParameter"),
        (WINDOW | {"$select": "uid"}, "RequestBroker--ParseUri"),
        (WINDOW | {"$top": "0"}, "ErrorInvalidParameter"),
        (WINDOW | {"$top": "1001"}, "ErrorInvalidParameter"),
        (WINDOW | {"$filter": "isCancelled eq false"}, "ErrorInvalidUrlQuery"),
        (WINDOW | {"top": "5"}, "ErrorInvalidUrlQuery"),
        (WINDOW | {"STARTDATETIME": "2026-03-02"}, "BadRequest"),
    ],
)
def test_what_is_not_asked_as_documented_is_refused(tenant: Tenant, asked: dict[str, str], code: str) -> None:
    answer = tenant.get(f"users/{JO}/calendarView", asked)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_names_in_any_case_and_encoded_dollars_are_accepted(tenant: Tenant) -> None:
    put(tenant)
    address = f"users/{JO}/calendarView?startdatetime=2026-03-02&enddatetime=2026-03-23&%24select=id"
    assert len(tenant.get(address).json()["value"]) == 1


def test_pages_hold_ten_unless_asked_and_lead_on_from_here(tenant: Tenant) -> None:
    for minute in range(25):
        put(tenant, start=NOON + timedelta(minutes=minute))
    page = tenant.get(f"users/{JO}/calendarView", WINDOW | {"$select": "id"}).json()
    found = page["value"]
    while "@odata.nextLink" in page:
        assert page["@odata.nextLink"].startswith(f"{tenant.url}/v1.0/users/")
        page = tenant.get(page["@odata.nextLink"]).json()
        found += page["value"]
    assert (len(found), len({one["id"] for one in found})) == (25, 25)
    assert found[0].keys() == {"@odata.etag", "id"}


# --- one meeting in several mailboxes ----------------------------------------------------------------------------


def test_copies_have_ids_of_their_own_and_share_the_uid(tenant: Tenant) -> None:
    event_id = put(tenant, [JO, MAX])
    (jo,), (max_,) = tenant.view(JO), tenant.view(MAX)
    assert jo["id"] != max_["id"]
    assert jo["iCalUId"] == max_["iCalUId"]
    assert (jo["isOrganizer"], max_["isOrganizer"]) == (True, False)
    assert tenant.get(f"users/{MAX}/events/{event_id}").status_code == 404


def test_only_the_organiser_and_oneself_know_an_answer(tenant: Tenant) -> None:
    event_id = put(tenant, [JO, MAX], attendees=[person(MAX), person(ANN)])
    tenant.simulator.respond(event_id, ANN, "accepted")
    tenant.simulator.respond(event_id, MAX, "declined")
    (jo,), (max_,) = tenant.view(JO), tenant.view(MAX)
    assert [one["status"]["response"] for one in jo["attendees"]] == ["declined", "accepted"]
    assert [one["status"]["response"] for one in max_["attendees"]] == ["none", "none"]
    assert max_["responseStatus"]["response"] == "declined"


def test_a_cancelled_meeting_stays_with_those_who_were_invited(tenant: Tenant) -> None:
    tenant.simulator.cancel_event(put(tenant, [JO, MAX]))
    assert tenant.view(JO) == []
    assert [(one["isCancelled"], one["subject"]) for one in tenant.view(MAX)] == [(True, "Canceled: Demo")]


@pytest.mark.parametrize(("uids", "distinct"), [("each", 2), ("same", 1), ("none", 1)])
def test_a_series_is_expanded_in_the_window_and_its_uids_follow_the_mood(
    tenant: Tenant, uids: str, distinct: int
) -> None:
    tenant.simulator.meetings.uids = uids
    starts = [NOON, NOON + 7 * DAY, NOON + 70 * DAY]
    master = tenant.simulator.put_series([JO], starts=starts, length=HOUR, subject="Weekly")
    shown = tenant.view()
    assert [one["type"] for one in shown] == ["occurrence"] * 2
    assert len({one["iCalUId"] for one in shown}) == distinct
    assert {one["originalStart"] for one in shown} == {"2026-03-09T12:00:00Z", "2026-03-16T12:00:00Z"}
    assert len(tenant.get(f"users/{JO}/events/{master}/instances", WINDOW).json()["value"]) == 2
    assert [one["type"] for one in tenant.get(f"users/{JO}/events").json()["value"]] == ["seriesMaster"]


def test_a_removed_occurrence_is_told_by_its_series_only(tenant: Tenant) -> None:
    master = tenant.simulator.put_series([JO], starts=[NOON, NOON + DAY], length=HOUR, subject="Weekly")
    tenant.simulator.remove_copy(JO, tenant.simulator.occurrence_id(JO, master, NOON))
    assert len(tenant.view()) == 1
    asked = {"$select": "subject,cancelledOccurrences"}
    assert len(tenant.get(f"users/{JO}/events/{master}", asked).json()["cancelledOccurrences"]) == 1


# --- envelopes, people, refusals ---------------------------------------------------------------------------------


def envelope(tenant: Tenant, urls: list[str], **more: Any) -> Any:
    requests = [{"id": str(number), "method": "GET", "url": url, **more} for number, url in enumerate(urls)]
    return tenant.http.post("$batch", json={"requests": requests})


def test_each_answer_of_an_envelope_stands_alone_and_in_any_order(tenant: Tenant) -> None:
    event_id = put(tenant)
    tenant.simulator.refuse(MAX, 429, "ApplicationThrottled", after=3)
    urls = [f"/users/{JO}/events/{event_id}?$select=subject", f"/users/{JO}/events/x", f"/users/{MAX}/events/x"]
    parts = envelope(tenant, urls, headers={"Prefer": 'IdType="ImmutableId"'}).json()["responses"]
    assert [(one["id"], one["status"]) for one in parts] == [("2", 429), ("1", 404), ("0", 200)]
    assert parts[0]["headers"]["Retry-After"] == "3"
    assert parts[2]["body"]["subject"] == "Demo"


def test_an_envelope_of_the_wrong_form_is_refused(tenant: Tenant) -> None:
    good = f"/users/{JO}/events/x"
    assert envelope(tenant, [good] * 20).status_code == 200
    assert envelope(tenant, [good] * 21).status_code == 400
    assert envelope(tenant, [good, good], id="same").status_code == 400
    assert envelope(tenant, [f"/v1.0{good}"]).status_code == 400
    assert envelope(tenant, [tenant.url + good]).status_code == 400


def test_users_need_a_permission_and_come_in_pages(tenant: Tenant) -> None:
    assert tenant.get("users").json()["error"]["code"] == "Authorization_RequestDenied"
    tenant.simulator.identity.permissions.add("User.Read.All")
    tenant.http.headers["Authorization"] = f"Bearer {tenant.token()}"
    page = tenant.get("users", {"$select": "mail,proxyAddresses", "$top": "1"}).json()
    assert [one["mail"] for one in page["value"]] == [JO]
    assert page["value"][0]["proxyAddresses"][:2] == [f"SMTP:{JO}", "smtp:jo.smith@acme.example"]
    assert [one["mail"] for one in tenant.get(page["@odata.nextLink"]).json()["value"]] == [MAX]


def test_mailboxes_refuse_in_graphs_words(tenant: Tenant) -> None:
    def code(name: str) -> tuple[int, str]:
        answer = tenant.get(f"users/{name}/calendarView", WINDOW)
        return answer.status_code, answer.json()["error"]["code"]

    tenant.simulator.add_calendar("new@acme.example", licensed=False)
    tenant.simulator.add_calendar("ada@acme.example", principal="ada@acme.onmicrosoft.example")
    tenant.simulator.close_mailbox(MAX)
    assert code("new@acme.example") == (404, "MailboxNotEnabledForRESTAPI")
    assert code("ghost@acme.example") == (404, "ErrorInvalidUser")
    assert code("ada@acme.example") == (404, "ErrorInvalidUser")
    assert code(MAX) == (403, "ErrorAccessDenied")
    assert tenant.get("users/ada@acme.onmicrosoft.example/calendarView", WINDOW).status_code == 200
    tenant.http.headers["Authorization"] = "Bearer nonsense"
    assert code(JO) == (401, "InvalidAuthenticationToken")


def test_more_than_four_at_once_in_one_mailbox_are_throttled(tenant: Tenant) -> None:
    tenant.simulator.takes = 0.1
    codes: list[int] = []

    def ask() -> None:
        answer = tenant.get(f"users/{JO}/calendarView", WINDOW)
        codes.append(answer.status_code)
        assert answer.status_code == 200 or answer.headers["Retry-After"]

    threads = [threading.Thread(target=ask) for _ in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] * 4 + [429] * 3


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"client_secret": "wrong"}, 7000215),
        ({"client_id": "nobody"}, 700016),
        ({"scope": "https://graph.microsoft.com/Calendars.Read"}, 1002012),
        ({"scope": "https://elsewhere.example/.default"}, 1002012),
        ({"grant_type": "password"}, 70003),
    ],
)
def test_the_sign_in_refuses_by_number(tenant: Tenant, change: dict[str, str], number: int) -> None:
    identity = tenant.simulator.identity
    form = {"grant_type": "client_credentials", "client_id": identity.client, "client_secret": identity.secret,
            "scope": "https://graph.microsoft.com/.default"} | change  # fmt: skip
    answer = tenant.http.post(f"{tenant.url}/{identity.tenant}/oauth2/v2.0/token", data=form)
    assert answer.status_code in {400, 401}
    assert answer.json()["error_codes"] == [number]


def test_a_tenant_that_does_not_exist_is_not_described(tenant: Tenant) -> None:
    answer = tenant.http.get(f"{tenant.url}/nowhere/v2.0/.well-known/openid-configuration")
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [90002])
