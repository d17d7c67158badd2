"""Lengths of time as the config writes them: `90s 5m 2h 30d`, and `3 business days`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, get_args

from pydantic import PlainValidator

Unit = Literal["minutes", "hours", "days", "weeks", "business hours", "business days"]

_LETTERS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SHORT = re.compile(r"(\d{1,9})\s?([smhd])")
_LONG = re.compile(r"(\d{1,6})\s+(?:(business)\s+)?([a-z]+)")
_LONGEST = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Delay:
    """A wait counted in calendar or business time, such as `4 business hours`.

    amount: a whole number, 0 or more. unit: always the plural. Business units need the calendar of `business_days`.
    """

    amount: int
    unit: Unit

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit}"


def duration(value: object) -> timedelta:
    """A length of time from `90s`, `5m`, `2h`, `30d` or 0. Raises ValueError with the way to write it."""
    if isinstance(value, timedelta):
        return value
    found = _SHORT.fullmatch(_text(value))
    if not found:
        raise ValueError("must be a duration such as 90s, 5m, 2h or 30d")
    length = timedelta(**{_LETTERS[found[2]]: int(found[1])})
    if length > _LONGEST:
        raise ValueError("is too long; at most 36500d")
    return length


def positive_duration(value: object) -> timedelta:
    """As `duration`, but longer than nothing."""
    length = duration(value)
    if length <= timedelta(0):
        raise ValueError("must be longer than 0s")
    return length


def duration_or_auto(value: object) -> timedelta | Literal["auto"]:
    """`auto`, or a duration longer than nothing."""
    if value == "auto":
        return "auto"
    try:
        return positive_duration(value)
    except ValueError as error:
        raise ValueError(f"{error}; or auto") from None


def delay(value: object) -> Delay:
    """A wait from `2 days`, `1 business day`, `4 business hours` or the short `2h`. Raises ValueError."""
    if isinstance(value, Delay):
        return value
    if short := re.fullmatch(r"(\d{1,6})\s?([mhd])", _text(value)):
        return _delay(int(short[1]), _LETTERS[short[2]])
    long = _LONG.fullmatch(_text(value))
    if not long:
        raise ValueError("must be a wait such as 2 days, 1 business day or 4 business hours")
    unit = long[3] if long[3].endswith("s") else f"{long[3]}s"
    return _delay(int(long[1]), f"business {unit}" if long[2] else unit)


def _delay(amount: int, unit: str) -> Delay:
    for known in get_args(Unit):
        if unit == known:
            return Delay(amount, known)
    raise ValueError(f"has an unknown unit; one of {', '.join(get_args(Unit))}")


def delay_or_duration(value: object) -> Delay | timedelta:
    """`3 business days` (a Delay) or `3d` (a timedelta), longer than nothing. Raises ValueError."""
    if isinstance(value, timedelta) or _SHORT.fullmatch(_text(value)):
        return positive_duration(value)
    wait = delay(value)
    if not wait.amount:
        raise ValueError("must be longer than nothing")
    return wait


def _text(value: object) -> str:
    if value == 0 and not isinstance(value, bool):
        return "0s"
    return " ".join(value.split()).lower() if isinstance(value, str) else ""


Duration = Annotated[timedelta, PlainValidator(duration)]
PositiveDuration = Annotated[timedelta, PlainValidator(positive_duration)]
DurationOrAuto = Annotated[timedelta | Literal["auto"], PlainValidator(duration_or_auto)]
Wait = Annotated[Delay, PlainValidator(delay)]
WaitOrDuration = Annotated[Delay | timedelta, PlainValidator(delay_or_duration)]
