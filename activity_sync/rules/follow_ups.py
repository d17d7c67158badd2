"""The Tasks that an activity type asks for: which, for whom, due when."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.model.decisions import Target
from activity_sync.model.interactions import Interaction
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import Module, OrgFacts, User
from activity_sync.model.settings import FollowUp, Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Wanted
from activity_sync.rules.business_time import add
from activity_sync.rules.conditions import TypeFacts, first_misfit
from activity_sync.rules.payloads import field_facts, links, task_fields
from activity_sync.rules.templates import render
from activity_sync.rules.values import picklist_value

_PLAIN_NAME = re.compile(r"(?=.*[a-z])[a-z0-9_-]{1,38}")


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What all follow-ups of one interaction share. `reached`: one of ours has reached the number since."""

    interaction: Interaction
    target: Target
    owner: User
    facts: TypeFacts
    words: Mapping[str, Any]
    team: Team
    org: OrgFacts
    settings: Settings
    reached: bool = False


def follow_ups(names: Sequence[str], occasion: Occasion) -> tuple[tuple[Wanted, ...], tuple[str, ...]]:
    """The tasks among `names` whose conditions fit, and what is to be said about them."""
    wanted: list[Wanted] = []
    trace: list[str] = []
    for name in dict.fromkeys(names):
        asked = occasion.settings.follow_ups.get(name)
        misfit = "it is not in the config" if asked is None else first_misfit(asked.when, occasion.facts)
        if asked is None or misfit:
            trace.append(f"No follow-up {name}: {misfit}.")
            continue
        try:
            task, said = _task(name, asked, occasion)
        except (OverflowError, ValueError) as error:
            trace.append(f"No follow-up {name}: its due date cannot be found ({error}).")
            continue
        wanted.append(task)
        trace += said
    return tuple(wanted), tuple(trace)


def task_slot(name: str) -> str:
    """The slot of a follow-up."""
    return f"task:{name}"


def task_key(key: str, name: str) -> str:
    """The record key of a follow-up, fit for a text field of 64 characters that is unique in any case.

    Names that are long, odd, or look like the number of a later key (`KEY/2`) are told apart by a hash.
    """
    if _PLAIN_NAME.fullmatch(name):
        return f"{key}/{name}"
    plain = re.sub(r"[^a-z0-9_-]+", "-", name.casefold())[:24].strip("-")
    return f"{key}/{plain}-{hashlib.sha256(name.encode()).hexdigest()[:10]}x"


def _task(name: str, asked: FollowUp, occasion: Occasion) -> tuple[Wanted, tuple[str, ...]]:
    settings, org = occasion.settings, occasion.org
    owner, said = _owner(asked, occasion)
    due = add(asked.due, occasion.interaction.end, settings.business_days, settings.zone)
    day = due.astimezone(_zone(owner, settings)).strftime("%Y-%m-%d")
    subject, problem = render(asked.subject, occasion.words, name)
    status = "Completed" if asked.close_when_reached and occasion.reached else asked.status or "Not Started"
    chosen, unknown = _choices({"Status": status, "Priority": asked.priority}, org)
    because = f"follow-up {name}, due {asked.due} after the end"
    fields = {**task_fields(subject, owner, due, day, asked.remind, org), **chosen, **links(occasion.target)}
    task = Wanted(
        slot=task_slot(name),
        module=Module.TASKS,
        record_key=task_key(occasion.interaction.key, name),
        fields=fields,
        because=because,
    )
    problems = [f"{problem}."] if problem else []
    return task, (f"Follow-up {name}: due {day} ({asked.due} after the end).", *said, *problems, *unknown)


def _owner(asked: FollowUp, occasion: Occasion) -> tuple[User, tuple[str, ...]]:
    if asked.owner == "rep":
        return occasion.owner, ()
    user = _record_owner(occasion) if asked.owner == "record_owner" else occasion.team.active(asked.owner)
    if user is not None:
        return user, ()
    whom = "the record's owner" if asked.owner == "record_owner" else asked.owner
    return occasion.owner, (f"{whom} has no active Zoho user: the follow-up goes to the rep.",)


def _record_owner(occasion: Occasion) -> User | None:
    record = occasion.target.record
    user = occasion.team.by_id(record.owner_id) if record is not None and record.owner_id else None
    return user if user is not None and user.active else None


def _zone(owner: User, settings: Settings) -> ZoneInfo:
    try:
        return ZoneInfo(owner.time_zone) if owner.time_zone else settings.zone
    except (OSError, ValueError, KeyError):
        return settings.zone


def _choices(wanted: Mapping[str, str | None], org: OrgFacts) -> tuple[dict[str, str], list[str]]:
    """Picklist values in the org's own spelling; those that the org has not are left out, and it is said."""
    chosen: dict[str, str] = {}
    said: list[str] = []
    for name, value in wanted.items():
        facts = field_facts(org, Module.TASKS, name)
        own = picklist_value(value, facts) if value and facts and facts.picklist else value
        if own:
            chosen[name] = own
        elif value:
            said.append(f'{name} is left out: the org has no value "{value}".')
    return chosen, said
