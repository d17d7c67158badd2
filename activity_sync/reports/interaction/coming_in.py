"""What the sources showed of an interaction, in words. Of what is private only the time and the calendars are told,
and the people where `meetings.private` lets them be logged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from activity_sync.model.interactions import (
    Call,
    CallLeg,
    Interaction,
    Meeting,
    MeetingCopy,
    Participant,
    Privacy,
    Response,
    Sighting,
)
from activity_sync.model.settings import Settings
from activity_sync.rules.joining import join
from activity_sync.rules.texts import cut

_LONGEST, _MOST = 120, 12
_ANSWERS = {Response.NONE: "not answered"}


def came_in(views: Sequence[Sighting], settings: Settings) -> Iterator[str]:
    """A line for each thing that is known; none when what came in is stored no more."""
    if not views:
        return
    interaction = join(views)
    yield from _told(interaction, settings)
    for view in views:
        yield _place(view)


def _told(interaction: Interaction, settings: Settings) -> Iterator[str]:
    match interaction:
        case Meeting():
            yield from _of_meeting(interaction, settings)
        case Call():
            yield from _of_call(interaction, settings.zone)


def _of_meeting(meeting: Meeting, settings: Settings) -> Iterator[str]:
    private, zone = meeting.privacy is Privacy.PRIVATE, settings.zone
    name = "A private meeting" if private else f"The meeting “{_brief(meeting.title) or 'without a title'}”"
    yield f"{name}, {_span(meeting.start, meeting.end, zone)}{', cancelled' if meeting.cancelled else ''}."
    if private and settings.meetings.private == "skip":
        return
    if meeting.organizer:
        yield f"Organised by {meeting.organizer}."
    people = [_answered(one) for one in meeting.participants if one.email]
    if people:
        more = f" and {len(people) - _MOST} more" if len(people) > _MOST else ""
        yield f"With {', '.join(people[:_MOST])}{more}."
    if meeting.notes and not private:
        yield f"Its text: {_brief(meeting.notes)}"


def _answered(person: Participant) -> str:
    kind = "a room" if person.room else _ANSWERS.get(person.response, person.response.value)
    return f"{person.email} ({kind})"


def _of_call(call: Call, zone: tzinfo) -> Iterator[str]:
    other = " ".join(one for one in (call.outside_name, call.outside_number) if one) or "a withheld number"
    line = f" on the line {call.line_name or call.line}" if call.line_name or call.line else ""
    end = max(call.end, call.start)
    yield f"An {call.direction.value} call with {other}{line}, {_span(call.start, end, zone)}."
    talked = f", {_talk(call.talk_seconds)} of talk" if call.talk_seconds else ""
    yield f"Its outcome: {call.outcome.value.replace('_', ' ')}{talked}."
    if call.reps:
        yield f"Of ours: {', '.join(f'{one.email} ({_talk(one.talk_seconds)})' for one in call.reps)}."
    if call.line_rep:
        yield f"The line belongs to {call.line_rep}."
    if call.queue:
        yield f"It came through the queue {call.queue}."
    for heading, texts in (("Its notes", call.notes), ("Its summary", (call.summary,))):
        if text := _brief(" ".join(texts)):
            yield f"{heading}: {text}"


def _place(view: Sighting) -> str:
    match view:
        case MeetingCopy():
            gone = ", where it is no more" if view.gone else ""
            return f"{view.source} showed it in the calendar of {view.calendar}{gone}."
        case CallLeg():
            gone = ", and took it back" if view.withdrawn else ""
            return f"{view.source} told of it{gone}."


def _span(start: datetime, end: datetime, zone: tzinfo) -> str:
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%a %d %b %H:%M}"
    return f"{first:%a %d %b %Y %H:%M} to {until}"


def _talk(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _brief(text: str) -> str:
    return cut(" ".join(text.split()), _LONGEST)
