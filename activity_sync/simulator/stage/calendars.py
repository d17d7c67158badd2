"""What people do in calendars, done at the vendor that holds them. One meeting may have copies at both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from activity_sync.simulator.google import GoogleSimulator, instance_id
from activity_sync.simulator.microsoft import MicrosoftSimulator, person
from activity_sync.simulator.microsoft.uids import wrapped
from activity_sync.simulator.scenes.actions import (
    Answer,
    CancelMeeting,
    MoveMeeting,
    PutMeeting,
    PutSeries,
    RenameMeeting,
)

_ROOM_ADDRESS = "big-room@resource.calendar.google.com"
_ROOM = {"email": _ROOM_ADDRESS, "resource": True, "responseStatus": "accepted"}
_ANSWERS = {"accepted": "accepted", "declined": "declined", "tentative": "tentativelyAccepted", "needsAction": "none"}


class Vendor(Protocol):
    """One vendor's calendars. `events`: the id that each named meeting got (in the first calendar that holds it)."""

    events: dict[str, str]

    def holds(self, reps: Sequence[str]) -> tuple[str, ...]:
        """Those of `reps` who have their calendar here."""

    def knows(self, name: str) -> bool:
        """Whether a meeting of this name was put here."""

    def put(self, meeting: PutMeeting, now: datetime) -> None: ...
    def put_series(self, series: PutSeries, now: datetime) -> None: ...
    def move(self, action: MoveMeeting, now: datetime) -> None: ...
    def cancel(self, action: CancelMeeting) -> None: ...
    def rename(self, action: RenameMeeting) -> None: ...
    def answer(self, action: Answer) -> None: ...


@dataclass(slots=True)
class OnGoogle:
    """Google Workspace."""

    google: GoogleSimulator
    events: dict[str, str] = field(default_factory=dict)

    def holds(self, reps: Sequence[str]) -> tuple[str, ...]:
        """See Vendor."""
        return tuple(one for one in reps if one in self.google.meetings.calendars)

    def knows(self, name: str) -> bool:
        """See Vendor."""
        return name in self.events

    def put(self, meeting: PutMeeting, now: datetime) -> None:
        """Copies for those who are here."""
        start, end = _times(meeting, now)
        organizer = meeting.organizer or meeting.reps[0]
        more = {"visibility": meeting.visibility, "description": meeting.notes}
        self.events[meeting.title] = self.google.put_event(
            self.holds(meeting.reps),
            start=start,
            end=end,
            summary=meeting.title,
            eventType=meeting.kind,
            iCalUID=uid_of(meeting.title),
            organizer={"email": organizer},
            creator={"email": organizer},
            **_people((*meeting.reps, *meeting.guests), organizer, dict(meeting.answers), meeting.room),
            **{name: value for name, value in more.items() if value},
        )

    def put_series(self, series: PutSeries, now: datetime) -> None:
        """Copies for those who are here."""
        starts = [at.moment(now) for at in series.starts]
        master = self.google.put_series(
            self.holds(series.reps),
            starts=starts,
            length=timedelta(minutes=series.lasting),
            recurrence=f"RRULE:FREQ=WEEKLY;COUNT={len(starts)}",
            summary=series.title,
            iCalUID=uid_of(series.title),
            **_people((*series.reps, *series.guests), series.reps[0], {}, room=False),
        )
        self.events[series.title] = master
        for number, start in enumerate(starts, 1):
            self.events[f"{series.title} #{number}"] = instance_id(master, start)

    def move(self, action: MoveMeeting, now: datetime) -> None:
        """See Vendor."""
        self.google.move_event(self.events[action.name], action.to.moment(now))

    def cancel(self, action: CancelMeeting) -> None:
        """See Vendor."""
        self.google.cancel_event(self.events[action.name], as_stub=action.stub)

    def rename(self, action: RenameMeeting) -> None:
        """See Vendor."""
        self.google.change_event(self.events[action.name], summary=action.title)

    def answer(self, action: Answer) -> None:
        """See Vendor."""
        self.google.respond(self.events[action.name], action.who, action.answer)


@dataclass(slots=True)
class OnMicrosoft:
    """Microsoft 365."""

    microsoft: MicrosoftSimulator
    events: dict[str, str] = field(default_factory=dict)

    def holds(self, reps: Sequence[str]) -> tuple[str, ...]:
        """See Vendor."""
        return tuple(one for one in reps if one in self.microsoft.meetings.mailboxes)

    def knows(self, name: str) -> bool:
        """See Vendor."""
        return name in self.events

    def put(self, meeting: PutMeeting, now: datetime) -> None:
        """Copies for those who are here."""
        start, end = _times(meeting, now)
        organizer = meeting.organizer or meeting.reps[0]
        emails = (*meeting.reps, *meeting.guests)
        people = _attendees(emails, organizer, dict(meeting.answers)) if len(emails) > 1 or meeting.room else []
        room = [person(_ROOM_ADDRESS, "Big room", "accepted", "resource")] if meeting.room else []
        self.events[meeting.title] = self.microsoft.put_event(
            self.holds(meeting.reps),
            start=start,
            end=end,
            subject=meeting.title,
            body=meeting.notes,
            showAs="oof" if meeting.kind == "outOfOffice" else "busy",
            sensitivity=meeting.visibility or "normal",
            iCalUId=wrapped(uid_of(meeting.title)),
            organizer={"emailAddress": {"name": organizer, "address": organizer}},
            attendees=people + room,
        )

    def put_series(self, series: PutSeries, now: datetime) -> None:
        """Copies for those who are here."""
        starts, first = [at.moment(now) for at in series.starts], self.holds(series.reps)[0]
        master = self.microsoft.put_series(
            self.holds(series.reps),
            starts=starts,
            length=timedelta(minutes=series.lasting),
            subject=series.title,
            iCalUId=wrapped(uid_of(series.title)),
            organizer={"emailAddress": {"name": series.reps[0], "address": series.reps[0]}},
            attendees=_attendees((*series.reps, *series.guests), series.reps[0], {}),
        )
        self.events[series.title] = master
        for number, start in enumerate(starts, 1):
            self.events[f"{series.title} #{number}"] = self.microsoft.occurrence_id(first, master, start)

    def move(self, action: MoveMeeting, now: datetime) -> None:
        """See Vendor."""
        self.microsoft.move_event(self.events[action.name], action.to.moment(now))

    def cancel(self, action: CancelMeeting) -> None:
        """What is to keep its details stays to be seen as cancelled, otherwise it goes everywhere."""
        self.microsoft.cancel_event(self.events[action.name], removed=action.stub)

    def rename(self, action: RenameMeeting) -> None:
        """See Vendor."""
        self.microsoft.change_event(self.events[action.name], subject=action.title)

    def answer(self, action: Answer) -> None:
        """See Vendor."""
        self.microsoft.respond(self.events[action.name], action.who, _ANSWERS[action.answer])


def uid_of(title: str) -> str:
    """The uid that a meeting of this name has at every vendor."""
    return f"{re.sub(r'[^a-z0-9]+', '', title.lower())}@google.com"


def _times(meeting: PutMeeting, now: datetime) -> tuple[date, date | None]:
    if meeting.all_day:
        day = meeting.at.date(now)
        return day, day + timedelta(days=1)
    start = meeting.at.moment(now)
    return start, None if meeting.lasting is None else start + timedelta(minutes=meeting.lasting)


def _people(emails: tuple[str, ...], organizer: str, answers: dict[str, str], room: bool) -> dict[str, Any]:
    """The guest list; an entry for oneself alone has none."""
    if len(emails) == 1 and not room:
        return {}
    people: list[dict[str, Any]] = [
        {"email": email, "responseStatus": answers.get(email, "accepted")}
        | ({"organizer": True} if email == organizer else {})
        for email in emails
    ]
    return {"attendees": people + ([dict(_ROOM)] if room else [])}


def _attendees(emails: tuple[str, ...], organizer: str, answers: dict[str, str]) -> list[dict[str, Any]]:
    """The guest list in Graph's form; the organiser's own answer is that he organises, unless told otherwise."""
    usual = {organizer: "organizer"}
    told = {email: _ANSWERS[answer] for email, answer in answers.items()}
    return [person(email, response=told.get(email, usual.get(email, "accepted"))) for email in emails]
