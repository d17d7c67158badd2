"""What people do with meetings: put them in calendars, move, change, answer, cancel and delete them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.microsoft.mailboxes import Copy, Json, Mailbox
from activity_sync.simulator.microsoft.times import NEVER, Moment, instant, stamp
from activity_sync.simulator.microsoft.uids import new_uid, of_day


def person(email: str, name: str = "", response: str = "none", kind: str = "required") -> Json:
    """An attendee as Graph writes one. `kind`: required, optional or resource."""
    time = NEVER if response == "none" else "2026-03-01T09:00:00Z"
    return {
        "type": kind,
        "status": {"response": response, "time": time},
        "emailAddress": {"name": name or email, "address": email},
    }


@dataclass(slots=True)
class Meetings:
    """Every mailbox, and the deeds of the people who use them. Each copy has an id of its own.

    Wherever a meeting is named, the id of any of its copies will do. `uids`: whether the occurrences of a series
    have uids that differ ("each"), the series' own ("same") or none ("none").
    """

    clock: Clock
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    version: int = 0
    uids: str = "each"

    def put_event(self, calendars: Sequence[str], *, start: Moment, end: Moment = None, **event: Any) -> str:
        """Place one meeting's copies in these calendars and give the id of the first one's.

        `event` is in Graph's form (subject, attendees, organizer, sensitivity, ...); `iCalUId` and `createdDateTime`
        may be given, and `body` as HTML text. A date as `start` makes it all-day, `end` None leaves the end out. The
        first calendar organises unless `organizer` says otherwise.
        """
        whole, meeting = self._fresh(calendars[0], event), secrets.token_hex(8)
        ids = [self._place(one, meeting, whole, start, end).id for one in calendars]
        return ids[0]

    def put_series(self, calendars: Sequence[str], *, starts: Sequence[date], length: timedelta, **event: Any) -> str:
        """Place a series with its occurrences (moments, or days) and give the id of the first calendar's master."""
        weekly = {"pattern": {"type": "weekly", "interval": 1}, "range": {"type": "numbered", "startDate": f"{starts[0]:%Y-%m-%d}"}}  # fmt: skip # noqa: E501
        whole, meeting = self._fresh(calendars[0], event), secrets.token_hex(8)
        masters = []
        for email in calendars:
            end = starts[0] + length
            master = self._place(email, meeting, whole | {"recurrence": weekly}, starts[0], end, role="seriesMaster")
            masters.append(master.id)
            for start in starts:
                self._occur(email, master, whole, start, length)
        return masters[0]

    def occurrence_id(self, calendar: str, event_id: str, start: date) -> str:
        """The id, in this calendar, of the occurrence of a series that was to start then."""
        meeting = f"{self._meeting(event_id)}@{_mark(start)}"
        return next(copy.id for copy in self.mailboxes[calendar].living() if copy.meeting == meeting)

    def id_in(self, calendar: str, event_id: str) -> str:
        """The id of a meeting's copy in another calendar."""
        meeting = self._meeting(event_id)
        return next(copy.id for copy in self.mailboxes[calendar].living() if copy.meeting == meeting)

    def move_event(self, event_id: str, start: Moment, end: Moment = None) -> None:
        """Reschedule every copy; without `end` the length stays. An occurrence becomes an exception."""
        for mailbox, copy in list(self._copies(event_id)):
            was, until = copy.bounds(mailbox.zone)
            begins = instant(start, mailbox.zone)
            assert begins is not None
            self._change(copy, {})
            copy.start, copy.end = start, end or begins + (until - was)

    def change_event(self, event_id: str, **changes: Any) -> None:
        """Change fields of every copy; None takes a field away. A series takes its plain occurrences along."""
        for mailbox, copy in list(self._copies(event_id)):
            self._change(copy, changes)
            for one in mailbox.living():
                if one.master == copy.id and one.role == "occurrence":
                    self._change(one, changes, exception=False)

    def change_copy(self, calendar: str, event_id: str, **changes: Any) -> None:
        """Change fields of one person's copy only (sensitivity, showAs, categories)."""
        self._change(self._copy(calendar, event_id), changes)

    def respond(self, event_id: str, email: str, response: str) -> None:
        """One attendee's answer: none, tentativelyAccepted, accepted or declined."""
        status = {"response": response, "time": stamp(self.clock.now())}
        for _, copy in list(self._copies(event_id)):
            people = [
                {**one, "status": status} if one["emailAddress"]["address"] == email else one
                for one in copy.event.get("attendees", [])
            ]
            self._change(copy, {"attendees": people})

    def cancel_event(self, event_id: str, *, removed: bool | None = None) -> None:
        """The organiser cancels: it goes from the own calendar, the others see it as cancelled until they remove it.

        `removed`: it is gone from all of them, or (False) from none.
        """
        for mailbox, copy in list(self._copies(event_id)):
            organizer = copy.event["organizer"]["emailAddress"]["address"]
            for one in [copy, *(one for one in mailbox.living() if one.master == copy.id)]:
                if removed or (removed is None and organizer == mailbox.email):
                    self._delete(one)
                else:
                    subject = f"Canceled: {one.event.get('subject') or ''}"
                    self._change(one, {"isCancelled": True, "subject": subject, "showAs": "free"})

    def remove_copy(self, calendar: str, event_id: str) -> None:
        """One person deletes it from the own calendar."""
        self._delete(self._copy(calendar, event_id))

    def forget_event(self, event_id: str) -> None:
        """It goes from every calendar."""
        for _, copy in list(self._copies(event_id)):
            self._delete(copy)

    def change_folder(self, calendar: str, event_id: str) -> None:
        """One person files it elsewhere: the id changes for those who do not ask for immutable ones."""
        copy = self._copy(calendar, event_id)
        copy.moves += 1
        self._change(copy, {}, exception=False)

    def _fresh(self, organizer: str, event: Json) -> Json:
        now = stamp(self.clock.now())
        usual: Json = {
            "createdDateTime": now, "lastModifiedDateTime": now, "categories": [], "transactionId": None,
            "iCalUId": new_uid(), "reminderMinutesBeforeStart": 15, "isReminderOn": True, "hasAttachments": False,
            "subject": "", "body": "", "importance": "normal", "sensitivity": "normal", "isCancelled": False,
            "responseRequested": True, "showAs": "busy", "webLink": "https://outlook.office365.com/owa/?itemid=x",
            "onlineMeetingUrl": None, "isOnlineMeeting": False, "onlineMeetingProvider": "unknown",
            "onlineMeeting": None,
            "allowNewTimeProposals": True, "isDraft": False, "hideAttendees": False, "recurrence": None,
            "location": {"displayName": "", "locationType": "default", "uniqueIdType": "unknown"}, "locations": [],
            "attendees": [], "organizer": {"emailAddress": {"name": organizer, "address": organizer}},
        }  # fmt: skip
        whole = usual | event
        if isinstance(whole["body"], str):
            whole["body"] = {"contentType": "html", "content": whole["body"]}
        return whole

    def _place(
        self, email: str, meeting: str, event: Json, start: Moment, end: Moment, *, role: str = "singleInstance"
    ) -> Copy:
        self.version += 1
        name = f"AAkALg{secrets.token_urlsafe(24)}-_AAA="
        copy = Copy(name, meeting, dict(event), start, end, self.version, role)
        self.mailboxes[email].copies[copy.id] = copy
        return copy

    def _occur(self, email: str, master: Copy, event: Json, start: date, length: timedelta) -> None:
        meeting = f"{master.meeting}@{_mark(start)}"
        copy = self._place(email, meeting, event, start, start + length, role="occurrence")
        copy.master, copy.original = master.id, start
        day = start.astimezone(self.mailboxes[email].zone).date() if isinstance(start, datetime) else start
        uid = event["iCalUId"]
        copy.event["iCalUId"] = {"each": of_day(uid, day), "same": uid, "none": None}[self.uids]

    def _meeting(self, event_id: str) -> str:
        for mailbox in self.mailboxes.values():
            if event_id in mailbox.copies:
                return mailbox.copies[event_id].meeting
        raise KeyError(f"no event {event_id} in any calendar")

    def _copies(self, event_id: str) -> Iterator[tuple[Mailbox, Copy]]:
        meeting = self._meeting(event_id)
        return ((one, copy) for one in self.mailboxes.values() for copy in one.living() if copy.meeting == meeting)

    def _copy(self, calendar: str, event_id: str) -> Copy:
        return self.mailboxes[calendar].copies[self.id_in(calendar, event_id)]

    def _change(self, copy: Copy, changes: Json, *, exception: bool = True) -> None:
        self.version += 1
        copy.event = copy.event | changes | {"lastModifiedDateTime": stamp(self.clock.now())}
        copy.version = self.version
        if exception and copy.role == "occurrence":
            copy.role = "exception"

    def _delete(self, copy: Copy) -> None:
        self._change(copy, {}, exception=False)
        copy.deleted = True


def _mark(start: date) -> str:
    return f"{start.astimezone(UTC):%Y%m%dT%H%M}" if isinstance(start, datetime) else f"{start:%Y%m%d}"
