"""Which meetings are only echoes of Events that we wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from activity_sync.model.interactions import Interaction, Kind, Meeting, MeetingCopy, Sighting
from activity_sync.model.team import Team
from activity_sync.rules.echoes import ECHO, is_echo, made_at
from activity_sync.rules.joining import join
from activity_sync.store import interactions, sightings, written
from activity_sync.store.tables import Interactions


def echoes(
    session: Session, met: Sequence[Interaction], seen: Mapping[str, Sequence[Sighting]], team: Team
) -> frozenset[str]:
    """The keys of those; what was found to be one stays one, also while the two are moved one after the other."""
    meetings = [one for one in met if isinstance(one, Meeting)]
    known = interactions.logged_at(session, Kind.MEETING, {one.start for one in meetings})
    before = interactions.standings(session, [one.key for one in meetings])
    rows = {key: written.written_by_key(session, [one.key for one in several]) for key, several in known.items()}
    found = set()
    for meeting in meetings:
        earlier = _earlier(meeting, seen.get(meeting.key, ()), known.get(meeting.start, ()))
        events = rows.get(meeting.start, {})
        shown = [one.key for one in earlier if any(is_echo(meeting, event, team) for event in events.get(one.key, ()))]
        if any(_goes_on(session, key) for key in shown) or _was_one(before.get(meeting.key)):
            found.add(meeting.key)
    return frozenset(found)


def _earlier(meeting: Meeting, seen: Sequence[Sighting], known: Sequence[Interactions]) -> list[Interactions]:
    """Those that we knew before this entry was made."""
    made = made_at([one for one in seen if isinstance(one, MeetingCopy)])
    return [one for one in known if made is not None and one.key != meeting.key and one.first_seen <= made]


def _goes_on(session: Session, key: str) -> bool:
    """Whether the first is still to take place: a meeting that was deleted and made anew is no echo."""
    stored = sightings.sightings_of(session, key)
    first = join(stored) if stored else None
    return isinstance(first, Meeting) and not first.cancelled


def _was_one(before: interactions.Standing | None) -> bool:
    return before is not None and before.reason == ECHO
