"""What an interaction is called, and the names that templates may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from activity_sync.model.decisions import Owner, Target
from activity_sync.model.interactions import Call, Interaction, Meeting, Outcome, Participant, Privacy
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import Module, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.parts import Part
from activity_sync.rules.remembering import remembered
from activity_sync.rules.sides import outsiders
from activity_sync.rules.values import LINES_LENGTH

PRIVATE_TITLE = "Private meeting"
CANCELLED = "Cancelled: "


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The records that an activity is linked with, by what they are."""

    contact: Record | None
    lead: Record | None
    account: Record | None
    deal: Record | None


@remembered()
def linked(target: Target) -> Linked:
    """The contact, lead, account and deal of a target; a lead beside a contact's side counts too."""
    record = target.record
    return Linked(
        contact=_if(record, Module.CONTACTS) or _if(target.who, Module.CONTACTS),
        lead=_if(record, Module.LEADS) or next(iter(target.leads), None),
        account=_if(record, Module.ACCOUNTS) or target.account,
        deal=_if(record, Module.DEALS),
    )


@remembered()
def who(interaction: Interaction, target: Target, team: Team, settings: Settings) -> str:
    """The outside person, as well as known: by record, by name, by address or number; "" for nobody."""
    records = linked(target)
    person = records.contact or _if(target.record, Module.LEADS)
    if person is not None:
        return person_name(person)
    if isinstance(interaction, Call):
        return interaction.outside_name.strip() or interaction.outside_number.strip()
    people = sorted(outsiders(interaction, team, settings), key=lambda one: not one.organizer)
    return next((one.name.strip() or one.email for one in people), records.account.name if records.account else "")


def person_name(record: Record) -> str:
    """First and last name where both are known, else what Zoho calls the record."""
    both = f"{record.first_name} {record.last_name}".strip()
    return both if record.first_name and record.last_name else record.name or both


def _raw_title(told: _Told) -> str:
    """The title that it came with; for want of one, what it is and with whom."""
    if is_redacted(told.interaction, told.settings):
        return PRIVATE_TITLE
    if isinstance(told.interaction, Call):
        return f"Call with {told.who() or 'a withheld number'}"
    if title := told.interaction.title.strip():
        return title
    return f"Meeting with {person}" if (person := told.who()) else "Meeting"


def is_redacted(interaction: Interaction, settings: Settings) -> bool:
    """Whether only time and people of it may be kept."""
    private = isinstance(interaction, Meeting) and interaction.privacy is Privacy.PRIVATE
    return private and settings.meetings.private != "log"


def context(
    interaction: Interaction, outcome: Outcome, target: Target, owner: Owner, type_name: str, team: Team,
    settings: Settings,
) -> Mapping[str, Any]:  # fmt: skip
    """The value of every name that a template may use; what is not known is empty. Times are in the company's zone."""
    return _Words(_Told(interaction, outcome, target, owner, type_name, team, settings))


@light_dataclass(frozen=True, slots=True)
class _Told:
    """What the values of names are made of."""

    interaction: Interaction
    outcome: Outcome
    target: Target
    owner: Owner
    type_name: str
    team: Team
    settings: Settings

    def who(self) -> str:
        return who(self.interaction, self.target, self.team, self.settings)

    def linked(self) -> Linked:
        return linked(self.target)


class _Words(Mapping[str, Any]):
    """Each value is found when it is asked for: there are many names, and a template has two or three."""

    __slots__ = ("_found", "_told")

    def __init__(self, told: _Told) -> None:
        self._told = told
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            self._found[name] = _VALUES[name](self._told)
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        return name in _VALUES

    def __iter__(self) -> Iterator[str]:
        return iter(_VALUES)

    def __len__(self) -> int:
        return len(_VALUES)


@remembered()
def _of_kind(interaction: Interaction, team: Team, settings: Settings) -> Mapping[str, Any]:
    if isinstance(interaction, Call):
        return _of_call(interaction, settings)
    kept = settings.meetings.description and not is_redacted(interaction, settings)
    return {
        "notes": interaction.notes[:LINES_LENGTH] if kept else "",
        "summary": "",
        "direction": "",
        "number": "",
        "line": "",
        "participants": tuple(display_name(one) for one in outsiders(interaction, team, settings)),
        "conference_url": "" if is_redacted(interaction, settings) else interaction.conference_url,
        "recording_url": "",
    }


def _of_call(call: Call, settings: Settings) -> Mapping[str, Any]:
    return {
        "notes": "\n".join(call.notes)[:LINES_LENGTH] if settings.calls.summary else "",
        "summary": call.summary[:LINES_LENGTH] if settings.calls.summary else "",
        "direction": str(call.direction),
        "number": call.outside_number.strip(),
        "line": call.line_name or call.line,
        "participants": (call.outside_name,) if call.outside_name else (),
        "conference_url": "",
        "recording_url": call.recording_url,
    }


def display_name(person: Participant) -> str:
    """The name, or the address of somebody who came without one."""
    return person.name.strip() or person.email


def unlinked(meeting: Meeting, target: Target, team: Team, settings: Settings) -> str:
    """A line naming the outside people and leads that the activity is not linked with; "" when there are none."""
    known = (linked(target).contact, _if(target.record, Module.LEADS), *target.leads)
    named = {record.email for record in known if record is not None} | set(target.met)
    people = [one for one in outsiders(meeting, team, settings) if one.email not in named]
    names = [*_leads(target.leads), *_others(people)]
    return f"Also there: {_list(names)}" if names else ""


def _leads(leads: Sequence[Record]) -> Iterator[str]:
    return (f"{person_name(lead)} (lead{f', {lead.email}' if lead.email else ''})" for lead in leads)


def _others(people: Sequence[Participant]) -> Iterator[str]:
    return (f"{one.name.strip()} ({one.email})" if one.name.strip() else one.email for one in people)


def _list(names: Sequence[str], most: int = 25) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _company(records: Linked) -> str:
    if records.account is not None:
        return records.account.name
    return records.lead.company if records.lead is not None else ""


def _rep(interaction: Interaction, owner: Owner, team: Team) -> Part:
    user = team.user(owner.rep) or owner.user
    email = owner.rep or (user.email if user else "")
    names = {"first_name": "", "last_name": "", "full_name": email, "email": email}
    if user is not None and (team.user(owner.rep) is user or not owner.rep):
        full = user.full_name or email
        return Part({"first_name": user.first_name, "last_name": user.last_name, "full_name": full, "email": email})
    if isinstance(interaction, Meeting):
        known = next((one.name for one in interaction.participants if team.home(one.email) == owner.rep), "").strip()
        first, _, last = known.partition(" ")
        names |= {"first_name": first, "last_name": last, "full_name": known or email}
    return Part(names)


def _part(record: Record | None) -> Part:
    if record is None:
        return Part()
    own = {
        "id": record.id,
        "name": record.name,
        "first_name": record.first_name,
        "last_name": record.last_name,
        "full_name": person_name(record),
        "email": record.email,
    }
    return Part(own, record.fields)


def _if(record: Record | None, module: Module) -> Record | None:
    return record if record is not None and record.module is module else None


def _value_of_kind(name: str, told: _Told) -> Any:
    return _of_kind(told.interaction, told.team, told.settings)[name]


_OF_KIND = (
    "notes", "summary", "direction", "number", "line", "participants", "conference_url", "recording_url",
)  # fmt: skip
_VALUES: Mapping[str, Callable[[_Told], Any]] = {
    "title": _raw_title,
    "start": lambda told: told.interaction.start.astimezone(told.settings.zone),
    "end": lambda told: told.interaction.end.astimezone(told.settings.zone),
    "minutes": lambda told: round(told.interaction.length.total_seconds() / 60),
    "kind": lambda told: str(told.interaction.kind),
    "outcome": lambda told: str(told.outcome),
    "source": lambda told: told.interaction.source,
    "type": lambda told: told.type_name,
    "who": _Told.who,
    "company": lambda told: _company(told.linked()),
    "rep": lambda told: _rep(told.interaction, told.owner, told.team),
    "contact": lambda told: _part(told.linked().contact),
    "lead": lambda told: _part(told.linked().lead),
    "account": lambda told: _part(told.linked().account),
    "deal": lambda told: _part(told.linked().deal),
    **{name: partial(_value_of_kind, name) for name in _OF_KIND},
}
