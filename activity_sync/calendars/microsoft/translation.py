"""From a Graph event to a meeting copy. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from activity_sync.calendars.microsoft.occurrences import occurrence
from activity_sync.calendars.microsoft.people import are_hidden, participants
from activity_sync.calendars.microsoft.times import moment, stamp
from activity_sync.calendars.microsoft.wire import TEXTS
from activity_sync.model.entries import NoMeeting, times_of_a_meeting
from activity_sync.model.interactions import MeetingCopy, Privacy, own_uid
from activity_sync.model.invitations import (
    agenda,
    comparable_uid,
    joining_link,
    one_line,
    place,
    says,
    without_passcode,
)
from activity_sync.model.members import Holder, flag, identity, items, long_text, text

_CANCELLED = re.compile(r"(?:cancell?ed|abgesagt|annulée?|cancelad[oa]|annullat[oa]|geannuleerd): ?", re.IGNORECASE)
_KINDS = {"oof": "outOfOffice", "workingElsewhere": "workingElsewhere"}


@dataclass(frozen=True, slots=True)
class View:
    """Whose calendar it is and how it is looked at.

    `zone`: the company's, in which a day begins. `word`: the `never.log` word. `categories`: those of `never.log`.
    `as_open`: the admin wants private meetings logged like any other.
    """

    source: str
    calendar: str
    zone: ZoneInfo
    word: str | None
    categories: Collection[str] = ()
    as_open: bool = False


def to_meeting_copy(event: Holder, view: View) -> MeetingCopy:
    """The event as one calendar shows it. Raises NoMeeting.

    The texts of a private event are struck out before anything else is looked at; of its categories only those stay
    that the config names.
    """
    event_id = identity(event, "id")
    if not event_id:
        raise NoMeeting("it has no id")
    body = event.get("body")
    marked = bool(view.word) and says(view.word or "", long_text(event, "subject"), long_text(body, "content"))
    private = text(event, "sensitivity") in {"private", "personal", "confidential"} and not view.as_open
    shown = {name: value for name, value in event.items() if name not in TEXTS} if private else event
    start, end = times_of_a_meeting(moment(shown, "start", view.zone), moment(shown, "end", view.zone))
    return MeetingCopy(
        source=view.source,
        calendar=view.calendar,
        event_id=event_id,
        uid=comparable_uid(long_text(shown, "iCalUId")) or own_uid(view.calendar, event_id),
        occurrence=occurrence(shown, view.zone),
        title=_title(shown),
        notes=_notes(shown),
        location=place(long_text(shown.get("location"), "displayName")),
        start=start,
        end=end,
        all_day=flag(shown, "isAllDay"),
        privacy=Privacy.PRIVATE if private else Privacy.OPEN,
        kind_of_event=_KINDS.get(text(shown, "showAs"), "default"),
        categories=_categories(shown, view, private=private),
        participants=tuple(participants(shown, view.calendar)),
        participants_hidden=are_hidden(shown),
        conference_url=_conference_url(shown),
        gone=flag(shown, "isCancelled"),
        created=stamp(shown, "createdDateTime"),
        updated=stamp(shown, "lastModifiedDateTime"),
        marked=marked,
    )


def is_series(event: Holder) -> bool:
    """Whether this is a whole series: it shows the times of its first occurrence and is no meeting itself."""
    return text(event, "type") == "seriesMaster"


def _title(event: Holder) -> str:
    """The subject; Outlook writes before it that the meeting is cancelled, which `gone` says already."""
    subject = text(event, "subject")
    found = _CANCELLED.match(subject) if flag(event, "isCancelled") else None
    return subject[found.end() :] if found else subject


def _notes(event: Holder) -> str:
    body = event.get("body")
    return agenda(long_text(body, "content"), plain=text(body, "contentType").lower() == "text")


def _categories(event: Holder, view: View, *, private: bool) -> tuple[str, ...]:
    listed = event.get("categories")
    told = [one_line(one) for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    known = {one.casefold() for one in view.categories}
    return tuple(one for one in told if one and (not private or one.casefold() in known))


def _conference_url(event: Holder) -> str:
    """Where the video meeting is: what Graph keeps for it, then what people wrote (calendars.md E1)."""
    for link in (long_text(event.get("onlineMeeting"), "joinUrl"), long_text(event, "onlineMeetingUrl")):
        if url := without_passcode(link):
            return url
    return joining_link(*_places(event), long_text(event.get("body"), "content"))


def _places(event: Holder) -> Iterator[str]:
    for one in (event.get("location"), *items(event, "locations")):
        yield long_text(one, "locationUri")
        yield long_text(one, "displayName")
