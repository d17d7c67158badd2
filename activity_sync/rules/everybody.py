"""Everybody who is in a meeting, on its Event: as participants, or with an Event for each of our people.

`meetings.participants` puts matched people and our users on it; the writer tells Zoho to invite nobody, and an org in
which the self-test did not see that obeyed gets none. `meetings.one_activity_per: rep` makes further Events, each in
a slot and under a key of its own; follow-ups and the deal's stage stay the meeting's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from activity_sync.model.decisions import Match, Owner
from activity_sync.model.interactions import Interaction, Meeting, Response
from activity_sync.model.records import NEW, Module, OrgFacts, Record, User
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Wanted
from activity_sync.rules.owners import attended
from activity_sync.rules.planning import ACTIVITY, Plan
from activity_sync.rules.sides import our_people

MOST = 50
"""Participants that Zoho takes on one Event (zoho.md 4.3)."""

_TYPES = {Module.CONTACTS: "contact", Module.LEADS: "lead"}
_FOR_REP = f"{ACTIVITY}:"


def with_participants(
    planned: Plan, interaction: Interaction, found: Match, team: Team, org: OrgFacts, settings: Settings
) -> Plan:
    """The plan with the people of the meeting on each of its Events, if the config wants them there."""
    if not (isinstance(interaction, Meeting) and settings.meetings.participants and planned.wanted):
        return planned
    if org.learned.at is not None and not org.learned.quiet_participants:
        said = "No participants: the self-test did not see that this org leaves them uninvited."
        return planned._replace(trace=(*planned.trace, said))
    people = [*_matched(interaction, found), *_ours(interaction, team)]
    wanted = tuple(_with(one, people) if _is_activity(one.slot) else one for one in planned.wanted)
    return planned._replace(wanted=wanted)


def for_each_rep(
    planned: Plan, interaction: Interaction, owner: Owner, team: Team, settings: Settings,
    plan_for: Callable[[Owner], Plan], there: Collection[str],
) -> Plan:  # fmt: skip
    """The plan with an Event for each of our people in it who has an active user, besides the owner's.

    `plan_for`: the plan if somebody else owned it. `there`: the slots that Zoho holds already; those of people who
    are not in it any more, and all of them once the config wants one Event for a meeting, are withdrawn.
    """
    more: list[Wanted] = []
    if isinstance(interaction, Meeting) and settings.meetings.one_activity_per == "rep":
        for user in _others(interaction, owner, team):
            own = plan_for(Owner(rep=user.email, user=user)).wanted
            more += [_of(user, one) for one in own if one.slot == ACTIVITY]
    wanted = {one.slot for one in more}
    left = tuple(sorted(slot for slot in there if slot.startswith(_FOR_REP) and slot not in wanted))
    judged = ACTIVITY in planned.withdraw or any(one.slot == ACTIVITY for one in planned.wanted)
    if not more and not (left and judged):
        return planned
    return planned._replace(wanted=(*planned.wanted, *more), withdraw=(*planned.withdraw, *(left if judged else ())))


def _is_activity(slot: str) -> bool:
    return slot == ACTIVITY or slot.startswith(_FOR_REP)


def _of(user: User, wanted: Wanted) -> Wanted:
    because = f"{wanted.because}; the Event of {user.email}"
    return replace(wanted, slot=f"{_FOR_REP}{user.id}", record_key=f"{wanted.record_key}:{user.id}", because=because)


def _others(meeting: Meeting, owner: Owner, team: Team) -> Iterator[User]:
    users = (team.by_id(user_id) for user_id in sorted(attended(meeting, team)))
    return (user for user in users if user is not None and user.active and user != owner.user)


def _with(wanted: Wanted, people: list[dict[str, Any]]) -> Wanted:
    own = [one for one in wanted.fields.get("Participants", ()) if one not in people]
    everybody = [*own, *people][:MOST]
    return replace(wanted, fields={**wanted.fields, "Participants": everybody}) if everybody else wanted


def _matched(meeting: Meeting, found: Match) -> Iterator[dict[str, Any]]:
    """The records of those of whom it is certain who they are, and who did not decline."""
    away = {person.email for person in meeting.participants if person.response is Response.DECLINED}
    records = [one.records[0] for one in found.people if len(one.records) == 1 and one.address not in away]
    for record in sorted({(one.module, one.id): one for one in records}.values(), key=lambda one: (one.module, one.id)):
        if _is_there(record):
            yield {"type": _TYPES[record.module], "participant": record.id}


def _is_there(record: Record) -> bool:
    return record.module in _TYPES and not record.id.startswith(NEW)


def _ours(meeting: Meeting, team: Team) -> Iterator[dict[str, Any]]:
    coming = (one for one in our_people(meeting, team) if one.response is not Response.DECLINED)
    users = {user.id: user for one in coming if (user := team.active(one.email)) is not None}
    return ({"type": "user", "participant": user_id} for user_id in sorted(users))
