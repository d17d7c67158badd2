"""Activity types: every condition, in order; what they write; examples of the admin's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ruamel.yaml import YAML

from activity_sync.simulator.world.cast import ANA, JO, KIM, SAM
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.judgement.acting import Records, by_title, explained, meet, ring

NORA, THEO = "nora.quill@brightwater.example", "theo.marsh@brightwater.example"
MINA, RHYS = "mina.sol@fernhill.example", "rhys.dale@elmstead.example"
TYPES: dict[str, dict[str, Any]] = {
    "Named source": {"source": "workshop", "notes": "alpha"},
    "Kind of source": {"source": ["google", "import"], "notes": "beta"},
    "Outbound": {"kind": "call", "direction": "outbound"},
    "Missed": {"outcome": ["missed", "voicemail"]},
    "Words": {"title": ["intro call", "discovery"]},
    "Pattern": {"title": r"re:(?i)\bdemo(s|\b)"},
    "Agenda": {"kind": "meeting", "notes": "budget"},
    "Long": {"minutes": {"min": 90, "max": 120}},
    "Crowd": {"kind": "meeting", "outsiders": {"min": 3}},
    "Bank": {"domains": "elmstead.example"},
    "Kim's calendar": {"calendar": KIM},
    "Sam's": {"rep": SAM},
    "Director's": {"role": "Director"},
    "Of a lead": {"target": "Leads"},
    "In talks": {"stage": "Needs Analysis"},
    "Renewal": {"pipeline": "Renewals"},
    "Clinic": {"record": {"Accounts": {"Industry": ["ERP", "ASP"]}, "Contacts": {"Title": "Doctor"}}},
    "Chat": {"title": "chat"},
    "Other": {},
}
THEN: dict[str, dict[str, Any]] = {
    "Words": {
        "subject": "{{ type }}: {{ company }}, {{ rep.first_name }}, {{ who }}, {{ start.strftime('%H:%M') }}",
        "description": "{{ notes }} ({{ minutes }} min, {{ participants | join(' + ') }}, {{ deal.Stage or 'none' }})",
        "fields": {"Events": {"Score": "{{ minutes }}", "Mood": "GOOD", "Reach": ["Web", "Fax"], "Once": "soon"}},
        "tags": ["new", "{{ not a template }}"],
    },
    "Pattern": {"subject": "{{ title.no_such_thing }}", "fields": {"Events": {"Mood": "terrible"}}},
    "Outbound": {"subject": "To {{ who }} from {{ line }}", "fields": {"Calls": {"Call_Purpose": "prospecting"}}},
    "Chat": {"skip": True},
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "Named source": {"title": "", "kind": "call", "source": ["workshop", "import"], "notes": "alpha"},
    "Kind of source": {"title": "x", "source": "google", "notes": "has beta in it"},
    "Outbound": {"title": "", "direction": "outbound"},
    "Missed": {"title": "", "direction": "inbound", "outcome": "missed"},
    "Words": {"title": "An INTRO  call"},
    "Pattern": {"title": "Two demos"},
    "Agenda": {"title": "x", "notes": "The Budget, again"},
    "Long": {"title": "x", "minutes": 90},
    "Crowd": {"title": "x", "outsiders": 4},
    "Bank": {"title": "x", "domain": ["a.example", "eu.elmstead.example"]},
    "Kim's calendar": {"title": "x", "calendar": [KIM.upper()]},
    "Sam's": {"title": "x", "rep": SAM},
    "Director's": {"title": "x", "role": "Director"},
    "Of a lead": {"title": "x", "target": "Leads"},
    "In talks": {"title": "x", "stage": "Needs Analysis"},
    "Renewal": {"title": "x", "pipeline": "Renewals"},
    "Clinic": {"title": "x", "record": {"Accounts": {"Industry": "ASP"}, "Contacts": {"Title": "Doctor"}}},
    "Chat": {"title": "a chat"},
    "Other": {"title": "chatty discoveries", "minutes": 89, "outsiders": 2},
}


def populated(found: Founded) -> Company:
    kinds = [{"name": name, "when": when, "then": THEN.get(name, {})} for name, when in TYPES.items()]
    company = found([], activity_types=kinds, zoho={"activity_type_field": {"Events": "Kind", "Calls": "Kind"}})
    zoho, add = company.stage.zoho, Records(company)
    for module in ("Events", "Calls"):
        zoho.add_field(module, "Kind", "picklist", picklist=[name for name in TYPES if name != "Crowd"])
    zoho.add_field("Events", "Score", "integer", length=9)
    zoho.add_field("Events", "Mood", "picklist", picklist=["Good", "Bad"])
    zoho.add_field("Events", "Reach", "multiselectpicklist", picklist=["Web", "Shop", "Fax"])
    zoho.add_field("Events", "Once", "date")
    zoho.add_pipeline("Renewals", ["Renewal due"])
    zoho.edit_user(add.user(ANA)["id"], role={"name": "Director", "id": "7"})
    renewing = add.account("Renewing Ltd")
    add.contact("Ren Newal", renewing, Email="ren@renewing.example")
    add.deal("Renewing again", renewing, Pipeline="Renewals", Stage="Renewal due")
    clinic = add.account("House Clinic", Industry="ASP")
    add.contact("Dot Doctor", clinic, Email="dot@clinic.example", Title="Doctor")
    return company


def act(company: Company) -> None:
    """One interaction for each type, titled so; calls are told apart by their time."""
    meet(company, "Kind of source", THEO, notes="beta")
    meet(company, "Intro call", NORA, notes="First")
    meet(company, "Demo", THEO)
    meet(company, "Agenda", MINA, notes="On the budget")
    meet(company, "Long", MINA, lasting=120)
    meet(company, "Crowd", MINA, NORA, THEO)
    meet(company, "Bank", RHYS)
    meet(company, "Kim's calendar", MINA, reps=(JO, KIM))
    meet(company, "Sam's", MINA, reps=(SAM,))
    meet(company, "Director's", MINA, reps=(ANA,))
    meet(company, "Of a lead", "pia.north@northwind-studio.example")
    meet(company, "In talks", "ivy.lark@cedar-clinics.example")
    meet(company, "Renewal", "ren@renewing.example")
    meet(company, "Clinic", "dot@clinic.example")
    meet(company, "Chat", MINA)
    meet(company, "Other", MINA)
    ring(company, "a", "+447700900107", notes="alpha", ago=timedelta(hours=5))
    ring(company, "b", "+447700900107", direction="outbound", ago=timedelta(hours=4))
    ring(company, "c", "+447700900107", outcome="missed", talk_seconds=0, ago=timedelta(hours=3))


def test_the_first_type_that_fits_is_taken_for_each_condition_there_is(found: Founded) -> None:
    company = populated(found)
    act(company)
    company.sync()
    rows = company.rows()
    meetings = by_title([row for row in rows if row["kind"] == "meeting"])
    titles = {"Intro call": "Words", "Demo": "Pattern"}
    assert {title: row["type"] for title, row in meetings.items()} == {
        title: titles.get(title, title) for title in meetings
    }
    calls = sorted((row for row in rows if row["kind"] == "call"), key=lambda row: row["start"])
    assert [row["type"] for row in calls] == ["Named source", "Outbound", "Missed"]
    assert (meetings["Chat"]["state"], meetings["Chat"]["reason"]) == ("screened", "the activity type Chat says skip")
    assert {row["type"] for row in rows} == set(TYPES)
    what_a_type_writes_is_in_the_fields_type(company)
    what_could_not_be_written_is_said(company, meetings)


def what_a_type_writes_is_in_the_fields_type(company: Company) -> None:
    event = next(one for one in company.written("Events") if one["Event_Title"].startswith("Words: "))
    assert event["Event_Title"] == "Words: Brightwater Foods, Jo, Nora Quill, 10:00"
    assert event["Description"] == f"First (30 min, {NORA}, Proposal/Price Quote)"
    assert (event["Score"], event["Mood"], event["Reach"], event["Kind"]) == (30, "Good", ["Web", "Fax"], "Words")
    assert [tag["name"] for tag in event["Tag"]] == ["new", "{{ not a template }}"]
    assert event.get("Once") is None
    (call,) = (one for one in company.written("Calls") if one["Call_Type"] == "Outbound")
    assert (call["Subject"], call["Call_Purpose"]) == ("To Mina Sol from +442079460100", "Prospecting")


def what_could_not_be_written_is_said(company: Company, rows: dict[str, dict[str, Any]]) -> None:
    """Of the picklists nothing is made up; a template that fails costs one text, and the log says so."""
    assert company.event("Crowd").get("Kind") is None
    demo = company.event("Demo")
    assert (demo.get("Mood"), demo["Kind"]) == (None, "Pattern")
    log = company.command("log").out
    assert "the template \"{{ title.no_such_thing }}\" fails: there is no field 'no_such_thing'" in log
    assert 'Mood is left out: it has no picklist value "terrible"' in log
    told = explained(company, rows["Intro call"]["key"])
    assert "Once is left out: it takes a date such as 2026-01-05." in told
    assert 'Kind is left out: it has no picklist value "Crowd".' in explained(company, rows["Crowd"]["key"])


def test_types_test_agrees_with_what_a_sync_does_and_checks_examples_of_the_admins_own(found: Founded) -> None:
    company = populated(found)
    path = company.config.parent / "cases.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump([{**example, "expect": name} for name, example in EXAMPLES.items()], file)
    done = company.command("types", "test", "--cases", str(path), "--json")
    assert (done.exit, done.json["ok"]) == (0, True), [one for one in done.json["cases"] if not one["ok"]]
    assert [one["type"] for one in done.json["cases"]] == list(TYPES)
    with path.open("a", encoding="utf-8") as file:
        file.write("- {title: Product demo, expect: Words}\n")
    done = company.command("types", "test", "--cases", str(path))
    assert (done.exit, "WRONG Product demo: Pattern, not Words" in done.out) == (1, True)
    told = company.command("types", "test", "Budget", "--minutes", "20", "--domain", "elmstead.example", "--json").json
    assert told["type"] == "Bank"
    assert "Not activity type Long: minutes: 20, not at least 90 and at most 120." in told["because"]
    company.configure(activity_types=[{"name": "Odd", "when": {}, "then": {"subject": "{{ titel }}"}}])
    done = company.command("types", "test", "x")
    assert (done.exit, "titel" in done.err, "title" in done.err) == (2, True, True)
