"""A person is forgotten, to the last byte of the database, and comes back from nowhere."""

from __future__ import annotations

import json

from tests.journeys.conftest import Founded
from tests.journeys.desk import ago
from tests.journeys.test_people_in_zoho import on_disk

SCENES = ["A meeting with a contact", "A customer rings", "A voicemail counts", "Nobody knows the stranger"]


def test_an_erased_person_leaves_no_trace_and_does_not_come_back(found: Founded) -> None:
    company = found(SCENES)
    company.play_and_sync()
    row = next(one for one in company.rows() if one["kind"] == "meeting" and one["state"] == "logged")
    contact = company.stage.zoho.record("Contacts", row["who"]["id"])
    email, name = contact["Email"], f"{contact['First_Name']} {contact['Last_Name']}"
    pushed = company.config.parent / "spool" / "calls.webhook" / "rows.jsonl"
    pushed.parent.mkdir(parents=True)
    told = {"id": "p1", "started_at": ago(hours=2).isoformat(), "direction": "in", "to": "+442079460101",
            "from": "anonymous"}  # fmt: skip
    rows = [{**told, "notes": f"Write to {email.upper()}"}, {**told, "id": "p2"}]
    pushed.write_text("".join(json.dumps(one) + "\n" for one in rows))
    company.sync()
    before = company.counts()
    assert email in on_disk(company)
    for ours in ("jo@acme.example", "+442079460100", "nobody at all", "nobody@elsewhere.example"):
        refused = company.command("erase", ours, "--json")
        assert (refused.exit, bool(refused.err)) == ((2, True) if "elsewhere" not in ours else (0, False)), ours
    erased = company.command("erase", email.upper(), "--json").json["erased"]
    assert erased["interaction"] >= 1
    assert erased["record"] == 1
    assert (erased["pushed_row"], pushed.read_text().splitlines()[0].strip()) == (1, "")
    assert {"sighting", "address", "outbox", "sync_log"} <= set(erased)
    for word in (email, name, row["title"]):
        assert word not in on_disk(company)
    assert not any(company.sync()["writes"].values())
    company.stage.zoho.edit("Contacts", contact["id"], by=company.stage.ids.users["sam@acme.example"], Title="Boss")
    again = company.sync()
    assert not any(again["writes"].values())
    assert email not in on_disk(company)
    assert company.counts() == before
    assert company.doubles() == []
    assert company.command("erase", email, "--json").json == {"erased": {}}
