"""What an interaction tells of an outside person: the sources that `people.mapping` and `accounts.mapping` may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from activity_sync.model.addresses import NumberKind, comparable_email, domain_of
from activity_sync.model.interactions import Call, Interaction, Meeting, Participant
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.domains import company_hosts
from activity_sync.rules.owners import choose_owner
from activity_sync.rules.sides import caller_email, outside_number

KNOWN = frozenset({"first_name", "last_name", "full_name", "email", "phone", "mobile"})
"""The sources with which `people.fill_empty` may fill an empty field."""

_COMPANY_KEYS = ("company", "company_name", "organization", "organisation", "account_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`email` comparable or "", `number` E.164 or "", `hosts`: see `company_hosts`; `values`: by source."""

    email: str
    number: str
    hosts: tuple[str, ...]
    values: Mapping[str, Any]


def told(interaction: Interaction, guest: Participant, team: Team, settings: Settings) -> Told:
    """What is known of this outsider."""
    call = interaction if isinstance(interaction, Call) else None
    email = guest.email or (caller_email(call, team) if call else "")
    hosts = company_hosts(email, team, settings) if email else ()
    number = _number(call, settings) if call else ""
    first, last = split_name(guest.name)
    own = {
        "email": email,
        "email_local_part": email.rpartition("@")[0],
        "domain": hosts[-1] if hosts else "",
        "phone": number,
        "first_name": first,
        "last_name": last,
        "full_name": f"{first} {last}".strip(),
    }
    rest = _of_call(call) if call else _of_meeting(interaction)
    delivered = _delivered(call) if call else {}
    shared = _shared(interaction, team, settings)
    values = {**delivered, **shared, **rest, **{name: value for name, value in own.items() if value}}
    return Told(email=email, number=number, hosts=hosts, values=values)


def split_name(name: str) -> tuple[str, str]:
    """First and last name; a single word is the last. An address or a number in the place of a name is none."""
    plain = " ".join(name.replace('"', " ").split())
    if "@" in plain or not any(one.isalpha() for one in plain) or any(one.isdigit() for one in plain):
        return "", ""
    last, comma, first = plain.partition(",")
    if comma and first.strip():
        return first.strip(), last.strip()
    first, _, last = plain.rpartition(" ")
    return first, last.strip(",")


def _delivered(call: Call) -> dict[str, Any]:
    company = next((call.extra[name] for name in _COMPANY_KEYS if call.extra.get(name)), "")
    return {**call.extra, **({"company": company} if company else {})}


def _shared(interaction: Interaction, team: Team, settings: Settings) -> dict[str, Any]:
    owner = choose_owner(interaction, None, team)
    return {
        "kind": str(interaction.kind),
        "source": interaction.source,
        "rep": owner.user.email if owner.user else owner.rep,
        "started_at": interaction.start.astimezone(settings.zone).isoformat(),
    }


def _of_call(call: Call) -> dict[str, Any]:
    found = {
        "title": f"{call.direction.value} call",
        "direction": str(call.direction),
        "outcome": str(call.outcome),
        "line": call.line_name or call.line,
        "queue": call.queue,
        "tags": call.tags,
        "disposition": call.disposition,
        "notes": "\n".join(call.notes),
        "summary": call.summary,
    }
    return {name: value for name, value in found.items() if value}


def _of_meeting(meeting: Interaction) -> dict[str, Any]:
    assert isinstance(meeting, Meeting)
    return {
        "title": meeting.title,
        "calendar": meeting.calendars[0] if meeting.calendars else "",
        "organizer": comparable_email(meeting.organizer),
        "tags": meeting.categories,
        "notes": meeting.notes,
    }


def _number(call: Call, settings: Settings) -> str:
    number = outside_number(call, settings)
    return number.e164 if number.kind is NumberKind.E164 else ""


def company_name(one: Told) -> str:
    """What to call a company of which no name is known: by its domain."""
    return one.hosts[-1] if one.hosts else domain_of(one.email)
