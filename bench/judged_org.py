"""A made-up org to measure the judgement with: an admin's playbook, a team, customers, and what happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from activity_sync.model.interactions import (
    CallLeg,
    Direction,
    MeetingCopy,
    Outcome,
    Participant,
    RepShare,
    Response,
    Sighting,
)
from activity_sync.model.numbers import read_number
from activity_sync.model.records import FieldFacts, Module, OrgFacts, Stage, User
from activity_sync.model.settings import Settings
from bench.made_up_numbers import contacts

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
REPS = 100
PEOPLE_OF_ACCOUNT = 10

ACTIVITY_TYPES: list[dict[str, Any]] = [
    {"name": "Lunch", "when": {"kind": "meeting", "title": ["lunch", "coffee"]}, "then": {"skip": True}},
    {"name": "Discovery", "when": {"kind": "meeting", "title": ["discovery", "intro call"]},
     "then": {"subject": "Discovery: {{ company }} with {{ rep.first_name }}", "follow_ups": ["recap"]}},
    {"name": "Demo", "when": {"title": [r"re:(?i)\b(demo|walk-?through)\b"], "minutes": {"min": 15}},
     "then": {"subject": "Demo for {{ company }}", "tags": ["demo"], "follow_ups": ["recap", "proposal"]}},
    {"name": "Negotiation", "when": {"kind": "meeting", "stage": ["Proposal", "Negotiation"], "title": ["pricing"]},
     "then": {"subject": "{{ title }} ({{ deal.name }})", "tags": ["late stage"]}},
    {"name": "Onboarding", "when": {"kind": "meeting", "title": ["onboarding", "kick-off"]},
     "then": {"description": "{{ participants | join(', ') }}\n\n{{ notes }}"}},
    {"name": "Big meeting", "when": {"kind": "meeting", "outsiders": {"min": 8}}, "then": {}},
    {"name": "Missed", "when": {"kind": "call", "direction": "inbound", "outcome": ["missed", "voicemail"]},
     "then": {"subject": "Missed: {{ who }}", "follow_ups": ["call-back"]}},
    {"name": "Long call", "when": {"kind": "call", "minutes": {"min": 10}},
     "then": {"subject": "{{ direction | title }} talk with {{ who }}, {{ minutes }} min"}},
    {"name": "Call", "when": {"kind": "call"}, "then": {"subject": "Call with {{ who }}"}},
    {"name": "Other", "when": {}, "then": {"subject": "{{ title }}", "description": "{{ notes }}"}},
]  # fmt: skip
FOLLOW_UPS = {
    "recap": {"subject": "Recap to {{ contact.first_name or company }}", "when": {"outcome": "held"}},
    "proposal": {"subject": "Proposal for {{ company }}", "due": "3 business days", "priority": "High"},
    "call-back": {"subject": "Call back {{ who }}", "due": "4 business hours", "remind": True},
}
_TITLES = (
    "Intro call",
    "Product demo",
    "Pricing round",
    "Kick-off",
    "Weekly",
    "Quarterly review",
    "Lunch",
    "Next steps",
)
_STAGES = ("Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost")


def settings() -> Settings:
    """An admin's file with ten activity types and three follow-ups."""
    return Settings.model_validate(
        {
            "timezone": "Europe/London",
            "default_region": "US",
            "zoho": {"data_center": "eu", "client_id": "1", "client_secret": "2", "refresh_token": "3"},
            "team": {"domains": ["acme.example"]},
            "calendars": [{"name": "workspace", "kind": "google", "service_account_file": "none.json"}],
            "dialers": [{"name": "aircall", "kind": "aircall", "api_id": "1", "api_token": "2"}],
            "never": {"log": {"titles": ["interview", "re:(?i)^private"]}, "match": {"domains": ["booking.example"]}},
            "activity_types": ACTIVITY_TYPES,
            "follow_ups": FOLLOW_UPS,
        }
    )


def org() -> OrgFacts:
    """Zoho's own fields as far as they are written, and one pipeline."""
    texts = {
        Module.EVENTS: {"Event_Title": 255, "Description": 32_000, "Venue": 255},
        Module.CALLS: {"Subject": 255, "Description": 32_000},
        Module.TASKS: {"Subject": 255},
    }
    choices = {
        Module.CALLS: {"Outgoing_Call_Status": ("Scheduled", "Completed"), "Call_Result": ("Interested",)},
        Module.TASKS: {"Status": ("Not Started", "Completed"), "Priority": ("High", "Low", "Normal")},
    }
    fields = {
        module.value: {
            **{name: FieldFacts(api_name=name, length=length) for name, length in texts[module].items()},
            **{name: FieldFacts(api_name=name, picklist=own) for name, own in choices.get(module, {}).items()},
        }
        for module in texts
    }
    stages = [Stage(name=name, order=order, closed=name.startswith("Closed")) for order, name in enumerate(_STAGES)]
    return OrgFacts(stages=tuple(stages), fields=fields)


def users() -> list[User]:
    """Our reps, all active."""
    return [User(id=f"{7 * 10**14 + n}", email=rep(n), first_name=f"Rep{n}", last_name="Acme") for n in range(REPS)]


def rep(number: int) -> str:
    """A rep's address."""
    return f"rep{number % REPS}@acme.example"


def guest(number: int) -> str:
    """A contact's address."""
    return f"p{number}@c{number // PEOPLE_OF_ACCOUNT}.example"


# Zoho's rows ---------------------------------------------------------------------------------------------------------


def rows_of_contacts(count: int) -> Iterator[dict[str, Any]]:
    """Ten of each account; each with two numbers."""
    for number, row in enumerate(contacts(count)):
        row.pop("Other_Phone")
        yield {
            **row,
            "First_Name": f"Pat{number}",
            "Last_Name": f"Poe{number}",
            "Email": guest(number),
            "Account_Name": {"id": _account(number // PEOPLE_OF_ACCOUNT)},
            "Owner": {"id": f"{7 * 10**14 + number % REPS}"},
            "Created_Time": "2024-05-02T09:00:00+00:00",
            "Modified_Time": "2025-06-02T09:00:00+00:00",
        }


def rows_of_accounts(count: int) -> Iterator[dict[str, Any]]:
    """The accounts of so many contacts, with the website that the addresses belong to."""
    for number in range(count // PEOPLE_OF_ACCOUNT):
        yield {
            "id": _account(number),
            "Account_Name": f"Company {number}",
            "Website": f"https://c{number}.example",
            "Owner": {"id": f"{7 * 10**14 + number % REPS}"},
            "Modified_Time": "2025-06-02T09:00:00+00:00",
        }


def rows_of_deals(count: int) -> Iterator[dict[str, Any]]:
    """Of ten accounts seven have a deal, and one of these a second one and a third that was lost."""
    for number in range(count // PEOPLE_OF_ACCOUNT):
        stages = {7: (), 8: (), 9: (), 0: (0, 1, 4)}.get(number % 10, (number % 3,))
        for place, stage in enumerate(stages):
            yield {
                "id": _deal(number, place),
                "Deal_Name": f"Deal {number}.{place}",
                "Stage": _STAGES[stage],
                "Account_Name": {"id": _account(number)},
                "Closing_Date": "2026-05-01",
                "Owner": {"id": f"{7 * 10**14 + (number + place) % REPS}"},
                "Created_Time": f"2025-0{place + 1}-02T09:00:00+00:00",
                "Modified_Time": "2025-06-02T09:00:00+00:00",
            }


def roles(count: int) -> dict[str, list[str]]:
    """The contact roles of the deals that stand beside others: the first contact's in the first deal."""
    first = {_deal(number, 0): [f"{10**15 + number * PEOPLE_OF_ACCOUNT}"] for number in _with_several(count)}
    return {**first, **{_deal(number, place): [] for number in _with_several(count) for place in (1, 2)}}


def _with_several(count: int) -> range:
    return range(0, count // PEOPLE_OF_ACCOUNT, 10)


def _account(number: int) -> str:
    return f"{2 * 10**15 + number}"


def _deal(number: int, place: int) -> str:
    return f"{3 * 10**15 + 10 * number + place}"


# What happened -------------------------------------------------------------------------------------------------------


def happened(count: int, known: int) -> list[list[Sighting]]:
    """The sightings of so many interactions with people of so many contacts: six meetings and four calls of ten."""
    dice = Random(5)
    at = {dice.randrange(known) for _ in range(2 * count)}
    callers = {number: row for number, row in enumerate(contacts(known)) if number in at}
    chosen = dice.sample(sorted(at), count)
    return [
        [_leg(number, callers[contact], dice)] if number % 10 >= 6 else _copies(number, contact, dice)
        for number, contact in enumerate(chosen)
    ]


def _copies(number: int, contact: int, dice: Random) -> list[Sighting]:
    """A meeting of three to five, one or two of ours; it stands in the calendar of each of ours."""
    ours = [rep(number + step) for step in range(1 + number % 2)]
    theirs = [_guest(contact + step, step, dice) for step in range(2 + number % 3 - number % 2 * (number % 3 // 2))]
    people = (
        *(
            Participant(email=one, name="Rep Acme", response=Response.ACCEPTED, organizer=one == ours[0])
            for one in ours
        ),
        *(Participant(email=one, name="Pat Poe", response=dice.choice(tuple(Response))) for one in theirs),
    )
    start = NOW - timedelta(days=3, minutes=15 * (number % 96))
    return [
        MeetingCopy(
            source="workspace", calendar=calendar, event_id=f"e{number}", uid=f"u{number}@acme.example",
            title=dice.choice(_TITLES), notes=f"Agenda of {number}: where we are, what is next, who does what. " * 6,
            start=start, end=start + timedelta(minutes=45), participants=people, location="Room 4",
            conference_url="https://meet.acme.example/abc", updated=start - timedelta(days=2),
        )
        for calendar in ours
    ]  # fmt: skip


def _guest(contact: int, step: int, dice: Random) -> str:
    """A contact; of those who come along some are known to nobody, of the company or of none."""
    chance = dice.random() if step else 1.0
    if chance < 0.10:
        return guest(contact).replace("p", "new", 1)
    return f"x{contact}@nobody{contact}.example" if chance < 0.15 else guest(contact)


def _leg(number: int, row: dict[str, str], dice: Random) -> CallLeg:
    """A call with a contact; one of ten comes from a number that nobody has."""
    missed = number % 10 == 6
    talk = 0 if missed else dice.randrange(5, 1_500)
    start = NOW - timedelta(days=3, minutes=7 * (number % 200))
    theirs = read_number(row["Phone"], row["Mailing_Country"]).e164 if dice.random() < 0.9 else ""
    return CallLeg(
        source="aircall", record_id=f"r{number}", conversation_id=f"r{number}",
        direction=Direction.INBOUND if missed or number % 2 else Direction.OUTBOUND,
        outcome=Outcome.MISSED if missed else Outcome.ANSWERED,
        started=start, answered=None if missed else start, ended=start + timedelta(seconds=talk + 10),
        talk_seconds=talk, outside_number=theirs or f"+1212555{number % 10_000:04d}", line="+442079460100",
        line_name="Sales", line_rep=rep(number), reps=(RepShare(email=rep(number), talk_seconds=talk, last_at=start),),
        notes=("Wants a call next week",), tags=("sales",), recording_url="https://calls.acme.example/r",
    )  # fmt: skip
