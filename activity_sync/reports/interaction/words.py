"""What goes to Zoho, in a person's words: the org's labels for fields, names for ids, times on the company's clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlmodel import Session

from activity_sync.model.records import NOUNS, SHADOWED, Module, OrgFacts
from activity_sync.model.settings import Settings
from activity_sync.rules.texts import cut
from activity_sync.store import facts, shadow

_API_NAME = re.compile(r"(?<![\w.`$])[A-Z]\w*_\w+(?!\w)")
_ID = re.compile(r"(?<![\w+.@])\d{15,20}(?!\w)")
_ASIDE = re.compile(r" \(\d{15,20}\)")
_CODE = re.compile(r" \([A-Z]+(?:_[A-Z]+)+\)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST = 120

_PLAIN = {
    "What_Id": "Related to",
    "Who_Id": "Contact",
    "Event_Title": "Title",
    "Start_DateTime": "From",
    "End_DateTime": "To",
    "All_day": "All day",
    "Remind_At": "Reminder",
    "Call_Start_Time": "Start",
    "Send_Notification_Email": "Mail to the owner",
}
"""Where the org has no label that a person would use."""

_ADDED = re.compile(r"(__s)$")


@dataclass(frozen=True, slots=True)
class Words:
    """`labels`: of fields, by module and API name; `shown`: what people see of a picklist value, by module, field and
    value; `names`: of records and users, by id; `zone`: the company's."""

    labels: Mapping[str, Mapping[str, str]]
    shown: Mapping[tuple[str, str, str], str]
    names: Mapping[str, str]
    zone: tzinfo

    def field(self, module: str, name: str) -> str:
        """What a person calls a field: the org's label, else a plain word."""
        return self.labels.get(module, {}).get(name) or _plain(name)

    def fields(self, module: str, values: Mapping[str, Any]) -> list[str]:
        """A line for each field of a write."""
        told = ((name, value) for name, value in values.items() if not name.startswith("$"))
        return [f"{self.field(module, name)}: {self.value(module, name, value)}" for name, value in told]

    def value(self, module: str, name: str, value: Any) -> str:
        """A value as a person reads it."""
        match value:
            case None | "" | []:
                return "nothing"
            case bool():
                return "yes" if value else "no"
            case list() | tuple():
                return ", ".join(self.value(module, name, one) for one in value)
            case Mapping():
                return self._object(value)
            case str() if _MOMENT.fullmatch(value):
                return self.moment(datetime.fromisoformat(value))
            case str() if _DAY.fullmatch(value):
                return f"{date.fromisoformat(value):%a %d %b %Y}"
            case _:
                text = self.shown.get((module, name, str(value)), str(value))
                return cut(" ".join(text.split()), _LONGEST)

    def moment(self, at: datetime) -> str:
        """A moment on the company's clock."""
        return f"{at.astimezone(self.zone):%a %d %b %Y %H:%M}"

    def sentence(self, text: str) -> str:
        """The same without API names and ids for which there is a word, and without Zoho's codes beside its reasons."""
        plain = _ASIDE.sub("", _CODE.sub("", text))
        named = _API_NAME.sub(lambda found: self._label(found[0]) or found[0], plain)
        return _ID.sub(lambda found: self.names.get(found[0], found[0]), named)

    def _label(self, name: str) -> str:
        known = next((labels[name] for labels in self.labels.values() if name in labels), "")
        return known or _PLAIN.get(name, "")

    def _object(self, value: Mapping[str, Any]) -> str:
        if "ALARM" in value:
            found = _MOMENT.search(str(value["ALARM"]))
            return self.moment(datetime.fromisoformat(found[0])) if found else "a reminder"
        who = str(value.get("id") or value.get("participant") or "")
        return self.names.get(who) or str(value.get("name") or "a record that is not known any more")


def words_for(session: Session, settings: Settings, told: Mapping[str, Any], others: Sequence[str] = ()) -> Words:
    """The words for a ROW with its `candidates`. `others`: ids of activities that somebody else logged."""
    org = facts.org(session) or OrgFacts()
    return Words(
        labels={module: dict(_labels(org, module)) for module in _in_order(org)},
        shown={
            (module, field.api_name, own): seen
            for module, fields in org.fields.items()
            for field in fields.values()
            for seen, own in field.labels
        },
        names=dict.fromkeys(others, "in Zoho already") | _names(session, told),
        zone=settings.zone,
    )


def _in_order(org: OrgFacts) -> list[str]:
    """What we write first: its labels are meant where two modules have a field of one name."""
    own = [str(module) for module in (Module.EVENTS, Module.CALLS, Module.TASKS)]
    return [*(one for one in own if one in org.fields), *(one for one in org.fields if one not in own)]


def _labels(org: OrgFacts, module: str) -> Iterator[tuple[str, str]]:
    for name, field in org.fields.get(module, {}).items():
        label = field.label.strip()
        if label and label != name and not label.casefold().endswith(" id"):
            yield name, label
        elif "_" in name:
            yield name, _plain(name)


def _plain(name: str) -> str:
    return _PLAIN.get(name) or _ADDED.sub("", name).replace("_", " ").strip()


def _names(session: Session, told: Mapping[str, Any]) -> dict[str, str]:
    """Of every record and user that the writes name; what is gone from the shadow by the name it had."""
    known = [one for one in (told["target"], told["who"], *told["candidates"]) if one]
    names = {one["id"]: f"the {NOUNS[Module(one['module'])]} {one['name']}" for one in known}
    ids = {found for write in told["writes"] for found in _ids(write)} | set(names)
    for module in SHADOWED:
        named = shadow.records(session, module, ids)
        names |= {record_id: f"the {NOUNS[module]} {record.name}" for record_id, record in named.items()}
    users = shadow.users_of(session)
    return names | {user.id: user.full_name or user.email for user in users}


def _ids(value: Any) -> Iterator[str]:
    match value:
        case Mapping():
            for inner in value.values():
                yield from _ids(inner)
        case list() | tuple():
            for inner in value:
                yield from _ids(inner)
        case str() if _ID.fullmatch(value):
            yield value
