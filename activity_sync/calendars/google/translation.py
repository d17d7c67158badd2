"""From an event of the Calendar API to a meeting copy. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.calendars.google.wire import TEXTS, Event
from activity_sync.model.addresses import comparable_email
from activity_sync.model.entries import NoMeeting, times_of_a_meeting
from activity_sync.model.interactions import MeetingCopy, Participant, Privacy, Response, own_uid
from activity_sync.model.invitations import agenda, comparable_uid, joining_link, place, says, without_passcode
from activity_sync.model.members import flag, identity, items, long_text, text

_RESPONSES = {
    "accepted": Response.ACCEPTED,
    "tentative": Response.TENTATIVE,
    "declined": Response.DECLINED,
    "needsAction": Response.NONE,
}
_ROOMS = (
    "@resource.calendar.google.com",
    "@group.calendar.google.com",
    "@import.calendar.google.com",
    "@group.v.calendar.google.com",
)
_NOBODY = "unknownorganizer@calendar.google.com"


def to_meeting_copy(
    event: Event, *, source: str, calendar: str, zone: ZoneInfo, word: str | None, as_open: bool = False
) -> MeetingCopy:
    """The event as one calendar shows it. Raises NoMeeting.

    `zone`: the company's, in which a day begins. `word`: the `never.log` word. The texts of a private event are struck
    out before anything else is looked at; `as_open`: the admin wants private ones logged like any other.
    """
    event_id = identity(event, "id")
    if not event_id:
        raise NoMeeting("it has no id")
    marked = bool(word) and says(word or "", long_text(event, "summary"), long_text(event, "description"))
    private = text(event, "visibility") in {"private", "confidential"} and not as_open
    shown = {name: value for name, value in event.items() if name not in TEXTS} if private else event
    start, end = _start_and_end(shown, zone)
    return MeetingCopy(
        source=source,
        calendar=calendar,
        event_id=event_id,
        uid=comparable_uid(long_text(shown, "iCalUID")) or own_uid(calendar, event_id),
        occurrence=_occurrence(shown),
        title=text(shown, "summary"),
        notes=agenda(long_text(shown, "description")),
        location=place(long_text(shown, "location")),
        start=start,
        end=end,
        all_day=_is_day(shown.get("start")),
        privacy=Privacy.PRIVATE if private else Privacy.OPEN,
        kind_of_event=text(shown, "eventType") or "default",
        participants=tuple(_participants(shown)),
        participants_hidden=_is_hidden(shown),
        conference_url=_conference_url(shown),
        gone=is_cancelled(shown),
        created=_stamp(shown, "created"),
        updated=_stamp(shown, "updated"),
        marked=marked,
    )


def is_cancelled(event: Event) -> bool:
    """Whether the event is deleted or cancelled."""
    return text(event, "status") == "cancelled"


def has_times(event: Event) -> bool:
    """Whether the event says when it is; a stub of a deleted one does not."""
    return isinstance(event.get("start"), dict) and isinstance(event.get("end"), dict)


def _start_and_end(event: Event, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = _moment(event, "start", zone)
    open_ended = flag(event, "endTimeUnspecified") and not event.get("end")
    return times_of_a_meeting(start, start if open_ended else _moment(event, "end", zone))


def _is_day(value: Any) -> bool:
    return isinstance(value, dict) and "dateTime" not in value and "date" in value


def _moment(event: Event, name: str, zone: ZoneInfo) -> datetime:
    value = event.get(name)
    if not isinstance(value, dict) or not (value.get("dateTime") or value.get("date")):
        raise NoMeeting(f"it has no {name}")
    try:
        if _is_day(value):
            return datetime.combine(date.fromisoformat(value["date"]), time(), zone).astimezone(UTC)
        return _instant(value, zone).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise NoMeeting(f"its {name} is no time: {_shortened(value)}") from None


def _instant(value: dict[str, Any], zone: tzinfo) -> datetime:
    """The offset that Google sends is trusted; the named zone only stands in for a missing one."""
    at = datetime.fromisoformat(value["dateTime"])
    if at.tzinfo is not None:
        return at
    try:
        return at.replace(tzinfo=ZoneInfo(value["timeZone"]) if value.get("timeZone") else zone)
    except (OSError, KeyError):
        raise ValueError("no such zone") from None


def _shortened(value: dict[str, Any]) -> str:
    known = (text(value, name) for name in ("dateTime", "date", "timeZone"))
    return " ".join(one[:40] for one in known if one) or "of a foreign shape"


def _occurrence(event: Event) -> str:
    original = event.get("originalStartTime")
    if not original:
        return ""
    if _is_day(original):
        return text(original, "date")
    return _moment(event, "originalStartTime", ZoneInfo("UTC")).isoformat()


def _participants(event: Event) -> Iterator[Participant]:
    """Everybody invited, once, and the organiser, whom Google does not always list."""
    seen: set[str] = set()
    organizer = event.get("organizer")
    organizer_email = comparable_email(text(organizer, "email"))
    for one in items(event, "attendees"):
        person = _participant(one, organizer_email)
        if (person.email and person.email not in seen) or (not person.email and person.name):
            seen.add(person.email)
            yield person
    if organizer_email and organizer_email not in seen and organizer_email != _NOBODY:
        yield Participant(
            email=organizer_email, name=text(organizer, "displayName"), organizer=True, room=_is_room(organizer_email)
        )


def _participant(attendee: Event, organizer: str) -> Participant:
    email = comparable_email(text(attendee, "email"))
    return Participant(
        email=email,
        name=text(attendee, "displayName"),
        response=_RESPONSES.get(text(attendee, "responseStatus"), Response.NONE),
        organizer=flag(attendee, "organizer") or bool(email and email == organizer),
        room=flag(attendee, "resource") or _is_room(email),
    )


def _is_room(email: str) -> bool:
    return email.endswith(_ROOMS)


def _is_hidden(event: Event) -> bool:
    if flag(event, "attendeesOmitted"):
        return True
    return event.get("guestsCanSeeOtherGuests") is False and not flag(event.get("organizer"), "self")


def _conference_url(event: Event) -> str:
    """Where the video meeting is: what Google keeps for it, then what people wrote (calendars.md E1)."""
    entries = items(event.get("conferenceData"), "entryPoints")
    links = [long_text(one, "uri") for one in entries if text(one, "entryPointType") == "video"]
    for link in (*links, long_text(event, "hangoutLink")):
        if url := without_passcode(link):
            return url
    return joining_link(long_text(event, "location"), long_text(event, "description"))


def _stamp(event: Event, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text(event, name)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
