"""Do the fields that `people` and `accounts` name exist in this org, and do their defaults fit?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from activity_sync.model.records import FieldFacts, Module, OrgFacts
from activity_sync.model.settings import Settings
from activity_sync.model.settings.people import People
from activity_sync.model.team import Team
from activity_sync.rules.filling import NOT_OF, fitted
from activity_sync.rules.values import Unfit

Found = tuple[str, str, str]
"""Where it stands in the config, what is wrong, and a hint."""

_NAMES = {Module.LEADS: "Last_Name", Module.CONTACTS: "Last_Name", Module.ACCOUNTS: "Account_Name"}


def made_modules(settings: Settings) -> tuple[Module, ...]:
    """The modules of people and companies in which the config lets records be made."""
    people = settings.people.create
    accounts = settings.accounts.create and people != "Leads"
    return (*(() if people == "none" else (Module(people),)), *((Module.ACCOUNTS,) if accounts else ()))


def filled_fields(module: Module, settings: Settings) -> frozenset[str]:
    """What a new record of the module may get from the config."""
    if module is Module.ACCOUNTS:
        return frozenset(settings.accounts.mapping)
    return frozenset(settings.people.mapping) | frozenset(settings.people.defaults)


def mistakes_of_people(org: OrgFacts, settings: Settings) -> Iterator[Found]:
    """Everything that `people` and `accounts` name and this org has not, or takes not so."""
    for module in made_modules(settings):
        fields = org.fields.get(module)
        section = "accounts" if module is Module.ACCOUNTS else "people"
        if fields is None:
            yield f"{section}.create", f"the fields of {module} cannot be read", "Let the connected user see them."
            continue
        mapping = settings.accounts.mapping if module is Module.ACCOUNTS else settings.people.mapping
        for name in mapping:
            yield from _of_field(f"{section}.mapping.{name}", module, name, fields)
        if module is not Module.ACCOUNTS:
            yield from _of_defaults(module, settings.people.defaults, org)
        yield from _unfilled(section, module, fields, settings)
    yield from _of_existing(org, settings)


def _of_field(key: str, module: Module, name: str, fields: Mapping[str, FieldFacts]) -> Iterator[Found]:
    if name in NOT_OF.get(module, ()):
        return
    facts = fields.get(name)
    if facts is None:
        yield key, f"{module} has no field {name}", _nearest(name, fields)
    elif facts.read_only:
        yield key, f"{module}.{name} is read-only", "Name another field."


def _of_defaults(module: Module, defaults: Mapping[str, Any], org: OrgFacts) -> Iterator[Found]:
    fields, usual = org.fields[module], People().defaults
    for name, value in defaults.items():
        key = f"people.defaults.{name}"
        known = list(_of_field(key, module, name, fields))
        yield from known
        if known or name not in fields or usual.get(name) == value:
            continue  # what stands there by itself does no harm where the org lacks it: it is left out
        try:
            fitted(module, name, value, org, Team())
        except Unfit as misfit:
            yield key, f"{module}.{name} {misfit}", _nearest(str(value), fields[name].picklist, fields[name].picklist)


def _unfilled(
    section: str, module: Module, fields: Mapping[str, FieldFacts], settings: Settings
) -> Iterator[Found]:  # fmt: skip
    given = {*filled_fields(module, settings), _NAMES[module], "Owner", "Layout"}
    for name, facts in fields.items():
        if facts.mandatory and not facts.read_only and name not in given:
            yield f"{section}.mapping", f"{module} takes no record without {name}, and nothing fills it", "Map it."


def _of_existing(org: OrgFacts, settings: Settings) -> Iterator[Found]:
    modules = [one for one in (Module.LEADS, Module.CONTACTS) if one in org.fields]
    for name in settings.people.when_exists:
        there = [org.fields[module][name] for module in modules if name in org.fields[module]]
        key = "people.when_exists"
        if modules and not there:
            every = [one for module in modules for one in org.fields[module]]
            yield key, f"neither Leads nor Contacts has a field {name}", _nearest(name, every)
        elif there and all(facts.read_only for facts in there):
            yield key, f"{name} is read-only", "Name another field."


def _nearest(word: str, known: Iterable[str], otherwise: Iterable[str] = ()) -> str:
    plain = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), plain, n=1, cutoff=0.6)
    some = ", ".join(list(otherwise)[:10])
    return f"Did you mean {plain[found[0]]}?" if found else f"It has {some}." if some else ""
