"""What a backfill brought in is history: it moves no deal on, and nobody is asked to follow up on it too late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from activity_sync.model.decisions import Judgement
from activity_sync.model.records import Module
from activity_sync.model.writes import Wanted
from activity_sync.rules.deal_stages import STAGE

_DUE = "Due_Date"


def as_history(judgement: Judgement, there: Collection[str], today: date) -> Judgement:
    """The judgement without a deal's stage and without follow-ups that would be overdue at once.

    `there`: the slots that have been written already; what is there is looked after as ever. `today`: in the company's
    time zone.
    """
    kept = tuple(one for one in judgement.wanted if one.slot in there or not _too_late(one, today))
    left = [one for one in judgement.wanted if one not in kept]
    if not left:
        return judgement
    said = tuple(
        "A deal's stage is not moved by what is long past."
        if one.slot == STAGE
        else f"No follow-up {one.slot.partition(':')[2]}: due {one.fields[_DUE]}, and this is long past."
        for one in left
    )
    return replace(judgement, wanted=kept, stage_left=True, trace=(*judgement.trace, *said))


def _too_late(one: Wanted, today: date) -> bool:
    if one.slot == STAGE:
        return True
    due = str(one.fields.get(_DUE) or "")
    return one.module is Module.TASKS and bool(due) and due < today.isoformat()
