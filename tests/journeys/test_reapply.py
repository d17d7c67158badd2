"""The past under a new config: what would change is told first, and what a person did in Zoho stays."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.journeys.company import Company
from tests.journeys.conftest import Founded

SCENES = ["A meeting that moves", "A new title in the calendar", "A customer rings", "A voicemail counts"]


def test_a_new_config_is_shown_then_written_for_what_is_past(found: Founded) -> None:
    company = found(SCENES)
    company.play_and_sync()
    edited = company.event("Penrose layout")
    company.stage.zoho.edit("Events", edited["id"], by=company.stage.ids.users["sam@acme.example"], Event_Title="Ours")
    company.sync()
    types = [
        {"name": "Calls", "when": {"kind": "call"}, "then": {"subject": "Call: {{ title }}"}},
        {"name": "All", "when": {}, "then": {"subject": "New: {{ title }}"}},
    ]
    company.configure(activity_types=types, never={"log": {"titles": []}})
    before = company.counts()
    forecast = dry(company)
    assert company.counts() == before
    planned = Counter(write["op"] for row in forecast["interactions"] for write in row["writes"])
    assert planned["update"]
    assert planned["delete"]  # the call-back task of the voicemail
    result = applied(company)
    assert result["writes"]["deleted"] == planned["delete"]
    assert planned["update"] - result["writes"]["updated"] in (0, 1)  # the edited one: seen at the last look at latest
    titles = {one["Event_Title"] for one in company.written("Events")}
    assert titles == {"New: Fernhill next steps", "Ours"}
    assert company.counts() == {**before, "Tasks": 0}
    assert not any(applied(company)["writes"].values())
    back = company.command("undo", result["run"], "--yes", "--json").json
    assert {one["Event_Title"] for one in company.written("Events")} == {"Fernhill next steps", "Ours"}
    assert company.counts() == before, back
    again = applied(company)
    assert {one["Event_Title"] for one in company.written("Events")} == titles, again


def test_what_was_undone_and_what_is_no_longer_wanted(found: Founded) -> None:
    company = found(SCENES)
    first = company.play_and_sync()
    made = company.counts()
    assert company.command("undo", first["run"], "--yes").exit == 0
    result = applied(company)
    assert (company.counts(), result["writes"]["created"]) == (made, sum(made.values()))
    company.configure(never={"log": {"titles": ["fernhill"]}})
    rows = dry(company)["interactions"]
    assert [(row["title"], row["state"], [one["op"] for one in row["writes"]]) for row in rows] == [
        ("Fernhill next steps", "planned", ["delete"])
    ]
    asked = company.command("reapply", "--last", "30d")
    assert (asked.exit, company.counts()) == (2, made)
    assert applied(company)["writes"]["deleted"] == 1
    assert company.counts() == {**made, "Events": made["Events"] - 1}
    assert company.row("Fernhill next steps")["state"] == "screened"


def dry(company: Company) -> Any:
    """`reapply --dry-run --json`."""
    done = company.command("reapply", "--last", "30d", "--dry-run", "--json")
    assert done.exit == 0, done.words
    return done.json


def applied(company: Company) -> Any:
    """`reapply --yes --json`; its RESULT."""
    done = company.command("reapply", "--last", "30d", "--yes", "--json")
    assert done.exit == 0, done.words
    return done.json
