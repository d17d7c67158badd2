"""Tasks: when they are due, whose they are, when there is none, and how they end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from activity_sync.simulator.scenes.actions import COMPANY_ZONE, At
from activity_sync.simulator.world.cast import ANA, JO, MAX, SAM
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.judgement.acting import BEFORE, Records, event_of, explained, meet, moment, ring

OMAR, NORA = "omar.finch@cedar-clinics.example", "nora.quill@brightwater.example"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOLLOW_UPS: dict[str, dict[str, Any]] = {
    "days": {"subject": "days for {{ who }}", "due": "2 days", "status": "Deferred", "priority": "Highest"},
    "hours": {"subject": "hours", "due": "3 hours", "remind": True},
    "business-day": {"subject": "business day", "due": "1 business day"},
    "business-hours": {"subject": "business hours", "due": "4 business hours", "remind": True},
    "owners": {"subject": "owner's", "owner": "record_owner"},
    "anas": {"subject": "Ana's", "owner": ANA},
    "odd": {"subject": "odd", "priority": "Urgent"},
    "held": {"subject": "held", "when": {"outcome": "held", "minutes": {"max": 45}}},
    "long": {"subject": "long", "when": {"minutes": {"min": 60}}},
    "call-back": {"subject": "Call {{ number }}", "due": "1 hour", "remind": True, "close_when_reached": True},
    "always": {"subject": "Note the call"},
}
TYPES = [
    {"name": "Missed", "when": {"kind": "call", "outcome": "missed"}, "then": {"follow_ups": ["call-back", "always"]}},
    {
        "name": "Review",
        "when": {"title": "review"},
        "then": {"follow_ups": list(FOLLOW_UPS)[:-2]},
    },
    {"name": "Other", "when": {}, "then": {}},
]


def founded(found: Founded) -> tuple[Company, datetime]:
    """The only working day is the third after the meeting, whichever that is."""
    company = found([])
    end = BEFORE.moment(company.stage.now) + timedelta(minutes=30)
    working = {"holidays": None, "week": [_DAYS[(end.weekday() + 3) % 7]], "hours": "09:00-17:30"}
    company.configure(follow_ups=FOLLOW_UPS, activity_types=TYPES, business_days=working)
    return company, end.astimezone(COMPANY_ZONE)


def tasks(company: Company) -> dict[str, Mapping[str, Any]]:
    found = {one["Subject"]: one for one in company.written("Tasks")}
    assert len(found) == len(company.written("Tasks"))
    return found


def rings_at(task: Mapping[str, Any]) -> datetime:
    alarm = task["Remind_At"]
    text = str(alarm["ALARM"] if isinstance(alarm, dict) else alarm)
    return moment(text.partition("DATE-TIME:")[2]).astimezone(COMPANY_ZONE)


def test_tasks_are_due_as_asked_and_come_once(found: Founded) -> None:
    company, end = founded(found)
    meet(company, "Review", OMAR, reps=(JO,))
    company.sync()
    made, working = tasks(company), end + timedelta(days=3)
    assert set(made) == {
        "days for Omar Finch",
        "hours",
        "business day",
        "business hours",
        "owner's",
        "Ana's",
        "odd",
        "held",
    }
    due = {subject: task["Due_Date"] for subject, task in made.items()}
    assert due["days for Omar Finch"] == f"{end + timedelta(days=2):%Y-%m-%d}"
    assert (due["hours"], rings_at(made["hours"])) == (f"{end:%Y-%m-%d}", end + timedelta(hours=3))
    assert due["business day"] == due["business hours"] == due["held"] == f"{working:%Y-%m-%d}"
    assert f"{rings_at(made['business hours']):%Y-%m-%d %H:%M}" == f"{working:%Y-%m-%d} 13:00"
    days = made["days for Omar Finch"]
    assert (days["Status"], days["Priority"], days.get("Remind_At")) == ("Deferred", "Highest", None)
    assert (days["What_Id"]["name"], days["Who_Id"]["name"]) == ("Cedar south wing", "Omar Finch")
    owners = {subject: task["Owner"]["name"] for subject, task in made.items()}
    assert (owners["days for Omar Finch"], owners["owner's"], owners["Ana's"]) == ("Jo Smith", "Max Stone", "Ana Lima")
    assert made["odd"].get("Priority") is None
    told = explained(company, company.row("Review")["key"])
    assert "No follow-up long: minutes: 30, not at least 60." in told
    assert 'Priority is left out: the org has no value "Urgent".' in told
    they_come_once_and_what_a_person_did_stays(company)


def they_come_once_and_what_a_person_did_stays(company: Company) -> None:
    zoho, sam, made = company.stage.zoho, Records(company).user(SAM)["id"], tasks(company)
    zoho.delete("Tasks", made["hours"]["id"], by=sam)
    zoho.edit("Tasks", made["Ana's"]["id"], by=sam, Priority="Low")
    company.stage.google.change_event(event_of(company, "Review"), description="Another agenda")
    assert company.sync()["writes"]["created"] == 0
    assert set(tasks(company)) == set(made) - {"hours"}
    company.stage.google.move_event(event_of(company, "Review"), At(2, "10:00").moment(company.stage.now))
    company.sync()
    assert set(tasks(company)) == {"Ana's"}  # not over any more: what nobody touched is withdrawn
    assert not any(company.sync()["writes"].values())


def test_a_call_back_is_done_when_somebody_reaches_the_number_unless_a_person_has_it(found: Founded) -> None:
    company, _ = founded(found)
    numbers = {"Nora": "+447700900101", "Theo": "+447700900102", "Ivy": "+447700900103", "Omar": "+447700900104"}
    for minutes, number in enumerate(numbers.values()):
        ring(company, number, number, outcome="missed", talk_seconds=0, ago=timedelta(hours=5, minutes=minutes))
    ring(company, "before", numbers["Omar"], direction="outbound", ago=timedelta(hours=6))
    company.sync()
    backs = {name: f"Call {number}" for name, number in numbers.items()}
    made = {one["Subject"]: one for one in company.written("Tasks") if one["Subject"].startswith("Call ")}
    assert {subject: task["Status"] for subject, task in made.items()} == dict.fromkeys(backs.values(), "Not Started")
    assert all(rings_at(task) > company.stage.now - timedelta(hours=6) for task in made.values())

    sam = Records(company).user(SAM)["id"]
    company.stage.zoho.edit("Tasks", made[backs["Ivy"]]["id"], by=sam, Status="Waiting for input")
    ring(company, "reached", numbers["Nora"], direction="outbound", rep_email=MAX, ago=timedelta(hours=2))
    ring(company, "called again", numbers["Theo"], ago=timedelta(hours=2))
    ring(company, "reached too", numbers["Ivy"], direction="outbound", ago=timedelta(hours=2))
    ring(company, "in vain", numbers["Omar"], direction="outbound", outcome="no_answer", talk_seconds=0)
    company.sync()
    done = {one["Subject"]: one["Status"] for one in company.written("Tasks") if one["Subject"].startswith("Call ")}
    assert {name: done[subject] for name, subject in backs.items()} == {
        "Nora": "Completed",
        "Theo": "Completed",
        "Ivy": "Waiting for input",
        "Omar": "Not Started",
    }
    assert {one["Status"] for one in company.written("Tasks") if one["Subject"] == "Note the call"} == {"Not Started"}
    assert not any(company.sync()["writes"].values())
