"""A deal moved on along its pipeline by a meeting or a call that was held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from activity_sync.model.decisions import Target
from activity_sync.model.records import Module, OrgFacts, Record, Stage
from activity_sync.model.settings import DealStage
from activity_sync.model.writes import Wanted
from activity_sync.rules.deals import is_closed
from activity_sync.rules.texts import comparable

STAGE = "stage"
"""The slot of the deal's change."""


class StageMove(NamedTuple):
    """`wanted`: the deal's change, or None. `left`: it is settled that this deal stays. `trace`: what to say of it."""

    wanted: Wanted | None = None
    left: bool = False
    trace: tuple[str, ...] = ()


def move_stage(asked: DealStage | None, target: Target, org: OrgFacts) -> StageMove:
    """What `deal_stage` makes of an interaction that is over.

    Only forward along the deal's own pipeline, only from the stages that are listed, and never a closed deal.
    """
    deal = target.record
    if asked is None:
        return StageMove()
    if deal is None or deal.module is not Module.DEALS:
        return StageMove(trace=("It goes on no deal, so no stage is changed.",))
    stages = pipeline_of(deal, org.stages)
    to = next((stage for stage in stages if is_called(stage, [asked.to])), None)
    why = _objection(deal, asked, stages, to, org)
    if to is None or why:
        return StageMove(left=True, trace=(f"The stage of the deal {deal.name} stays {deal.stage or 'empty'}: {why}.",))
    moved = f"from {deal.stage} to {to.name}"
    wanted = Wanted(
        slot=STAGE,
        module=Module.DEALS,
        record_key="",
        fields={"Stage": to.name},
        because=f"deal stage {moved}",
        id=deal.id,
        unless_changed_since=deal.modified,
    )
    return StageMove(wanted, trace=(f"The deal {deal.name} moves on {moved}.",))


def pipeline_of(deal: Record, stages: Sequence[Stage]) -> list[Stage]:
    """The stages of the deal's pipeline; of a deal without one, those of the only pipeline that there is."""
    pipelines = {stage.pipeline for stage in stages}
    name = deal.pipeline if deal.pipeline in pipelines or len(pipelines) != 1 else next(iter(pipelines))
    if deal.pipeline and name != deal.pipeline and name:
        return []
    return [stage for stage in stages if stage.pipeline == name]


def is_called(stage: Stage, names: Iterable[str]) -> bool:
    """Whether one of the names means this stage: its actual value, or what people see of it."""
    known = {comparable(name) for name in names}
    return comparable(stage.name) in known or (bool(stage.label) and comparable(stage.label) in known)


def _objection(deal: Record, asked: DealStage, stages: Sequence[Stage], to: Stage | None, org: OrgFacts) -> str:
    """Why the stage is not touched; "" when it may move."""
    now = next((stage for stage in stages if stage.name == deal.stage), None)
    named_so = now or Stage(deal.stage)
    if is_closed(deal, org):
        return "the deal is closed"
    if not is_called(named_so, asked.from_):
        return f"only {' or '.join(asked.from_)} would move on to {asked.to}"
    if now is None or to is None:
        named = f" {deal.pipeline}" if deal.pipeline else ""
        return f"its pipeline{named} has no stage {asked.to if now else deal.stage}"
    if to.order <= now.order:
        return f"{to.name} is no step forward"
    return "" if deal.modified else "when it was changed last is not known"
