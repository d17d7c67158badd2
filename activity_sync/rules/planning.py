"""Target and activity type to the records that an interaction calls for in Zoho: one activity and its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from activity_sync.model.decisions import Match, Owner, Target
from activity_sync.model.interactions import Call, Interaction, Meeting, Outcome
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import NOUNS, Module, OrgFacts, User
from activity_sync.model.settings import ActivityType, Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Wanted
from activity_sync.rules.activity_types import type_facts
from activity_sync.rules.conditions import TypeFacts
from activity_sync.rules.custom_fields import added_fields
from activity_sync.rules.deal_stages import StageMove, move_stage
from activity_sync.rules.follow_ups import Occasion, follow_ups, task_slot
from activity_sync.rules.payloads import TITLES, call_block, call_fields, event_fields, lead_without_link, links, room
from activity_sync.rules.settling import settle
from activity_sync.rules.templates import render
from activity_sync.rules.wording import CANCELLED, context, is_redacted, unlinked

ACTIVITY = "activity"
"""The slot of the Event or Call."""


class Plan(NamedTuple):
    """What an interaction calls for; in this order `judgement` takes it apart.

    `withdraw`: slots whose records go if nobody touched them. `judge_again_at`: when time alone changes the plan.
    `stage_left`: it is settled that the deal's stage stays.
    """

    wanted: tuple[Wanted, ...] = ()
    withdraw: tuple[str, ...] = ()
    judge_again_at: datetime | None = None
    trace: tuple[str, ...] = ()
    stage_left: bool = False


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One interaction with all that was found out about it."""

    interaction: Interaction
    outcome: Outcome
    target: Target
    owner: Owner
    user: User
    kind: ActivityType
    team: Team
    org: OrgFacts
    settings: Settings
    now: datetime
    facts: TypeFacts
    words: Mapping[str, Any]
    reached: datetime | None
    stage_decided: bool


def plan(
    interaction: Interaction, outcome: Outcome, target: Target, owner: Owner, activity_type: ActivityType, team: Team,
    org: OrgFacts, settings: Settings, now: datetime, reached: datetime | None = None, facts: TypeFacts | None = None,
    stage_decided: bool = False,
) -> Plan:  # fmt: skip
    """The records as they should be in Zoho at `now` (aware, UTC).

    `reached`: when one of our people reached a missed caller, which completes the call-back. `facts`: for the
    conditions of follow-ups; without them, what interaction and target tell. `stage_decided`: leave the deal's stage
    alone, that was settled before. No owner: nothing is planned.
    """
    if owner.user is None:
        return Plan(trace=("Nobody can own it.",))
    known = facts or type_facts(interaction, outcome, target, owner, Match(), team, settings, org)
    case = Case(
        interaction=interaction,
        outcome=outcome,
        target=target,
        owner=owner,
        user=owner.user,
        kind=activity_type,
        team=team,
        org=org,
        settings=settings,
        now=now,
        facts=known,
        words=context(interaction, outcome, target, owner, activity_type.name, team, settings),
        reached=reached,
        stage_decided=stage_decided,
    )
    return _plan(case)


def _plan(case: Case) -> Plan:
    match case.interaction:
        case Meeting() if case.outcome is Outcome.CANCELLED:
            return _cancelled(case.interaction, case)
        case Call() if case.interaction.withdrawn:
            return Plan(withdraw=(ACTIVITY, *_task_slots(case)), trace=("The dialer took the call back.",))
    settled = _settled(case)
    if case.now >= settled:
        return _over(case)
    if isinstance(case.interaction, Call) or case.settings.meetings.write == "ended":
        return Plan((), (), settled, ("Nothing is written before it is over.",))
    activity, trace = _activity(case)
    return Plan((activity,), _task_slots(case), settled, (*trace, "Not over yet: no follow-ups."))


def _over(case: Case) -> Plan:
    activity, trace = _activity(case)
    if case.outcome is Outcome.DECLINED:
        return Plan((activity,), _task_slots(case), None, (*trace, "Declined: no follow-ups."))
    names = case.kind.then.follow_ups
    tasks, said = follow_ups(names, _occasion(case)) if names else ((), ())
    asked = {task.slot for task in tasks}
    rest = tuple(slot for slot in _task_slots(case) if slot not in asked)
    move = _move(case)
    wanted = (activity, *tasks, *((move.wanted,) if move.wanted else ()))
    return Plan(wanted, rest, None, (*trace, *said, *move.trace), move.left)


def _move(case: Case) -> StageMove:
    if case.stage_decided:
        told = ("The stage of its deal was settled before, and is left alone.",) if case.kind.then.deal_stage else ()
        return StageMove(left=True, trace=told)
    return move_stage(case.kind.then.deal_stage, case.target, case.org)


def _cancelled(meeting: Meeting, case: Case) -> Plan:
    how = case.settings.meetings.cancelled
    if how == "delete" and case.now < meeting.start:
        return Plan(withdraw=(ACTIVITY, *_task_slots(case)), trace=("Cancelled before its start: to be deleted.",))
    if how == "keep":
        return Plan(trace=("Cancelled: what was logged is kept as it is.",))
    activity, trace = _activity(case, prefix=CANCELLED, only_if_there=True)
    return Plan((activity,), _task_slots(case), None, (*trace, "Cancelled: marked in its title."))


def _settled(case: Case) -> datetime:
    return case.interaction.end + settle(case.interaction, case.settings)


def _task_slots(case: Case) -> tuple[str, ...]:
    return tuple(task_slot(name) for name in case.settings.follow_ups)


def _occasion(case: Case) -> Occasion:
    return Occasion(
        interaction=case.interaction,
        target=case.target,
        owner=case.user,
        facts=case.facts,
        words=case.words,
        team=case.team,
        org=case.org,
        settings=case.settings,
        reached=case.reached is not None,
    )


def _activity(case: Case, *, prefix: str = "", only_if_there: bool = False) -> tuple[Wanted, tuple[str, ...]]:
    module = Module.EVENTS if isinstance(case.interaction, Meeting) else Module.CALLS
    title, trouble = _title(case, module, prefix)
    description, problem = _description(case, module)
    added = added_fields(module, case.kind, case.words, case.org, case.settings)
    fields = {
        **added.fields,
        **_own_fields(case, title, description),
        **links(case.target, module, case.org.learned),
        "Owner": {"id": case.user.id},
    }
    wanted = Wanted(
        slot=ACTIVITY,
        module=module,
        record_key=case.interaction.key,
        fields=fields,
        because=f"activity type {case.kind.name}, {_where(case.target)}",
        only_if_there=only_if_there,
    )
    return wanted, (*(f"{words}." for words in (trouble, problem) if words), *added.trace)


def _own_fields(case: Case, title: str, description: str) -> dict[str, Any]:
    if isinstance(case.interaction, Call):
        return call_fields(case.interaction, title, description, case.org)
    fields = event_fields(case.interaction, title, description, case.org)
    if _redacted(case):
        fields.pop("Venue", None)
    return fields


def _title(case: Case, module: Module, prefix: str) -> tuple[str, str | None]:
    subject, problem = case.kind.then.subject, None
    if subject is not None and not _redacted(case):
        length = room(case.org, module, TITLES[module])
        text, problem = render(subject, case.words, case.words["title"], length=length)
        if text:
            return prefix + text, problem
    return prefix + str(case.words["title"]), problem


def _description(case: Case, module: Module) -> tuple[str, str | None]:
    template = case.kind.then.description
    length = room(case.org, module, "Description")
    if isinstance(case.interaction, Call):
        text, problem = render(template or "", case.words, "", length=length, lines=True)
        return call_block(case.interaction, text, case.team, with_notes=case.settings.calls.summary), problem
    others = unlinked(case.interaction, _linkable(case, module), case.team, case.settings)
    if _redacted(case):
        return others, None
    wording = "{{ notes }}" if template is None else template
    text, problem = render(wording, case.words, str(case.words["notes"]), length=length - len(others) - 2, lines=True)
    return "\n\n".join(piece for piece in (text, others) if piece), problem


def _linkable(case: Case, module: Module) -> Target:
    """The target, with a lead that this org does not take as a link among those to be named."""
    target = case.target
    if target.record is None or not lead_without_link(target, module, case.org.learned):
        return target
    others = (lead for lead in target.leads if lead.id != target.record.id)
    return replace(target, record=None, leads=(target.record, *others))


def _redacted(case: Case) -> bool:
    return is_redacted(case.interaction, case.settings)


def _where(target: Target) -> str:
    record = target.record
    return f"on the {NOUNS[record.module]} {record.name}" if record is not None else "on no record"
