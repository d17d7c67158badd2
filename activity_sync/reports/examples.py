"""Which activity type an example falls in, and whether the admin's own examples still do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from activity_sync.model.addresses import comparable_domain, comparable_email
from activity_sync.model.settings import Settings
from activity_sync.rules.activity_types import TypeFacts, likely_type

_MANY = ("source", "domains", "calendar", "rep")
_NUMBERS = ("minutes", "outsiders")
_TEXTS = ("title", "notes", "kind", "direction", "outcome", "target", "stage", "pipeline", "role")
_SPELLED = {"domain": "domains"}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": ("meeting", "call"),
    "direction": ("inbound", "outbound", "internal"),
    "outcome": (
        "scheduled", "cancelled", "declined", "no_show", "held", "unknown",
        "answered", "missed", "voicemail", "no_answer", "busy", "failed",
    ),
    "target": ("Contacts", "Leads", "Accounts", "Deals", ""),
}  # fmt: skip


class BadExample(ValueError):  # noqa: N818 - says what it is
    """An example says something that no interaction can have. Its text is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What an example came to. `expect` None: nothing was expected."""

    title: str
    type: str | None
    because: tuple[str, ...]
    expect: str | None = None

    @property
    def ok(self) -> bool:
        """Whether it is as expected."""
        return self.expect is None or self.expect == (self.type or "none")

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        found = {"title": self.title, "type": self.type, "because": list(self.because)}
        return found if self.expect is None else {**found, "expect": self.expect, "ok": self.ok}


def try_type(settings: Settings, example: Mapping[str, Any]) -> Tried:
    """The type of an interaction of which only this is known: keys as in `when`, `title` among them.

    Without a `kind` it is a meeting, or a call when there is a `direction`. A condition on what was not told does not
    speak against a type that something else speaks for. Raises BadExample.
    """
    known = {name: value for name, value in example.items() if value is not None and name != "expect"}
    facts = _facts(known)
    choice = likely_type(facts, settings.activity_types)
    return Tried(
        title=str(example.get("title") or ""),
        type=choice.type.name if choice.type else None,
        because=choice.because,
        expect=_expected(settings, example),
    )


def _expected(settings: Settings, example: Mapping[str, Any]) -> str | None:
    expect = example.get("expect")
    names = [kind.name for kind in settings.activity_types]
    if expect is None or expect in (*names, "none"):
        return expect
    raise BadExample(f"expect: there is no activity type {expect}{_nearest(str(expect), names)}")


def _facts(known: Mapping[str, Any]) -> TypeFacts:
    given = {_SPELLED.get(name, name): value for name, value in known.items()}
    names = (*_TEXTS, *_NUMBERS, *_MANY, "record")
    for name in given:
        if name not in names:
            raise BadExample(f"{name}: an interaction has no such thing{_nearest(name, names)}")
    kind = str(given.get("kind") or ("call" if given.get("direction") else "meeting"))
    values: dict[str, Any] = {name: _text(name, given[name]) for name in _TEXTS if name in given}
    values |= {name: _number(name, given[name]) for name in _NUMBERS if name in given}
    values |= {name: _many(name, given[name]) for name in _MANY if name in given}
    values["kind"] = _text("kind", kind)
    if kind == "call":  # as the judgement has it: a call has no title, one person outside
        values |= {"title": "", "calendar": ()} | ({} if "outsiders" in values else {"outsiders": 1})
    else:
        values.setdefault("direction", "")
    return TypeFacts(**values, record=_record(given.get("record")))


def _text(name: str, value: object) -> str:
    text = str(value)
    words = _WORDS.get(name, (text,))
    if text not in words:
        raise BadExample(
            f"{name}: {text} is none of {', '.join(word for word in words if word)}{_nearest(text, words)}"
        )
    return text


def _number(name: str, value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise BadExample(f"{name}: {value} is no number") from None


def _many(name: str, value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    comparable = {"domains": comparable_domain, "calendar": comparable_email, "rep": comparable_email}.get(name)
    return tuple((comparable(str(one)) if comparable else "") or str(one) for one in values)


def _record(value: object) -> Mapping[str, Sequence[Mapping[str, Any]]] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not all(isinstance(fields, Mapping) for fields in value.values()):
        raise BadExample("record: must read {Module: {Field: value}}")
    return {str(module): [fields] for module, fields in value.items()}


def _nearest(word: str, known: Sequence[str]) -> str:
    found = get_close_matches(word, [one for one in known if one], n=1, cutoff=0.5)
    return f'; did you mean "{found[0]}"?' if found else ""
