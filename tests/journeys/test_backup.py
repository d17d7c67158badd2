"""A database that is older than what Zoho holds doubles nothing."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Founded

SCENES = ["A meeting that moves", "A new title in the calendar", "A customer rings", "A voicemail counts"]


@pytest.mark.parametrize("key_field", [True, False])
def test_an_older_database_comes_back_and_nothing_is_doubled(found: Founded, key_field: bool) -> None:
    company = found(SCENES, key_field=key_field, zoho={"grace": "1s"})
    file = str(company.config.parent / "kept.db")
    assert company.command("sync", "--json").exit == 0  # knows the org, and nothing else yet
    done = company.command("db", "backup", file)
    assert (done.exit, "checked" in done.out) == (0, True)
    company.play_and_sync()
    event, before = company.event("Penrose layout"), company.counts()
    company.stage.zoho.edit("Events", event["id"], by=company.stage.ids.users["sam@acme.example"], Event_Title="Ours")
    assert all(before.values())
    done = company.command("db", "restore", file)
    assert done.exit == 0, done.words
    again = company.sync()
    assert company.counts() == before
    assert company.doubles() == []
    assert again["interactions"]["logged"] == sum(1 for row in company.rows() if row["state"] == "logged") > 0
    company.play_and_sync(2)
    assert company.counts() == before
    assert company.written("Events")
    assert {one["Event_Title"] for one in company.written("Events")} == {"Fernhill next steps", "Ours"}
    assert company.command("db", "restore", str(company.config)).exit == 1
    assert not any(company.sync()["writes"].values())
