"""Under whose name an activity is logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from activity_sync.model.decisions import Owner
from activity_sync.model.interactions import Call, Direction, Interaction, Meeting, Outcome, Response
from activity_sync.model.records import Record
from activity_sync.model.team import Team
from activity_sync.rules.sides import our_people, presence

_Claim = tuple[str, str]
"""Somebody's e-mail, and what speaks for that person."""


def choose_owner(interaction: Interaction, record: Record | None, team: Team) -> Owner:
    """The first of our people with a claim who has an active Zoho user; else `team.default_owner`; else nobody.

    `record`: on which it goes. `rep` stays the person with the best claim when the default owner stands in. A cancelled
    meeting that all of ours declined before is one of theirs, so that what stands in Zoho can follow.
    """
    best = ""
    for email, why in _claims(interaction, record, team):
        user = team.active(email)
        if user is not None:
            return Owner(rep=user.email, user=user, trace=(f"The owner is {user.email}: {why}.",))
        best = best or email
    found = _stand_in(team.home(best) if best else "", team)
    return found if found.user is not None or best else _of_declined(interaction, team) or found


def attended(interaction: Interaction, team: Team) -> frozenset[str]:
    """The ids of the Zoho users of ours who took part: did not decline, or were on the call."""
    match interaction:
        case Meeting():
            emails = [one.email for one in our_people(interaction, team) if one.response is not Response.DECLINED]
        case Call():
            emails = [share.email for share in interaction.reps]
    users = (team.user(email) for email in emails)
    return frozenset(user.id for user in users if user is not None)


def _stand_in(rep: str, team: Team) -> Owner:
    lacking = f"{rep} has no active Zoho user" if rep else "Nobody of ours is known to have been in it"
    user = team.active(team.default_owner)
    if user is not None:
        return Owner(rep=rep, user=user, trace=(f"{lacking}: the owner is team.default_owner, {user.email}.",))
    rest = "has no active Zoho user either" if team.default_owner else "is not set"
    return Owner(rep=rep, trace=(f"{lacking}, and team.default_owner {rest}: nobody can own it.",))


def _claims(interaction: Interaction, record: Record | None, team: Team) -> Iterable[_Claim]:
    owner = team.by_id(record.owner_id) if record is not None and record.owner_id else None
    theirs = owner.email if owner else ""
    match interaction:
        case Meeting():
            return _of_meeting(interaction, theirs, team)
        case Call():
            claims = _of_missed(interaction, theirs) if _is_missed(interaction) else _of_talk(interaction)
            return ((email, why) for email, why in claims if email)


def _of_meeting(meeting: Meeting, theirs: str, team: Team) -> Iterator[_Claim]:
    if team.is_ours(meeting.organizer):
        yield meeting.organizer, "organised the meeting"
    coming = [one for one in our_people(meeting, team) if one.response is not Response.DECLINED]
    for one in sorted(coming, key=lambda one: (presence(one), one.email != theirs, one.email)):
        answer = "has not answered, but is invited" if one.response is Response.NONE else f"answered {one.response}"
        yield one.email, answer


def _of_declined(interaction: Interaction, team: Team) -> Owner | None:
    invited = our_people(interaction, team) if isinstance(interaction, Meeting) and interaction.cancelled else ()
    users = (team.active(email) for email in sorted(one.email for one in invited))
    user = next((one for one in users if one is not None), None)
    return (
        Owner(rep=user.email, user=user, trace=(f"The owner is {user.email}: all of ours declined.",)) if user else None
    )


def _is_missed(call: Call) -> bool:
    return call.direction is Direction.INBOUND and call.outcome is not Outcome.ANSWERED


def _of_talk(call: Call) -> Iterator[_Claim]:
    did = "talked longest" if call.outcome is Outcome.ANSWERED else "made the call"
    for share in call.reps:
        yield share.email, did
        did = "was on the call too"
    yield call.line_rep, "the line is theirs"


def _of_missed(call: Call, theirs: str) -> Iterator[_Claim]:
    yield call.line_rep, "the line is theirs"
    yield call.queue if "@" in call.queue else "", "the queue is theirs"
    yield theirs, "owns the record that it goes on"
    for share in call.reps:
        yield share.email, "it rang there"
