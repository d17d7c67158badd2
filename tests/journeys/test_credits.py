"""What the rounds cost, by Zoho's own books."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.company import Company
from tests.journeys.conftest import Founded

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def charged_for(company: Company, word: str) -> int:
    """Credits for COQL queries that hold this word."""
    asked = [one for one in company.stage.zoho.requests if one.path.endswith("/coql")]
    return sum(one.credits for one in asked if word in one.body["select_query"])


def test_two_thousand_contacts_are_loaded_for_three_credits(found: Founded) -> None:
    company = found(["Nobody knows the stranger"])
    there = len(company.stage.zoho.records("Contacts"))
    for number in range(2000 - there):
        company.stage.zoho.add(
            "Contacts", Last_Name=f"Person {number}", Email=f"p{number}@crowd.example", Modified_Time=LONG_AGO
        )
    company.play_and_sync()
    assert charged_for(company, " from Contacts ") <= 3


def test_a_hundred_activities_with_forty_tasks_are_written_for_sixteen_credits(found: Founded) -> None:
    company = found(["Nobody knows the stranger"])
    for number in range(60):
        company.stage.google.put_event(["jo@acme.example"], **a_meeting(number))
    for number in range(40):
        a_missed_call(company, number)
    company.play_and_sync()
    assert company.counts() == {"Events": 60, "Calls": 40, "Tasks": 40}
    assert len(company.stage.zoho.triggers) == 140
    assert 14 <= sum(one.credits for one in company.writes()) <= 16


def a_meeting(number: int) -> dict[str, Any]:
    """One of many, over by now."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6 + number)
    people = [
        {"email": "jo@acme.example", "organizer": True, "responseStatus": "accepted"},
        {"email": "nora.quill@brightwater.example", "responseStatus": "accepted"},
    ]
    return {"start": start, "end": start + timedelta(minutes=30), "summary": f"Talk {number}", "attendees": people}


def a_missed_call(company: Company, number: int) -> None:
    """One of many, each of which asks for a task."""
    at = datetime.now(UTC) - timedelta(hours=2 + number)
    line = company.stage.world.reps[0].line
    company.stage.aircall.add_call("inbound", "+44 7700 900101", at, line=line, missed="agents_did_not_answer")


def test_a_quiet_round_costs_one_credit(found: Founded) -> None:
    company = found(["A meeting with a contact"])
    company.play_and_sync()
    company.sync()
    company.paid()
    for _ in range(3):
        result = company.sync()
        assert company.paid() == result["credits"]["used"] == 1
