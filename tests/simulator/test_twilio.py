"""The pretend Twilio, asked over real HTTP, and judged by Twilio's own client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.twilio import TwilioSimulator

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Account:
    """A web client on a simulator."""

    def __init__(self, simulator: TwilioSimulator, url: str) -> None:
        self.simulator, self.url = simulator, url
        self.path = f"/2010-04-01/Accounts/{simulator.account_sid}"
        key = (simulator.account_sid, simulator.auth_token)
        self.web = httpx.Client(base_url=url, auth=key, trust_env=False)

    def calls(self, **asked: Any) -> dict[str, Any]:
        answer = self.web.get(f"{self.path}/Calls.json", params=asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def call(self, at: datetime = NOON - HOUR, **more: Any) -> str:
        return self.simulator.add_call("inbound", "+447700900123", "+442079460100", at, **more)


@pytest.fixture
def account() -> Iterator[Account]:
    simulator = TwilioSimulator(Clock(NOON))
    with simulator.serve() as url:
        opened = Account(simulator, url)
        yield opened
        opened.web.close()


def test_only_the_token_opens(account: Account) -> None:
    refused = account.web.get(f"{account.path}/Calls.json", auth=(account.simulator.account_sid, "x"))
    assert (refused.status_code, refused.json()["code"]) == (401, 20003)
    assert account.web.get("/2010-04-01/Accounts/AC0/Calls.json").status_code == 404


def test_times_are_mails_and_durations_are_texts(account: Account) -> None:
    account.call(lasting=300)
    (call,) = account.calls()["calls"]
    assert (call["start_time"], call["duration"]) == ("Mon, 09 Mar 2026 11:00:00 +0000", "300")
    account.call(NOON, status="no-answer")
    assert account.calls()["calls"][0]["duration"] is None


def test_the_sign_is_a_part_of_the_filters_name(account: Account) -> None:
    early, late = account.call(NOON - 2 * HOUR), account.call(NOON - HOUR)
    border = (NOON - HOUR).isoformat()
    assert [one["sid"] for one in account.calls(**{"StartTime>": border})["calls"]] == [late]
    assert [one["sid"] for one in account.calls(**{"StartTime<": border})["calls"]] == [early]
    running = account.call(status="in-progress")
    ended = [one["sid"] for one in account.calls(**{"EndTime>": "2026-03-01"})["calls"]]
    assert running not in ended
    assert len(ended) == 2


def test_pages_go_on_behind_their_token_though_new_calls_come(account: Account) -> None:
    made = [account.call(NOON - minutes * timedelta(minutes=1)) for minutes in range(1, 6)]
    first = account.calls(PageSize=2)
    account.call(NOON)
    assert first["next_page_uri"].startswith("/2010-04-01/")
    second = account.web.get(first["next_page_uri"]).json()
    third = account.web.get(second["next_page_uri"]).json()
    assert [one["sid"] for page in (first, second, third) for one in page["calls"]] == made
    assert third["next_page_uri"] is None


@pytest.mark.parametrize(
    "asked",
    [{"PageSize": "1001"}, {"PageSize": "x"}, {"StartTime>=": "2026-01-01"}, {"StartTime>": "noon"}, {"Page": "3"}],
)
def test_what_is_not_offered_is_refused(account: Account, asked: dict[str, str]) -> None:
    assert account.web.get(f"{account.path}/Calls.json", params=asked).status_code == 400


def test_where_filters_know_days_only_the_time_is_left_out(account: Account) -> None:
    account.simulator.by_day = True
    account.call(NOON - 2 * HOUR)
    assert len(account.calls(**{"StartTime>": (NOON - HOUR).isoformat()})["calls"]) == 1
    assert account.calls(**{"StartTime<": NOON.isoformat()})["calls"] == []


@pytest.mark.judge
def test_twilios_own_client_pages_filters_and_reads(account: Account) -> None:
    from twilio.rest import Client

    simulator = account.simulator
    root = account.call(lasting=70)
    child = simulator.add_call("outbound-dial", "+447700900123", "client:jo", NOON - HOUR, parent=root)
    recording = simulator.record(root, "RecordVerb")
    for minutes in range(5):
        account.call(NOON - timedelta(days=3, minutes=minutes))
    client = Client(simulator.account_sid, simulator.auth_token)
    client.api.base_url = account.url
    found = list(client.calls.stream(start_time_after=NOON - 2 * HOUR, page_size=1))
    assert {(one.sid, one.parent_call_sid, one.duration) for one in found} == {(root, None, "70"), (child, root, "60")}
    assert {one.start_time for one in found} == {NOON - HOUR}
    assert len(client.calls.list(page_size=2)) == 7
    assert [one.sid for one in client.calls.list(parent_call_sid=root)] == [child]
    assert client.calls(root).fetch().direction == "inbound"
    assert [(one.sid, one.source) for one in client.recordings.list(call_sid=root)] == [(recording, "RecordVerb")]
    assert [one.sid for one in client.calls(root).recordings.list()] == [recording]
