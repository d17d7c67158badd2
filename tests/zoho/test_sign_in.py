"""Zoho's tokens: kept, renewed early and once, and every refusal named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
import respx

from activity_sync.model.failures import ConnectionFailure, SignInAgain, TryLater
from activity_sync.model.records import OrgFacts
from activity_sync.zoho import ZohoCrm, open_zoho
from tests.builders import settings
from tests.zoho.stage import NOW, Ledger, Tokens, a_stage

ACCOUNTS = "https://accounts.zoho.eu/oauth/v2/token"
USERS = {"users": [{"id": "1", "email": "jo@acme.example", "status": "active"}], "info": {"more_records": False}}


def a_token(**more: Any) -> httpx.Response:
    return httpx.Response(200, json={"access_token": "1000.a.b", "expires_in": 3600, "token_type": "Bearer", **more})


def a_crm(tokens: Tokens | None = None, **zoho: Any) -> ZohoCrm:
    given = {"data_center": "eu", "client_id": "1000.X", "client_secret": "hush", "refresh_token": "1000.r.t", **zoho}
    config = settings(zoho={name: value for name, value in given.items() if value})
    return open_zoho(config, tokens or Tokens(), Ledger(), lambda: NOW, OrgFacts)


def test_a_token_is_asked_for_once_and_kept_over_restarts() -> None:
    with a_stage() as stage:
        issued = stage.sim.accounts.issued
        stage.crm.users()
        stage.crm.users()
        again = open_zoho(stage.config, stage.tokens, stage.ledger, stage.clock.now, lambda: stage.known[0])
        again.users()
        again.close()
        assert stage.sim.accounts.issued == issued + 1


def test_a_token_is_renewed_five_minutes_before_it_ends() -> None:
    with a_stage() as stage:
        issued = stage.sim.accounts.issued
        stage.crm.users()
        stage.clock.shift(timedelta(minutes=54))
        stage.crm.users()
        assert stage.sim.accounts.issued == issued + 1
        stage.clock.shift(timedelta(minutes=2))
        stage.crm.users()
        assert stage.sim.accounts.issued == issued + 2
        assert all(one.status == 200 for one in stage.asked())


@pytest.mark.parametrize("spelling", ["INVALID_TOKEN", "INVALID_OAUTHTOKEN"])
def test_a_dead_token_is_renewed_once(spelling: str) -> None:
    with a_stage() as stage:
        stage.sim.switches.invalid_token_code = spelling
        stage.crm.users()
        stage.sim.accounts.expire_access_tokens()
        assert len(stage.crm.users()) == 1
        assert stage.sim.accounts.issued == 2


def test_many_threads_ask_for_one_token() -> None:
    with a_stage() as stage, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: stage.crm.users(), range(16)))
        assert stage.sim.accounts.issued == 1
        stage.sim.accounts.expire_access_tokens()
        list(pool.map(lambda _: stage.crm.users(), range(16)))
        assert stage.sim.accounts.issued == 2


def test_a_token_of_other_credentials_is_not_used() -> None:
    with a_stage() as stage:
        stage.crm.users()
        changed = stage.sim.accounts.add_refresh_token()
        config = stage.config.model_copy(update={"zoho": stage.config.zoho.model_copy(update={"refresh_token": None})})
        stage.tokens.put("zoho.refresh_token", changed)
        again = open_zoho(config, stage.tokens, stage.ledger, stage.clock.now, lambda: stage.known[0])
        again.users()
        again.close()
        assert stage.sim.accounts.issued == 2


def test_without_a_refresh_token_the_next_step_is_told() -> None:
    with a_stage(zoho={"refresh_token": None}) as stage:
        with pytest.raises(SignInAgain) as told:
            stage.crm.users()
        assert told.value.next_step == "run `activity-sync connect zoho` or set zoho.refresh_token"
        assert stage.sim.requests == []


@pytest.mark.parametrize("status", [200, 400])
def test_a_throttled_sign_in_waits_ten_minutes(status: Any) -> None:
    with a_stage() as stage:
        stage.sim.switches.token_throttle_status = status
        for _ in range(10):
            stage.crm.users()
            stage.sim.accounts.expire_access_tokens()
        with pytest.raises(TryLater) as told:
            stage.crm.users()
        assert told.value.after == timedelta(minutes=10)


@pytest.mark.parametrize("error", ["invalid_code", "invalid_client", "invalid_client_secret", "invalid_redirect_uri"])
def test_a_refusal_for_good_asks_for_a_person_though_it_comes_with_http_200(error: str) -> None:
    with respx.mock:
        respx.post(ACCOUNTS).respond(200, json={"error": error})
        with pytest.raises(SignInAgain) as told:
            a_crm().users()
        assert told.value.next_step
        assert "hush" not in f"{told.value} {told.value.next_step}"


ODD = [
    httpx.Response(200, json={"error": "general_error"}),
    httpx.Response(200, html="<h1>Back soon</h1>"),
    httpx.Response(503, text="no"),
    httpx.Response(200, json={"access_token": None}),
    httpx.Response(200, json=[]),
    httpx.ConnectError("refused"),
    httpx.ReadTimeout("slow"),
]


@pytest.mark.parametrize("answer", ODD, ids=range(len(ODD)))
def test_trouble_at_the_sign_in_passes(answer: httpx.Response | Exception) -> None:
    with respx.mock:
        route = respx.post(ACCOUNTS).mock(side_effect=[answer])
        with pytest.raises(TryLater):
            a_crm().users()
        assert route.call_count == 1


def test_secrets_go_in_the_body_and_zohos_own_scheme_in_the_header() -> None:
    with respx.mock:
        asked = respx.post(ACCOUNTS).mock(return_value=a_token())
        used = respx.get(host="www.zohoapis.eu").respond(200, json=USERS)
        a_crm().users()
        assert asked.calls[0].request.url.query == b""
        assert b"refresh_token=1000.r.t" in asked.calls[0].request.content
        assert used.calls[0].request.headers["Authorization"] == "Zoho-oauthtoken 1000.a.b"


def test_the_api_is_where_the_token_says() -> None:
    with respx.mock:
        respx.post(ACCOUNTS).mock(return_value=a_token(api_domain="https://sandbox.zohoapis.eu"))
        used = respx.get(host="sandbox.zohoapis.eu").respond(200, json=USERS)
        a_crm().users()
        assert used.calls[0].request.headers["Host"] == "sandbox.zohoapis.eu"


@pytest.mark.parametrize(
    "named", ["https://evil.example", "http://www.zohoapis.eu", "https://zohoapis.eu.evil.example"]
)
def test_a_token_is_never_carried_to_a_foreign_host(named: str) -> None:
    with respx.mock:
        respx.post(ACCOUNTS).mock(return_value=a_token(api_domain=named))
        respx.get(scheme="https", host="www.zohoapis.eu").respond(200, json=USERS)
        assert len(a_crm().users()) == 1


def test_with_addresses_of_our_own_no_other_host_is_contacted() -> None:
    own = {"accounts_url": "https://proxy.acme.example", "api_url": "https://proxy.acme.example/zoho"}
    with respx.mock:
        respx.post("https://proxy.acme.example/oauth/v2/token").mock(
            return_value=a_token(api_domain="https://www.zohoapis.eu")
        )
        respx.get("https://proxy.acme.example/zoho/crm/v8/users").respond(200, json=USERS)
        assert len(a_crm(**own).users()) == 1


def test_a_redirect_is_not_followed() -> None:
    with respx.mock:
        respx.post(ACCOUNTS).mock(return_value=a_token())
        respx.get(host="www.zohoapis.eu").respond(302, headers={"Location": "https://evil.example/"})
        with pytest.raises(ConnectionFailure):
            a_crm().users()


def test_a_user_who_is_still_refused_with_a_new_token_must_sign_in_again() -> None:
    refused = httpx.Response(401, json={"code": "INVALID_TOKEN", "details": {}, "message": "no", "status": "error"})
    with respx.mock:
        asked = respx.post(ACCOUNTS).mock(side_effect=[a_token(), a_token(access_token="1000.c.d")])
        used = respx.get(host="www.zohoapis.eu").mock(return_value=refused)
        with pytest.raises(SignInAgain, match="INVALID_TOKEN"):
            a_crm().users()
        assert (asked.call_count, used.call_count) == (2, 2)
