"""The fields that the admin adds to an activity: `then.fields`, `then.tags` and the type's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from activity_sync.model.records import NOUNS, Module, OrgFacts
from activity_sync.model.settings import ActivityType, Settings
from activity_sync.rules.payloads import field_facts
from activity_sync.rules.templates import is_template, render
from activity_sync.rules.texts import one_line
from activity_sync.rules.values import LINES_LENGTH, Unfit, convert

_TAG_LENGTH = 25


class Added(NamedTuple):
    """Fields with their values, and a sentence for each one that was left out."""

    fields: dict[str, Any]
    trace: tuple[str, ...]


def added_fields(
    module: Module, kind: ActivityType, words: Mapping[str, Any], org: OrgFacts, settings: Settings
) -> Added:
    """What the type adds to an activity of `module`, each value in its field's type; what does not fit is left out."""
    fields: dict[str, Any] = {}
    trace: list[str] = []
    for name, value in _asked(module, kind, settings):
        try:
            filled = _value(name, _filled_in(value, words), module, org)
        except Unfit as misfit:
            trace.append(f"{name} is left out: it {misfit}.")
            continue
        if filled not in (None, []):
            fields[name] = filled
    if kind.then.tags:
        fields["Tag"] = [{"name": tag} for tag in _tags(kind.then.tags)]
    return Added(fields, tuple(trace))


def _asked(module: Module, kind: ActivityType, settings: Settings) -> Iterator[tuple[str, Any]]:
    type_field = getattr(settings.zoho.activity_type_field, module, None)
    if type_field:
        yield type_field, kind.name
    yield from getattr(kind.then.fields, module, {}).items()


def _filled_in(value: Any, words: Mapping[str, Any]) -> Any:
    if isinstance(value, tuple):
        return [_filled_in(one, words) for one in value]
    if not isinstance(value, str) or not is_template(value):
        return value
    text, problem = render(value, words, "", length=LINES_LENGTH, lines=True)
    if problem:
        raise Unfit(f"cannot be filled, {problem}")
    return text


def _value(name: str, value: Any, module: Module, org: OrgFacts) -> Any:
    facts = field_facts(org, module, name)
    if facts is None:
        raise Unfit(f"is no field of a {NOUNS[module]} in this org")
    return convert(value, facts)


def _tags(names: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(tag for tag in (one_line(name, _TAG_LENGTH) for name in names) if tag))
