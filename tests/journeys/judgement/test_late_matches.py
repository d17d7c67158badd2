"""Who becomes known later: contacts, leads, accounts, addresses; as far back as `matching.retroactive` says."""

from __future__ import annotations

from datetime import timedelta

from activity_sync.simulator.scenes.actions import At
from tests.journeys.conftest import Founded
from tests.journeys.judgement.acting import Records, explained, meet, ring, where


def test_what_waited_is_logged_when_its_people_become_known(found: Founded) -> None:
    company = found([], first_sync="12d", matching={"retroactive": "4d"})
    add, zoho = Records(company), company.stage.zoho
    meet(company, "New contact", "nina@new.example", at=At(-1, "09:00"))
    meet(company, "New lead", "lena@lead.example", at=At(-1, "10:00"))
    meet(company, "New site", "anybody@site.example", at=At(-1, "11:00"))
    meet(company, "Second address", "rhys@private.example", at=At(-1, "12:00"))
    meet(company, "One of two", "office@two-firms.example", at=At(-1, "13:00"))
    meet(company, "Too long ago", "nina@new.example", at=At(-5, "10:00"))
    ring(company, "number", "+447700900555", ago=timedelta(hours=4))
    assert company.sync()["interactions"] | {"seen": 0} == {
        "seen": 0, "unchanged": 0, "screened": 0, "waiting": 1, "unmatched": 6, "logged": 0, "adopted": 0, "failed": 0,
    }  # fmt: skip
    assert company.written("Events") == []

    add.account("Site Ltd", Website="https://www.site.example", Modified_Time=zoho.moment())
    add.contact("Nina New", Email="Nina@New.example", Phone="07700 900555", Modified_Time=zoho.moment())
    add.lead("Lena Lead", Email="lena@lead.example", Modified_Time=zoho.moment())
    zoho.edit("Contacts", add.of("Contacts", "Rhys Dale"), Secondary_Email="rhys@private.example")
    zoho.edit("Contacts", add.of("Contacts", "Dina Roth"), Email="dina@ivybridge.example")
    result = company.sync()
    assert (result["interactions"]["logged"], result["writes"]["created"]) == (6, 6)
    rows = {row["title"]: where(row) for row in company.rows() if row["kind"] == "meeting"}
    assert rows == {
        "New contact": ("logged", "contact Nina New", "Nina New"),
        "New lead": ("logged", "lead Lena Lead", ""),
        "New site": ("logged", "account Site Ltd", ""),
        "Second address": ("logged", "account Elmstead Bank", "Rhys Dale"),
        "One of two": ("logged", "account Harbour House", "Cole Nash"),
        "Too long ago": ("unmatched", "", ""),
    }
    (call,) = company.written("Calls")
    assert call["Who_Id"]["name"] == "Nina New"
    told = explained(company, company.row("New contact")["key"])
    assert "unmatched" in told
    assert "New contact: nobody known: nina@new.example" in told
    assert not any(company.sync()["writes"].values())
