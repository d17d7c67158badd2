"""What a person whom Zoho knows already gets: the fields that the config names, and values where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from activity_sync.model.addresses import comparable_email
from activity_sync.model.numbers import read_number
from activity_sync.model.records import NOUNS, OrgFacts, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Wanted
from activity_sync.rules.filling import fill
from activity_sync.rules.person_sources import KNOWN, Told
from activity_sync.rules.sameness import same
from activity_sync.rules.values import is_empty


def updates(
    key: str, record: Record, known: Told, settings: Settings, org: OrgFacts, team: Team
) -> tuple[tuple[Wanted, ...], tuple[str, ...]]:
    """One write at most, made once for an interaction and only while nobody has changed the record since; and what
    could not be filled. `key`: the interaction's."""
    people = settings.people
    named = {name: people.mapping.get(name, ()) for name in people.when_exists}
    defaults = {name: value for name, value in people.defaults.items() if name in named}
    filled = fill(record.module, named, defaults, known.values, org, team)
    fields = {name: value for name, value in filled.fields.items() if not same(value, record.fields.get(name))}
    fields = {**(dict(_fills(record, known, settings, org, team)) if people.fill_empty else {}), **fields}
    if not fields or record.modified is None:
        return (), filled.trace
    wanted = Wanted(
        slot=f"update:{record.id}",
        module=record.module,
        record_key=f"{key}/{record.id}",
        fields=fields,
        because=f"the {NOUNS[record.module]} {record.name} was there already: {', '.join(fields)}",
        id=record.id,
        unless_changed_since=record.modified,
    )
    return (wanted,), filled.trace


def _fills(record: Record, known: Told, settings: Settings, org: OrgFacts, team: Team) -> Iterator[tuple[str, Any]]:
    """Values for empty fields: only names, addresses and numbers that are known, and none that the record has."""
    mapping = {name: [one for one in sources if one in KNOWN] for name, sources in settings.people.mapping.items()}
    filled = fill(record.module, mapping, {}, known.values, org, team)
    have = set(_addresses(record, settings))
    for name, value in filled.fields.items():
        if is_empty(record.fields.get(name)) and not _is_had(value, have, settings) and name != "Owner":
            yield name, value


def _addresses(record: Record, settings: Settings) -> Iterator[str]:
    """The addresses and numbers of a record, in comparable form, whichever fields hold them."""
    matching = settings.matching
    fields: Mapping[str, tuple[str, ...]]
    for fields in (matching.email_fields, matching.phone_fields):  # type: ignore[assignment]
        for name in fields.get(record.module, ()):
            value = str(record.fields.get(name) or "")
            yield from (form for form in _forms(value, settings) if form)


def _is_had(value: Any, have: set[str], settings: Settings) -> bool:
    return isinstance(value, str) and any(form in have for form in _forms(value, settings) if form)


def _forms(value: str, settings: Settings) -> tuple[str, str]:
    digits = any(one.isdigit() for one in value) and "@" not in value
    return comparable_email(value), read_number(value, settings.default_region).e164 if digits else ""
