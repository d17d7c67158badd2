"""What a backfill brought in moves no deal on and asks nobody too late."""

from __future__ import annotations

from datetime import date
from typing import Any

from activity_sync.model.decisions import Judgement, State
from activity_sync.model.interactions import Outcome
from activity_sync.model.records import Module
from activity_sync.model.writes import Wanted
from activity_sync.rules.long_ago import as_history
from tests.builders import a_meeting

TODAY = date(2026, 3, 2)


def wanted(slot: str, module: Module, **fields: Any) -> Wanted:
    return Wanted(slot=slot, module=module, record_key=slot, fields=fields, because="")


def test_only_what_is_not_overdue_is_left_and_what_is_there_stays() -> None:
    plan = (
        wanted("activity", Module.EVENTS),
        wanted("task:late", Module.TASKS, Due_Date="2026-03-01"),
        wanted("task:there", Module.TASKS, Due_Date="2026-03-01"),
        wanted("task:today", Module.TASKS, Due_Date="2026-03-02"),
        wanted("task:whenever", Module.TASKS),
        wanted("stage", Module.DEALS, Stage="Proposal"),
    )
    judged = Judgement(interaction=a_meeting(), state=State.LOGGED, outcome=Outcome.HELD, wanted=plan)
    found = as_history(judged, {"activity", "task:there"}, TODAY)
    assert [one.slot for one in found.wanted] == ["activity", "task:there", "task:today", "task:whenever"]
    assert found.stage_left
    assert len(found.trace) == 2


def test_a_judgement_with_nothing_too_late_is_left_alone() -> None:
    judged = Judgement(interaction=a_meeting(), state=State.LOGGED, outcome=Outcome.HELD)
    assert as_history(judged, (), TODAY) is judged
