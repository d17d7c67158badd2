"""One interaction, judged whole: screen, match, target, owner, type, plan.

The daemon, `preview` and `explain` all ask here, so they can never differ.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from activity_sync.model.decisions import Judgement, Match, Owner, State, Surroundings, Target
from activity_sync.model.interactions import Call, Interaction, Meeting
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
    blank = Judgement(interaction=interaction, state=State.SCREENED, outcome=what)
    reason = screen(interaction, what, around.team, settings, logged=around.logged)
    reason = reason or (ECHO if around.echo and not around.logged else None)
    reason = reason or never_logged(interaction, around.ignored, around.team, settings)
    if reason:
        return replace(blank, reason=reason, trace=(f"Not logged: {reason}.",))
    due = not_due(interaction, settings, around)
    if due is not None:
        return replace(blank, state=State.PLANNED, reason=NOT_DUE, judge_again_at=due)
    return _matched(blank, around, settings)


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


def _matched(blank: Judgement, around: Surroundings, settings: Settings) -> Judgement:
    known = match(blank.interaction, around.candidates, around.team, settings)
    newcomers = add_people(blank.interaction, known, around, settings)
    found, candidates = newcomers.match, newcomers.candidates
    target = choose_target(blank.interaction, found, candidates, around.team, around.org, settings, around.now)
    seen = replace(
        blank,
        state=target.state,
        reason=target.reason,
        target=target,
        candidates=(*found.candidates, *target.candidates),
        trace=(*found.trace, *target.trace),
        judge_again_at=around.now + ROLES_AGAIN if target.roles_of else None,
        questions=questions(found, target, settings),
    )
    outside = in_segment(found, target, settings, around.org, around.candidates.accounts)
    if outside:
        return replace(seen, state=State.SCREENED, reason=outside, trace=(*seen.trace, f"Not logged: {outside}."))
    if target.state is not State.LOGGED:
        return seen
    judged = _owned(seen, found, target, around, settings)
    return _with_people(judged, newcomers.wanted)


def _with_people(judged: Judgement, people: tuple[Wanted, ...]) -> Judgement:
    """Records of people are made and changed only for what is logged."""
    logs = any(wanted.slot == ACTIVITY and not wanted.only_if_there for wanted in judged.wanted)
    return replace(judged, wanted=(*people, *judged.wanted)) if people and logs else judged


def _owned(seen: Judgement, found: Match, target: Target, around: Surroundings, settings: Settings) -> Judgement:
    owner = choose_owner(seen.interaction, target, around.team)
    if owner.user is None:
        why, trace = "no active Zoho user can own it", (*seen.trace, *owner.trace)
        return replace(seen, owner=owner, state=State.FAILED, reason=why, trace=trace)
    facts = type_facts(seen.interaction, seen.outcome, target, owner, found, around.team, settings, around.org)
    choice = choose_type(facts, settings.activity_types)
    trace = (*seen.trace, *owner.trace, *choice.because)
    if choice.type is None:
        return replace(seen, owner=owner, trace=trace, state=State.SCREENED, reason="no activity type fits")
    name = choice.type.name
    if choice.type.then.skip:
        reason = f"the activity type {name} says skip"
        return replace(seen, owner=owner, type_name=name, trace=trace, state=State.SCREENED, reason=reason)
    planned = _planned(seen, found, target, owner, choice.type, facts, around, settings)
    return replace(
        seen,
        owner=owner,
        type_name=name,
        wanted=planned.wanted,
        withdraw=planned.withdraw,
        judge_again_at=planned.judge_again_at,
        stage_left=planned.stage_left,
        trace=(*trace, *planned.trace),
    )


def _planned(
    seen: Judgement, found: Match, target: Target, owner: Owner, kind: ActivityType, facts: TypeFacts,
    around: Surroundings, settings: Settings,
) -> Plan:  # fmt: skip
    what = seen.interaction

    def plan_for(whose: Owner) -> Plan:
        return plan(
            what, seen.outcome, target, whose, kind, around.team, around.org, settings, around.now, around.reached,
            facts=facts, stage_decided=around.stage_decided,
        )  # fmt: skip

    planned = for_each_rep(plan_for(owner), what, owner, around.team, settings, plan_for, around.there)
    return with_participants(planned, what, found, around.team, around.org, settings)
