"""The echo of our own Event: Zoho's calendar sync puts it into the owner's calendar, and it must not come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from activity_sync.model.interactions import Meeting, MeetingCopy
from activity_sync.model.records import Module
from activity_sync.model.team import Team
from activity_sync.model.writes import Written
from activity_sync.rules.payloads import TITLES
from activity_sync.rules.sameness import same
from activity_sync.rules.texts import one_line
from activity_sync.rules.values import TEXT_LENGTH, instant

ECHO = "the echo of an Event that we wrote"
"""Why an echo is not logged."""


def made_at(copies: Sequence[MeetingCopy]) -> datetime | None:
    """When the entry was first made, in whatever calendar; None when none of them tells."""
    return min((one.created for one in copies if one.created is not None), default=None)


def is_echo(meeting: Meeting, event: Written, team: Team) -> bool:
    """Whether an entry shows what we wrote: the same owner, title and times. That it came later is the caller's."""
    if event.module is not Module.EVENTS or event.gone:
        return False
    title = one_line(meeting.title, TEXT_LENGTH)
    return (
        _owner(event) in _people(meeting, team)
        and bool(title)
        and same(event.fields.get(TITLES[Module.EVENTS]), title)
        and same(event.fields.get("Start_DateTime"), instant(meeting.start))
        and same(event.fields.get("End_DateTime"), instant(meeting.end))
    )


def _owner(event: Written) -> str:
    owner = event.fields.get("Owner")
    return str(owner.get("id")) if isinstance(owner, dict) else ""


def _people(meeting: Meeting, team: Team) -> set[str]:
    """Those in whose calendars it stands, or who organised it."""
    users = (team.user(email) for email in (meeting.organizer, *meeting.calendars) if email)
    return {user.id for user in users if user is not None}
