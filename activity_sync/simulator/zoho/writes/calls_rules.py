"""What Zoho wants of a Call."""

from __future__ import annotations

import re

from activity_sync.simulator.zoho.refusals import Fault, Place, Row
from activity_sync.simulator.zoho.world import World

_DURATION = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")


def check_call(world: World, changes: Row, before: Row | None, place: Place) -> list[Fault]:
    """The faults of a written call; `before` is None for a new one."""
    after = {**(before or {}), **changes}
    faults = _fixed(changes, before, world, place)
    faults += _start_time(world, after, changes, before, place)
    faults += _duration(world, after, changes, before, place)
    if _is_scheduled(world, after) and before is None and not (after.get("Who_Id") or after.get("What_Id")):
        faults.append(place.missing("Who_Id"))
    return faults


def derive_call(world: World, row: Row) -> Row:
    """The row with what follows from the duration."""
    seconds = duration_seconds(row.get("Call_Duration"), world)
    return {**row, "Call_Duration_in_seconds": seconds, "CTI_Entry": False}


def duration_seconds(text: object, world: World) -> int | None:
    """Seconds of a Call_Duration; None when there is none, or it cannot be read."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    first, second, third = (int(part) if part else None for part in found.groups())
    assert first is not None
    assert second is not None
    if third is not None:
        if not world.switches.long_durations:
            return None
        return first * 3600 + second * 60 + third
    return first * 60 + second if world.switches.call_duration_unit == "mm:ss" else first * 3600 + second * 60


def _is_scheduled(world: World, row: Row) -> bool:
    return row.get(world.switches.call_status_key) == "Scheduled" and row.get("Call_Type") == "Outbound"


def _fixed(changes: Row, before: Row | None, world: World, place: Place) -> list[Fault]:
    if before is None:
        return []
    faults = []
    if changes.get("Call_Type", before["Call_Type"]) != before["Call_Type"]:
        faults.append(place.invalid("Call_Type", "the call type cannot be changed"))
    if not _is_scheduled(world, before) and changes.get("Owner", before["Owner"]) != before["Owner"]:
        faults.append(place.invalid("Owner", "the owner of a completed call cannot be changed"))
    return faults


def _start_time(world: World, after: Row, changes: Row, before: Row | None, place: Place) -> list[Fault]:
    told = before is None or {"Call_Start_Time", world.switches.call_status_key} & set(changes)
    start = after.get("Call_Start_Time")
    if not told or start is None:
        return []
    if _is_scheduled(world, after):
        return [] if start > world.now() else [place.invalid("Call_Start_Time", "a scheduled call must lie ahead")]
    return [] if start <= world.now() else [place.invalid("Call_Start_Time", "a completed call must not lie ahead")]


def _duration(world: World, after: Row, changes: Row, before: Row | None, place: Place) -> list[Fault]:
    text = changes.get("Call_Duration")
    if after.get("Call_Type") == "Missed" or _is_scheduled(world, after):
        return []
    if text is None:
        missing = before is None or "Call_Duration" in changes
        return [place.missing("Call_Duration")] if missing else []
    seconds = duration_seconds(text, world)
    if seconds is None:
        return [place.invalid("Call_Duration", expected_data_type="text")]
    if seconds == 0:
        return [place.fault("DEPENDENT_MISMATCH", "Call_Duration", "Call Duration can not be zero.")]
    return []
