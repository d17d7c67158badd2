"""What waits for a person is answered once, for all that waited and for what comes."""

from __future__ import annotations

from typing import Any

from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.desk import JO, ago, meet, ring

QUIET = ["Nobody knows the stranger"]


def waits(company: Company) -> dict[str, Any]:
    """The queue by address."""
    return {one["address"]: one for one in company.command("review", "--json").json}


def answer(company: Company, *words: str, exit: int = 0) -> Any:  # noqa: A002
    """`review answer`, and its RESULT."""
    done = company.command("review", "answer", *words, "--json")
    assert done.exit == exit, done.words
    return done.json if exit == 0 else done.err


def test_an_answer_is_applied_to_all_that_waited_and_to_what_comes(found: Founded) -> None:
    company = found(QUIET)
    nora = company.stage.ids.of("Contacts", "Nora Quill")
    account = company.stage.zoho.add("Accounts", Account_Name="Newco")
    for number in ("1", "2", "3"):
        ring(company, f"c{number}", "+44 20 7946 0777")
    meet(company, "First talk", "lee@newco.example")
    meet(company, "Second talk", "kim@elsewhere.example")
    company.sync()
    queue = company.command("review", "--json").json
    assert (queue[0]["address"], queue[0]["interactions"]) == ("+442079460777", 3)
    assert {"lee@newco.example", "kim@elsewhere.example"} <= {one["address"] for one in queue}

    result = answer(company, queue[0]["id"], "--record", f"Contacts:{nora}")
    assert (result["interactions"]["logged"], result["writes"]["created"]) == (3, 3)
    assert {one["Who_Id"]["id"] for one in company.written("Calls")} == {nora}
    owners = {(one["Owner"]["email"], one["Created_By"]["id"]) for one in company.written("Calls")}
    assert owners == {(JO, company.stage.zoho.token_user)}  # found by e-mail; made by whoever connected us
    assert answer(company, waits(company)["lee@newco.example"]["id"], "--account", account, "--domain", "newco.example")
    assert company.event("First talk")["What_Id"]["id"] == account
    answer(company, waits(company)["kim@elsewhere.example"]["id"], "--ignore")
    assert company.row("Second talk")["state"] == "screened"

    ring(company, "c4", "+44 20 7946 0777")
    meet(company, "Third talk", "pat@newco.example")
    meet(company, "Fourth talk", "kim@elsewhere.example")
    company.sync()
    assert len(company.written("Calls")) == 4
    assert company.event("Third talk")["What_Id"]["id"] == account
    assert company.row("Fourth talk")["state"] == "screened"

    rules = {one["address"]: one for one in company.command("review", "rules", "--json").json}
    assert set(rules) == {"+442079460777", "newco.example", "kim@elsewhere.example"}
    assert company.command("review", "forget", rules["kim@elsewhere.example"]["id"], "--json").exit == 0
    assert waits(company)["kim@elsewhere.example"]["interactions"] == 2
    assert "is never logged" not in company.command("review", "rules").out
    assert company.command("review", "forget", "K99").exit == 2


def test_an_answer_may_be_a_lead_an_account_or_a_deal(found: Founded) -> None:
    company = found(QUIET, matching={"ambiguous": "review"})
    zoho = company.stage.zoho
    lead = zoho.add("Leads", Last_Name="Fox", Company="Somewhere")
    newco, other, third = (zoho.add("Accounts", Account_Name=name) for name in ("Newco", "Otherco", "Thirdco"))
    of = [{"Account_Name": {"id": account}} for account in (newco, newco, other)]
    one, two, far, alone = (
        zoho.add("Deals", Deal_Name=f"Deal {number}", Stage="Qualification", **fields)
        for number, fields in enumerate((*of, {}))
    )
    zoho.add("Contacts", Last_Name="Kim", Email="kim@newco.example", Account_Name={"id": newco})
    ring(company, "c1", "+44 20 7946 0777")
    meet(company, "Which deal", "kim@newco.example", start=ago(hours=7))
    meet(company, "Which company", "lee@elsewhere.example", start=ago(hours=6))
    meet(company, "Unknown", "pat@nowhere.example")
    company.sync()
    queue = waits(company)
    assert {each["id"] for each in queue["kim@newco.example"]["candidates"]} == {one, two}
    for address, record in (
        ("+442079460777", f"Leads:{lead}"), ("kim@newco.example", f"Deals:{two}"),
        ("lee@elsewhere.example", f"accounts:{third}"), ("pat@nowhere.example", f"deal:{far}"),
    ):  # fmt: skip
        result = answer(company, queue[address]["id"], "--record", record)
        assert (result["interactions"]["logged"], result["writes"]["created"]) == (1, 1), address
    assert company.written("Calls")[0]["What_Id"]["id"] == lead
    targets = {title: company.event(title)["What_Id"]["id"] for title in ("Which deal", "Which company", "Unknown")}
    assert targets == {"Which deal": two, "Which company": third, "Unknown": far}
    meet(company, "And again", "pat@nowhere.example", "somebody@gmail.com", start=ago(hours=3))
    meet(company, "Nobody", "sue@nowhere.example", start=ago(hours=3))
    company.sync()
    assert company.event("And again")["What_Id"]["id"] == far
    assert "no account" in answer(company, "sue@nowhere.example", "--record", f"Deals:{alone}", exit=2)


def test_what_cannot_be_answered_is_refused_with_a_sentence(found: Founded) -> None:
    company = found(QUIET)
    meet(company, "First talk", "lee@gmail.com")
    company.sync()
    asked = waits(company)["lee@gmail.com"]["id"]
    nora = company.stage.ids.of("Contacts", "Nora Quill")
    company.stage.zoho.delete("Contacts", nora)
    assert "not in Zoho any more" in answer(company, asked, "--record", f"Contacts:{nora}", exit=2)
    assert "tells no company" in answer(company, asked, "--account", "1", "--domain", "gmail.com", exit=2)
    assert "no record" in answer(company, asked, "--record", "Nobody:1", exit=2)
    assert "Nothing waits" in answer(company, "q-00000000", "--ignore", exit=2)
    assert "Give one of" in answer(company, asked, exit=2)
    assert company.command("review", "rules", "--json").json == []


def test_unknown_people_are_skipped_or_logged_on_no_record_as_configured(found: Founded) -> None:
    for unmatched, state in (("skip", "unmatched"), ("log", "logged")):
        company = found(QUIET, matching={"unmatched": unmatched})
        meet(company, "First talk", "lee@newco.example")
        company.sync()
        assert company.row("First talk")["state"] == state
        assert "lee@newco.example" not in waits(company)
    assert "What_Id" not in {name for name, value in company.event("First talk").items() if value}
