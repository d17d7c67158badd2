"""The pretend RingCentral, asked over real HTTP, and judged by RingCentral's own client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.ringcentral import RingCentralSimulator

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LOG = "/restapi/v1.0/account/~/call-log"


class Account:
    """A signed-in web client on a simulator with one user."""

    def __init__(self, simulator: RingCentralSimulator, url: str) -> None:
        self.simulator, self.url = simulator, url
        self.jo = simulator.add_extension("101", "Jo Smith", "jo@acme.example")
        self.web = httpx.Client(base_url=url, trust_env=False)
        self.web.headers["Authorization"] = f"Bearer {self.sign_in().json()['access_token']}"

    def sign_in(self, **changes: str) -> httpx.Response:
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": self.simulator.jwt}
        pair = (self.simulator.client_id, self.simulator.client_secret)
        return self.web.post("/restapi/oauth/token", data=form | changes, auth=pair)

    def get(self, path: str = LOG, **asked: Any) -> dict[str, Any]:
        answer = self.web.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def call(self, at: datetime = NOON - timedelta(hours=1), **more: Any) -> str:
        return self.simulator.add_call("Inbound", "+447700900123", at, extension=self.jo, **more)


@pytest.fixture
def account() -> Iterator[Account]:
    simulator = RingCentralSimulator(Clock(NOON))
    with simulator.serve() as url:
        opened = Account(simulator, url)
        yield opened
        opened.web.close()


def test_only_the_jwt_opens_and_only_for_an_hour(account: Account) -> None:
    assert account.sign_in(assertion="another").status_code == 400
    assert account.sign_in(grant_type="password").status_code == 400
    assert account.get()["records"] == []
    account.simulator.clock.shift(timedelta(hours=1))
    assert account.web.get(LOG).status_code == 401


def test_the_last_day_is_listed_unless_asked_and_newest_first(account: Account) -> None:
    old, new, newest = (account.call(NOON - timedelta(hours=hours)) for hours in (30, 2, 1))
    assert [record["id"] for record in account.get()["records"]] == [newest, new]
    since = (NOON - timedelta(days=7)).isoformat()
    assert [record["id"] for record in account.get(dateFrom=since)["records"]] == [newest, new, old]


def test_legs_are_in_the_detailed_view_only(account: Account) -> None:
    key = account.call()
    account.simulator.add_leg(key, account.jo, result="Accepted", after=10, lasting=50)
    assert "legs" not in account.get()["records"][0]
    legs = account.get(view="Detailed")["records"][0]["legs"]
    assert [(leg.get("master"), leg["legType"]) for leg in legs] == [(True, "Accept"), (None, "FindMe")]


def test_pages_end_where_no_next_page_is_named_and_totals_may_be_missing(account: Account) -> None:
    for minutes in range(3):
        account.call(NOON - timedelta(minutes=minutes + 1))
    first = account.get(perPage=2)
    assert "totalPages" not in first["paging"]
    second = account.web.get(first["navigation"]["nextPage"]["uri"]).json()
    assert (len(first["records"]), len(second["records"]), "nextPage" in second["navigation"]) == (2, 1, False)
    assert account.get(perPage=5000)["paging"]["perPage"] == 1000


@pytest.mark.parametrize(
    "asked", [{"view": "detailed"}, {"perPage": "0"}, {"page": "x"}, {"dateFrom": "noon"}, {"since": "1"}]
)
def test_what_is_not_offered_is_refused(account: Account, asked: dict[str, str]) -> None:
    assert account.web.get(LOG, params=asked).status_code == 400


def test_every_early_request_restarts_the_penalty(account: Account) -> None:
    for _ in range(10):
        account.get()
    refused = account.web.get(LOG)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.headers["X-Rate-Limit-Group"] == "heavy"
    account.simulator.clock.shift(timedelta(seconds=50))
    assert account.web.get(LOG).status_code == 429
    account.simulator.clock.shift(timedelta(seconds=50))
    assert account.web.get(LOG).status_code == 429
    account.simulator.clock.shift(timedelta(seconds=60))
    account.get()
    assert (account.simulator.limits.heavy.restarted, account.get("/restapi/v1.0/account/~/extension")["paging"]) == (
        2,
        {"page": 1, "perPage": 100, "pageStart": 0, "pageEnd": 0, "totalPages": 1, "totalElements": 1},
    )


def test_a_missing_permission_is_named_in_the_answer(account: Account) -> None:
    account.simulator.permissions.discard("FullCompanyCallLog")
    refused = account.web.get(LOG)
    assert (refused.status_code, refused.json()["errors"][0]["permissionName"]) == (403, "FullCompanyCallLog")


@pytest.mark.judge
def test_ringcentrals_own_client_signs_in_and_reads(account: Account) -> None:
    from ringcentral import SDK
    from ringcentral.http.api_exception import ApiException

    simulator = account.simulator
    key = account.call()
    platform = SDK(simulator.client_id, simulator.client_secret, account.url).platform()
    platform.login(jwt=simulator.jwt)
    log = platform.get(LOG, {"view": "Detailed", "type": "Voice", "perPage": 100}).json_dict()
    assert [record["id"] for record in log["records"]] == [key]
    assert log["records"][0]["legs"][0]["extension"]["id"] == account.jo
    people = platform.get("/restapi/v1.0/account/~/extension", {"type": "User", "status": "Enabled"}).json_dict()
    assert people["records"][0]["contact"]["email"] == "jo@acme.example"
    with pytest.raises(ApiException):
        platform.get(LOG, {"view": "detailed"})
