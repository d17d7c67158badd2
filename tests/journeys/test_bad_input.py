"""Whatever is wrong outside: one clear line that names it and what to do, and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from activity_sync.simulator.mishaps import Mishap
from tests.dose import dose
from tests.journeys.company import Company, problems
from tests.journeys.conftest import Founded
from tests.journeys.nursery import Done

MEETING, CALL, LEAD = "A meeting with a contact", "A customer rings", "A lead alone"
ALWAYS = 10**6


def only_problem(result: Any, *words: str) -> None:
    """There is one problem; its line holds these words, and says what to do."""
    assert len(result["problems"]) == 1, problems(result)
    line = problems(result)
    for word in words:
        assert word.lower() in line.lower(), line
    assert result["problems"][0]["next"]
    assert "Traceback" not in line


def refused_in_one_line(done: Done, status: int, *words: str) -> None:
    """The command itself cannot work: one line on standard error, no traceback."""
    assert done.exit == status, done.words
    assert "Traceback" not in done.words
    for word in words:
        assert word.lower() in done.err.lower(), done.err


def test_a_malformed_event_fails_alone(found: Founded) -> None:
    company = found([MEETING, "An event without an end"])
    result = company.play_and_sync(exit=1)
    only_problem(result, "ana@acme.example", "no end")
    assert company.mistakes(1) == []
    assert company.sync()["problems"] == []  # it is told once


def test_a_number_that_is_none_matches_nobody(found: Founded) -> None:
    company = found(["A number that is no number", CALL])
    assert company.play_and_sync()["problems"] == []
    assert company.mistakes(1) == []


def no_json(key: Path) -> None:
    key.write_text("not a key")


def no_file(key: Path) -> None:
    key.unlink()


def no_private_key(key: Path) -> None:
    key.write_text(json.dumps(json.loads(key.read_text()) | {"private_key": "-----BEGIN PRIVATE KEY-----\nxx\n"}))


def of_a_person(key: Path) -> None:
    key.write_text(json.dumps({"installed": {"client_id": "x", "client_secret": "y"}}))


def of_another_project(key: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key.write_text(json.dumps(json.loads(key.read_text()) | {"private_key": pem.decode()}))


_BROKEN = [no_private_key, of_another_project, no_json, no_file, of_a_person]


@pytest.mark.torture
@pytest.mark.parametrize("broken", dose(_BROKEN[:2], _BROKEN))
def test_a_wrong_key_file_stops_the_calendars_only(found: Founded, broken: Callable[[Path], None]) -> None:
    company = found([MEETING, CALL])
    company.stage.play(1)
    broken(company.config.parent / "google.json")
    result = company.sync(exit=1)
    assert "google.json" in problems(result) or "workspace" in problems(result)
    assert len({one["why"] for one in result["problems"]}) == 1, problems(result)
    assert all(one["next"] for one in result["problems"])
    assert company.counts() == {"Events": 0, "Calls": 1, "Tasks": 0}


def test_a_rep_whose_calendar_is_not_delegated_fails_alone(found: Founded) -> None:
    company = found([MEETING, LEAD])
    company.stage.google.refuse_token("kim@acme.example", "unauthorized_client")
    result = company.play_and_sync(exit=1)
    only_problem(result, "workspace", "kim@acme.example")
    assert [one["Event_Title"] for one in company.written("Events")] == ["Discovery: Brightwater Foods with Jo"]


@pytest.mark.parametrize("when", ["before the first round", "later"])
def test_a_revoked_zoho_token_ends_with_three(found: Founded, when: str) -> None:
    company = found([MEETING])
    if when == "later":
        company.play_and_sync()
    company.stage.zoho.accounts.revoke(company.stage.zoho.refresh_token)
    result = company.sync(exit=3)
    only_problem(result, "zoho", "token")


def test_a_wrong_client_secret_ends_with_three(found: Founded) -> None:
    company = found([MEETING], zoho={"client_secret": "a-wrong-client-secret"})
    only_problem(company.sync(exit=3), "zoho", "client_secret")


def test_without_a_default_owner_what_nobody_owns_fails_alone(found: Founded) -> None:
    company = found(["Answered by somebody without an active Zoho user", CALL], team={"default_owner": None})
    result = company.play_and_sync(exit=1)
    assert (result["interactions"]["failed"], result["interactions"]["logged"]) == (1, 1)
    (failed,) = (row for row in company.rows() if row["state"] == "failed")
    only_problem(result, failed["key"], "no active Zoho user", "team.default_owner")


def test_an_unknown_default_owner_is_no_owner(found: Founded) -> None:
    scenes = ["Answered by somebody without an active Zoho user"]
    company = found(scenes, team={"default_owner": "nobody@acme.example"})
    only_problem(company.play_and_sync(exit=1), "no active Zoho user", "team.default_owner")
    assert company.counts()["Calls"] == 0
    company.configure(team={"default_owner": "ops@acme.example"})
    company.sync()
    assert company.counts()["Calls"] == 0, "what failed is looked at again when somebody asks or the people change"
    assert company.command("retry", "--json").exit == 0
    assert company.mistakes(1) == []


def test_a_record_that_zoho_refuses_fails_alone_and_is_written_once_mended(found: Founded) -> None:
    company = found([MEETING, CALL])
    company.stage.zoho.add_field("Calls", "Region", mandatory=True)
    result = company.play_and_sync(exit=1)
    only_problem(result, "Calls", "Region", "retry")
    assert (company.counts()["Calls"], company.counts()["Events"]) == (0, 1)
    assert (result["interactions"]["failed"], result["interactions"]["logged"]) == (1, 1)
    company.stage.zoho.world.modules["Calls"].fields["Region"].mandatory = False
    done = company.command("retry", "--json")
    assert (done.exit, done.json["writes"]["created"]) == (0, 1), done.words
    assert company.mistakes(1) == []


_NONSENSE = [
    ("google", Mishap.HTML),
    ("aircall", Mishap.TOO_MANY),
    ("google", Mishap.BAD_GATEWAY),
    ("aircall", Mishap.HTML),
    ("aircall", Mishap.DROP_BEFORE),
]


@pytest.mark.torture
@pytest.mark.parametrize(("vendor", "mishap"), dose(_NONSENSE[:2], _NONSENSE))
def test_a_source_that_talks_nonsense_stops_nothing_else(found: Founded, vendor: str, mishap: Mishap) -> None:
    company = found([MEETING, CALL])
    company.set_["activity_sync.net.vendor:_PATIENT"] = 0
    company.stage.play(1)
    getattr(company.stage, vendor).mishaps.plan(mishap, times=ALWAYS)
    result = company.sync(exit=1)
    assert company.counts()["Calls" if vendor == "google" else "Events"] == 1
    assert all("workspace" in one["where"] or "aircall" in one["where"] for one in result["problems"])
    getattr(company.stage, vendor).mishaps.clear()
    assert company.sync()["problems"] == []
    assert company.mistakes(1) == []


_DOWN = [Mishap.BAD_GATEWAY, Mishap.HTML, Mishap.DROP_BEFORE]


@pytest.mark.torture
@pytest.mark.parametrize("mishap", dose(_DOWN[:1], _DOWN))
def test_a_zoho_that_is_down_is_waited_for(found: Founded, mishap: Mishap) -> None:
    company = found([MEETING, CALL])
    company.stage.play(1)
    company.stage.zoho.mishaps.plan(mishap, times=ALWAYS)
    only_problem(company.sync(exit=3), "zoho")
    company.stage.zoho.mishaps.clear()
    assert company.sync()["problems"] == []
    assert company.mistakes(1) == []


def test_a_zoho_that_goes_down_later_loses_nothing_of_what_is_new(found: Founded) -> None:
    company = found([MEETING, CALL])
    company.sync()
    company.stage.play(1)
    company.stage.zoho.mishaps.plan(Mishap.BAD_GATEWAY, times=ALWAYS)
    only_problem(company.sync(exit=3), "zoho")
    company.stage.zoho.mishaps.clear()
    company.sync()
    assert company.mistakes(1) == []


def test_a_dialer_that_refuses_us_does_not_stop_the_calendars(found: Founded) -> None:
    company = found([MEETING, CALL])
    company.stage.aircall.api_token = "another"
    result = company.play_and_sync(exit=1)
    only_problem(result, "aircall", "API key")
    assert company.counts()["Events"] == 1


def test_when_every_source_refuses_nothing_can_be_done(found: Founded) -> None:
    company = found([MEETING])
    company.configure(dialers=[one for one in config_of(company)["dialers"] if one["kind"] != "import"])
    company.stage.aircall.api_token = "another"
    for rep in company.stage.google.meetings.calendars:
        company.stage.google.refuse_token(rep, "unauthorized_client")
    result = company.sync(exit=3)
    assert "every calendar and dialer" in problems(result)


def config_of(company: Company) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(company.config)


def test_out_of_credits_it_stops_with_four_and_goes_on_when_there_are_more(found: Founded) -> None:
    company = found([MEETING, CALL, LEAD], zoho={"credits": {"daily_limit": 20, "keep_free": "0%"}})
    result = company.play_and_sync(exit=4)
    assert "credit" in problems(result)
    assert company.paid() <= 20
    assert sum(company.counts().values()) < 5
    company.configure(zoho={"credits": {"daily_limit": "auto"}})
    assert company.sync()["problems"] == []
    assert company.mistakes(1) == []


def test_out_of_credits_between_reading_and_writing_the_writes_wait(found: Founded) -> None:
    company = found([MEETING, CALL, LEAD])
    company.sync()
    spent = company.paid()
    company.configure(zoho={"credits": {"daily_limit": spent, "keep_free": "0%"}})
    result = company.play_and_sync(exit=4)
    assert result["interactions"]["waiting"] == 3
    assert sum(company.counts().values()) == 0
    company.configure(zoho={"credits": {"daily_limit": "auto"}})
    company.sync()
    assert company.mistakes(1) == []


@pytest.mark.parametrize("place", ["sqlite:////proc/nowhere/store.db", "sqlite:////dev/null/store.db"])
def test_a_database_file_that_cannot_be_written_is_named(found: Founded, place: str) -> None:
    company = found([MEETING], database=place)
    refused_in_one_line(company.command("sync", "--json"), 1, place.removeprefix("sqlite:///"))


def test_a_file_that_is_no_database_is_named(found: Founded, tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear database, " * 200)
    refused_in_one_line(found([MEETING], database=f"sqlite:///{file}").command("sync"), 1, str(file))


def test_a_postgresql_that_is_stopped_is_named_without_its_password(found: Founded) -> None:
    url = "postgresql+psycopg://keeper:pass-phrase-of-mine@127.0.0.1:1/store"
    done = found([MEETING], database=url).command("sync", "--json")
    refused_in_one_line(done, 1, "127.0.0.1", "store")
    assert "pass-phrase-of-mine" not in done.words


def test_a_postgresql_that_goes_away_costs_nothing(found: Founded, postgresql_url: str) -> None:
    company = found([MEETING, CALL], database=postgresql_url)
    company.stage.play(1)
    company.configure(database=postgresql_url.replace("host=", "host=/gone"))
    refused_in_one_line(company.command("sync"), 1)
    company.configure(database=postgresql_url)
    company.sync()
    assert company.mistakes(1) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"meetings": {"cancelled": "burn"}}, ("cancelled", "delete")),
        ({"calender": []}, ("calender", "calendars")),
        ({"zoho": {"client_id": None}}, ("client_id",)),
    ],
)
def test_a_mistake_in_the_config_ends_with_two(found: Founded, changes: Any, words: tuple[str, ...]) -> None:
    company = found([MEETING])
    company.configure(**changes)
    refused_in_one_line(company.command("sync"), 2, "config.yaml", *words)


def test_a_config_that_is_not_there_ends_with_two(found: Founded) -> None:
    company = found([MEETING])
    company.config.unlink()
    refused_in_one_line(company.command("sync"), 2, "config.yaml")
