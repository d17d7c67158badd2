"""connect zoho: by grant code and by browser, what it stores, makes and says; and `check --self-test`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from ruamel.yaml import YAML

from activity_sync.config import load
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ALL_SCOPES
from activity_sync.store import facts
from activity_sync.store.database import open_database
from tests.faces.conftest import Desk, Told, company

PORT = 18914


@pytest.fixture
def unconnected(tmp_path: Path) -> Iterator[Desk]:
    """A company whose config holds no refresh token, and whose org has no key field."""
    with company(tmp_path, scenes=2, key_field=False) as desk:
        configure(desk, refresh_token=None)
        yield desk


def configure(desk: Desk, **zoho: Any) -> None:
    """Change the zoho section; None removes a key."""
    yaml = YAML(typ="safe")
    config = yaml.load(desk.config)
    for name, value in zoho.items():
        config["zoho"].pop(name, None)
        if value is not None:
            config["zoho"][name] = value
    with desk.config.open("w", encoding="utf-8") as file:
        yaml.dump(config, file)


def by_code(desk: Desk, *flags: str) -> Told:
    return desk("connect", "zoho", "--code", desk.stage.zoho.grant_code(), *flags)


def lines(told: Told) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in told.json["checks"]}


def test_a_grant_code_is_all_it_takes(unconnected: Desk) -> None:
    assert unconnected("check", "--json").exit == 3
    told = by_code(unconnected, "--yes")
    assert (told.exit, told.err) == (0, ""), told.out
    assert "ok    zoho: Acme lets us in" in told.out
    assert "ok    zoho user: admin@acme.example, an administrator" in told.out
    assert "ZohoCRM.modules.events.ALL: to write Events" in told.out
    assert unconnected("sync", "--json").exit == 0
    assert unconnected.stage.zoho.records("Events")


def test_the_token_is_stored_encrypted_and_never_shown(unconnected: Desk) -> None:
    told = by_code(unconnected, "--no-key-field")
    [token] = [one for one in unconnected.stage.zoho.accounts._grants if one != unconnected.stage.zoho.refresh_token]
    stored = b"".join(file.read_bytes() for file in unconnected.config.parent.glob("activity-sync.db*"))
    assert b"zoho.refresh_token" in stored
    assert token.encode() not in stored
    assert token not in told.out + told.err


def test_the_key_field_is_made_where_it_is_allowed(unconnected: Desk) -> None:
    assert "--yes makes it" in by_code(unconnected).out
    assert unconnected.stage.zoho.world.modules["Events"].unique_fields == []
    told = by_code(unconnected, "--yes")
    assert "Activity_Sync_Key is there and unique in Events, Calls, Tasks: a double is refused" in told.out
    assert "made" not in by_code(unconnected, "--yes").out.partition("stored")[2].partition("ok ")[0]


def test_no_key_field_means_none(unconnected: Desk) -> None:
    told = by_code(unconnected, "--yes", "--no-key-field")
    assert (told.exit, "not in Events, Calls, Tasks" in told.out) == (0, True)
    assert not [one for one in unconnected.stage.zoho.requests if one.path.endswith("fields") and one.method == "POST"]


def test_a_rehearsal_makes_nothing_and_says_what_it_would_make(unconnected: Desk) -> None:
    configure(unconnected, write=False)
    told = by_code(unconnected, "--yes", "--self-test")
    assert "would be made in Events, Calls, Tasks" in told.out
    assert "zoho.write is false" in told.out
    zoho = unconnected.stage.zoho
    assert not [
        one for one in zoho.requests if one.method in ("PUT", "DELETE") or one.path.endswith(("Leads", "Events"))
    ]
    assert zoho.world.modules["Events"].unique_fields == []


def test_the_self_test_comes_with_it_and_is_kept(unconnected: Desk) -> None:
    unconnected.stage.zoho.switches.call_duration_unit = "HH:mm"
    before = {module: len(unconnected.stage.zoho.records(module)) for module in ("Leads", "Events", "Calls", "Tasks")}
    told = by_code(unconnected, "--yes", "--self-test")
    assert told.exit == 0, told.out
    assert "ok    self-test: call duration: read as HH:mm" in told.out
    after = {module: len(unconnected.stage.zoho.records(module)) for module in ("Leads", "Events", "Calls", "Tasks")}
    assert after == before
    known = learned(unconnected)
    assert (known.duration_unit, known.key_free_again) == ("HH:mm", True)


def learned(desk: Desk) -> Any:
    database = open_database(load(desk.config, {}).database)
    try:
        with database.reading() as session:
            return facts.learned(session)
    finally:
        database.dispose()


def test_a_used_code_is_refused_with_the_next_step(unconnected: Desk) -> None:
    code = unconnected.stage.zoho.grant_code()
    assert unconnected("connect", "zoho", "--code", code).exit == 0
    told = unconnected("connect", "zoho", "--code", code)
    assert told.exit == 3
    assert "was used before" in told.err
    assert "Make a new one in Zoho's API console" in told.err


def test_a_token_in_the_config_is_pointed_out(fresh: Desk) -> None:
    assert "Remove zoho.refresh_token from the config" in by_code(fresh).out


def test_missing_permissions_are_named(unconnected: Desk) -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if scope not in ("ZohoCRM.coql.READ", "ZohoCRM.bulk.ALL"))
    told = unconnected("connect", "zoho", "--code", unconnected.stage.zoho.grant_code(scopes), "--no-key-field")
    assert told.exit == 1
    assert "FAIL  permissions: missing: ZohoCRM.coql.READ (to read many records for few credits)" in told.out
    assert "useful beside them: ZohoCRM.bulk.READ (to read large modules" in told.out


# --- by browser --------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that follows the page wherever it leads; 127.0.0.1 is what listens."""
    import httpx

    def visit(page: str) -> bool:
        answer = httpx.get(page, trust_env=False)
        httpx.get(answer.headers["Location"].replace("localhost", "127.0.0.1"), trust_env=False)
        return True

    monkeypatch.setattr("webbrowser.open", visit)


@pytest.mark.usefixtures("browser")
def test_a_browser_does_as_well(unconnected: Desk) -> None:
    unconnected.stage.zoho.accounts.redirect_uris.append(f"http://localhost:{PORT}/zoho")
    told = unconnected("connect", "zoho", "--port", str(PORT), "--wait", "10", "--yes")
    assert told.exit == 0, told.out + told.err
    assert f"redirect address in Zoho's API console has to be http://localhost:{PORT}/zoho" in told.out
    assert unconnected("check", "--json").json["ok"]


@pytest.mark.usefixtures("browser")
def test_a_person_who_declines_is_told_so(unconnected: Desk) -> None:
    unconnected.stage.zoho.accounts.redirect_uris.append(f"http://localhost:{PORT}/zoho")
    unconnected.stage.zoho.accounts.consents = False
    told = unconnected("connect", "zoho", "--port", str(PORT), "--wait", "10")
    assert (told.exit, "access_denied" in told.err) == (3, True)


def test_nobody_comes_back(unconnected: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    told = unconnected("connect", "zoho", "--port", str(PORT), "--wait", "0.1")
    assert told.exit == 3
    assert "nobody came back" in told.err
    assert "/oauth/v2/auth?" in told.out


# --- check -------------------------------------------------------------------------------------------------------


def test_check_runs_the_self_test_when_it_is_asked_to(fresh: Desk) -> None:
    told = fresh("check", "--self-test", "--json")
    assert (told.exit, told.json["ok"]) == (0, True), told.out
    named = lines(told)
    assert named["self-test: meetings on leads"]["detail"] == "a lead can carry a meeting"
    assert named["self-test: its records"]["ok"]
    assert fresh.stage.zoho.records("Events") == []
    assert fresh.stage.zoho.mails == []


def test_a_self_test_that_breaks_off_leaves_what_was_known(fresh: Desk) -> None:
    fresh("check", "--self-test")
    before = learned(fresh)
    fresh.stage.zoho.mishaps.plan(Mishap.ERROR_AFTER, "POST", "/Calls", times=3)
    told = fresh("check", "--self-test", "--json")
    assert told.exit == 1
    assert not lines(told)["self-test: broken off"]["ok"]
    assert learned(fresh) == before


def test_check_shows_prices_permissions_and_clock(fresh: Desk) -> None:
    named = lines(fresh("check", "--json"))
    assert named["prices"]["detail"] == "as Zoho has published them"
    assert "granted" in named["permissions"]["detail"]
    assert named["clock"]["detail"] == "agrees with Zoho's"
    assert named["layouts"]["detail"] == "demand nothing that we leave empty"


def test_fields_that_a_layout_demands_are_named_with_the_remedy(fresh: Desk) -> None:
    modules = fresh.stage.zoho.world.modules
    modules["Events"].fields["Venue"].layout_mandatory = True
    modules["Tasks"].fields["Description"].layout_mandatory = True
    modules["Calls"].fields["Call_Start_Time"].layout_mandatory = True
    told = fresh("check", "--json")
    found = [one for one in told.json["checks"] if one["name"] == "layouts"]
    assert told.exit == 1
    assert [one["ok"] for one in found] == [False, False]
    assert 'the layout "Standard" of Events demands Venue, which we fill only when it is known' in found[0]["detail"]
    assert "then: {fields: {Events: {Venue: …}}}" in found[0]["hint"]
    assert "Tasks demands Description, which we fill never" in found[1]["detail"]


def test_what_each_activity_type_gives_is_not_left_empty(tmp_path: Path) -> None:
    kinds = [{"name": "All", "when": {}, "then": {"fields": {"Events": {"Venue": "Teams"}}}}]
    with company(tmp_path, scenes=1, activity_types=kinds) as desk:
        desk.stage.zoho.world.modules["Events"].fields["Venue"].layout_mandatory = True
        assert lines(desk("check", "--json"))["layouts"]["ok"]


def test_another_logger_is_named_with_its_reps(fresh: Desk) -> None:
    zoho = fresh.stage.zoho
    jo = next(user["id"] for user in zoho.world.users.values() if user["email"] == "jo@acme.example")
    when = {"Call_Start_Time": zoho.clock.now(), "Call_Type": "Inbound", "Call_Duration": "01:00", "Owner": jo}
    zoho.add("Calls", Subject="Aircall: call with Lee", Created_By=jo, **when)
    zoho.add("Calls", Subject="By hand", Created_By=jo, **when)
    zoho.add(
        "Calls", Subject="Aircall of old", Created_By=jo, **when, Created_Time=zoho.clock.now() - timedelta(days=9)
    )
    told = lines(fresh("check", "--json"))["other loggers"]
    assert told["detail"] == "in the last 7 days: 1 Calls of jo@acme.example by Aircall"
    assert told["hint"]


def test_what_we_wrote_ourselves_is_no_other_logger(fresh: Desk) -> None:
    assert fresh("sync", "--json").exit == 0
    assert fresh.stage.zoho.records("Events")
    assert lines(fresh("check", "--json"))["other loggers"]["detail"] == "none in the last 7 days"


def test_the_key_is_changed_without_losing_the_token(unconnected: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("ACTIVITY_SYNC_KEY", old)
    assert by_code(unconnected, "--yes").exit == 0
    monkeypatch.setenv("ACTIVITY_SYNC_KEY", f"{new},{old}")
    assert unconnected("check", "--json").exit == 0
    monkeypatch.setenv("ACTIVITY_SYNC_KEY", new)
    assert unconnected("check", "--json").exit == 0


def test_a_lost_key_is_named_and_connecting_again_mends_it(unconnected: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVITY_SYNC_KEY", Fernet.generate_key().decode())
    assert by_code(unconnected, "--yes").exit == 0
    monkeypatch.setenv("ACTIVITY_SYNC_KEY", Fernet.generate_key().decode())
    told = unconnected("check", "--json")
    assert (told.exit, "another key" in lines(told)["zoho"]["detail"]) == (1, True)
    assert by_code(unconnected).exit == 0
    assert unconnected("check", "--json").exit == 0
