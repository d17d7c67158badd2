"""Several sightings, one interaction: copies of a meeting, legs of a call.

The order in which they come never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from activity_sync.model.interactions import (
    Call,
    CallLeg,
    Direction,
    Interaction,
    Meeting,
    MeetingCopy,
    Outcome,
    Participant,
    Privacy,
    RepShare,
    Response,
    Sighting,
)

PRIVATE_TITLE = "Private meeting"
"""What stands where the title of a private meeting would."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def join(sightings: Sequence[Sighting]) -> Interaction:
    """The interaction behind sightings that share one key. Raises ValueError when there are none, or of both kinds."""
    copies = [sighting for sighting in sightings if isinstance(sighting, MeetingCopy)]
    legs = [sighting for sighting in sightings if isinstance(sighting, CallLeg)]
    if bool(copies) == bool(legs):
        raise ValueError("an interaction is made of copies of one meeting or of legs of one call")
    return _meeting(copies) if copies else _call(legs)


def _meeting(copies: Sequence[MeetingCopy]) -> Meeting:
    live = [copy for copy in copies if not copy.gone]
    winner = _winner(live or copies)
    private = any(copy.privacy is Privacy.PRIVATE for copy in copies)
    return Meeting(
        key=winner.key,
        source=winner.source,
        calendars=tuple(sorted({copy.calendar for copy in live})),
        title=PRIVATE_TITLE if private else winner.title,
        notes="" if private else winner.notes,
        location="" if private else winner.location,
        start=winner.start,
        end=winner.end,
        all_day=winner.all_day,
        privacy=Privacy.PRIVATE if private else Privacy.OPEN,
        kind_of_event=winner.kind_of_event,
        categories=tuple(sorted({category for copy in live or copies for category in copy.categories})),
        organizer=_organizer(winner),
        participants=_participants(copies, winner),
        conference_url="" if private else winner.conference_url,
        cancelled=_cancelled(copies, winner),
        marked=any(copy.marked for copy in copies),
    )


def _freshness(copy: MeetingCopy) -> tuple[datetime, str, str, str]:
    return (copy.updated or _LONG_AGO, copy.calendar, copy.event_id, copy.source)


def _winner(copies: Sequence[MeetingCopy]) -> MeetingCopy:
    """The organiser's own copy, else the one that was updated last."""
    own = [copy for copy in copies if copy.calendar == _organizer(copy)]
    return max(own or copies, key=_freshness)


def _organizer(copy: MeetingCopy) -> str:
    return min((person.email for person in copy.participants if person.organizer), default="")


def _cancelled(copies: Sequence[MeetingCopy], winner: MeetingCopy) -> bool:
    """Whether nobody has it any more, or the organiser took it away.

    Any other rep may delete his copy and the meeting goes on; an organiser's deletion cancels it for all, although
    the other calendars may not have been read since (calendars.md F3).
    """
    live = {copy.calendar for copy in copies if not copy.gone}
    gone = {copy.calendar for copy in copies if copy.gone}
    return not live or _organizer(winner) in gone - live


def _participants(copies: Sequence[MeetingCopy], winner: MeetingCopy) -> tuple[Participant, ...]:
    """Everybody whom a live copy names: a copy with a hidden guest list shows fewer than another."""
    live = [copy for copy in copies if not copy.gone]
    ordered = [winner, *sorted(live or copies, key=_freshness, reverse=True)]
    left = {copy.calendar for copy in copies if copy.gone} - {copy.calendar for copy in live} if live else set()
    shown: dict[_Identity, list[_Shown]] = {}
    for copy in ordered:
        for person in copy.participants:
            shown.setdefault(_identity(person), []).append((copy.calendar, person))
    organizer = _organizer(winner)
    return tuple(_participant(one, shown[one], organizer, left) for one in sorted(shown))


_Identity = tuple[str, str]
"""An e-mail address; for want of one, "" and the name."""

_Shown = tuple[str, Participant]
"""A person as one calendar shows him or her."""


def _identity(person: Participant) -> _Identity:
    return (person.email, "" if person.email else person.name)


def _participant(identity: _Identity, shown: Sequence[_Shown], organizer: str, left: set[str]) -> Participant:
    """One person as all copies know him or her, the own first. Whoever deleted the own copy is not coming."""
    email = identity[0]
    name, answer, organizes, room = "", Response.NONE, False, False
    for _, person in sorted(shown, key=lambda one: one[0] != email) if len(shown) > 1 else shown:
        name = name or person.name
        answer = person.response if answer is Response.NONE else answer
        organizes, room = organizes or person.organizer, room or person.room
    return Participant(
        email=email,
        name=name,
        response=Response.DECLINED if email in left else answer,
        organizer=email == organizer if email else organizes,
        room=room,
    )


# The best that happened on any leg is what happened to the call.
_BEST_FIRST = (
    Outcome.ANSWERED,
    Outcome.VOICEMAIL,
    Outcome.MISSED,
    Outcome.NO_ANSWER,
    Outcome.BUSY,
    Outcome.FAILED,
    Outcome.UNKNOWN,
)


def _call(legs: Sequence[CallLeg]) -> Call:
    told = [leg for leg in legs if not leg.withdrawn] or legs
    ordered = sorted(
        told, key=lambda leg: (leg.direction is Direction.INTERNAL, leg.started, leg.record_id, leg.source)
    )
    first = ordered[0]
    end = max(_end(leg) for leg in ordered)
    return Call(
        key=first.key,
        source=first.source,
        direction=first.direction,
        outcome=min((leg.outcome for leg in ordered), key=_rank),
        start=min(leg.started for leg in ordered),
        end=end,
        talk_seconds=_talk(ordered, end),
        outside_number=_first(ordered, "outside_number"),
        outside_name=_first(ordered, "outside_name"),
        line=_first(ordered, "line"),
        line_name=_first(ordered, "line_name"),
        line_rep=_first(ordered, "line_rep"),
        region=_first(ordered, "region"),
        queue=_first(ordered, "queue"),
        reps=_reps(ordered),
        notes=_union(leg.notes for leg in ordered),
        summary="\n\n".join(_union((leg.summary or "",) for leg in ordered)),
        tags=_union(leg.tags for leg in ordered),
        disposition=_first(ordered[::-1], "disposition"),
        recording_url=_first(ordered, "recording_url"),
        final=all(leg.final for leg in ordered),
        withdrawn=all(leg.withdrawn for leg in legs),
        extra={name: value for leg in reversed(ordered) for name, value in leg.extra.items()},
    )


def _rank(outcome: Outcome) -> int:
    return _BEST_FIRST.index(outcome) if outcome in _BEST_FIRST else len(_BEST_FIRST)


def _first(legs: Iterable[CallLeg], name: str) -> str:
    """What the first leg tells that tells anything."""
    for leg in legs:
        text: str = getattr(leg, name)
        if text:
            return text
    return ""


def _union(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for texts in lists for text in texts if text))


def _end(leg: CallLeg) -> datetime:
    known = [leg.started, leg.ended or leg.started]
    return max(*known, (leg.answered or leg.started) + timedelta(seconds=leg.talk_seconds or 0))


def _talk(legs: Sequence[CallLeg], end: datetime) -> int:
    """Seconds of talk on all legs, but never more than the call took: legs of one talk may overlap."""
    total = sum(_leg_talk(leg) for leg in legs)
    begun = min(leg.answered or leg.started for leg in legs)
    return min(total, max(0, int((end - begun).total_seconds())))


def _leg_talk(leg: CallLeg) -> int:
    if leg.talk_seconds is not None:
        return max(0, leg.talk_seconds)
    if leg.outcome is Outcome.ANSWERED and leg.answered and leg.ended:
        return max(0, int((leg.ended - leg.answered).total_seconds()))
    return sum(rep.talk_seconds for rep in leg.reps)


def _reps(legs: Sequence[CallLeg]) -> tuple[RepShare, ...]:
    """Who talked longest first, on a tie who talked last; each once."""
    shares = [
        share if share.last_at else replace(share, last_at=_end(leg))
        for leg in legs
        for share in leg.reps
        if share.email
    ]
    merged = [_merged(email, shares) for email in sorted({share.email for share in shares})]
    return tuple(sorted(merged, key=lambda rep: (-rep.talk_seconds, _LONG_AGO - (rep.last_at or _LONG_AGO), rep.email)))


def _merged(email: str, shares: Sequence[RepShare]) -> RepShare:
    own = [share for share in shares if share.email == email]
    if len(own) == 1:
        return own[0]
    last = max((share.last_at for share in own if share.last_at), default=None)
    return RepShare(email=email, talk_seconds=sum(share.talk_seconds for share in own), last_at=last)
