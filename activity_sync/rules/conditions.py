"""The conditions of `when`: do the facts of an interaction fit, and in words, why or why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from activity_sync.model.addresses import comparable_domain
from activity_sync.model.records import NOUNS, OrgFacts
from activity_sync.model.settings.conditions import Span, When
from activity_sync.rules.patterns import fits
from activity_sync.rules.texts import comparable
from activity_sync.rules.values import labels_of, value_fits

_MOST_SHOWN = 60
NO_ORG = OrgFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFacts:
    """What `when` can ask of an interaction. None: not known, so that a condition on it does not fit.

    `source`: the connection's name and its kind. `calendar`: the addresses in whose calendars it is. `rep`: every
    address of the rep; `role`: his or her role in Zoho. `domains`: of the outside people. `target`: module API name, ""
    on no record. `minutes`: of a call, how long people talked. `record`: the fields of the matched records by module
    API name. `org`: knows what people see of picklist values.
    """

    source: tuple[str, ...] | None = None
    kind: str | None = None
    direction: str | None = None
    outcome: str | None = None
    title: str | None = None
    notes: str | None = None
    minutes: float | None = None
    outsiders: int | None = None
    domains: tuple[str, ...] | None = None
    calendar: tuple[str, ...] | None = None
    rep: tuple[str, ...] | None = None
    role: str | None = None
    target: str | None = None
    stage: str | tuple[str, ...] | None = None
    pipeline: str | None = None
    record: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
    org: OrgFacts = NO_ORG


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition looked at: whether it fits, and the words for it."""

    fits: bool
    words: str


_ONE_OF = ("source", "kind", "direction", "outcome", "calendar", "rep", "role", "target", "stage", "pipeline")
_TEXTS = ("title", "notes")
_SPANS = ("minutes", "outsiders")


def findings(when: When, facts: TypeFacts) -> tuple[Finding, ...]:
    """Every condition that is given, in the order of the config page; none given: nothing to fit."""
    return tuple(_findings(when, facts))


def _findings(when: When, facts: TypeFacts) -> Iterator[Finding]:
    for name in (name for name in _ONE_OF if getattr(when, name)):
        yield _one_of(name, getattr(when, name), getattr(facts, name))
    for name in (name for name in _TEXTS if getattr(when, name)):
        yield _text(name, getattr(when, name), getattr(facts, name))
    for name in (name for name in _SPANS if getattr(when, name) is not None):
        yield _span(name, getattr(when, name), getattr(facts, name))
    if when.domains:
        yield _domains(when.domains, facts.domains)
    for module, wanted in when.record.items():
        yield _record(module, wanted, facts)


def first_misfit(when: When, facts: TypeFacts) -> str | None:
    """The first condition that does not fit, in words; None when all do."""
    return next((finding.words for finding in _findings(when, facts) if not finding.fits), None)


def _one_of(name: str, wanted: Sequence[str], known: str | tuple[str, ...] | None) -> Finding:
    if known is None:
        return _unknown(name)
    values = (known,) if isinstance(known, str) else known
    forms = {comparable(value) for value in values}
    if any(comparable(value) in forms for value in wanted):
        return Finding(True, f"{name} is {_spoken(values[0])}")
    known_as = _spoken(values[0]) if values and values[0] else "empty"
    return Finding(False, f"{name} is {known_as}, not {_any_of([_spoken(value) for value in wanted])}")


def _spoken(value: str) -> str:
    return {str(module): noun for module, noun in NOUNS.items()}.get(value, value)


def _text(name: str, patterns: Sequence[str], text: str | None) -> Finding:
    if text is None:
        return _unknown(name)
    hit = next((pattern for pattern in patterns if fits(pattern, text)), None)
    if hit is not None:
        return Finding(True, f'{name} has "{hit}"')
    return Finding(False, f"{name} has not {_any_of(patterns)}")


def _span(name: str, span: Span, number: float | None) -> Finding:
    if number is None:
        return _unknown(name)
    low, high = span.min, span.max
    fits = (low is None or number >= low) and (high is None or number <= high)
    bounds = " and ".join(
        words for words, given in ((f"at least {low}", low), (f"at most {high}", high)) if given is not None
    )
    return Finding(fits, f"{name}: {number:g}, {'' if fits else 'not '}{bounds or 'any'}")


def _domains(wanted: Sequence[str], known: Sequence[str] | None) -> Finding:
    if known is None:
        return _unknown("domains")
    forms = [comparable_domain(domain) for domain in wanted]
    hit = next((domain for domain in known if any(_within(domain, form) for form in forms)), None)
    if hit is not None:
        return Finding(True, f"domain {hit} is there")
    return Finding(False, f"nobody from {_any_of(wanted)} is there")


def _within(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith(f".{parent}")


def _record(module: str, wanted: Mapping[str, Sequence[Any]], facts: TypeFacts) -> Finding:
    known, noun = facts.record, _spoken(module)
    if known is None:
        return _unknown(f"the {noun}")
    records = known.get(module, ())
    if not records:
        return Finding(False, f"no {noun} was matched")
    fields = ", ".join(f"{name} {_any_of([str(value) for value in values])}" for name, values in wanted.items())
    for record in records:
        if all(
            value_fits(record.get(name), values, labels_of(facts.org, module, name)) for name, values in wanted.items()
        ):
            return Finding(True, f"a matched {noun} has {fields}")
    return Finding(False, f"no matched {noun} has {fields}")


def _unknown(name: str) -> Finding:
    return Finding(False, f"{name} is not known")


def _any_of(values: Sequence[str]) -> str:
    words = " or ".join(values)
    return words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN]}…"
