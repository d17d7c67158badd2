"""One interaction, judged whole: screen, match, target, owner, type, plan.

The daemon, `preview` and `explain` all ask here, so they can never differ.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from activity_sync.model.decisions import Judgement, Match, Owner, State, Surroundings, Target
from activity_sync.model.interactions import Call, Interaction, Meeting, Outcome
from activity_sync.model.light import light_dataclass
from activity_sync.model.settings import ActivityType, Settings
from activity_sync.model.writes import Wanted
from activity_sync.rules.activity_types import TypeFacts, choose_type, type_facts
from activity_sync.rules.echoes import ECHO
from activity_sync.rules.everybody import for_each_rep, with_participants
from activity_sync.rules.matching import match
from activity_sync.rules.outcomes import outcome
from activity_sync.rules.owners import choose_owner
from activity_sync.rules.people import add_people
from activity_sync.rules.planning import ACTIVITY, Plan, plan
from activity_sync.rules.review import never_logged, questions
from activity_sync.rules.screening import screen
from activity_sync.rules.segments import in_segment
from activity_sync.rules.settling import settle
from activity_sync.rules.targets import choose_target

NOT_DUE = "not due yet"
"""The reason of an interaction whose time has not come: a call in its settle, a meeting beyond the horizon."""

ROLES_AGAIN = timedelta(minutes=1)
"""What waits for contact roles is judged again when they are there; if they cannot be had now, after this."""


def judge(interaction: Interaction, around: Surroundings, settings: Settings) -> Judgement:
    """What is to become of `interaction`; the same answer for the same input, always.

    One that is in Zoho already and is screened now keeps its records: only a cancellation or `undo` takes them back.
    """
    what = outcome(interaction, around.team, settings, around.now, around.attended)
    reason = screen(interaction, what, around.team, settings, logged=around.logged)
    reason = reason or (ECHO if around.echo and not around.logged else None)
    reason = reason or never_logged(interaction, around.ignored, around.team, settings)
    begun = partial(Judgement, interaction=interaction, outcome=what)
    if reason:
        return begun(state=State.SCREENED, reason=reason, trace=(f"Not logged: {reason}.",))
    due = not_due(interaction, settings, around)
    if due is not None:
        return begun(state=State.PLANNED, reason=NOT_DUE, judge_again_at=due)
    return _matched(interaction, what, around, settings)


def not_due(interaction: Interaction, settings: Settings, around: Surroundings) -> datetime | None:
    """When it will be time to judge this interaction; None: now. One that is logged already is always due."""
    if around.logged:
        return None
    match interaction:
        case Meeting():
            ended = settings.meetings.write == "ended"
            over = interaction.end + settle(interaction, settings)
            due = over if ended else interaction.start - settings.meetings.horizon
        case Call():
            due = interaction.end + settle(interaction, settings)
    return due if due > around.now else None


def _matched(interaction: Interaction, what: Outcome, around: Surroundings, settings: Settings) -> Judgement:
    known = match(interaction, around.candidates, around.team, settings)
    newcomers = add_people(interaction, known, around, settings)
    found = newcomers.match
    target = choose_target(interaction, found, newcomers.candidates, around.team, around.org, settings, around.now)
    case = _Case(interaction, what, found, target, newcomers.wanted, around, settings)
    outside = in_segment(found, target, settings, around.org, around.candidates.accounts)
    if outside:
        return _stopped(case, State.SCREENED, outside, f"Not logged: {outside}.")
    return _owned(case) if target.state is State.LOGGED else _stopped(case, target.state, target.reason)


@light_dataclass(frozen=True, slots=True)
class _Case:
    """An interaction, who is in it and where it goes. `people`: the records to be made and changed for them."""

    interaction: Interaction
    outcome: Outcome
    found: Match
    target: Target
    people: tuple[Wanted, ...]
    around: Surroundings
    settings: Settings

    def seen(self) -> _Judged:
        """What is known of the judgement, whatever comes of it."""
        return partial(
            Judgement,
            interaction=self.interaction,
            outcome=self.outcome,
            target=self.target,
            candidates=(*self.found.candidates, *self.target.candidates),
            questions=questions(self.found, self.target, self.settings),
        )

    def trace(self) -> tuple[str, ...]:
        """What was said about people and target."""
        return (*self.found.trace, *self.target.trace)


_Judged = partial[Judgement]


def _stopped(case: _Case, state: State, reason: str, *said: str, **more: Any) -> Judgement:
    """Nothing is written."""
    again = case.around.now + ROLES_AGAIN if case.target.roles_of else None
    return case.seen()(state=state, reason=reason, judge_again_at=again, trace=(*case.trace(), *said), **more)


def _owned(case: _Case) -> Judgement:
    owner = choose_owner(case.interaction, case.target.record, case.around.team)
    if owner.user is None:
        return _stopped(case, State.FAILED, "no active Zoho user can own it", *owner.trace, owner=owner)
    facts = type_facts(
        case.interaction, case.outcome, case.target, owner, case.found, case.around.team, case.settings, case.around.org
    )
    choice = choose_type(facts, case.settings.activity_types)
    said = (*owner.trace, *choice.because)
    if choice.type is None:
        return _stopped(case, State.SCREENED, "no activity type fits", *said, owner=owner)
    name = choice.type.name
    if choice.type.then.skip:
        reason = f"the activity type {name} says skip"
        return _stopped(case, State.SCREENED, reason, *said, owner=owner, type_name=name)
    planned = _planned(case, owner, choice.type, facts)
    return case.seen()(
        state=State.LOGGED,
        reason=case.target.reason,
        owner=owner,
        type_name=name,
        wanted=_with_people(case.people, planned.wanted),
        withdraw=planned.withdraw,
        judge_again_at=planned.judge_again_at,
        stage_left=planned.stage_left,
        trace=(*case.trace(), *said, *planned.trace),
    )


def _with_people(people: tuple[Wanted, ...], planned: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Records of people are made and changed only for what is logged."""
    logs = any(wanted.slot == ACTIVITY and not wanted.only_if_there for wanted in planned)
    return (*people, *planned) if logs else planned


def _planned(case: _Case, owner: Owner, kind: ActivityType, facts: TypeFacts) -> Plan:
    what, around, settings = case.interaction, case.around, case.settings

    def plan_for(whose: Owner) -> Plan:
        return plan(
            what, case.outcome, case.target, whose, kind, around.team, around.org, settings, around.now, around.reached,
            facts=facts, stage_decided=around.stage_decided,
        )  # fmt: skip

    planned = for_each_rep(plan_for(owner), what, owner, around.team, settings, plan_for, around.there)
    return with_participants(planned, what, case.found, around.team, around.org, settings)
