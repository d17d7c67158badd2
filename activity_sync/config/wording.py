"""What pydantic found, said in our words, at the place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args
from zoneinfo import available_timezones

from pydantic import ValidationError

from activity_sync.config.known_keys import known_keys, sections_at
from activity_sync.config.problems import Finding, Place, nearest

UNKNOWN = "unknown key"
_EMPTY = "must not be empty"
_WORDS = {
    "string_type": "must be text",
    "string_too_short": _EMPTY,
    "too_short": _EMPTY,
    "model_type": "must hold keys and values",
    "model_attributes_type": "must hold keys and values",
    "dict_type": "must hold keys and values",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "path_type": "must be a path",
}


def findings(error: ValidationError, data: object) -> Iterator[Finding]:
    """Each error of a validation of the data, with its place and the nearest valid name."""
    found = [
        each for error in error.errors(include_url=False, include_input=False) for each in _finding(dict(error), data)
    ]
    for finding in found:
        # pydantic does not count the items that are wrong, and then finds the list too short
        if finding.message != _EMPTY or not any(_inside(other.place, finding.place) for other in found):
            yield finding


def _inside(place: Place, around: Place) -> bool:
    return len(place) > len(around) and place[: len(around)] == around


def _finding(error: dict[str, Any], data: object) -> Iterator[Finding]:
    place = _place(error["loc"], data, missing=error["type"] == "missing")
    match error["type"]:
        case "extra_forbidden":
            yield Finding(place, UNKNOWN, nearest(place[-1], known_keys(place[:-1], data)))
        case "missing":
            yield Finding(place, "is needed")
        case "union_tag_not_found" | "union_tag_invalid":
            yield from _kindless(place, data, _quoted(str(error["ctx"].get("expected_tags", ""))))
        case "literal_error":
            words = _quoted(error["ctx"]["expected"])
            yield Finding(place, f"must be {_either(words)}", nearest(value_at(place, data), words))
        case kind:
            yield Finding(place, _message(kind, error), _hint(place, data))


def _kindless(place: Place, data: object, kinds: list[str]) -> Iterator[Finding]:
    """A connection whose kind is missing or unknown: the rest of it can be checked by the names of its keys only."""
    item = value_at(place, data)
    assert isinstance(item, dict)
    known = known_keys(place, data)
    strange = [Finding((*place, key), UNKNOWN, nearest(key, known)) for key in item if key not in known]
    yield from strange
    kinds = kinds or _kinds(place, data)
    if "kind" in item:
        yield Finding((*place, "kind"), f"must be {_either(kinds)}", nearest(item["kind"], kinds))
    elif not any(finding.hint and '"kind"' in finding.hint for finding in strange):
        yield Finding((*place, "kind"), "is needed", _either(kinds))


def _kinds(place: Place, data: object) -> list[str]:
    return [get_args(section.model_fields["kind"].annotation)[0] for section in sections_at(place, data)]


def _hint(place: Place, data: object) -> str | None:
    value = value_at(place, data)
    if place == ("timezone",):
        return nearest(value, available_timezones())
    return 'did you mean "GB"?' if place == ("default_region",) and str(value).upper() == "UK" else None


def _message(kind: str, error: dict[str, Any]) -> str:
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind.startswith("bool_"):
        return "must be true or false"
    if kind.startswith("int_"):
        return "must be a whole number"
    return _WORDS.get(kind) or re.sub(r"^(Input|Value) should", "should", str(error["msg"]))


def _place(loc: tuple[str | int, ...], data: object, *, missing: bool) -> Place:
    """pydantic's way to the value without the steps of its own that are not in the file, such as a union's arm."""
    place: Place = ()
    for index, part in enumerate(loc):
        last = index == len(loc) - 1
        here = value_at(place, data)
        inside = part in here if isinstance(here, dict) else isinstance(here, list) and isinstance(part, int)
        if inside or (last and missing):
            place = (*place, part)
    return place


def value_at(place: Place, data: object) -> object:
    """The value at a place, or None when there is none."""
    for part in place:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _quoted(expected: str) -> list[str]:
    return re.findall(r"'([^']+)'", expected)


def _either(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
