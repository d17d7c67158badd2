"""connect google and connect microsoft: one person signs in, and the own calendar is read."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from activity_sync.cli import connect_calendar
from activity_sync.config import load
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google import GoogleSimulator, people
from activity_sync.simulator.microsoft import MicrosoftSimulator
from activity_sync.store.database import open_database
from activity_sync.store.secrets import StoredTokens, key_file_for
from tests.faces.conftest import Told, typed

JO = "jo@acme.example"


class Person:
    """Somebody who connects the own calendar: the config, and a browser."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.config, self.shown = folder, folder / "config.yaml", ""
        self.visits = [""]
        monkeypatch.setattr(connect_calendar, "open_browser", self._opened)

    def write(self, **calendar: Any) -> None:
        data = {
            "timezone": "Europe/London",
            "default_region": "GB",
            "database": f"sqlite:///{self.folder / 'a.db'}",
            "zoho": {"data_center": "eu", "client_id": "id", "client_secret": "secret"},
            "team": {"domains": ["acme.example"]},
            "calendars": [{"name": "mine", **calendar}],
        }
        self.config.write_text(json.dumps(data))

    def __call__(self, *arguments: str) -> Told:
        return typed("--config", str(self.config), "connect", *arguments)

    def stored(self, name: str) -> Any:
        database = open_database(load(self.config, {}).database)
        try:
            return json.loads(StoredTokens(database, key_file_for(database, self.folder)).get(name) or "null")
        finally:
            database.dispose()

    def on_disk(self) -> bytes:
        return b"".join(file.read_bytes() for file in self.folder.glob("a.db*"))

    def _opened(self, page: str) -> None:
        self.shown = page
        threading.Thread(target=lambda: httpx.get(page, follow_redirects=True, trust_env=False), daemon=True).start()


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    return Person(tmp_path, monkeypatch)


@pytest.fixture
def google(person: Person) -> Iterator[GoogleSimulator]:
    simulator = GoogleSimulator(Clock())
    simulator.add_calendar(JO, "Jo Smith")
    with simulator.serve() as url:
        person.write(kind="google", api_url=url)
        client = simulator.tokens.people.client_file(url)
        client["installed"] |= {"auth_uri": "https://accounts.google.com/o/oauth2/auth"}  # api_url comes first
        client["installed"] |= {"token_uri": "https://oauth2.googleapis.com/token"}
        (person.folder / "client.json").write_text(json.dumps(client))
        yield simulator


def by_browser(person: Person, *more: str) -> Told:
    return person("google", "mine", "--client", str(person.folder / "client.json"), "--port", "0", *more)


def test_a_person_consents_in_the_browser_and_the_own_calendar_is_read(person: Person, google: GoogleSimulator) -> None:
    google.tokens.people.consenting = JO
    told = by_browser(person)
    assert (told.exit, told.err) == (0, "")
    assert f"{JO} signed in. The access is stored, encrypted." in told.out
    assert f"ok: the calendar of {JO} can be read" in told.out
    kept = person.stored("google.mine")
    assert kept["address"] == JO
    secrets = [kept["refresh_token"], kept["client_secret"], *google.tokens._grants]
    assert not [one for one in secrets if one in told.out + told.err or one.encode() in person.on_disk()]
    assert "code_challenge_method=S256" in person.shown
    again = person("google", "mine", "--port", "0")  # with the client of the last time
    assert (again.exit, again.err) == (0, "")


def test_a_sign_in_that_does_not_say_whose_it_is_is_known_by_its_calendar(
    person: Person, google: GoogleSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.tokens.people.consenting = JO
    monkeypatch.setattr(people, "_id_token", lambda *_: "")
    told = by_browser(person)
    assert (told.exit, told.err) == (0, "")
    assert person.stored("google.mine")["address"] == JO


def test_a_person_who_says_no_changes_nothing(person: Person, google: GoogleSimulator) -> None:
    told = by_browser(person)
    assert (told.exit, "did not grant the access (access_denied)" in told.err) == (3, True)
    assert person.stored("google.mine") is None


def test_nobody_at_the_browser_and_no_client_are_told_with_the_remedy(person: Person, google: GoogleSimulator) -> None:
    assert "make an OAuth client of the type Desktop app" in person("google", "mine").err
    person._opened = lambda page: None  # type: ignore[method-assign]
    key = person.folder / "key.json"
    key.write_text(json.dumps(google.service_account_key()))
    told = person("google", "mine", "--client", str(key))
    assert (told.exit, "holds a service account's key" in told.err) == (3, True)
    for text, said in (("{", "is not JSON"), ("[]", "holds no OAuth client")):
        key.write_text(text)
        assert said in person("google", "mine", "--client", str(key)).err
    assert "cannot be read" in person("google", "mine", "--client", str(person.folder / "none.json")).err


def test_a_calendar_that_is_none_is_named(person: Person, google: GoogleSimulator) -> None:
    told = person("google", "yours")
    assert (told.exit, told.err) == (2, "The config has no calendar yours of kind google. It has: mine.\n")
    assert person("microsoft", "mine").exit == 2


def test_a_consent_that_was_taken_back_asks_for_the_command(person: Person, google: GoogleSimulator) -> None:
    google.tokens.people.consenting = JO
    assert by_browser(person).exit == 0
    google.tokens.people.revoke(JO)
    told = typed("--config", str(person.config), "check", "--json")
    [line] = [one for one in told.json["checks"] if one["name"] == "calendar mine"]
    assert (line["ok"], line["hint"]) == (False, "Run `activity-sync connect google mine`.")


def test_a_person_signs_in_to_microsoft_with_a_code(person: Person) -> None:
    simulator = MicrosoftSimulator(Clock())
    simulator.add_calendar(JO, "Jo Smith")
    with simulator.serve():
        told = {name: value for name, value in simulator.settings().items() if name != "client_secret"}
        person.write(kind="microsoft", **told)
        ending = threading.Event()
        threading.Thread(target=_enters_the_code, args=(simulator, ending), daemon=True).start()
        done = person("microsoft", "mine")
        ending.set()
    assert (done.exit, done.err) == (0, "")
    assert re.search(r"enter the code [0-9A-F]{8}", done.out)
    assert f"ok: the calendar of {JO} can be read" in done.out
    kept = person.stored("microsoft.mine")
    assert kept["address"] == JO
    tokens = [*simulator.identity._refresh, *simulator.identity._grants]
    assert tokens
    assert not [one for one in tokens if one in done.out or one.encode() in person.on_disk()]


def _enters_the_code(simulator: MicrosoftSimulator, ending: threading.Event) -> None:
    while not simulator.identity._codes and not ending.is_set():
        time.sleep(0.02)
    for code in list(simulator.identity._codes):
        simulator.identity.approve(code, JO)
