"""Zoho's dates and times: what it takes, how it gives them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo

_PLAIN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_MILLIS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}([+-]\d\d:\d\d|Z)")
_ZULU = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def read_time(text: object, *, milliseconds: bool = False, zulu: bool = False) -> datetime | None:
    """`yyyy-MM-ddTHH:mm:ss+HH:mm` as UTC, whole seconds; None when it is anything else."""
    if not isinstance(text, str):
        return None
    shape_fits = (
        _PLAIN.fullmatch(text)
        or (milliseconds and _MILLIS.fullmatch(text) and (zulu or not text.endswith("Z")))
        or (zulu and _ZULU.fullmatch(text) and (milliseconds or "." not in text))
    )
    if not shape_fits:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None


def read_date(text: object) -> str | None:
    """`yyyy-MM-dd` as it is; None when it is no such date."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def as_stored_time(value: datetime | str) -> datetime:
    """A seeded time as it is kept: UTC, whole seconds. The time must carry its offset."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert moment.tzinfo is not None, "a seeded time needs an offset"
    return moment.astimezone(UTC).replace(microsecond=0)


def write_time(moment: datetime, zone: tzinfo) -> str:
    """As Zoho gives it: with the offset of the token owner's zone."""
    return moment.astimezone(zone).isoformat(timespec="seconds")
