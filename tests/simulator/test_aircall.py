"""The pretend Aircall, asked over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.aircall import AircallSimulator
from activity_sync.simulator.mishaps import Mishap

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
JO, LINE, CUSTOMER = "jo@acme.example", "+44 20 7946 0100", "+44 7700 900123"


@dataclass(frozen=True)
class Aircall:
    simulator: AircallSimulator
    web: httpx.Client

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self.web.get(path, params={name.rstrip("_"): value for name, value in asked.items()})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def call(self, at: datetime = NOON, **more: Any) -> int:
        return self.simulator.add_call("inbound", CUSTOMER, at, **({"user": JO, "line": LINE, "talk": 60} | more))


@pytest.fixture
def aircall() -> Iterator[Aircall]:
    simulator = AircallSimulator(Clock(NOON), rate_limit=50)
    simulator.add_user(JO, "Jo Smith")
    simulator.add_number(LINE, "Sales UK")
    key = (simulator.api_id, simulator.api_token)
    with simulator.serve() as url, httpx.Client(base_url=url, auth=key, trust_env=False) as web:
        yield Aircall(simulator, web)


def test_only_the_right_key_opens(aircall: Aircall) -> None:
    assert aircall.get("/v1/ping") == {"ping": "pong"}
    assert aircall.web.get("/v1/ping", auth=("who", "ever")).status_code == 403
    assert httpx.get(aircall.web.base_url.join("/v1/ping"), trust_env=False).status_code == 401


def test_an_answered_call_counts_its_ringing_in_the_duration(aircall: Aircall) -> None:
    number = aircall.call(ring=12, talk=288)
    call = aircall.get(f"/v1/calls/{number}")["call"]
    assert (call["duration"], call["ended_at"] - call["answered_at"], call["status"]) == (300, 288, "done")
    assert (call["user"]["email"], call["number"]["digits"], call["raw_digits"]) == (JO, LINE, CUSTOMER)


def test_calls_are_filtered_by_their_start_and_paged(aircall: Aircall) -> None:
    ids = [aircall.call(NOON + timedelta(minutes=minute)) for minute in range(5)]
    first = aircall.get("/v1/calls", from_=int(NOON.timestamp()) + 60, per_page=2)
    assert [call["id"] for call in first["calls"]] == ids[1:3]
    assert (first["meta"]["total"], first["meta"]["count"], first["meta"]["current_page"]) == (4, 2, 1)
    second = aircall.web.get(first["meta"]["next_page_link"]).json()
    assert [call["id"] for call in second["calls"]] == ids[3:]
    assert second["meta"]["next_page_link"] is None
    assert aircall.get("/v1/calls", order="desc")["calls"][0]["id"] == ids[-1]


@pytest.mark.parametrize("asked", [{"per_page": 51}, {"from": "yesterday"}, {"order": "newest"}, {"since": 1}])
def test_what_is_not_offered_is_refused(aircall: Aircall, asked: dict[str, Any]) -> None:
    assert aircall.web.get("/v1/calls", params=asked).status_code == 400


def test_paging_just_ends_at_the_ceiling(aircall: Aircall) -> None:
    aircall.simulator.ceiling = 3
    for minute in range(5):
        aircall.call(NOON + timedelta(minutes=minute))
    page = aircall.get("/v1/calls")
    assert (len(page["calls"]), page["meta"]["total"], page["meta"]["next_page_link"]) == (3, 3, None)


def test_calls_older_than_half_a_year_are_gone(aircall: Aircall) -> None:
    aircall.call(NOON - timedelta(days=200))
    assert aircall.get("/v1/calls")["calls"] == []


def test_a_call_rings_runs_and_ends_between_polls(aircall: Aircall) -> None:
    number = aircall.call(status="initial")
    ringing = aircall.get(f"/v1/calls/{number}")["call"]
    assert (ringing["status"], ringing["answered_at"], ringing["ended_at"]) == ("initial", None, None)
    aircall.simulator.finish_call(number, ring=5, talk=60)
    done = aircall.get(f"/v1/calls/{number}")["call"]
    assert (done["status"], done["duration"]) == ("done", 65)


def test_comments_tags_and_recordings_come_late(aircall: Aircall) -> None:
    number = aircall.call()
    assert aircall.get(f"/v1/calls/{number}")["call"]["recording"] is None
    aircall.simulator.comment(number, "Wants a quote", by=JO)
    aircall.simulator.tag(number, "Demo")
    aircall.simulator.record(number)
    call, again = (aircall.get(f"/v1/calls/{number}", fetch_short_urls="true")["call"] for _ in range(2))
    assert (call["comments"][0]["content"], call["comments"][0]["posted_by"]["email"]) == ("Wants a quote", JO)
    assert call["tags"][0]["name"] == "Demo"
    assert call["recording"] != again["recording"]  # signed anew each time
    assert call["asset"] == again["asset"]
    assert call["recording_short_url"]


def test_a_missed_call_names_no_agent(aircall: Aircall) -> None:
    number = aircall.call(user=None, talk=None, missed="no_available_agent", voicemail=True)
    call = aircall.get(f"/v1/calls/{number}")["call"]
    assert (call["user"], call["answered_at"], call["missed_call_reason"]) == (None, None, "no_available_agent")
    assert call["voicemail"]


def test_the_search_finds_a_number_however_it_is_written(aircall: Aircall) -> None:
    number = aircall.call()
    aircall.simulator.add_call("outbound", "+44 7700 900999", NOON)
    assert [call["id"] for call in aircall.get("/v1/calls/search", phone_number="+447700900123")["calls"]] == [number]


def test_users_live_in_version_two_only(aircall: Aircall) -> None:
    assert aircall.get("/v2/users")["users"][0]["email"] == JO
    assert aircall.web.get("/v1/users").status_code == 410
    assert aircall.get("/v1/numbers")["numbers"][0]["digits"] == LINE
    assert aircall.web.get("/v1/calls/1").status_code == 404


def test_the_rate_is_told_and_kept(aircall: Aircall) -> None:
    answers = [aircall.web.get("/v1/ping") for _ in range(51)]
    assert answers[0].headers["X-AircallApi-Limit"] == "50"
    assert answers[0].headers["X-AircallApi-Remaining"] == "49"
    assert (answers[49].status_code, answers[50].status_code) == (200, 429)
    reset = int(answers[50].headers["X-AircallApi-Reset"]) - NOON.timestamp()
    aircall.simulator.clock.shift(timedelta(seconds=reset))
    assert aircall.get("/v1/ping")


def test_a_lost_answer_is_written_in_the_ledger(aircall: Aircall) -> None:
    aircall.simulator.mishaps.plan(Mishap.DROP_AFTER, path="/v1/calls")
    with pytest.raises(httpx.RemoteProtocolError):
        aircall.web.get("/v1/calls")
    assert aircall.simulator.requests[-1].path == "/v1/calls"
