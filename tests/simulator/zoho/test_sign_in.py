from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ZohoSimulator
from tests.simulator.zoho.client import Crm, ask_token, sign_in


def test_a_refresh_gives_an_access_token_and_the_address_of_the_api(crm: Crm) -> None:
    answer = ask_token(crm.http, crm.org).json()
    assert answer["expires_in"] == 3600
    assert answer["api_domain"] == str(crm.http.base_url).rstrip("/")
    assert "refresh_token" not in answer


def test_the_api_may_live_at_another_address_than_the_accounts_server(crm: Crm) -> None:
    crm.org.accounts.api_domain = "https://www.zohoapis.example"
    assert ask_token(crm.http, crm.org).json()["api_domain"] == "https://www.zohoapis.example"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_id": "1000.OTHER"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client_secret"),
        ({"refresh_token": "1000.gone.gone"}, "invalid_code"),
        ({"grant_type": "authorization_code", "code": "1000.no.no"}, "invalid_code"),
    ],
)
def test_a_refused_token_comes_with_http_200(crm: Crm, changed: dict[str, str], error: str) -> None:
    answer = ask_token(crm.http, crm.org, **changed)
    assert (answer.status_code, answer.json()) == (200, {"error": error})


def test_a_grant_code_is_good_once_and_for_three_minutes(crm: Crm, clock: Clock) -> None:
    code = crm.org.grant_code()
    first = ask_token(crm.http, crm.org, grant_type="authorization_code", code=code).json()
    assert sign_in(crm.http, crm.org, refresh_token=first["refresh_token"])
    again = ask_token(crm.http, crm.org, grant_type="authorization_code", code=code)
    assert again.json() == {"error": "invalid_code"}
    late = crm.org.grant_code()
    clock.shift(timedelta(minutes=3))
    assert ask_token(crm.http, crm.org, grant_type="authorization_code", code=late).json() == {"error": "invalid_code"}


def test_ten_tokens_in_ten_minutes_and_no_more(crm: Crm, clock: Clock) -> None:
    for _ in range(9):
        sign_in(crm.http, crm.org)
    assert ask_token(crm.http, crm.org).json() == {"error": "Access Denied"}
    crm.org.switches.token_throttle_status = 400
    assert ask_token(crm.http, crm.org).status_code == 400
    clock.shift(timedelta(minutes=10))
    assert sign_in(crm.http, crm.org)


def test_the_sixteenth_living_token_kills_the_oldest(crm: Crm, clock: Clock) -> None:
    for _ in range(9):
        sign_in(crm.http, crm.org)
    clock.shift(timedelta(minutes=10))
    for _ in range(5):
        sign_in(crm.http, crm.org)
    assert crm.get("org").status_code == 200
    sign_in(crm.http, crm.org)
    assert crm.get("org").json()["code"] == "INVALID_TOKEN"


def test_a_token_lives_for_an_hour(crm: Crm, clock: Clock) -> None:
    clock.shift(timedelta(seconds=3599))
    assert crm.get("org").status_code == 200
    clock.shift(timedelta(seconds=1))
    answer = crm.get("org")
    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_TOKEN")
    crm.org.switches.invalid_token_code = "INVALID_OAUTHTOKEN"
    assert crm.get("org").json()["code"] == "INVALID_OAUTHTOKEN"


def test_a_revoked_refresh_token_takes_its_access_tokens_with_it(crm: Crm) -> None:
    answer = crm.http.post("/oauth/v2/token/revoke", params={"token": crm.org.refresh_token})
    assert answer.json() == {"status": "success"}
    assert crm.get("org").status_code == 401
    assert ask_token(crm.http, crm.org).json() == {"error": "invalid_code"}


def test_only_zohos_own_header_scheme_opens_the_door(crm: Crm) -> None:
    token = crm.http.headers["Authorization"].split()[1]
    for header in (f"Bearer {token}", token, ""):
        answer = crm.get("org", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "AUTHENTICATION_FAILURE")


@pytest.mark.parametrize(
    ("granted", "path", "allowed"),
    [
        ("ZohoCRM.modules.contacts.READ", "Contacts?fields=id", True),
        ("ZohoCRM.modules.contacts.ALL", "Contacts?fields=id", True),
        ("ZohoCRM.modules.READ", "Contacts?fields=id", True),
        ("ZohoCRM.modules.contacts.WRITE", "Contacts?fields=id", False),
        ("ZohoCRM.modules.leads.ALL", "Contacts?fields=id", False),
        ("ZohoCRM.settings.ALL", "settings/modules", True),
        ("ZohoCRM.settings.fields.READ", "settings/modules", False),
        ("ZohoCRM.org.READ", "users", False),
    ],
)
def test_each_call_needs_its_scope(granted: str, path: str, allowed: bool) -> None:
    org = ZohoSimulator(scopes=(granted,))
    with org.serve() as url, httpx.Client(base_url=url, verify=False) as http:
        answer = http.get(f"/crm/v8/{path}", headers={"Authorization": f"Zoho-oauthtoken {sign_in(http, org)}"})
    assert (answer.status_code != 401) is allowed
    if not allowed:
        assert answer.json()["code"] == "OAUTH_SCOPE_MISMATCH"


def test_coql_needs_the_scope_of_the_module_too() -> None:
    org = ZohoSimulator(scopes=("ZohoCRM.coql.READ", "ZohoCRM.modules.leads.READ"))
    with org.serve() as url, httpx.Client(base_url=url, verify=False) as http:
        http.headers["Authorization"] = f"Zoho-oauthtoken {sign_in(http, org)}"
        crm = Crm(http, org)
        assert crm.coql("select id from Leads where id is not null").status_code == 204
        assert crm.coql("select id from Contacts where id is not null").json()["code"] == "OAUTH_SCOPE_MISMATCH"
