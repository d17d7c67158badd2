"""From a grant code to a refresh token, in every data center and with addresses of one's own."""

from __future__ import annotations

import threading
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import respx

from activity_sync.model.failures import Refused, SignInAgain, TryLater
from activity_sync.model.settings import Zoho
from activity_sync.net.redirect import Landing
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from activity_sync.zoho.connecting import exchange, is_accounts_server, sign_in_page
from activity_sync.zoho.data_centers import DATA_CENTERS
from activity_sync.zoho.key_field import make_key_fields
from tests.builders import settings
from tests.zoho.stage import NOW, a_stage

CODE = "1000.grant.code"
REGIONS = list(DATA_CENTERS)


def a_zoho(**more: str) -> Zoho:
    return settings(zoho={"client_id": "1000.X", "client_secret": "hush", "data_center": "us", **more}).zoho


def says(region: str, **more: str) -> httpx.Response:
    answer = {"access_token": "1000.a.b", "refresh_token": "1000.c.d", "api_domain": DATA_CENTERS[region].api}
    return httpx.Response(200, json={**answer, "scope": "ZohoCRM.modules.ALL", "expires_in": 3600, **more})


def refuses(error: str) -> httpx.Response:
    return httpx.Response(200, json={"error": error})


def all_but(right: str, error: str) -> None:
    for name, region in DATA_CENTERS.items():
        answer = says(right) if name == right else refuses(error)
        respx.post(f"{region.accounts}/oauth/v2/token").mock(return_value=answer)


@respx.mock
@pytest.mark.parametrize("region", REGIONS)
def test_each_data_center_gives_its_token_at_its_own_server(region: str) -> None:
    route = respx.post(f"{DATA_CENTERS[region].accounts}/oauth/v2/token").mock(return_value=says(region))
    grant = exchange(a_zoho(data_center=region), CODE)
    assert (grant.refresh_token, grant.data_center, grant.api) == ("1000.c.d", region, DATA_CENTERS[region].api)
    form = {name: values[0] for name, values in parse_qs(route.calls[0].request.content.decode()).items()}
    assert form == {"grant_type": "authorization_code", "code": CODE, "client_id": "1000.X", "client_secret": "hush"}
    assert route.calls[0].request.url.query == b""


@respx.mock
@pytest.mark.parametrize("error", ["invalid_client", "invalid_code"])
@pytest.mark.parametrize("region", REGIONS)
def test_a_wrong_data_center_in_the_config_is_found_out(region: str, error: str) -> None:
    wrong = "eu" if region != "eu" else "us"
    all_but(region, error)
    assert exchange(a_zoho(data_center=wrong), CODE).data_center == region


@respx.mock
@pytest.mark.parametrize("region", REGIONS)
def test_a_sandbox_belongs_to_its_data_center(region: str) -> None:
    api = DATA_CENTERS[region].api.replace("www.", "sandbox.")
    respx.post(f"{DATA_CENTERS[region].accounts}/oauth/v2/token").mock(return_value=says(region, api_domain=api))
    grant = exchange(a_zoho(data_center=region), CODE)
    assert (grant.data_center, grant.api) == (region, api)


@respx.mock
def test_a_code_that_nobody_knows_is_named_for_what_it_is() -> None:
    all_but("us", "invalid_client")
    respx.post(f"{DATA_CENTERS['us'].accounts}/oauth/v2/token").mock(return_value=refuses("invalid_code"))
    with pytest.raises(SignInAgain, match="the grant code: it was used before") as told:
        exchange(a_zoho(data_center="eu"), CODE)
    assert CODE not in f"{told.value} {told.value.next_step}"


@respx.mock
def test_a_wrong_secret_is_not_carried_around() -> None:
    respx.post(f"{DATA_CENTERS['us'].accounts}/oauth/v2/token").mock(return_value=refuses("invalid_client_secret"))
    with pytest.raises(SignInAgain, match="client secret"):
        exchange(a_zoho(), CODE)
    assert len(respx.calls) == 1


@respx.mock
@pytest.mark.parametrize("answer", [httpx.Response(503, text="no"), refuses("Access Denied"), httpx.ConnectError("no")])
def test_a_server_in_trouble_is_no_wrong_data_center(answer: httpx.Response | Exception) -> None:
    kind = "side_effect" if isinstance(answer, Exception) else "return_value"
    respx.post(f"{DATA_CENTERS['us'].accounts}/oauth/v2/token").mock(**{kind: answer})
    with pytest.raises(TryLater):
        exchange(a_zoho(), CODE)
    assert len(respx.calls) == 1


@respx.mock
@pytest.mark.parametrize("region", REGIONS)
def test_the_server_that_the_sign_in_page_names_is_asked_and_no_other(region: str) -> None:
    respx.post(f"{DATA_CENTERS[region].accounts}/oauth/v2/token").mock(return_value=says(region))
    grant = exchange(a_zoho(), CODE, redirect_uri="http://localhost:8914/zoho", accounts=DATA_CENTERS[region].accounts)
    assert grant.data_center == region
    assert b"redirect_uri=http" in respx.calls[0].request.content


@pytest.mark.parametrize("address", ["https://accounts.zoho.evil.example", "http://accounts.zoho.eu", "", "https://x"])
def test_no_other_server_gets_our_secret(address: str) -> None:
    assert not is_accounts_server(address)


@respx.mock
@pytest.mark.parametrize("error", ["", "invalid_client", "invalid_code"])
def test_with_addresses_of_our_own_no_other_host_is_asked(error: str) -> None:
    answer = refuses(error) if error else says("eu")
    respx.post("https://zoho.acme.example/oauth/v2/token").mock(return_value=answer)
    own = settings(
        zoho={
            "client_id": "1000.X",
            "client_secret": "hush",
            "accounts_url": "https://zoho.acme.example",
            "api_url": "https://api.acme.example",
        }
    ).zoho
    if error:
        with pytest.raises(SignInAgain):
            exchange(own, CODE, accounts="https://accounts.zoho.eu")
    else:
        assert exchange(own, CODE, accounts="https://accounts.zoho.eu").data_center == ""
    assert {call.request.url.host for call in respx.calls} == {"zoho.acme.example"}


@respx.mock
def test_without_a_refresh_token_nothing_is_kept() -> None:
    respx.post(f"{DATA_CENTERS['us'].accounts}/oauth/v2/token").mock(return_value=says("us", refresh_token=""))
    with pytest.raises(SignInAgain, match="no refresh token"):
        exchange(a_zoho(), CODE)


# --- the browser -------------------------------------------------------------------------------------------------


def test_the_sign_in_page_is_asked_for_everything_that_is_needed() -> None:
    page = urlsplit(sign_in_page(a_zoho(data_center="ca"), "http://localhost:8914/zoho", "xyz"))
    query = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert f"{page.scheme}://{page.netloc}{page.path}" == "https://accounts.zohocloud.ca/oauth/v2/auth"
    assert (query["access_type"], query["response_type"], query["state"]) == ("offline", "code", "xyz")
    assert "hush" not in page.query
    assert "ZohoCRM.modules.events.ALL" in query["scope"].split(",")


def visits(landing: Landing, *queries: str) -> list[int]:
    """Browsers that come back, one after the other."""
    seen: list[int] = []

    def browse() -> None:
        base = landing.uri.replace("localhost", "127.0.0.1")
        seen.extend(httpx.get(f"{base}{query}", trust_env=False).status_code for query in queries)

    thread = threading.Thread(target=browse)
    thread.start()
    try:
        landing.wait(5)
    finally:
        thread.join()
    return seen


def test_only_the_answer_to_our_own_question_counts() -> None:
    with Landing("right", 0) as landing:
        seen = visits(landing, "?code=bad&state=wrong", "?code=bad", "/elsewhere?code=bad&state=right",
                      "?code=good&state=right&location=eu&accounts-server=https%3A%2F%2Faccounts.zoho.eu")  # fmt: skip
        returned = landing.wait(0.1)
    assert seen == [400, 400, 404, 200]
    assert (returned.code, returned.location, returned.accounts) == ("good", "eu", "https://accounts.zoho.eu")


def test_a_person_who_says_no_is_understood() -> None:
    with Landing("right", 0) as landing, pytest.raises(Refused, match="access_denied"):
        visits(landing, "?error=access_denied&state=right")


def test_nobody_is_waited_for_for_ever() -> None:
    with Landing("right", 0) as landing, pytest.raises(TryLater, match="nobody came back"):
        landing.wait(0.05)


# --- the key field -----------------------------------------------------------------------------------------------


def test_the_key_field_is_made_unique_in_all_three() -> None:
    with a_stage() as stage:
        org = stage.learn()
        made = stage.crm.checkup.make_key_field(["Events", "Calls", "Tasks"])  # type: ignore[list-item]
        assert [(str(one.module), one.why) for one in made] == [("Events", ""), ("Calls", ""), ("Tasks", "")]
        after = stage.learn()
        assert (org.key_field, after.key_field, after.key_unique) == (
            frozenset(), {"Events", "Calls", "Tasks"}, {"Events", "Calls", "Tasks"}
        )  # fmt: skip
        assert after.fields["Calls"]["Activity_Sync_Key"].length == 64


def test_where_it_may_not_be_unique_a_plain_one_is_made() -> None:
    with a_stage() as stage:
        stage.sim.switches.unique_activity_fields = False
        [made] = stage.crm.checkup.make_key_field(["Calls"])  # type: ignore[list-item]
        org = stage.learn()
        assert "could not be made unique" in made.why
        assert (org.key_field, org.key_unique) == ({"Calls"}, frozenset())


def test_a_third_unique_field_is_a_plain_one() -> None:
    with a_stage() as stage:
        for name in ("First", "Second"):
            stage.sim.add_field("Tasks", name, unique=True)
        [made] = stage.crm.checkup.make_key_field(["Tasks"])  # type: ignore[list-item]
        assert "could not be made unique" in made.why
        assert stage.learn().key_field == {"Tasks"}


def test_an_org_without_room_for_a_field_says_so() -> None:
    with a_stage(ZohoSimulator(Clock(NOW), edition="free")) as stage:
        for number in range(10):
            stage.sim.add_field("Events", f"Custom_{number}")
        [made] = stage.crm.checkup.make_key_field(["Events"])  # type: ignore[list-item]
        assert "LIMIT_EXCEEDED" in made.why
        assert stage.learn().key_field == frozenset()


def test_without_the_permission_the_field_is_not_made_and_the_permission_named() -> None:
    scopes = (*(scope for scope in ALL_SCOPES if "settings" not in scope), "ZohoCRM.settings.READ")
    with a_stage(ZohoSimulator(Clock(NOW), scopes=scopes)) as stage:
        [made] = make_key_fields(stage.crm._client, "Activity_Sync_Key", ["Events"])  # type: ignore[list-item]
        assert made.why == "Zoho's permission ZohoCRM.settings.fields.CREATE is missing"


def test_a_field_that_is_there_already_is_no_trouble() -> None:
    with a_stage() as stage:
        stage.sim.add_key_field()
        assert [one.why for one in stage.crm.checkup.make_key_field(["Events"])] == [""]  # type: ignore[list-item]
