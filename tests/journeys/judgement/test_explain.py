"""`explain`: complete for whatever became of an interaction, in a person's words, and what would change it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from activity_sync.simulator.scenes.actions import At
from activity_sync.simulator.world.cast import JO
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.judgement.acting import Records, event_of, explained, meet, ring

NORA, THEO = "nora.quill@brightwater.example", "theo.marsh@brightwater.example"
TYPES = [
    {
        "name": "Discovery",
        "when": {"title": "discovery"},
        "then": {
            "subject": "{{ type }}: {{ company }}",
            "fields": {"Events": {"Mood_of_Day": "good", "Must_Have": "x"}},
            "follow_ups": ["recap"],
            "deal_stage": {"from": ["Proposal/Price Quote"], "to": "Negotiation/Review"},
        },
    },
    {"name": "Bare", "when": {"title": "bare"}, "then": {}},
    {
        "name": "Other",
        "when": {},
        "then": {
            "fields": {"Events": {"Must_Have": "x", "Mood_of_Day": "awful"}},
            "deal_stage": {"from": ["Qualification"], "to": "Needs Analysis"},
        },
    },
]
FOLLOW_UPS = {"recap": {"subject": "Recap for {{ who }}", "due": "1 business day", "remind": True}}
HEADINGS = {"What came in", "What was thought", "Candidates", "Plan", "Writes", "History", "What would change it"}


def founded(found: Founded) -> Company:
    company = found([], activity_types=TYPES, follow_ups=FOLLOW_UPS)
    zoho = company.stage.zoho
    zoho.add_field("Events", "Mood_of_Day", "picklist", picklist=["Good", "Bad"])
    zoho.world.modules["Events"].fields["Mood_of_Day"].label = "How it felt"
    zoho.add_field("Events", "Must_Have", mandatory=True)
    return company


def act(company: Company) -> dict[str, str]:
    """Interactions by what becomes of them; each with a sentence on what would change that."""
    meet(company, "Discovery", NORA, notes="Agenda")
    meet(company, "Stays", NORA)
    meet(company, "Team", reps=(JO,))
    meet(company, "Two firms", "office@two-firms.example")
    meet(company, "Stranger", "wilma@nobody.example")
    meet(company, "Bare", THEO)
    meet(company, "To come", NORA, at=At(3, "10:00"))
    meet(company, "On the account", "greta.holm@dunmore-rail.example")
    return {
        "Discovery": "Without `deal_stage` in the activity type Discovery the deal would have stayed",
        "Stays": "With Proposal/Price Quote in `deal_stage.from` of the activity type Other it could move on",
        "Team": "With somebody from outside in it",
        "Two firms": "If only one of these fitted, it would go there: Cole Nash, Dina Roth.",
        "Stranger": "A contact, lead or account in Zoho with one of these addresses",
        "Bare": "Once what Zoho refused is mended, `activity-sync retry KEY` sends it again.",
        "To come": "Once the meeting is over, the deal moves on from Qualification to Needs Analysis.",
        "On the account": "On a deal it would have moved that from Qualification on to Needs Analysis.",
    }


def faults(company: Company, told: str) -> Iterator[str]:
    """What a person should not have to read: ids, API names, Python."""
    yield from re.findall(r"(?<![\w+])\d{15,20}(?!\w)", told)
    modules = company.stage.zoho.world.modules.values()
    names = {name for module in modules for name in module.fields if "_" in name}
    yield from (word for word in re.findall(r"\w+", told) if word in names)
    yield from re.findall(r"\b(?:Events|Calls|Tasks|Contacts|Leads|Accounts|Deals)\b", told)
    yield from re.findall(r"\{'|datetime|None\b|MANDATORY_NOT_FOUND|\bFalse\b", told)


def test_whatever_became_of_it_explain_tells_all_in_words(found: Founded) -> None:
    company = founded(found)
    outlooks = act(company)
    company.sync(exit=1)
    rows = {row["title"]: row for row in company.rows()}
    states = {title: row["state"] for title, row in rows.items()}
    assert states == {
        **dict.fromkeys(("Discovery", "Stays", "To come", "On the account"), "logged"),
        "Team": "screened",
        "Two firms": "waiting",
        "Stranger": "unmatched",
        "Bare": "failed",
    }
    texts = {title: explained(company, row["key"]) for title, row in rows.items()}
    assert {title: list(faults(company, told)) for title, told in texts.items()} == {title: [] for title in texts}
    missing = {title: sentence for title, sentence in outlooks.items() if sentence not in texts[title]}
    assert missing == {}, "\n".join(texts[title] for title in missing)
    every_part_is_told(texts)
    the_json_has_the_members_of_the_contract(company, rows["Discovery"]["key"])
    a_later_judgement_still_tells_of_the_stage(company, rows["Discovery"]["key"])


def every_part_is_told(texts: dict[str, str]) -> None:
    for title, told in texts.items():
        headings = {line for line in told.splitlines() if line in HEADINGS}
        assert headings >= {"What came in", "What was thought", "History", "What would change it"}, title
    told = texts["Discovery"]
    assert {line for line in told.splitlines() if line in HEADINGS} == HEADINGS
    for line in (
        f"  With jo@acme.example (accepted), {NORA} (accepted).",
        "  Its text: Agenda",
        "  workspace showed it in the calendar of jo@acme.example.",
        "  - Brightwater pilot (deal): is closed",
        "  the task “Recap for Nora Quill”: follow-up recap, due 1 business day after the end",
        "      How it felt: Good",
        "      Related to: the deal Brightwater rollout",
        "      Contact: the contact Nora Quill",
        "      Owner: Jo Smith",
        "  update deal (done)",
    ):
        assert line in told.splitlines(), line
    assert re.search(r"answered   create the task “Recap for Nora Quill”: done\n", told)
    assert 'How it felt is left out: it has no picklist value "awful".' in texts["Stays"]
    assert "create meeting (refused by Zoho)" in texts["Bare"]
    assert "refused by Zoho" in texts["Bare"].partition("History")[2]


def the_json_has_the_members_of_the_contract(company: Company, key: str) -> None:
    told = company.command("explain", key, "--json").json
    event = next(one for one in told["writes"] if one["module"] == "Events")
    assert set(event) >= {"op", "module", "id", "fields", "state", "words"}
    assert event["fields"]["What_Id"] == {"id": told["target"]["id"]}
    assert {"at", "event", "detail"} <= set(told["history"][0])
    assert {"module", "id", "name", "kept", "because"} == set(told["candidates"][0])
    (answer,) = (one for one in told["history"] if one["event"] == "answered" and one.get("id") == event["id"])
    assert answer["module"] == "Events"


def a_later_judgement_still_tells_of_the_stage(company: Company, key: str) -> None:
    company.stage.google.change_event(event_of(company, "Discovery"), description="Another agenda")
    company.sync()
    told = explained(company, key)
    assert "The stage of its deal was settled before, and is left alone." in told
    assert "deal stage from Proposal/Price Quote to Negotiation/Review" in told
    assert list(faults(company, told)) == []


def test_a_rehearsal_and_a_call_tell_their_plan(found: Founded) -> None:
    company = founded(found)
    company.configure(zoho={"write": False})
    ring(company, "a", "+447700900101", ago=timedelta(hours=2), notes="Asked for a price", queue="Sales")
    company.sync()
    (row,) = company.rows()
    told = explained(company, row["key"])
    assert "An inbound call with +447700900101" in told
    assert "Its outcome: answered, 1 min 0 s of talk." in told
    assert "Its notes: Asked for a price" in told
    assert "the call “Call with Nora Quill”: activity type Other, on the deal Brightwater rollout" in told
    assert "With `zoho.write: true` it would be written; this is a rehearsal." in told
    assert list(faults(company, told)) == []


def titled(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["title"]: row for row in rows}


def test_two_meetings_with_one_deal_move_it_on_once(found: Founded) -> None:
    company = founded(found)
    add = Records(company)
    account = add.account("Twice Ltd")
    add.contact("Tina Twice", account, Email="tina@twice.example")
    deal = add.deal("Twice", account)
    for title, at in (("First", At(-2, "10:00")), ("Second", At(-1, "10:00"))):
        meet(company, title, "tina@twice.example", at=at)
    planned = company.command("preview", "--json").json["interactions"]
    assert sorted(row["title"] for row in planned if "Deals" in {one["module"] for one in row["writes"]})[:1] == [
        "First"
    ]
    assert company.stage.zoho.record("Deals", deal)["Stage"] == "Qualification"
    company.sync()
    assert company.stage.zoho.record("Deals", deal)["Stage"] == "Needs Analysis"
    rows = titled(company.rows())
    assert (rows["First"]["state"], rows["Second"]["state"]) == ("logged", "logged")
    puts = [one for one in company.stage.zoho.requests if one.method == "PUT" and "/Deals" in one.path]
    assert sum(200 <= one.status < 300 for one in puts if hasattr(one, "status")) <= 1
    company.command("preview", "--json")
    company.sync()
    assert len([one for one in company.stage.zoho.requests if one.method == "PUT" and "/Deals" in one.path]) == len(
        puts
    )
