"""Others judge the pretend Google: an independent client, and Google's own published shapes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import aiohttp
import pytest
from gcal_sync.api import GoogleCalendarService
from gcal_sync.auth import AbstractAuth
from gcal_sync.sync import CalendarEventSyncManager

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google import GoogleSimulator, instance_id

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
JO = "jo@acme.example"

pytestmark = pytest.mark.judge


class _Token(AbstractAuth):
    """Asks the simulator for a token as an installed app does."""

    def __init__(self, session: aiohttp.ClientSession, url: str, consent: dict[str, str]) -> None:
        super().__init__(session, host=f"{url}/calendar/v3")
        self._session, self._url, self._consent = session, url, consent

    async def async_get_access_token(self) -> str:
        form = self._consent | {"grant_type": "refresh_token"}
        async with self._session.post(f"{self._url}/token", data=form) as answer:
            return str((await answer.json())["access_token"])


@pytest.fixture
def google() -> Iterator[GoogleSimulator]:
    simulator = GoogleSimulator(Clock(NOON))
    simulator.add_calendar(JO)
    with simulator.serve():
        yield simulator


def with_client(google: GoogleSimulator, deed: Callable[[CalendarEventSyncManager], Awaitable[None]]) -> None:
    """Run `deed` with gcal-sync's manager on this simulator."""

    async def go() -> None:
        consent = google.tokens.enrol(JO)
        async with aiohttp.ClientSession() as session:
            url = google.service_account_key()["token_uri"].removesuffix("/token")
            service = GoogleCalendarService(_Token(session, url, consent))
            await deed(CalendarEventSyncManager(service, calendar_id="primary"))

    asyncio.run(go())


async def titles(manager: CalendarEventSyncManager) -> list[str]:
    await manager.run()
    timeline = await manager.store_service.async_get_timeline()
    return [event.summary for event in timeline]


def put_week(google: GoogleSimulator) -> str:
    """A few meetings and a series of three whose second was moved and whose third was cancelled; gives its id."""
    for number in range(4):
        at = NOON + timedelta(hours=number)
        google.put_event([JO], summary=f"Meeting {number}", start=at, end=at + timedelta(minutes=30))
    starts = [NOON + timedelta(weeks=week, hours=-2) for week in range(3)]
    master = google.put_series(
        [JO], starts=starts, length=timedelta(hours=1), recurrence="RRULE:FREQ=WEEKLY;COUNT=3", summary="Weekly"
    )
    google.move_event(instance_id(master, starts[1]), starts[1] + timedelta(days=1))
    google.cancel_event(instance_id(master, starts[2]))
    return master


def test_an_independent_client_reads_everything_then_what_changed(google: GoogleSimulator) -> None:
    master = put_week(google)
    google.listings.page_limit = 2

    async def deed(manager: CalendarEventSyncManager) -> None:
        assert await titles(manager) == ["Weekly", "Meeting 0", "Meeting 1", "Meeting 2", "Meeting 3", "Weekly"]
        google.put_event([JO], summary="Added", start=NOON + timedelta(days=1), end=NOON + timedelta(days=1, hours=1))
        google.cancel_event(master)
        assert await titles(manager) == ["Meeting 0", "Meeting 1", "Meeting 2", "Meeting 3", "Added"]

    with_client(google, deed)
    asked = [one for one in google.requests if one.path.endswith("/events")]
    assert all("syncToken" in one.query for one in asked[-3:])


def test_an_independent_client_falls_back_to_a_full_sync_when_its_token_is_refused(google: GoogleSimulator) -> None:
    put_week(google)

    async def deed(manager: CalendarEventSyncManager) -> None:
        before = await titles(manager)
        google.expire_sync_tokens()
        assert await titles(manager) == before

    with_client(google, deed)
    tokens = ["syncToken" in one.query for one in google.requests if one.path.endswith("/events")]
    assert tokens == [False, True, False]


def test_every_answer_has_the_shape_that_google_publishes(google: GoogleSimulator) -> None:
    put_week(google)
    google.put_event([JO], summary="Fair", start=date(2026, 3, 9), end=date(2026, 3, 11), visibility="private")
    people = [
        {"email": JO, "responseStatus": "accepted"},
        {"email": "room@resource.calendar.google.com", "resource": True},
    ]
    gone = google.put_event([JO], start=NOON, end=NOON + timedelta(hours=1), attendees=people, location="Here")
    google.cancel_event(gone)
    google.put_event([JO], summary="Call", start=NOON, end=NOON + timedelta(hours=1), attendees=people)
    page = asyncio.run(raw(google, "/calendar/v3/calendars/primary/events?showDeleted=true"))
    assert len(page["items"]) == 10
    assert list(mistakes(page, {"$ref": "Events"}, "")) == []


def test_directory_channels_and_conferences_have_the_published_shapes(google: GoogleSimulator) -> None:
    google.add_calendar("ops@acme.example", "Op Admin", aliases=["admin@acme.example"], admin=True)
    google.delegate("admin.directory.user.readonly", "meetings.space.readonly")
    google.conferences.hold("abc-mnop-xyz", NOON, NOON, [JO], {"phoneUser": {"displayName": "+44"}})
    users = asyncio.run(raw(google, "/admin/directory/v1/users?customer=my_customer&viewType=domain_public"))
    assert (len(users["users"]), list(mistakes(users, {"$ref": "Users"}, ""))) == (2, [])
    held = asyncio.run(raw(google, "/v2/conferenceRecords"))
    assert list(mistakes(held, {"$ref": "ListConferenceRecordsResponse"}, "")) == []
    people = asyncio.run(raw(google, f"/v2/{held['conferenceRecords'][0]['name']}/participants"))
    assert list(mistakes(people, {"$ref": "ListParticipantsResponse"}, "")) == []
    wish = {"id": "1", "type": "web_hook", "address": "https://hooks.acme.example/x", "token": "t"}
    channel = asyncio.run(raw(google, "/calendar/v3/calendars/primary/events/watch", wish))
    assert list(mistakes(channel, {"$ref": "Channel"}, "")) == []


def test_the_shape_check_sees_a_wrong_shape() -> None:
    wrong = {"kind": 7, "items": [{"start": "noon", "moon": 1}]}
    assert list(mistakes(wrong, {"$ref": "Events"}, "")) == [
        ".kind is no string",
        ".items[0].start is no object",
        ".items[0].moon is not published",
    ]


async def raw(google: GoogleSimulator, path: str, body: Any = None) -> Any:
    """The answer to a GET, or to a POST with this body."""
    async with aiohttp.ClientSession() as session:
        url = google.service_account_key()["token_uri"].removesuffix("/token")
        token = await _Token(session, url, google.tokens.enrol(JO)).async_get_access_token()
        headers = {"Authorization": f"Bearer {token}"}
        async with session.request("POST" if body else "GET", url + path, headers=headers, json=body) as answer:
            assert answer.status == 200
            return await answer.json()


def schemas(name: str) -> dict[str, Any]:
    """The shapes in one of Google's discovery documents, as Google's library ships them."""
    document = files("googleapiclient.discovery_cache.documents").joinpath(f"{name}.json")
    found: dict[str, Any] = json.loads(document.read_text())["schemas"]
    return found


SCHEMAS = {**schemas("admin.directory_v1"), **schemas("meet.v2"), **schemas("calendar.v3")}
_TYPES = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict, "number": float}


def mistakes(value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
    """Where `value` is not what Google's discovery document says, in words."""
    schema = SCHEMAS[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "any")
    if kind != "any" and not isinstance(value, _TYPES[kind]):
        yield f"{where} is no {kind}"
    elif kind == "array":
        for number, one in enumerate(value):
            yield from mistakes(one, schema["items"], f"{where}[{number}]")
    elif kind == "object":
        yield from _members(value, schema, where)
    elif schema.get("format") == "date-time":
        assert datetime.fromisoformat(value).tzinfo


def _members(value: dict[str, Any], schema: dict[str, Any], where: str) -> Iterator[str]:
    known, rest = schema.get("properties", {}), schema.get("additionalProperties")
    for name, inner in value.items():
        if name in known or rest:
            yield from mistakes(inner, known.get(name, rest), f"{where}.{name}")
        else:
            yield f"{where}.{name} is not published"
