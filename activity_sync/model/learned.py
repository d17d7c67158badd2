"""What a self-test learned of one Zoho organisation, where Zoho's documents leave it open (zoho.md 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DurationUnit = Literal["mm:ss", "HH:mm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """How this org takes our writes. Each default is the careful choice until something is known; `at`: since when.

    `duration_unit`: how Call_Duration with one colon is read; `long_durations`: `hh:mm:ss` is read as it says.
    `call_status_key`: the field for a call's status, "": as the metadata names it. `events_take_leads`: a lead may be
    the What_Id of a meeting; `quiet_participants`: proved that a participant is not invited when Zoho is told so.
    `keys_not_enforced`: modules that take the same key twice though their key field is unique. `key_free_again`: a
    key may be used again once its record is deleted. `milliseconds`, `zulu`: taken in times; None: not tried.
    `composite_writes`: a Composite carries writes.
    """

    at: datetime | None = None
    duration_unit: DurationUnit = "mm:ss"
    long_durations: bool = True
    call_status_key: str = ""
    events_take_leads: bool = True
    quiet_participants: bool = False
    keys_not_enforced: frozenset[str] = frozenset()
    key_free_again: bool | None = None
    milliseconds: bool | None = None
    zulu: bool | None = None
    composite_writes: bool = True


NOTHING_YET = Learned()
"""The careful choices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried and what came of it, in words. `ok` False: something of ours will not work so."""

    name: str
    detail: str
    ok: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """A finished self-test. `learned` None: it was broken off, and nothing is to be kept.

    `removed`: how many records it took away again, those of an earlier one that was broken off included. `left`: what
    it could not remove, as `Module id`; the next self-test tries again.
    """

    learned: Learned | None
    findings: tuple[Finding, ...]
    removed: int = 0
    left: tuple[str, ...] = ()
