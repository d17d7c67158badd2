"""The pretend Dialpad, asked over real HTTP, and judged by Dialpad's own client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.dialpad import DialpadSimulator

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CALLER = "+447700900123"


class Company:
    """A web client with the company's key, on a simulator with one user."""

    def __init__(self, simulator: DialpadSimulator, url: str) -> None:
        self.simulator, self.url = simulator, url
        self.jo = simulator.add_user("jo@acme.example", "Jo Smith", "+442079460101")
        self.web = httpx.Client(base_url=f"{url}/api/v2", trust_env=False)
        self.web.headers["Authorization"] = f"Bearer {simulator.api_key}"

    def get(self, path: str = "/call", **asked: Any) -> dict[str, Any]:
        answer = self.web.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def call(self, at: datetime = NOON - HOUR, **more: Any) -> str:
        told = {"target": self.simulator.user_target(self.jo), "talk": 60} | more
        return self.simulator.add_call("inbound", CALLER, at, **told)


@pytest.fixture
def company() -> Iterator[Company]:
    simulator = DialpadSimulator(Clock(NOON))
    with simulator.serve() as url:
        opened = Company(simulator, url)
        yield opened
        opened.web.close()


def ids(page: dict[str, Any]) -> list[str]:
    return [item["call_id"] for item in page.get("items", [])]


def test_only_what_is_over_is_listed_newest_start_first_and_long_calls_in_the_past(company: Company) -> None:
    old, new, long = company.call(NOON - 2 * HOUR), company.call(), company.call(NOON - 3 * HOUR, over=False)
    assert ids(company.get()) == [new, old]
    company.simulator.finish_call(long)
    assert ids(company.get()) == [new, old, long]
    since = int((NOON - 2.5 * HOUR).timestamp() * 1000)
    assert ids(company.get(started_after=since)) == [new, old]
    assert ids(company.get(started_before=since)) == [long]


def test_pages_end_where_no_cursor_is_named(company: Company) -> None:
    made = [company.call(NOON - minutes * timedelta(minutes=2)) for minutes in range(1, 28)]
    first = company.get()
    second = company.get(cursor=first["cursor"])
    assert (len(ids(first)), ids(first) + ids(second), "cursor" in second) == (25, made, False)
    assert company.web.get("/call", params={"cursor": "made-up"}).status_code == 400


def test_what_is_not_offered_is_refused(company: Company) -> None:
    for asked in ({"limit": 50}, {"started_after": "2026-03-09"}, {"started_after": 1773050400}):
        assert company.web.get("/call", params=asked).status_code == 400, asked
    assert company.web.get("/users", params={"limit": 500}).status_code == 400
    assert company.web.get("/calls").status_code == 404
    assert httpx.get(f"{company.url}/api/v2/call", trust_env=False).status_code == 401
    company.simulator.scopes.discard("calls:list")
    assert company.web.get("/call").status_code == 403


def test_twenty_a_second_and_ten_single_ones_a_minute(company: Company) -> None:
    key = company.call()
    answers = [company.web.get(f"/call/{key}").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert [company.web.get("/users").status_code for _ in range(10)][-2:] == [200, 429]
    company.simulator.clock.shift(timedelta(seconds=1))
    assert company.web.get("/users").status_code == 200


@pytest.mark.judge
def test_dialpads_own_client_reads_calls_and_users(company: Company) -> None:
    from dialpad import DialpadClient
    from requests import HTTPError

    made = [company.call(NOON - minutes * timedelta(minutes=2), labels=["demo"]) for minutes in range(1, 28)]
    client = DialpadClient(company.simulator.api_key, base_url=company.url)
    since = int((NOON - HOUR).timestamp() * 1000)
    found = list(client.calls.list(started_after=since))
    assert [call["call_id"] for call in found] == made
    assert (found[0]["target"]["email"], found[0]["labels"]) == ("jo@acme.example", ["demo"])
    assert client.calls.get(int(made[0]))["external_number"] == CALLER
    (user,) = client.users.list(email="jo@acme.example")
    assert (user["emails"], user["display_name"]) == (["jo@acme.example"], "Jo Smith")
    stranger = DialpadClient("another", base_url=company.url)
    with pytest.raises(HTTPError):
        list(stranger.calls.list())
    for one in (client, stranger):
        one._session.close()


@pytest.mark.judge
def test_every_member_of_a_call_is_one_that_dialpad_names(company: Company) -> None:
    from dialpad.schemas.call import CallProto

    company.simulator.record(company.call())
    (call,) = company.get()["items"]
    assert set(call) <= set(CallProto.__annotations__)
