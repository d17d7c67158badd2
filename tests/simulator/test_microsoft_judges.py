"""Others judge the made-up Microsoft: the fields that Graph publishes, and Microsoft's own SDK (`make judges`)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.microsoft import MicrosoftSimulator, person

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JO, ANN = "jo@acme.example", "ann@customer.example"
LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0"
BETWEEN = {"startDateTime": "2026-03-02T00:00:00Z", "endDateTime": "2026-03-23T00:00:00Z"}
FIELDS: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "recorded/microsoft/graph_fields.json").read_text()
)
"""The properties of Graph v1.0's types, as its SDK 1.65 knows them; of a user those that anybody may ask for."""

INSIDE = {
    "body": "itemBody", "start": "dateTimeTimeZone", "end": "dateTimeTimeZone", "location": "location",
    "organizer": "recipient", "attendees": "attendee", "emailAddress": "emailAddress", "status": "responseStatus",
    "responseStatus": "responseStatus", "onlineMeeting": "onlineMeetingInfo", "recurrence": "patternedRecurrence",
    "pattern": "recurrencePattern", "range": "recurrenceRange", "attendanceRecords": "attendanceRecord",
    "identity": "identity", "locations": "location",
}  # fmt: skip

pytestmark = pytest.mark.judge


@pytest.fixture
def tenant() -> Iterator[tuple[MicrosoftSimulator, str, str]]:
    """The simulator with a week of meetings, its address, and an access token."""
    sim = MicrosoftSimulator(Clock(NOON))
    sim.add_calendar(JO, "Jo Smith")
    sim.identity.permissions |= {"User.Read.All", "OnlineMeetings.Read.All", "OnlineMeetingArtifact.Read.All"}
    guests = [person(JO, response="organizer"), person(ANN)]
    sim.put_event([JO], start=NOON, end=NOON + HOUR, subject="Demo", attendees=guests, onlineMeeting={"joinUrl": LINK})
    sim.put_event([JO], start=date(2026, 3, 10), end=date(2026, 3, 11), subject="Fair")
    sim.put_series([JO], starts=[NOON + DAY, NOON + 2 * DAY], length=HOUR, subject="Weekly", attendees=guests)
    sim.online.hold(JO, LINK, NOON, NOON + HOUR, (JO, "Jo"), (ANN, "Ann"))
    with sim.serve() as url:
        form = {"grant_type": "client_credentials", "client_id": sim.identity.client}
        more = {"client_secret": sim.identity.secret, "scope": "https://graph.microsoft.com/.default"}
        answer = httpx.post(f"{url}/{sim.identity.tenant}/oauth2/v2.0/token", data=form | more, trust_env=False)
        yield sim, url, answer.json()["access_token"]


def foreign(value: Any, kind: str, where: str = "") -> Iterator[str]:
    """The members of an answer that Graph does not have."""
    for name, inner in value.items():
        if "@" not in name and name not in FIELDS[kind]:
            yield f"{where}{kind}.{name}"
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict) and name in INSIDE:
                yield from foreign(one, INSIDE[name], f"{where}{kind}.")


def test_every_answer_holds_only_what_graph_has(tenant: tuple[MicrosoftSimulator, str, str]) -> None:
    _, url, token = tenant
    with httpx.Client(base_url=f"{url}/v1.0/", trust_env=False, headers={"Authorization": f"Bearer {token}"}) as http:
        found = http.get(f"users/{JO}/calendarView", params=BETWEEN).json()["value"]
        found += http.get(f"users/{JO}/events").json()["value"]
        assert len(found) == 4 + 3
        assert [one for event in found for one in foreign(event, "event")] == []
        everybody = "id,displayName,mail,userPrincipalName,proxyAddresses,accountEnabled,userType"
        users = http.get("users", params={"$select": everybody}).json()["value"]
        assert [one for user in users for one in foreign(user, "user")] == []
        wish = {
            "changeType": "updated", "notificationUrl": "https://hooks.acme.example", "clientState": "x",
            "resource": f"/users/{JO}/events", "expirationDateTime": "2026-03-10T12:00:00Z",
        }  # fmt: skip
        assert list(foreign(http.post("subscriptions", json=wish).json(), "subscription")) == []
        asked = {"$filter": f"JoinWebUrl eq '{LINK}'"}
        (meeting,) = http.get(f"users/{JO}/onlineMeetings", params=asked).json()["value"]
        assert list(foreign(meeting, "onlineMeeting")) == []
        path = f"users/{JO}/onlineMeetings/{meeting['id'].replace('/', '%2F')}/attendanceReports"
        (report,) = http.get(path).json()["value"]
        whole = http.get(f"{path}/{report['id']}", params={"$expand": "attendanceRecords"}).json()
        assert list(foreign(whole, "meetingAttendanceReport")) == []


def test_the_field_check_sees_a_foreign_field() -> None:
    wrong = {"subject": "x", "moon": 1, "start": {"dateTime": "x", "zone": "y"}}
    assert list(foreign(wrong, "event")) == ["event.moon", "event.dateTimeTimeZone.zone"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_microsofts_own_sdk_reads_the_calendar(tenant: tuple[MicrosoftSimulator, str, str]) -> None:
    """Full, then what changed, then anew when the link is refused."""
    pytest.importorskip("msgraph", reason="an extra job: make judges")
    asyncio.run(_by_sdk(*tenant))


async def _by_sdk(sim: MicrosoftSimulator, url: str, token: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        await _read(sim, _client(url, token, http))


async def _read(sim: MicrosoftSimulator, graph: Any) -> None:
    from kiota_abstractions.api_error import APIError

    calendar = graph.users.by_user_id(JO).calendar_view
    page = await calendar.get(request_configuration=_between(calendar))
    assert sorted(one.subject for one in page.value) == ["Demo", "Fair", "Weekly", "Weekly"]
    demo = next(one for one in page.value if one.subject == "Demo")
    assert {one.email_address.address for one in demo.attendees} == {JO, ANN}
    delta = calendar.delta
    told = await delta.get(request_configuration=_between(delta))
    assert told.odata_delta_link
    own = next(one for one in sim.meetings.mailboxes[JO].copies.values() if one.event["subject"] == "Demo")
    sim.change_event(own.id, subject="Another")
    news = await delta.with_url(told.odata_delta_link).get()
    assert [one.subject for one in news.value] == ["Another"]
    sim.expire_delta_links()
    with pytest.raises(APIError) as refused:
        await delta.with_url(news.odata_delta_link).get()
    assert refused.value.response_status_code == 410
    assert len((await delta.get(request_configuration=_between(delta))).value) >= 4
    assert [one.mail for one in (await graph.users.get()).value] == [JO]


def _client(url: str, token: str, http: httpx.AsyncClient) -> Any:
    from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator
    from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider as Bearer
    from msgraph import GraphRequestAdapter, GraphServiceClient

    class Tokens(AccessTokenProvider):
        async def get_authorization_token(self, uri: str, additional_authentication_context: Any = None) -> str:
            return token

        def get_allowed_hosts_validator(self) -> Any:
            return AllowedHostsValidator(["127.0.0.1"])

    adapter = GraphRequestAdapter(Bearer(Tokens()), client=http)
    adapter.base_url = f"{url}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def _between(builder: Any) -> Any:
    from kiota_abstractions.base_request_configuration import RequestConfiguration

    name = next(one for one in dir(builder) if one.endswith("QueryParameters"))
    asked = getattr(builder, name)(start_date_time=BETWEEN["startDateTime"], end_date_time=BETWEEN["endDateTime"])
    return RequestConfiguration(query_parameters=asked)
