"""The conditions of `when`: do the facts of an interaction fit, and in words, why or why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from activity_sync.model.addresses import comparable_domain
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import NOUNS, OrgFacts
from activity_sync.model.settings.conditions import Span, When
from activity_sync.rules.patterns import finder
from activity_sync.rules.remembering import remembered
from activity_sync.rules.sides import domains_hold
from activity_sync.rules.texts import comparable
from activity_sync.rules.values import labels_of, value_fits

_MOST_SHOWN = 60
_NOUNS = {str(module): noun for module, noun in NOUNS.items()}
NO_ORG = OrgFacts()


@light_dataclass(frozen=True, slots=True, kw_only=True)
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


@light_dataclass(frozen=True, slots=True)
class Finding:
    """One condition looked at: what it asks for, whether it fits, and the words for it. `known`: something is known
    of what it asks for."""

    name: str
    fits: bool
    words: str
    known: bool = True


_ONE_OF = ("source", "kind", "direction", "outcome", "calendar", "rep", "role", "target", "stage", "pipeline")
_TEXTS = ("title", "notes")
_SPANS = ("minutes", "outsiders")


def findings(when: When, facts: TypeFacts) -> tuple[Finding, ...]:
    """Every condition that is given, in the order of the config page; none given: nothing to fit."""
    return tuple(check(facts) for check in checks(when))


def first_misfit(when: When, facts: TypeFacts) -> str | None:
    """The first condition that does not fit, in words; None when all do."""
    return next((found.words for check in checks(when) if not (found := check(facts)).fits), None)


Check = Callable[[TypeFacts], Finding]


@remembered(at_most=1_000)
def checks(when: When) -> tuple[Check, ...]:
    """What there is to look at: made once for a condition of the config."""
    return tuple(_given(when))


def _given(when: When) -> Iterator[Check]:
    for name in (name for name in _ONE_OF if getattr(when, name)):
        wanted = getattr(when, name)
        forms, others = frozenset(map(comparable, wanted)), _any_of([_spoken(value) for value in wanted])
        # A team has few reps and a pipeline few stages: what was said of one is said again.
        yield partial(_one_of, name, lru_cache(maxsize=1_000)(partial(_is_one_of, name, forms, others)))
    for name in (name for name in _TEXTS if getattr(when, name)):
        yield partial(_text, name, tuple((pattern, finder(pattern)) for pattern in getattr(when, name)))
    for name in (name for name in _SPANS if getattr(when, name) is not None):
        yield partial(_span, name, getattr(when, name))
    if when.domains:
        yield partial(_domains, when.domains, frozenset(map(comparable_domain, when.domains)))
    for module, fields in when.record.items():
        yield partial(_record, module, fields)


_Known = str | tuple[str, ...] | None


def _one_of(name: str, said_of: Callable[[_Known], Finding], facts: TypeFacts) -> Finding:
    return said_of(getattr(facts, name))


def _is_one_of(name: str, wanted: frozenset[str], others: str, known: _Known) -> Finding:
    if known is None:
        return _unknown(name)
    values = (known,) if isinstance(known, str) else known
    first = _spoken(values[0]) if values else ""
    if not wanted.isdisjoint(map(comparable, values)):
        return Finding(name, True, f"{name} is {first}")
    return Finding(name, False, f"{name} is {first or 'empty'}, not {others}")


def _spoken(value: str) -> str:
    return _NOUNS.get(value, value)


def _text(name: str, patterns: Sequence[tuple[str, Callable[[str], bool]]], facts: TypeFacts) -> Finding:
    text: str | None = getattr(facts, name)
    if text is None:
        return _unknown(name)
    for pattern, is_in in patterns:
        if is_in(text):
            return Finding(name, True, f'{name} has "{pattern}"')
    return Finding(name, False, f"{name} has not {_any_of([pattern for pattern, _ in patterns])}")


def _span(name: str, span: Span, facts: TypeFacts) -> Finding:
    number: float | None = getattr(facts, name)
    if number is None:
        return _unknown(name)
    low, high = span.min, span.max
    fits = (low is None or number >= low) and (high is None or number <= high)
    bounds = " and ".join(
        words for words, given in ((f"at least {low}", low), (f"at most {high}", high)) if given is not None
    )
    return Finding(name, fits, f"{name}: {number:g}, {'' if fits else 'not '}{bounds or 'any'}")


def _domains(wanted: Sequence[str], forms: frozenset[str], facts: TypeFacts) -> Finding:
    if facts.domains is None:
        return _unknown("domains")
    hit = next((domain for domain in facts.domains if domains_hold(forms, domain)), None)
    if hit is not None:
        return Finding("domains", True, f"domain {hit} is there")
    return Finding("domains", False, f"nobody from {_any_of(wanted)} is there")


def _record(module: str, wanted: Mapping[str, Sequence[Any]], facts: TypeFacts) -> Finding:
    known, noun = facts.record, _spoken(module)
    if known is None:
        return _unknown(f"the {noun}")
    records = known.get(module, ())
    if not records:
        return Finding(noun, False, f"no {noun} was matched")
    fields = ", ".join(f"{name} {_any_of([str(value) for value in values])}" for name, values in wanted.items())
    for record in records:
        if all(
            value_fits(record.get(name), values, labels_of(facts.org, module, name)) for name, values in wanted.items()
        ):
            return Finding(noun, True, f"a matched {noun} has {fields}")
    return Finding(noun, False, f"no matched {noun} has {fields}")


def _unknown(name: str) -> Finding:
    return Finding(name, False, f"{name} is not known", known=False)


def _any_of(values: Sequence[str]) -> str:
    words = " or ".join(values)
    return words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN]}…"
