"""Whether two values of a Zoho field mean the same, however they are written.

Zoho gives back what it was sent in another dress: times in the user's zone, lookups with names, null for empty,
durations without a leading zero (zoho.md 4.2, 4.4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_CLOCK = re.compile(r"\d{1,3}(:\d\d){1,2}")
_ALARM = re.compile(r"TRIGGER=DATE-TIME:([^;]+)")


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values of one field mean the same; null, "", false, [] and a missing value are equal."""
    match one, other:
        case Mapping(), Mapping():
            return _same_objects(one, other)
        case [*ones], [*others]:
            return _same_lists(ones, others)
        case (bool(), _) | (_, bool()):
            return bool(_plain(one)) is bool(_plain(other))
        case (int() | float(), str()) | (str(), int() | float()):
            return str(one).strip() == str(other).strip()
    return bool(_plain(one) == _plain(other))


def _same_objects(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if "ALARM" in one or "ALARM" in other:
        return bool(_alarm(one) == _alarm(other))
    if one.get("participant") and other.get("participant"):  # only read back has an id of its own
        return str(one["participant"]) == str(other["participant"])
    shared = (
        "id" if one.get("id") and other.get("id") else "name"
    )  # a lookup goes out without its name, a tag without id
    return str(one.get(shared) or "") == str(other.get(shared) or "")


def _same_lists(ones: Sequence[Any], others: Sequence[Any]) -> bool:
    matched = all(any(same(one, other) for other in others) for one in ones)
    return matched and all(any(same(one, other) for one in ones) for other in others)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _of_text(value)
    return value or "" if not isinstance(value, int | float) or isinstance(value, bool) else value


def _of_text(value: str) -> Any:
    text = value.strip()
    if _MOMENT.fullmatch(text):
        return _instant(text)
    if _CLOCK.fullmatch(text):
        return ("clock", text.lstrip("0:"))
    return "\n".join(line.strip() for line in text.splitlines())


def _instant(text: str) -> Any:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo else text


def _alarm(value: Mapping[str, Any]) -> Any:
    text = str(value.get("ALARM") or "")
    trigger = _ALARM.search(text)
    return _instant(trigger[1]) if trigger else text
