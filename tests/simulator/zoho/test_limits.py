from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ZohoSimulator
from tests.simulator.zoho.client import Crm, event, sign_in, task

EVERY = "where id is not null"


@pytest.mark.parametrize(("limit", "price"), [(1, 1), (200, 1), (201, 2), (1000, 2), (1001, 3), (2000, 3)])
def test_coql_costs_by_the_limit_asked(crm: Crm, limit: int, price: int) -> None:
    crm.coql(f"select id from Contacts {EVERY} limit {limit}")
    assert crm.org.credits.used() == price


@pytest.mark.parametrize(("rows", "price"), [(1, 1), (10, 1), (11, 2), (100, 10)])
def test_writes_cost_one_credit_for_each_started_ten(crm: Crm, rows: int, price: int) -> None:
    assert crm.insert("Tasks", *[task()] * rows).status_code == 201
    assert crm.org.credits.used() == price
    assert crm.org.credits.by_path() == {"POST /crm/v8/Tasks": price}


def test_other_prices(crm: Crm) -> None:
    lead = crm.org.add("Leads", Last_Name="Lee")
    spent = []
    for ask in (
        lambda: crm.get("Contacts/deleted"),
        lambda: crm.get("users"),
        lambda: crm.post(f"Leads/{lead}/actions/convert", {"data": [{}]}),
        lambda: crm.composite({"method": "GET", "uri": "/crm/v8/org"}, {"method": "GET", "uri": "/crm/v8/users"}),
        lambda: crm.get("Leads", fields="id", cvid="1"),
    ):
        before = crm.org.credits.used()
        ask()
        spent.append(crm.org.credits.used() - before)
    assert spent == [2, 1, 5, 1, 3]


def test_the_ledger_rolls_over_24_hours(crm: Crm, clock: Clock) -> None:
    crm.get("users")
    clock.shift(timedelta(hours=23))
    crm.http.headers["Authorization"] = f"Zoho-oauthtoken {sign_in(crm.http, crm.org)}"
    crm.get("users")
    assert crm.org.credits.used() == 2
    clock.shift(timedelta(hours=1))
    assert crm.org.credits.used() == 1


def test_the_limit_follows_edition_and_licences() -> None:
    limits = [
        ZohoSimulator(edition=edition, licences=10).credits.limit for edition in ("free", "standard", "enterprise")
    ]
    assert limits == [5_000, 52_500, 60_000]
    assert ZohoSimulator(edition="standard", licences=1000).credits.limit == 100_000


def test_empty_answers_may_be_free(crm: Crm) -> None:
    assert crm.get("Contacts", fields="id").status_code == 204
    assert crm.org.credits.used() == 1
    crm.org.switches.empty_answers_cost = False
    crm.get("Contacts", fields="id")
    assert crm.org.credits.used() == 1


@pytest.mark.parametrize("code", ["TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"])
def test_without_credits_everything_is_429(crm: Crm, code: str) -> None:
    crm.org.switches.too_many_code = code  # type: ignore[assignment]
    crm.org.credits.limit = 2
    assert crm.get("Contacts/deleted").status_code == 204
    answer = crm.get("users")
    assert (answer.status_code, answer.json()["code"]) == (429, code)
    assert crm.org.requests[-1].credits == 0


def test_what_is_left_is_told_only_from_half_on(crm: Crm) -> None:
    crm.org.credits.limit = 4
    assert "X-API-CREDITS-REMAINING" not in crm.get("users").headers
    assert crm.get("users").headers["X-API-CREDITS-REMAINING"] == "2"


def test_other_programs_of_the_organisation_spend_too(crm: Crm) -> None:
    crm.org.credits.limit = 10
    crm.org.credits.spend(10)
    assert crm.get("users").status_code == 429


def _at_once(org: ZohoSimulator, url: str, count: int, method: str, path: str, body: object = None) -> list[int]:
    """Send so many calls that all are in flight at the same time: nothing is answered before the last has come."""
    taken = 5 if "composite" in path else 1
    with httpx.Client(base_url=url, verify=False, limits=httpx.Limits(max_connections=count)) as http:
        http.headers["Authorization"] = f"Zoho-oauthtoken {sign_in(http, org)}"
        with ThreadPoolExecutor(count) as pool:
            with org.world.lock:
                answers = [pool.submit(http.request, method, path, json=body) for _ in range(count)]
                until = time.monotonic() + 20
                while org.slots.in_flight // taken + org.slots.refused < count and time.monotonic() < until:
                    time.sleep(0.005)
            return sorted(answer.result().status_code for answer in answers)


def test_a_free_organisation_takes_five_calls_at_once() -> None:
    org = ZohoSimulator(edition="free")
    with org.serve() as url:
        assert _at_once(org, url, 7, "GET", "/crm/v8/users") == [200] * 5 + [429] * 2
    assert org.slots.most == (5, 0)


def test_coql_runs_ten_at_once_in_every_edition() -> None:
    org = ZohoSimulator(edition="enterprise")
    body = {"select_query": f"select id from Contacts {EVERY}"}
    with org.serve() as url:
        assert _at_once(org, url, 12, "POST", "/crm/v8/coql", body) == [204] * 10 + [429] * 2


def test_a_composite_takes_five_slots() -> None:
    org = ZohoSimulator(edition="free")
    part = {"sub_request_id": "one", "method": "GET", "uri": "/crm/v8/org"}
    with org.serve() as url:
        body = {"__composite_requests": [part]}
        assert _at_once(org, url, 2, "POST", "/crm/v8/__composite_requests", body) == [200, 429]


def test_a_lost_answer_still_wrote_and_stands_in_the_ledger(crm: Crm) -> None:
    crm.org.mishaps.plan(Mishap.DROP_AFTER, "POST", "/Events")
    with pytest.raises(httpx.HTTPError):
        crm.insert("Events", event())
    assert len(crm.org.records("Events")) == 1
    assert crm.org.requests[-1].status == 201


def test_a_request_that_never_arrived_stands_in_the_ledger_without_status(crm: Crm) -> None:
    crm.org.mishaps.plan(Mishap.DROP_BEFORE, "POST", "/Events")
    with pytest.raises(httpx.HTTPError):
        crm.insert("Events", event())
    assert crm.org.records("Events") == []
    assert (crm.org.requests[-1].status, crm.org.requests[-1].credits) == (0, 0)


def test_the_price_list_can_be_asked_for(crm: Crm) -> None:
    apis = {row["path"]: row["operation_types"] for row in crm.get("__apis").json()["__apis"]}
    assert apis["/crm/v8/coql"][0]["max_credits"] == 3
    assert {row["method"] for row in apis["/crm/v8/{{module}}"]} == {"GET", "POST", "PUT", "DELETE"}
