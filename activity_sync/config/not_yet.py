"""What the config can say already but the program cannot do yet.

A setting that would be ignored is worse than one that is refused. When a feature lands, its line goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from activity_sync.config.problems import Finding, Place
from activity_sync.config.references import is_off

Works = Callable[[object, dict[str, Any]], bool]
"""Given the value (None: not given) and the mapping that holds it: whether it can be had."""


@dataclass(frozen=True, slots=True)
class _Later:
    """key: its place, `[]` for every item of a list. hint: what can be had instead."""

    key: str
    works: Works
    hint: str


def _only(*words: str) -> Works:
    return lambda value, _: value is None or str(value).lower() in words


def _nothing(value: object, _: dict[str, Any]) -> bool:
    return not value


_REMOVE = "take it out"
_LATER = (_Later("engine", _only("embedded"), "set it to embedded"),)


def not_yet(data: dict[str, Any]) -> Iterator[Finding]:
    """Every setting that needs later work. Disabled connections may have what they like."""
    for later in _LATER:
        for place, value, holder in _found(later.key.split("."), data, ()):
            if not later.works(value, holder):
                yield Finding(place, "not available yet", later.hint)


def _found(keys: list[str], holder: object, place: Place) -> Iterator[tuple[Place, object, dict[str, Any]]]:
    if not isinstance(holder, dict) or is_off(holder.get("enabled", True)):
        return
    key, rest = keys[0], keys[1:]
    name = key.removesuffix("[]")
    value = holder.get(name)
    if not rest:
        yield (*place, name), value, holder
    elif not key.endswith("[]"):
        yield from _found(rest, value, (*place, name))
    else:
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from _found(rest, item, (*place, name, index))
