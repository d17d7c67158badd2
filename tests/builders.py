"""Model values with defaults, so that a test names only what matters to it.

The world: our company is acme.example, in the morning of Monday 2026-03-02; Jo and Max are its reps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from activity_sync.model.addresses import domain_of, folded_email
from activity_sync.model.decisions import Candidates, Lookup
from activity_sync.model.interactions import (
    Call,
    CallLeg,
    Direction,
    Meeting,
    MeetingCopy,
    Outcome,
    Participant,
    Privacy,
    RepShare,
    Response,
)
from activity_sync.model.records import AddressKind, FieldFacts, Module, OrgFacts, Record, Stage, User
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""When things start unless a test says otherwise: a Monday."""

ORG = OrgFacts(
    stages=(
        Stage(name="Qualification", order=1),
        Stage(name="Proposal", order=2),
        Stage(name="Closed Won", order=3, closed=True, won=True),
        Stage(name="Closed Lost", order=4, closed=True),
    )
)


def a_field(name: str, **facts: Any) -> FieldFacts:
    """A text field, unless `data_type` or `picklist` says otherwise."""
    listed = {"data_type": "picklist"} if "picklist" in facts else {}
    return FieldFacts(**{"api_name": name, **listed, **facts})


def an_org(*, events: Iterable[FieldFacts] = (), calls: Iterable[FieldFacts] = ()) -> OrgFacts:
    """An org with Zoho's own fields as far as they matter, and these further ones."""
    own = {
        Module.EVENTS: (
            a_field("Event_Title", length=255),
            a_field("Description", data_type="textarea", length=32_000),
        ),
        Module.CALLS: (
            a_field("Subject", length=255),
            a_field("Outgoing_Call_Status", picklist=("Scheduled", "Completed")),
            a_field("Call_Result", picklist=("Interested", "Requested call back")),
        ),
        Module.TASKS: (
            a_field("Status", picklist=("Not Started", "In Progress", "Completed")),
            a_field("Priority", picklist=("High", "Highest", "Low", "Lowest", "Normal")),
        ),
    }
    further = {Module.EVENTS: events, Module.CALLS: calls}
    known = {module: {one.api_name: one for one in (*own[module], *further.get(module, ()))} for module in own}
    return replace(ORG, fields=known)


def at(minutes: int = 0, days: int = 0) -> datetime:
    """So long after noon."""
    return NOON + timedelta(minutes=minutes, days=days)


def settings(**overrides: Any) -> Settings:
    """The beginner's settings; `meetings={"private": "log"}` sets what a test is about."""
    needed: dict[str, Any] = {
        "timezone": "Europe/London",
        "default_region": "GB",
        "zoho": {"data_center": "eu", "client_id": "id", "client_secret": "secret"},
        "team": {"domains": ["acme.example"]},
    }
    return Settings.model_validate({**needed, **overrides})


def a_user(email: str = "jo@acme.example", **changes: Any) -> User:
    """One of our people in Zoho; the id follows from the address."""
    local = email.partition("@")[0]
    return User(**{"id": f"user-{local}", "email": email, "first_name": local.title(), "last_name": "Rep", **changes})


def a_team(*users: User, **changes: Any) -> Team:
    """Jo and Max, or those who are given."""
    known = users or (a_user("jo@acme.example"), a_user("max@acme.example"))
    own = {"users": {user.email: user for user in known}, "domains": frozenset({"acme.example"})}
    return Team(**{**own, **changes})


def a_person(email: str = "sam@globex.example", response: Response = Response.ACCEPTED, **changes: Any) -> Participant:
    """Somebody in a meeting."""
    return Participant(email=email, response=response, **changes)


ORGANIZER = a_person("jo@acme.example", organizer=True)


def a_copy(**changes: Any) -> MeetingCopy:
    """Jo's copy of an hour with Sam of Globex that Jo organises."""
    return MeetingCopy(
        **{
            "source": "workspace",
            "calendar": "jo@acme.example",
            "event_id": "event-1",
            "uid": "uid-1",
            "title": "Intro call",
            "start": NOON,
            "end": at(60),
            "participants": (ORGANIZER, a_person()),
            "updated": NOON - timedelta(days=1),
            **changes,
        }
    )


def a_meeting(*people: Participant, **changes: Any) -> Meeting:
    """An hour with Sam of Globex, organised by Jo; `people` replaces the two."""
    present = people or (ORGANIZER, a_person())
    return Meeting(
        **{
            "key": "m-1",
            "source": "workspace",
            "calendars": (),
            "title": "Intro call",
            "notes": "",
            "location": "",
            "start": NOON,
            "end": at(60),
            "all_day": False,
            "privacy": Privacy.OPEN,
            "kind_of_event": "default",
            "categories": (),
            "organizer": next((person.email for person in present if person.organizer), ""),
            "participants": present,
            "conference_url": "",
            "cancelled": False,
            **changes,
        }
    )


def a_leg(**changes: Any) -> CallLeg:
    """Five minutes that Jo talked, called by a number of Globex."""
    return CallLeg(
        **{
            "source": "aircall",
            "record_id": "1",
            "conversation_id": "1",
            "direction": Direction.INBOUND,
            "outcome": Outcome.ANSWERED,
            "started": NOON,
            "answered": NOON + timedelta(seconds=10),
            "ended": NOON + timedelta(seconds=310),
            "talk_seconds": 300,
            "outside_number": "+442079460958",
            "reps": (RepShare(email="jo@acme.example", talk_seconds=300),),
            **changes,
        }
    )


def a_call(**changes: Any) -> Call:
    """Five minutes that Jo talked, called by a number of Globex."""
    return Call(
        **{
            "key": "c-1",
            "source": "aircall",
            "direction": Direction.INBOUND,
            "outcome": Outcome.ANSWERED,
            "start": NOON,
            "end": NOON + timedelta(seconds=310),
            "talk_seconds": 300,
            "outside_number": "+442079460958",
            "outside_name": "",
            "line": "+442079460100",
            "line_name": "",
            "line_rep": "",
            "region": "",
            "queue": "",
            "reps": (RepShare(email="jo@acme.example", talk_seconds=300),),
            "notes": (),
            "summary": "",
            "tags": (),
            "disposition": "",
            "recording_url": "",
            "final": True,
            "withdrawn": False,
            "extra": {},
            **changes,
        }
    )


def a_contact(record_id: str = "sam", **changes: Any) -> Record:
    """Sam of Globex."""
    own = {"name": f"{record_id.title()} Poe", "last_name": "Poe", "account_id": "globex"}
    return _record(Module.CONTACTS, record_id, {"email": f"{record_id}@globex.example", **own, **changes})


def a_lead(record_id: str = "lee", **changes: Any) -> Record:
    """Lee, a lead of Initech."""
    own = {"name": f"{record_id.title()} Fox", "last_name": "Fox", "company": "Initech"}
    return _record(Module.LEADS, record_id, {"email": f"{record_id}@initech.example", **own, **changes})


def an_account(record_id: str = "globex", **changes: Any) -> Record:
    """Globex."""
    return _record(Module.ACCOUNTS, record_id, {"name": record_id.title(), **changes})


def a_deal(record_id: str = "big", **changes: Any) -> Record:
    """An open deal of Globex, made a year ago."""
    own = {"name": f"{record_id.title()} deal", "account_id": "globex", "stage": "Proposal", "created": at(days=-365)}
    return _record(Module.DEALS, record_id, {**own, **changes})


def _record(module: Module, record_id: str, facts: Mapping[str, Any]) -> Record:
    return Record(**{"module": module, "id": record_id, **facts})


def a_shadow(
    *records: Record,
    numbers: Mapping[str, Sequence[Record]] | None = None,
    domains: Mapping[str, Sequence[Record]] | None = None,
    also: Mapping[Lookup, Sequence[Record]] | None = None,
) -> Candidates:
    """What a shadow with these records hands over: contacts and leads under their e-mails, as the index does it.

    `numbers`: E.164 to whom it belongs; `domains`: website to accounts; `also`: anything else.
    """
    found: dict[Lookup, list[Record]] = {}
    for record in records:
        for lookup in _of_record(record):
            found.setdefault(lookup, []).append(record)
    for kind, values in ((AddressKind.NUMBER, numbers), (AddressKind.DOMAIN, domains)):
        found.update({Lookup(kind, value): list(there) for value, there in (values or {}).items()})
    deals = [record for record in records if record.module is Module.DEALS]
    return Candidates(
        by_address={**found, **(also or {})},
        accounts=_by_id(records, Module.ACCOUNTS),
        deals={deal.account_id: [one for one in deals if one.account_id == deal.account_id] for deal in deals},
        contacts=_by_id(records, Module.CONTACTS),
    )


def _of_record(record: Record) -> list[Lookup]:
    if record.module not in (Module.CONTACTS, Module.LEADS) or not record.email:
        return []
    own = [Lookup(AddressKind.EMAIL, record.email), Lookup(AddressKind.FOLDED, folded_email(record.email))]
    mail = [Lookup(AddressKind.MAIL_DOMAIN, domain_of(record.email))] if record.module is Module.CONTACTS else []
    return own + mail


def _by_id(records: Iterable[Record], module: Module) -> dict[str, Record]:
    return {record.id: record for record in records if record.module is module}
