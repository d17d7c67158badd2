"""Two views of one event: a call that two dialers tell, and the calendar entry that was made for a call."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from activity_sync.model.decisions import Judgement, State
from activity_sync.model.interactions import Meeting
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Written
from activity_sync.rules.sides import outsiders

BEFORE = timedelta(minutes=10)
"""A call may begin so long before the time for which it was entered."""

_BY_PHONE = re.compile(r"\b(call(?:ing|back)?|phone|telephone|tel|ring|anruf|telefonat|telefontermin|appel|llamada)\b")
_NUMBER = re.compile(r"(tel:)?\s*\+?[\d ()./-]{7,}")


def is_entry_for_a_call(meeting: Meeting, team: Team, settings: Settings) -> bool:
    """Whether a calendar entry is an appointment for a telephone call with one person."""
    if meeting.conference_url or len(outsiders(meeting, team, settings)) != 1:
        return False
    place = meeting.location.strip()
    return bool(_BY_PHONE.search(meeting.title.casefold()) or _NUMBER.fullmatch(place))


def folded(judged: Judgement, into: str, before: Iterable[Written], *, entry: bool = False) -> Judgement:
    """The judgement of what is logged already as another interaction. `into`: that one's key; `entry`: this is the
    calendar entry of that call."""
    what = "it is the calendar entry of the call" if entry else "the same call came from another dialer, as"
    reason = f"{what} {into}"
    there = tuple(one.slot for one in before if not one.gone)
    return replace(
        judged, state=State.ADOPTED, wanted=(), withdraw=there, reason=reason, adopted=into,
        trace=(*judged.trace, f"Not logged for itself: {reason}."),
    )  # fmt: skip
