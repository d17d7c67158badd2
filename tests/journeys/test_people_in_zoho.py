"""What people do in Zoho wins, and what is private stays private."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.dose import dose
from tests.journeys.company import Company
from tests.journeys.conftest import Founded

MOVES = "A meeting that moves"
TITLE = "Fernhill next steps"


def test_a_field_that_a_person_edited_stays_and_the_others_follow(found: Founded) -> None:
    company = found([MOVES])
    company.play_and_sync()
    event = company.event(TITLE)
    company.stage.zoho.edit("Events", event["id"], by=company.stage.ids.users["sam@acme.example"], Event_Title="Ours")
    company.play_and_sync(2)
    after = company.event("Ours")
    (moved,) = (one.start for one in company.stage.expectations(2))
    assert datetime.fromisoformat(after["Start_DateTime"]) == moved
    assert after["id"] == event["id"]
    company.stage.google.change_event(company.stage._players.events[TITLE], description="A new agenda")
    company.sync()
    assert company.event("Ours")["Description"].startswith("A new agenda")


def test_a_meeting_in_which_a_person_noted_something_of_her_own_is_not_deleted_after_an_update_of_ours(
    found: Founded,
) -> None:
    company = found([MOVES])
    company.play_and_sync()
    event, sam = company.event(TITLE), company.stage.ids.users["sam@acme.example"]
    company.stage.zoho.edit("Events", event["id"], by=sam, Venue="At the harbour")
    assert company.play_and_sync(2)["writes"]["updated"] == 1
    company.stage.google.cancel_event(company.stage._players.events[TITLE])
    company.sync()
    assert company.event(f"Cancelled: {TITLE}")["Venue"] == "At the harbour"


def test_what_a_person_deleted_never_comes_back(found: Founded) -> None:
    company = found([MOVES])
    company.play_and_sync()
    company.stage.zoho.delete("Events", company.event(TITLE)["id"])
    company.play_and_sync(2)
    company.stage.google.change_event(company.stage._players.events[TITLE], summary="Renamed as well")
    company.sync()
    assert company.written("Events") == []
    assert [write["state"] for write in company.row("Renamed as well")["writes"]].count("done") <= 1


_CANCELLED = [("mark", ["Cancelled: Oakley price talk"]), ("delete", list[str]()), ("keep", ["Oakley price talk"])]


@pytest.mark.torture
@pytest.mark.parametrize(("how", "titles"), dose(_CANCELLED[:2], _CANCELLED))
def test_a_cancelled_meeting_is_treated_as_configured(found: Founded, how: str, titles: list[str]) -> None:
    company = found(["A meeting that is cancelled before its start"], meetings={"cancelled": how})
    company.play_and_sync()
    company.play_and_sync(2)
    assert [one["Event_Title"] for one in company.written("Events")] == titles
    assert not any(company.sync()["writes"].values())


@pytest.mark.parametrize("private", ["skip", "redact"])
def test_what_is_private_is_written_nowhere(found: Founded, private: str) -> None:
    company = found(["A private meeting", "A confidential one"], meetings={"private": private})
    company.stage.play(1)
    outputs = [company.command(*words).words for words in (
        ("preview", "--json"), ("sync", "--json"), ("log",), ("status", "--json"), ("sync",)
    )]  # fmt: skip
    outputs += [company.command("explain", row["key"], "--json").words for row in company.rows()]
    assert len(company.written("Events")) == (2 if private == "redact" else 0)
    everything = "".join(outputs) + in_zoho(company) + on_disk(company)
    for secret in ("Medical matters", "Merger talks", "Secret"):
        assert secret not in everything


def in_zoho(company: Company) -> str:
    """Every word that Zoho was sent."""
    return "".join(str(one.body) for one in company.stage.zoho.requests) + str(company.written("Events"))


def on_disk(company: Company) -> str:
    """Every byte of the program's own files: database, journal, logs."""
    files = [one for one in company.config.parent.rglob("*") if one.is_file() and one != company.config]
    assert any(one.suffix == ".db" for one in files)
    return "".join(one.read_bytes().decode("latin-1") for one in files)
