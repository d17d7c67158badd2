"""Single values of a row: times, lengths, words, numbers. Each says in words what is wrong with a bad one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from activity_sync.model.interactions import Direction, Outcome
from activity_sync.model.invitations import clean

Row = Mapping[str, Any]
"""A row by its keys in lower case; empty cells are absent."""


class NoRow(Exception):  # noqa: N818 - a row that is refused is a finding
    """Why a row is refused, in words."""


_DIRECTIONS = {
    "inbound": Direction.INBOUND, "in": Direction.INBOUND, "incoming": Direction.INBOUND, "received": Direction.INBOUND,
    "outbound": Direction.OUTBOUND, "out": Direction.OUTBOUND, "outgoing": Direction.OUTBOUND,
    "dialed": Direction.OUTBOUND, "dialled": Direction.OUTBOUND, "internal": Direction.INTERNAL,
}  # fmt: skip
_OUTCOMES = {
    "answered": Outcome.ANSWERED, "completed": Outcome.ANSWERED, "ok": Outcome.ANSWERED, "missed": Outcome.MISSED,
    "abandoned": Outcome.MISSED, "voicemail": Outcome.VOICEMAIL, "noanswer": Outcome.NO_ANSWER, "busy": Outcome.BUSY,
    "failed": Outcome.FAILED, "cancelled": Outcome.FAILED, "canceled": Outcome.FAILED, "unknown": Outcome.UNKNOWN,
}  # fmt: skip
RUNNING = "inprogress"
"""The outcome of a call that is not over."""

_YES, _NO = frozenset({"true", "yes", "1", "y"}), frozenset({"false", "no", "0", "n"})
_RUINED = re.compile(r"[+']?\d+[.,]0+|[+']?\d+(?:[.,]\d+)?[eE]\+?\d+")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})")
_LONGEST = 7 * 24 * 3600
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST_TEXT = 30_000


def text(row: Row, name: str, longest: int = 1_000) -> str:
    """A value as text; "" when absent. Raises NoRow for a list or an object."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise NoRow(f"`{name}` is no text")
    return " ".join(clean(str(value)[:longest]).split())


def long_text(row: Row, name: str) -> str:
    """A text with its lines; "" when absent."""
    value = row.get(name)
    return clean(as_text(value)[:_LONGEST_TEXT]).strip() if value is not None else ""


def as_text(value: object) -> str:
    """Any value as text: what is not text as JSON. Raises NoRow for what is nested too deeply to be told."""
    try:
        return value if isinstance(value, str) else orjson.dumps(value).decode()
    except TypeError:
        raise NoRow("a value is nested too deeply") from None


def number(row: Row, name: str) -> str:
    """A telephone number or what stands in its place, as it came. Raises NoRow when a spreadsheet ruined it."""
    value = row.get(name)
    if isinstance(value, float) or _RUINED.fullmatch(text(row, name)):
        raise NoRow(f"`{name}` is not the number any more, a spreadsheet rounded it: format the column as text")
    return text(row, name).lstrip("'")


def moment(row: Row, name: str) -> datetime | None:
    """A time, UTC: ISO 8601 with zone, or local with the row's `timezone`, or epoch seconds, milli- or microseconds."""
    value = row.get(name)
    if value is None:
        return None
    try:
        at = _epoch(value) or _iso(text(row, name), text(row, "timezone"), name)
    except (TypeError, ValueError, OverflowError, OSError):
        raise NoRow(f"`{name}` is no time: write ISO 8601 with a zone, or seconds since 1970") from None
    if not _FIRST <= at < _LAST:
        raise NoRow(f"`{name}` is no likely time: {at:%Y-%m-%d}")
    return at


def seconds(row: Row, name: str) -> int | None:
    """A length: whole seconds, HH:MM:SS or MM:SS. Raises NoRow for a negative or impossible one."""
    value = row.get(name)
    if value is None:
        return None
    said = text(row, name)
    if said.startswith("-"):
        raise NoRow(f"`{name}` is negative")
    if found := _CLOCK.fullmatch(said):
        length = int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
    elif re.fullmatch(r"\d{1,9}(?:\.0+)?", said):
        length = int(float(said))
    else:
        raise NoRow(f"`{name}` is no length: write seconds, HH:MM:SS or MM:SS")
    if length > _LONGEST:
        raise NoRow(f"`{name}` is longer than a week")
    return length


def direction(row: Row) -> Direction:
    """The row's direction."""
    said = text(row, "direction")
    if not said:
        raise NoRow("it has no `direction`")
    found = _DIRECTIONS.get(said.casefold())
    if found is None:
        raise NoRow(f"`direction` is {said[:40]!r}: write inbound, outbound or internal")
    return found


def outcome(row: Row) -> Outcome | None:
    """The row's outcome; None when it says none. Raises NoRow for a word that is none."""
    said = outcome_word(row)
    if not said or said == RUNNING:
        return None
    found = _OUTCOMES.get(said)
    if found is None:
        words = "answered, missed, voicemail, no_answer, busy or failed"
        raise NoRow(f"`outcome` is {text(row, 'outcome')[:40]!r}: write {words}")
    return found


def outcome_word(row: Row) -> str:
    """The outcome's letters only, in lower case."""
    return re.sub(r"[\s_-]", "", text(row, "outcome").casefold())


def flag(row: Row, name: str) -> bool:
    """Yes or no; absent: no."""
    value = row.get(name)
    said = str(value).strip().casefold() if isinstance(value, bool | str | int) else ""
    if value is not None and said not in _YES | _NO:
        raise NoRow(f"`{name}` is neither true nor false")
    return said in _YES


def link(row: Row, name: str) -> str:
    """An http link; "" when absent."""
    said = text(row, name, longest=4_000)
    if said and not re.fullmatch(r"https?://[^\s/]+\S*", said):
        raise NoRow(f"`{name}` is no http link")
    return said


def texts(row: Row, name: str, separator: str = "") -> tuple[str, ...]:
    """A list, or a text; the text is taken apart at `separator` where one is given."""
    value = row.get(name)
    if isinstance(value, list):
        parts = [as_text(one) for one in value if one is not None]
    else:
        whole = long_text(row, name)
        parts = whole.split(separator) if separator else [whole]
    return tuple(dict.fromkeys(kept for part in parts if (kept := clean(part[:_LONGEST_TEXT]).strip())))


def region(row: Row) -> str:
    """A country code; "" when absent."""
    said = text(row, "region").upper()
    if said and not re.fullmatch(r"[A-Z]{2}", said):
        raise NoRow("`region` is no two-letter country code")
    return said


def _epoch(value: object) -> datetime | None:
    if isinstance(value, bool | list | dict):
        raise TypeError("no time")
    said = str(value).strip()
    if not isinstance(value, int | float) and not re.fullmatch(r"\d{9,17}(?:\.\d+)?", said):
        return None
    count = float(said)
    if not math.isfinite(count):
        raise ValueError("no time")
    for unit in (1.0, 1e3, 1e6):
        if abs(count) < unit * 1e11:
            return datetime.fromtimestamp(0, UTC) + timedelta(seconds=count / unit)
    raise ValueError("no time")


def _iso(said: str, zone: str, name: str) -> datetime:
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        if not zone:
            raise NoRow(f"`{name}` has no zone: add one, or a `timezone` to the row")
        try:
            at = at.replace(tzinfo=ZoneInfo(zone))
        except (OSError, KeyError, ValueError):
            raise NoRow(f"`timezone` is {zone[:40]!r}, which is no IANA zone") from None
    return at.astimezone(UTC)
