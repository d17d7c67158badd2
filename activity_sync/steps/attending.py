"""Who was really there: asked of the vendor of the online meeting when it is over, where that is permitted.

A report may come late, so it is asked for three times: when the meeting has settled, and one and six hours later; a
meeting in which nobody from outside was invited is not asked about. A vendor that does not let us is left alone for a
day: without attendance the weaker words stay (`meetings.assume_held`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain
from activity_sync.model.interactions import Meeting, MeetingCopy
from activity_sync.model.ports import Attendee, Attending
from activity_sync.model.team import Team
from activity_sync.rules.joining import join
from activity_sync.rules.sides import outsiders
from activity_sync.rules.teams import team_of
from activity_sync.steps.means import Means
from activity_sync.store import attendance, facts, interactions, shadow, sightings

_BACK = timedelta(days=2)
_AGAIN = (timedelta(hours=1), timedelta(hours=6))
_REFUSED_FOR = timedelta(days=1)
_MOST = 50
_LINKS = {"google": "https://meet.google.com/", "microsoft": "https://teams."}


@dataclass(frozen=True, slots=True)
class _Case:
    meeting: Meeting
    copies: Sequence[MeetingCopy]
    asked: int


def ask_who_attended(means: Means, now: datetime) -> None:
    """Ask for the meetings whose turn it is, and have them judged again. What fails is asked again; nothing is told."""
    sources = {one.name: one for one in means.sources if isinstance(one, Attending) and _is_open(means, one.name, now)}
    if not sources:
        return
    settled = now - means.settings.meetings.settle
    with means.database.reading() as session:
        keys = attendance.to_ask(session, now - _BACK, settled, now, _MOST)
        team = team_of(means.settings, shadow.users_of(session)) if keys else Team()
        cases = [_case(sightings.sightings_of(session, key), attendance.asked(session, key)) for key in keys]
    for key, case in zip(keys, cases, strict=True):
        able = bool(case and _ways(case, sources) and outsiders(case.meeting, team, means.settings))
        seen = _seen(means, sources, case, team, now) if case and able else None
        _keep(means, key, seen, case.asked + 1 if case else 1, now, online=able)


def _case(seen: Sequence[object], asked: int) -> _Case | None:
    copies = [one for one in seen if isinstance(one, MeetingCopy) and not one.gone]
    meeting = join(copies) if copies else None
    return _Case(meeting, copies, asked) if isinstance(meeting, Meeting) else None


def _ways(case: _Case, sources: dict[str, Attending]) -> list[MeetingCopy]:
    """The copies by which it can be asked: where the link is that vendor's, the organiser's copy first."""
    able = [
        one
        for one in case.copies
        if one.source in sources and one.conference_url.startswith(_LINKS[sources[one.source].kind])
    ]
    return sorted(able, key=lambda one: (one.calendar != case.meeting.organizer, one.calendar))


def _seen(
    means: Means, sources: dict[str, Attending], case: _Case, team: Team, now: datetime
) -> tuple[int, int] | None:
    for copy in _ways(case, sources):
        source = sources[copy.source]
        try:
            found = source.attended(copy.calendar, copy.event_id, copy.conference_url, copy.start, copy.end)
        except (SignInAgain, Refused):
            sources.pop(copy.source)
            with means.database.transaction() as session:
                facts.keep_fact(session, _fact(copy.source), (now + _REFUSED_FOR).isoformat(), now)
            return None
        except ConnectionFailure:
            return None
        if found:
            return _counted(found, case.meeting, team)
    return None


def _counted(found: Sequence[Attendee], meeting: Meeting, team: Team) -> tuple[int, int]:
    """How many of ours and how many others. Who cannot be told by an address is ours only if the name is."""
    names = {name.casefold() for name in _our_names(meeting, team)}
    ours = sum(1 for one in found if _is_ours(one, names, team))
    return ours, len(found) - ours


def _our_names(meeting: Meeting, team: Team) -> Iterator[str]:
    for person in meeting.participants:
        if team.is_ours(person.email):
            yield person.name
            user = team.user(person.email)
            yield user.full_name if user else ""


def _is_ours(one: Attendee, names: set[str], team: Team) -> bool:
    if one.email:
        return team.is_ours(one.email)
    return one.ours if one.ours is not None else bool(one.name) and one.name.casefold() in names


def _keep(means: Means, key: str, seen: tuple[int, int] | None, times: int, now: datetime, *, online: bool) -> None:
    more = online and times <= len(_AGAIN)
    with means.database.transaction() as session:
        before = attendance.attended(session, key)
        attendance.keep(session, key, seen, times, now + _AGAIN[times - 1] if more else None)
        if seen is not None and seen != before:
            interactions.reopen(session, [key], now)


def _fact(source: str) -> str:
    return f"attendance refused {source}"


def _is_open(means: Means, source: str, now: datetime) -> bool:
    with means.database.reading() as session:
        until = facts.fact(session, _fact(source))
    return not until or datetime.fromisoformat(until) <= now
