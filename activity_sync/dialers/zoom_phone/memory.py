"""Which calls were found to have no path worth asking for, kept in the cursor: a program that starts again asks less.

Most calls ring one person, who answers: their record tells all. Queues and transfers are asked for again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from activity_sync.dialers.zoom_phone.elements import Element
from activity_sync.dialers.zoom_phone.people import End
from activity_sync.model.call_window import VERY_LATE
from activity_sync.model.wire import NoCall, Wire, iso_moment, text

_KEPT = VERY_LATE + timedelta(days=2)
_YOUNG = timedelta(minutes=30)
_NAME = "plain"
_LENGTH = 8


@dataclass(slots=True)
class Plain:
    """Marks of records as they were, by the day of their start."""

    marks: dict[str, set[str]] = field(default_factory=dict)

    def knows(self, record: Wire) -> bool:
        """Whether this very record was found plain."""
        return _mark(record) in self.marks.get(_day(record), ())

    def add(self, record: Wire) -> None:
        """It is."""
        self.marks.setdefault(_day(record), set()).add(_mark(record))

    def beside(self, cursor: str, now: datetime) -> str:
        """The cursor with the marks of the days that are still read again."""
        first = f"{now - _KEPT:%Y-%m-%d}"
        kept = {day: "".join(sorted(marks)) for day, marks in sorted(self.marks.items()) if day >= first}
        return orjson.dumps(orjson.loads(cursor) | ({_NAME: kept} if kept else {})).decode()


def taken_apart(cursor: str) -> tuple[str, Plain]:
    """The cursor as it was without the marks, and them. What is no cursor of ours stays as it is."""
    try:
        told: Any = orjson.loads(cursor)
        kept = told.pop(_NAME, {})
        marks = {str(day): _cut(words) for day, words in kept.items()}
    except (ValueError, TypeError, AttributeError):
        return cursor, Plain()
    return orjson.dumps(told).decode(), Plain(marks)


def is_fresh(record: Wire, now: datetime) -> bool:
    """Whether the call has only just ended: a path that is still empty may be in the making."""
    try:
        at = iso_moment(record, "end_time") or iso_moment(record, "start_time")
    except NoCall:
        return False
    return at is not None and now - at < _YOUNG


def is_plain(ours: End, elements: Sequence[Element]) -> bool:
    """Whether the path says nothing that the record does not: nobody but its own user was reached or rung."""
    people = [one for one in elements if one.ours.is_user]
    if not ours.is_user or any(one.client_code or one.voicemail for one in elements):
        return False
    return all(_is_same(one.ours, ours) for one in people) and sum(one.connected for one in people) <= 1


def _is_same(one: End, other: End) -> bool:
    pairs = ((one.email, other.email), (one.extension_id, other.extension_id), (one.extension, other.extension))
    told = [(here, there) for here, there in pairs if here and there]
    return bool(told) and all(here == there for here, there in told)


def _cut(words: str) -> set[str]:
    return {words[at : at + _LENGTH] for at in range(0, len(words), _LENGTH)}


def _day(record: Wire) -> str:
    return text(record, "start_time")[:10]


def _mark(record: Wire) -> str:
    whole = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(whole).hexdigest()[:_LENGTH]
