"""Unknown people become leads or contacts, known ones get what the config names, and nobody is there twice."""

from __future__ import annotations

import pytest

from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import Switches, ZohoSimulator
from tests.journeys.company import problems
from tests.journeys.conftest import Founded
from tests.journeys.desk import JO, added, ago, known, meet, ring, sent
from tests.journeys.test_kills import HURRY

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
    meet(company, "Second talk", "Lee Fox <lee.fox@newco.example>")
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


def test_somebody_who_was_faster_is_found_before_a_second_one_is_made(found: Founded) -> None:
    company = found(QUIET, people={"create": "Leads"})
    company.sync()
    meet(company, "First talk", "Lee Fox <lee.fox@newco.example>")
    company.set_ = {"activity_sync.steps.round:refresh": {"always": []}}
    own = company.stage.zoho.add("Leads", Last_Name="Fox", Secondary_Email="Lee.Fox@newco.example")
    company.sync()
    assert company.event("First talk")["What_Id"]["id"] == own
    assert sent(company, "Leads") == []


def test_contacts_come_with_their_company_and_no_company_is_made_twice(found: Founded) -> None:
    company = found(QUIET, people={"create": "Contacts"}, accounts={"create": True})
    accounts, contacts = known(company, "Accounts"), known(company, "Contacts")
    meet(company, "First talk", "Lee Fox <lee.fox@newco.example>", "Ann Hart <ann@sales.newco.example>")
    meet(company, "Second talk", "Kim Dow <kim@newco.example>")
    meet(company, "Free mail", "Pat Oak <pat.oak@gmail.com>")
    assert company.sync()["problems"] == []
    (newco,) = added(company, "Accounts", accounts)
    assert (newco["Account_Name"], newco["Website"]) == ("newco.example", "newco.example")
    made = {one["Last_Name"]: one for one in added(company, "Contacts", contacts)}
    assert {name: (one.get("Account_Name") or {}).get("id") for name, one in made.items()} == {
        "Fox": newco["id"], "Hart": newco["id"], "Dow": newco["id"], "Oak": None,
    }  # fmt: skip
    assert company.event("Second talk")["What_Id"]["id"] == newco["id"]
    assert company.event("Second talk")["Who_Id"]["id"] == made["Dow"]["id"]
    assert company.event("Free mail")["Who_Id"]["id"] == made["Oak"]["id"]


def test_known_people_get_the_named_fields_and_what_was_empty_and_nothing_else(found: Founded) -> None:
    people = {
        "create": "Leads", "when_exists": ["Lead_Status", "Description"], "fill_empty": True,
        "mapping": "Last_Name=last_name,First_Name=first_name,Email=email,Phone=phone,Description=disposition,"
        "Description=notes,Rating=stars",
        "defaults": "Lead_Status=Contacted,Rating=Hot",
    }  # fmt: skip
    company = found(QUIET, people=people)
    zoho = company.stage.zoho
    lee = zoho.add("Leads", Last_Name="Fox", Email="lee.fox@newco.example", Rating="Active", Lead_Status="Lost Lead")
    ring(company, "c1", "+44 20 7946 0777", email="lee.fox@newco.example", disposition="Sold", stars="Acquired")
    assert company.sync()["problems"] == []
    (row,) = sent(company, "Leads", "PUT")
    assert {name for name in row if name != "id"} == {"Lead_Status", "Description", "Phone"}
    now = zoho.record("Leads", lee) if hasattr(zoho, "record") else known(company, "Leads")[lee]
    assert (now["Lead_Status"], now["Description"], now["Phone"]) == ("Contacted", "Sold", "+442079460777")
    assert (now["Rating"], now["Last_Name"]) == ("Active", "Fox")
    zoho.edit("Leads", lee, by=company.stage.ids.users["sam@acme.example"], Description="Ours")
    assert not any(company.sync()["writes"].values())
    assert known(company, "Leads")[lee]["Description"] == "Ours"


def test_a_person_whom_zoho_refuses_as_a_double_is_the_one_that_it_names(found: Founded) -> None:
    org = ZohoSimulator(switches=Switches(deleted_values_free=False))
    org.add_field("Leads", "Customer_No", unique=True)
    mapping = "Last_Name=last_name,Last_Name=phone,Phone=phone,Customer_No=customer_no"
    company = found(QUIET, org=org, people={"create": "Leads", "mapping": mapping})
    gone = org.add("Leads", Last_Name="Gone", Customer_No="78")
    org.delete("Leads", gone)
    own = org.add("Leads", Last_Name="Fox", Customer_No="77")
    before = known(company, "Leads")
    for number in ("1", "2"):
        ring(company, f"c{number}", "+44 20 7946 0777", ago(hours=6 - int(number)), customer_no="77")
    first = company.sync()
    assert first["problems"] == []
    assert [one["What_Id"]["id"] for one in company.written("Calls")] == [own] * 2
    assert added(company, "Leads", before) == []
    assert len(sent(company, "Leads")) == 1
    ring(company, "c3", "+44 20 7946 0777", ago(hours=3), customer_no="77")
    company.sync()
    assert [one["What_Id"]["id"] for one in company.written("Calls")] == [own] * 3
    assert len(sent(company, "Leads")) == 1
    assert company.command("undo", first["run"], "--yes").exit == 0
    assert own in known(company, "Leads")  # it is not ours

    ring(company, "c4", "+44 20 7946 0778", ago(hours=2), customer_no="78")
    result = company.sync(exit=1)
    assert f"the lead {gone} has it, which the connected user cannot see" in problems(result)
    assert "retry" in problems(result)


@pytest.mark.parametrize("mishap", [Mishap.DROP_AFTER, Mishap.LATE, Mishap.DROP_BEFORE])
def test_a_lost_answer_never_makes_a_second_lead(found: Founded, mishap: Mishap) -> None:
    company = found(QUIET, people={"create": "Leads"}, zoho={"grace": "1s"})
    company.set_ |= HURRY
    before = known(company, "Leads")
    meet(company, "First talk", "Lee Fox <lee.fox@newco.example>")
    company.stage.zoho.mishaps.plan(mishap, "POST", "/Leads", delay=0.3)
    company.command("sync", "--json")
    assert company.stage.zoho.mishaps.happened
    result = company.sync()
    assert result["writes"]["uncertain"] == 0
    (lee,) = added(company, "Leads", before)
    assert company.event("First talk")["What_Id"]["id"] == lee["id"]


@pytest.mark.parametrize("write", [True, False])
def test_a_preview_shows_whom_a_sync_would_make_with_its_price_and_makes_nobody(found: Founded, write: bool) -> None:
    company = found(QUIET, people={"create": "Contacts"}, accounts={"create": True}, zoho={"write": write})
    company.command("preview", "--json")
    before = known(company, "Contacts")
    meet(company, "First talk", "Lee Fox <lee.fox@newco.example>")
    meet(company, "Second talk", "Lee Fox <lee.fox@newco.example>", start=ago(hours=3))
    preview = company.command("preview", "--json").json
    told = {one["title"]: one for one in preview["interactions"] if one["writes"]}
    assert [(one["op"], one["module"]) for one in told["First talk"]["writes"]] == [
        ("create", "Accounts"), ("create", "Contacts"), ("create", "Events"),
    ]  # fmt: skip
    assert [one["module"] for one in told["Second talk"]["writes"]] == ["Events"]
    for one in told.values():
        assert (one["state"], one["who"]) == ("planned", {"module": "Contacts", "id": None, "name": "Lee Fox"})
    assert "asked right before" in preview["notes"][0]
    assert "asked right before" in company.command("preview").out
    assert added(company, "Contacts", before) == []
    company.configure(zoho={"write": True})
    used = company.command("credits", "--json").json["by_purpose"]
    assert company.sync()["writes"]["created"] == 4
    spent = company.command("credits", "--json").json["by_purpose"]
    assert (
        sum(spent.get(name, 0) - used.get(name, 0) for name in ("writing", "checking")) == preview["credits"]["writing"]
    )
