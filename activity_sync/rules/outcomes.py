"""What became of an interaction, as far as is known without a recorder."""

from __future__ import annotations

from datetime import datetime

from activity_sync.model.interactions import Call, Interaction, Meeting, Outcome, Response
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.sides import outsiders


def outcome(
    interaction: Interaction, team: Team, settings: Settings, now: datetime, attended: tuple[int, int] | None = None
) -> Outcome:
    """A call's own outcome; a meeting's from its answers and the time (`now`: aware, UTC).

    `attended`: how many of ours and how many others were there; None: not known.
    """
    match interaction:
        case Call():
            return interaction.outcome
        case Meeting():
            return _of_meeting(interaction, team, settings, now, attended)


def _of_meeting(
    meeting: Meeting, team: Team, settings: Settings, now: datetime, attended: tuple[int, int] | None
) -> Outcome:
    if meeting.cancelled:
        return Outcome.CANCELLED
    guests = outsiders(meeting, team, settings)
    if guests and all(guest.response is Response.DECLINED for guest in guests):
        return Outcome.DECLINED
    if now < meeting.end:
        return Outcome.SCHEDULED
    ours, others = attended or (0, 0)
    if ours or others:
        return Outcome.HELD if others else Outcome.NO_SHOW
    return Outcome.HELD if settings.meetings.assume_held else Outcome.UNKNOWN
