"""A deal moves on along its pipeline, once for an interaction, and never against a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from activity_sync.model.decisions import State, Target
from activity_sync.model.interactions import Outcome
from activity_sync.model.records import OrgFacts, Stage
from activity_sync.model.settings import DealStage
from activity_sync.model.writes import Op, Written
from activity_sync.rules.deal_stages import move_stage
from activity_sync.rules.differences import differ
from tests import builders as b
from tests.rules.plans import a_plan, carried_out, on

ASKED = {"from": ["qualification", "Proposal"], "to": "Negotiation"}
ORG = OrgFacts(
    stages=(
        *(Stage(name, "Sales", order) for order, name in enumerate(("Qualification", "Proposal", "Negotiation"), 1)),
        Stage("Closed Won", "Sales", 4, closed=True, won=True),
        Stage("Qualification", "Renewals", 1),
        Stage("Signed", "Renewals", 2),
        Stage("Negotiation", "Backwards", 1),
        Stage("Proposal", "Backwards", 2),
    )
)


def moved(asked: dict[str, Any] | None = None, org: OrgFacts = ORG, **deal: Any) -> Any:
    """What becomes of a deal in Proposal of the pipeline Sales."""
    own = {"stage": "Proposal", "pipeline": "Sales", "modified": b.NOON, **deal}
    return move_stage(DealStage.model_validate(asked or ASKED), on(b.a_deal(**own)), org)


@pytest.mark.parametrize("stage", ["Qualification", "Proposal"])
def test_a_deal_moves_on_from_a_listed_stage(stage: str) -> None:
    wanted = moved(stage=stage).wanted
    assert (wanted.id, wanted.fields, wanted.unless_changed_since) == ("big", {"Stage": "Negotiation"}, b.NOON)


@pytest.mark.parametrize(
    ("why", "deal", "asked"),
    [
        ("only qualification or Proposal would move on", {"stage": "Negotiation"}, {}),
        ("the deal is closed", {"stage": "Closed Won"}, {"from": ["Closed Won"]}),
        ("is no step forward", {"pipeline": "Backwards"}, {}),
        ("is no step forward", {}, {"to": "Proposal"}),
        ("has no stage Negotiation", {"pipeline": "Renewals", "stage": "Qualification"}, {}),
        ("has no stage Proposal", {"pipeline": "Unheard of"}, {}),
        ("has no stage Proposal", {"pipeline": ""}, {}),
        ("when it was changed last is not known", {"modified": None}, {}),
    ],
)
def test_a_deal_stays_where_it_is_and_the_trace_says_why(why: str, deal: Any, asked: Any) -> None:
    move = moved({**ASKED, **asked}, **deal)
    assert (move.wanted, move.left) == (None, True)
    assert why in move.trace[0]


def test_without_pipelines_the_order_of_the_stages_counts() -> None:
    org = OrgFacts(stages=tuple(replace(stage, pipeline="") for stage in ORG.stages[:4]))
    assert moved(org=org, pipeline="").wanted.fields == {"Stage": "Negotiation"}
    assert moved(org=org).wanted.fields == {"Stage": "Negotiation"}


def test_without_a_deal_nothing_is_settled() -> None:
    move = move_stage(DealStage.model_validate(ASKED), on(b.an_account()), ORG)
    assert (move.wanted, move.left) == (None, False)


THEN = {"deal_stage": {"from": ["Proposal"], "to": "Negotiation"}}
HERE = Target(state=State.LOGGED, record=b.a_deal(stage="Proposal", pipeline="Sales", modified=b.NOON))
FULL = replace(b.an_org(), stages=ORG.stages)


def slots(**how: Any) -> list[str]:
    return [one.slot for one in a_plan(target=HERE, org=FULL, then=THEN, **how).wanted]


def test_only_what_is_over_and_was_not_cancelled_or_declined_moves_a_deal() -> None:
    assert slots() == ["activity", "stage"]
    assert slots(outcome=Outcome.SCHEDULED, now=b.at(30)) == ["activity"]
    assert slots(outcome=Outcome.HELD, now=b.at(70)) == ["activity"]
    assert slots(outcome=Outcome.DECLINED) == ["activity"]
    assert slots(interaction=b.a_meeting(cancelled=True), outcome=Outcome.CANCELLED) == ["activity"]
    assert slots(interaction=b.a_call(), now=b.at(5)) == []
    assert slots(interaction=b.a_call()) == ["activity", "stage"]


def test_a_deal_is_changed_once_for_an_interaction() -> None:
    plan = a_plan(target=HERE, org=FULL, then=THEN)
    (write,) = (one for one in differ(plan.wanted, plan.withdraw, ()) if one.slot == "stage")
    assert (write.op, write.id, write.fields) == (Op.UPDATE, "big", {"Stage": "Negotiation"})
    written = Written(slot="stage", module=write.module, record_key="", id="big", fields=write.fields)
    activity = carried_out(differ(plan.wanted, plan.withdraw, ())[:1])
    assert differ(plan.wanted, plan.withdraw, [*activity, written]) == ()
