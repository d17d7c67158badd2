"""What existing records tell without a self-test: the unit in which the org reads Call_Duration (zoho.md 4.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from activity_sync.model.learned import DurationUnit
from activity_sync.model.records import Module
from activity_sync.zoho.client import Client, ScopeMissing
from activity_sync.zoho.coql import Query, run
from activity_sync.zoho.refusals import ZohoRefused

_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)")
_SOME = 50


def duration_unit(client: Client) -> DurationUnit:
    """As the latest calls have it, theirs or ours; `mm:ss` when there are none. One credit.

    Raises TryLater, OutOfCredits, SignInAgain, Unexpected.
    """
    columns = ("id", "Call_Duration", "Call_Duration_in_seconds")
    where = "Call_Duration is not null"
    query = Query(module=Module.CALLS, columns=columns, where=where, order="Created_Time desc", limit=_SOME)
    try:
        rows = run(client, query, "unit of call durations").rows
    except (ZohoRefused, ScopeMissing):
        return "mm:ss"
    said = [unit for row in rows if (unit := _unit(row))]
    return "HH:mm" if said and all(unit == "HH:mm" for unit in said) else "mm:ss"


def _unit(row: Mapping[str, Any]) -> DurationUnit | None:
    found = _CLOCK.fullmatch(str(row.get("Call_Duration") or ""))
    seconds = row.get("Call_Duration_in_seconds")
    if not found or not isinstance(seconds, int) or seconds <= 0:
        return None
    first, second = int(found[1]), int(found[2])
    if seconds == first * 60 + second:
        return "mm:ss"
    return "HH:mm" if seconds == (first * 60 + second) * 60 else None
