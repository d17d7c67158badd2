"""Coverage counts every interaction once."""

from __future__ import annotations

from typing import Any

from activity_sync.model.decisions import State
from activity_sync.reports.coverage import tallied
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.store.tables import Interactions
from tests.builders import NOON


def one(state: State | str, rep: str = "jo@acme.example", **more: Any) -> Interactions:
    own = {"key": "m", "kind": "meeting", "source": "s", "starts": NOON, "first_seen": NOON, "updated_at": NOON}
    return Interactions(**{**own, "state": state, "rep": rep, **more})


ROWS = [
    one(State.LOGGED, target_module="Deals"),
    one(State.LOGGED, target_module="Leads"),
    one(State.ADOPTED, rep="max@acme.example"),
    one(State.WAITING),
    one(State.UNMATCHED, decided={"rep": "max@acme.example"}, rep=""),
    one(State.FAILED),
    one(State.SCREENED, reason="its title is on the never list: lunch"),
    one(State.SCREENED, reason="its title is on the never list: gym"),
    one(State.SCREENED, reason="private", rep=""),
    one(State.PLANNED, reason=NOT_DUE),
    one(State.PLANNED, target_module="Deals"),
]


def test_what_is_eligible_is_logged_or_waits_or_failed() -> None:
    found = tallied(ROWS, rehearsal=False).as_json()
    told = found["all"]
    assert (told["eligible"], told["logged"], told["on_deal"], told["waiting"], told["failed"]) == (7, 3, 1, 3, 1)
    assert told["screened"] == {"its title is on the never list": 2, "private": 1}
    assert (told["unmatched"], told["share"]) == (1, 0.429)
    assert {rep: tally["eligible"] for rep, tally in found["reps"].items()} == {
        "jo@acme.example": 5, "max@acme.example": 2
    }  # fmt: skip


def test_in_a_rehearsal_what_was_planned_counts_as_logged() -> None:
    told = tallied(ROWS, rehearsal=True).as_json()["all"]
    assert (told["logged"], told["on_deal"], told["waiting"]) == (4, 2, 2)


def test_nothing_at_all_has_no_share() -> None:
    assert tallied([], rehearsal=False).as_json()["all"]["share"] is None
