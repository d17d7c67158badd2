"""Do the fields, picklist values and stages that the config names exist in this org?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from activity_sync.model.records import FieldFacts, Module, OrgFacts
from activity_sync.model.settings import DealStage, Matching, Settings, When
from activity_sync.rules.deal_stages import is_called
from activity_sync.rules.named_people import filled_fields, made_modules, mistakes_of_people
from activity_sync.rules.templates import is_template
from activity_sync.rules.values import picklist_value

_SPOKEN = {"contact": "Contacts", "lead": "Leads", "account": "Accounts", "deal": "Deals"}
_IN_TEMPLATE = re.compile(r"\b(contact|lead|account|deal)\s*(?:\.\s*|\[\s*['\"])([A-Z]\w*)")
_LISTS = frozenset({"picklist", "multiselectpicklist"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A field that the config names, where, and the values it says. `written`: we write it, so it must take values."""

    key: str
    module: str
    field: str
    values: tuple[object, ...] = ()
    written: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """A field, value or stage of the config that the org does not have. `key`: where it stands in the config."""

    key: str
    detail: str
    hint: str = ""


def mistakes(org: OrgFacts, settings: Settings) -> list[Mistake]:
    """All that the config names and the org does not have."""
    people = (Mistake(*found) for found in mistakes_of_people(org, settings))
    return [*(one for named in _named(settings) for one in _of_field(named, org)), *people, *_of_stages(org, settings)]


def count_of_named(settings: Settings) -> int:
    """How many fields the config names."""
    people = sum(len(filled_fields(module, settings)) for module in made_modules(settings))
    return sum(1 for _ in _named(settings)) + people + len(settings.people.when_exists)


# --- what the config names ---------------------------------------------------------------------------------------


def _named(settings: Settings) -> Iterator[Named]:
    yield from _of_matching(settings.matching)
    for module, field in settings.zoho.activity_type_field:
        if field:
            yield Named(key=f"zoho.activity_type_field.{module}", module=module, field=field, written=True)
    for number, segment in enumerate(settings.segments):
        for field, values in segment.when.items():
            yield Named(key=f"segments[{number}].when.{field}", module=segment.module, field=field, values=values)
    for number, kind in enumerate(settings.activity_types):
        yield from _of_when(f"activity_types[{number}].when", kind.when)
        for module, fields in kind.then.fields:
            for field, value in fields.items():
                key = f"activity_types[{number}].then.fields.{module}.{field}"
                yield Named(key=key, module=module, field=field, values=_constant(value), written=True)
    yield from _of_follow_ups(settings)
    yield from _of_templates(settings)


def _of_templates(settings: Settings) -> Iterator[Named]:
    """`{{ account.Industry }}`: the fields of records that a template names."""
    for key, template in _templates(settings):
        for noun, field in sorted(set(_IN_TEMPLATE.findall(template))):
            yield Named(key=key, module=_SPOKEN[noun], field=field)


def _templates(settings: Settings) -> Iterator[tuple[str, str]]:
    for number, kind in enumerate(settings.activity_types):
        key, then = f"activity_types[{number}].then", kind.then
        texts = {"subject": then.subject, "description": then.description}
        texts |= {f"fields.{module}.{name}": value for module, fields in then.fields for name, value in fields.items()}
        yield from ((f"{key}.{name}", text) for name, text in texts.items() if isinstance(text, str))
    yield from ((f"follow_ups.{name}.subject", one.subject) for name, one in settings.follow_ups.items())


def _of_matching(matching: Matching) -> Iterator[Named]:
    """The defaults name fields that an org may have removed, and do no harm there; what the admin names must exist."""
    usual = Matching()
    if matching.account_key:
        yield Named(key="matching.account_key.field", module=Module.ACCOUNTS, field=matching.account_key.field)
    for setting in ("email_fields", "phone_fields", "domain_fields"):
        for module, fields in getattr(matching, setting).items():
            for field in fields:
                if field not in getattr(usual, setting).get(module, ()):
                    yield Named(key=f"matching.{setting}.{module}", module=module, field=field)


def _of_when(key: str, when: When) -> Iterator[Named]:
    for module, fields in when.record.items():
        for field, values in fields.items():
            yield Named(key=f"{key}.record.{module}.{field}", module=module, field=field, values=values)


def _of_follow_ups(settings: Settings) -> Iterator[Named]:
    for name, follow_up in settings.follow_ups.items():
        for setting, field in (("priority", "Priority"), ("status", "Status")):
            value = getattr(follow_up, setting)
            if value:
                key = f"follow_ups.{name}.{setting}"
                yield Named(key=key, module=Module.TASKS, field=field, values=(value,), written=True)
        yield from _of_when(f"follow_ups.{name}.when", follow_up.when)


def _constant(value: Any) -> tuple[object, ...]:
    """The values that stand fast; what a template comes to is known only when it is written."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in values if one is not None and not (isinstance(one, str) and is_template(one)))


# --- and what the org has ----------------------------------------------------------------------------------------


def _of_field(named: Named, org: OrgFacts) -> Iterator[Mistake]:
    fields = org.fields.get(named.module)
    if fields is None:
        yield Mistake(named.key, f"the fields of {named.module} cannot be read", "Let the connected user see them.")
        return
    facts = fields.get(named.field)
    if facts is None:
        hint = _nearest(named.field, fields) or _by_label(named.field, fields.values())
        yield Mistake(named.key, f"{named.module} has no field {named.field}", hint)
        return
    if named.written and facts.read_only:
        yield Mistake(named.key, f"{named.module}.{named.field} is read-only", "Name another field.")
    yield from _of_values(named, facts)


def _of_values(named: Named, facts: FieldFacts) -> Iterator[Mistake]:
    if facts.data_type not in _LISTS or not facts.picklist:
        return
    for value in named.values:
        if value is not None and not _is_value(value, facts):
            hint = (
                _nearest(str(value), [*facts.picklist, *(label for label, _ in facts.labels)])
                or f"It has {', '.join(facts.picklist[:10])}."
            )
            yield Mistake(named.key, f"{named.module}.{named.field} has no value {value}", hint)


def _is_value(value: object, facts: FieldFacts) -> bool:
    return picklist_value(str(value), facts) is not None


def _of_stages(org: OrgFacts, settings: Settings) -> Iterator[Mistake]:
    if not org.stages:
        return
    stages = [name for one in org.stages for name in (one.name, one.label) if name]
    pipelines = {one.pipeline for one in org.stages if one.pipeline}
    asked = [(f"activity_types[{number}].when", kind.when) for number, kind in enumerate(settings.activity_types)]
    asked += [(f"follow_ups.{name}.when", follow_up.when) for name, follow_up in settings.follow_ups.items()]
    for number, kind in enumerate(settings.activity_types):
        if kind.then.deal_stage:
            key = f"activity_types[{number}].then.deal_stage"
            yield from _missing(f"{key}.from", "deal stage", kind.then.deal_stage.from_, stages)
            yield from _missing(f"{key}.to", "deal stage", [kind.then.deal_stage.to], stages)
            yield from _never_forward(key, kind.then.deal_stage, org)
    for key, when in asked:
        yield from _missing(f"{key}.stage", "deal stage", when.stage, stages)
        yield from _missing(f"{key}.pipeline", "pipeline", when.pipeline, pipelines)


def _never_forward(key: str, asked: DealStage, org: OrgFacts) -> Iterator[Mistake]:
    """A move that no pipeline has: both stages exist, but nowhere is one after the other."""
    known = [stage for stage in org.stages if is_called(stage, (*asked.from_, asked.to))]
    steps = [
        (one, to)
        for one in known
        for to in known
        if one.pipeline == to.pipeline and is_called(one, asked.from_) and is_called(to, [asked.to])
    ]
    if steps and not any(to.order > one.order and not one.closed for one, to in steps):
        names = " or ".join(asked.from_)
        yield Mistake(key, f"{asked.to} comes after {names} in no pipeline, so no deal is ever moved", "Swap them.")


def _missing(key: str, what: str, names: Sequence[str], known: Iterable[str]) -> Iterator[Mistake]:
    plain = {name.casefold() for name in known}
    for name in names:
        if plain and name.casefold() not in plain:
            yield Mistake(key, f"there is no {what} {name}", _nearest(name, known))


def _nearest(word: str, known: Iterable[str]) -> str:
    plain = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), plain, n=1, cutoff=0.6)
    return f"Did you mean {plain[found[0]]}?" if found else ""


def _by_label(word: str, fields: Iterable[FieldFacts]) -> str:
    """The admin may have written the name on the screen."""
    plain = word.casefold().replace("_", " ")
    found = next((one.api_name for one in fields if one.label.casefold() == plain), None)
    return f"Its API name is {found}." if found else "Look up the API name in Zoho's setup, under APIs."
