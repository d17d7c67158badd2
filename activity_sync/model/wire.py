"""Fields of a vendor's JSON, read without trust: a foreign type is as good as none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from activity_sync.model.invitations import one_line

_A_YEAR = 366 * 86_400
_FAR_AWAY = 2200
"""From this year on it is no time of a call, and counting on from it would leave the calendar."""

Wire = Mapping[str, Any]


class NoCall(Exception):  # noqa: N818 - a record that cannot be read is a finding
    """Why a record cannot be read, in words."""


def identity(record: object, name: str) -> str:
    """An id as text. Raises NoCall without one."""
    value = record.get(name) if isinstance(record, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).strip():
        raise NoCall(f"it has no {name}")
    return one_line(str(value))


def text(holder: Wire, name: str) -> str:
    """A text on one line; "" when it is missing or none. Whole numbers count: some ids come either way."""
    value = holder.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return one_line(value) if isinstance(value, str) else ""


def inner(holder: Wire, name: str) -> Wire:
    """An object inside; an empty one when it is missing or none."""
    value = holder.get(name)
    return value if isinstance(value, Mapping) else {}


def inner_list(holder: Wire, name: str) -> list[Wire]:
    """The objects of a list inside; what is no object is left out."""
    value = holder.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def iso_moment(holder: Wire, name: str) -> datetime | None:
    """A time in ISO 8601 with its zone, in UTC; None when it is not given. Raises NoCall for anything else."""
    value = holder.get(name)
    if value is None or value == "":
        return None
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is not None and at.year < _FAR_AWAY:
            return at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    raise NoCall(f"its {name} is no time")


def epoch_moment(holder: Wire, name: str, *, per_second: int = 1) -> datetime | None:
    """A time counted since 1970, as number or digits, in UTC; None when it is not given.

    `per_second`: 1000 for milliseconds. Raises NoCall for anything else.
    """
    value = holder.get(name)
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, bool):
            at = datetime.fromtimestamp(float(value) / per_second, UTC)
            if at.year < _FAR_AWAY:
                return at
    except (TypeError, ValueError, OverflowError, OSError):
        pass
    raise NoCall(f"its {name} is no time")


def web_link(value: object) -> str:
    """A link that a browser may open; "" for anything else."""
    link = one_line(value) if isinstance(value, str) else ""
    return link if link.startswith("https://") else ""


def in_order(**moments: datetime | None) -> None:
    """Raises NoCall when one of these times lies before one that is named before it."""
    given = [(name, at) for name, at in moments.items() if at is not None]
    for (earlier, before), (later, after) in pairwise(given):
        if after < before:
            raise NoCall(f"its {later} lies before its {earlier}")


def whole_seconds(holder: Wire, name: str, *, per_second: int = 1) -> int:
    """A length of time below a year, as number or digits; 0 when it is not given. Raises NoCall for anything else.

    `per_second`: 1000 for milliseconds.
    """
    value = holder.get(name)
    if value is None or value == "":
        return 0
    try:
        if not isinstance(value, bool) and 0 <= (seconds := float(value) / per_second) <= _A_YEAR:
            return int(seconds)
    except (TypeError, ValueError, OverflowError):
        pass
    raise NoCall(f"its {name} is no number of seconds")
