"""Unknown people become leads or contacts, known ones get what the config names, and nobody is there twice."""

from __future__ import annotations

from tests.journeys.conftest import Founded
from tests.journeys.desk import JO, added, known, meet, ring, sent

QUIET = ["Nobody knows the stranger"]


def test_update_only_is_the_default(found: Founded) -> None:
    company = found(QUIET)
    before = known(company, "Leads")
    meet(company, "First talk", "Lee Fox <lee.fox@newco.example>")
    ring(company, "c1", "+44 20 7946 0777")
    result = company.sync()
    assert result["interactions"]["unmatched"] >= 2
    assert added(company, "Leads", before) == []


def test_unknown_people_become_one_lead_each_and_what_follows_goes_on_it(found: Founded) -> None:
    company = found(QUIET, people={"create": "Leads"})
    before = known(company, "Leads")
    meet(company, "First talk", "Lee Fox <lee.fox@newco.example>", "info@newco.example", "notetaker@newco.example")
    meet(company, "Second talk", "lee.fox@newco.example")
    for number in ("1", "2"):
        ring(company, f"c{number}", "+44 20 7946 0777")
    result = company.sync()
    assert result["problems"] == []
    lee, caller = sorted(added(company, "Leads", before), key=lambda one: one["Last_Name"], reverse=True)
    assert (lee["First_Name"], lee["Last_Name"], lee["Email"]) == ("Lee", "Fox", "lee.fox@newco.example")
    assert (caller["Phone"], caller["Company"]) == ("+442079460777", "Unknown")
    assert company.event("First talk")["What_Id"]["id"] == company.event("Second talk")["What_Id"]["id"] == lee["id"]
    assert [one["What_Id"]["id"] for one in company.written("Calls")] == [caller["id"]] * 2
    assert {name for row in sent(company, "Leads") for name in row} <= {
        "First_Name", "Last_Name", "Email", "Phone", "Company", "Lead_Source",
    }  # fmt: skip
    ring(company, "c3", "+44 20 7946 0777")
    meet(company, "Third talk", "lee.fox@newco.example")
    company.sync()
    assert len(added(company, "Leads", before)) == 2
    assert company.event("Third talk")["What_Id"]["id"] == lee["id"]
    assert JO in str(company.row("Third talk"))
