"""Zoho Tasks that an activity type asks for, and the business time they are due in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator

from activity_sync.model.settings.conditions import When
from activity_sync.model.settings.durations import Delay, Wait
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import Country, NonEmpty, unique

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _owner(text: str) -> str:
    if text in {"rep", "record_owner"}:
        return text
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("must be rep, record_owner or an e-mail address")
    return text.lower()


class FollowUp(Section):
    """One Task, once per interaction.

    subject: a template. due: counted from the interaction's end. priority, status: the org's own words; None: Zoho's.
    owner: `rep`, `record_owner` or an address. close_when_reached: done by itself once the number is reached.
    """

    subject: NonEmpty
    due: Wait = Delay(1, "business days")
    priority: NonEmpty | None = None
    status: NonEmpty | None = None
    owner: Annotated[str, AfterValidator(_owner)] = "rep"
    remind: bool = False
    when: When = When()
    close_when_reached: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """The working hours of a day, in the company's time zone; start is before end."""

    start: time
    end: time


def _hours(value: object) -> Hours:
    if isinstance(value, Hours):
        return value
    found = re.fullmatch(r"(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)", value.strip() if isinstance(value, str) else "")
    try:
        start, end = (time.fromisoformat(text.zfill(5)) for text in found.groups()) if found else (time(), time())
    except ValueError:
        start = end = time()
    if start >= end:
        raise ValueError('must be hours such as "09:00-17:30"')
    return Hours(start, end)


class BusinessDays(Section):
    """holidays: the country whose public holidays are free; None: none. Not given: the `default_region`."""

    holidays: Country | None = None
    week: Annotated[tuple[Weekday, ...], Field(min_length=1), AfterValidator(unique)] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    hours: Annotated[Hours, PlainValidator(_hours)] = Hours(time(9), time(17, 30))
