"""What people do with meetings: put them in calendars, move, change, answer, cancel and delete them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google.copies import Calendar, Copy, Json, google_time, stamp

Moment = datetime | date | None
"""An aware moment, a day (all-day), or nothing at all (a malformed event)."""


@dataclass(slots=True)
class Meetings:
    """Every calendar, and the deeds of the people who use them. An event id is the same in all calendars."""

    clock: Clock
    calendars: dict[str, Calendar] = field(default_factory=dict)
    version: int = 0

    def add_calendar(self, email: str, time_zone: str = "Europe/London") -> None:
        """Open a person's calendar."""
        self.calendars[email] = Calendar(email, ZoneInfo(time_zone))

    def put_event(self, calendars: Sequence[str], *, start: Moment, end: Moment = None, **event: Any) -> str:
        """Place one meeting's copies in these calendars and give its id.

        `event` is in the calendar service's form (summary, attendees, organizer, visibility, ...); `id`, `iCalUID`
        and `created` may be given. `end` None leaves the end out. The first calendar organises unless `organizer` says
        otherwise.
        """
        zone = str(event.pop("timeZone", self.calendars[calendars[0]].zone.key))
        times = {name: google_time(at, zone) for name, at in (("start", start), ("end", end)) if at is not None}
        whole = self._fresh(calendars[0]) | event | times
        self._place(calendars, whole, "single")
        return str(whole["id"])

    def put_series(
        self, calendars: Sequence[str], *, starts: Sequence[datetime], length: timedelta, recurrence: str, **event: Any
    ) -> str:
        """Place a series with its instances and give the master's id; `instance_id` names an instance."""
        zone = str(event.pop("timeZone", self.calendars[calendars[0]].zone.key))
        whole = self._fresh(calendars[0]) | event
        first = {"start": google_time(starts[0], zone), "end": google_time(starts[0] + length, zone)}
        self._place(calendars, whole | first | {"recurrence": [recurrence]}, "master")
        for start in starts:
            times = {"start": google_time(start, zone), "end": google_time(start + length, zone)}
            of = {
                "id": instance_id(whole["id"], start),
                "recurringEventId": whole["id"],
                "originalStartTime": times["start"],
            }
            self._place(calendars, whole | times | of, "instance")
        return str(whole["id"])

    def move_event(self, event_id: str, start: datetime | date, end: Moment = None) -> None:
        """Reschedule every copy; without `end` the length stays."""
        for calendar, copy in list(self._copies(event_id)):
            zone = copy.event.get("start", {}).get("timeZone", calendar.zone.key)
            was, until = copy.bounds(calendar.zone)
            times = {"start": google_time(start, zone), "end": google_time(end or start + (until - was), zone)}
            self._change(copy, times | {"sequence": copy.event.get("sequence", 0) + 1})

    def change_event(self, event_id: str, **changes: Any) -> None:
        """Change fields of every copy; None takes a field away. A series takes its plain instances along."""
        for calendar, copy in list(self._copies(event_id)):
            self._change(copy, changes)
            plain = (one for one in calendar.instances(event_id) if not one.exception)
            for one in list(plain):
                self._change(one, changes, exception=False)

    def change_copy(self, calendar: str, event_id: str, **changes: Any) -> None:
        """Change fields of one person's copy only (visibility, transparency, private properties)."""
        self._change(self.calendars[calendar].copies[event_id], changes)

    def respond(self, event_id: str, email: str, response: str) -> None:
        """One attendee's answer: needsAction, declined, tentative or accepted."""
        for _, copy in list(self._copies(event_id)):
            people = [
                {**one, "responseStatus": response} if one["email"] == email else one
                for one in copy.event.get("attendees", [])
            ]
            self._change(copy, {"attendees": people})

    def cancel_event(self, event_id: str, as_stub: bool = True) -> None:
        """The organiser cancels: in every calendar, shown as id and status only, or with all its details."""
        for calendar, copy in list(self._copies(event_id)):
            for one in (copy, *calendar.instances(event_id)):
                self._cancel(one, as_stub)

    def remove_copy(self, calendar: str, event_id: str, as_stub: bool = True) -> None:
        """One person deletes it from the own calendar."""
        self._cancel(self.calendars[calendar].copies[event_id], as_stub)

    def forget_event(self, event_id: str) -> None:
        """It is gone without a trace, as deleted events are in the end."""
        for calendar in self.calendars.values():
            calendar.copies.pop(event_id, None)

    def _fresh(self, organizer: str) -> Json:
        name = f"{secrets.token_hex(13)}"
        now = stamp(self.clock.now())
        return {
            "id": name,
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={name}",
            "created": now,
            "updated": now,
            "creator": {"email": organizer},
            "organizer": {"email": organizer},
            "iCalUID": f"{name}@google.com",
            "sequence": 0,
            "reminders": {"useDefault": True},
            "eventType": "default",
        }

    def _place(self, calendars: Sequence[str], event: Json, role: str) -> None:
        for email in calendars:
            self.version += 1
            copy = Copy(str(event["id"]), dict(event), self.version, role)
            self.calendars[email].copies[copy.id] = copy

    def _copies(self, event_id: str) -> Iterator[tuple[Calendar, Copy]]:
        found = [(one, one.copies[event_id]) for one in self.calendars.values() if event_id in one.copies]
        if not found:
            raise KeyError(f"no event {event_id} in any calendar")
        return iter(found)

    def _change(self, copy: Copy, changes: Json, *, exception: bool = True) -> None:
        self.version += 1
        merged = copy.event | changes | {"updated": stamp(self.clock.now())}
        copy.event = {name: value for name, value in merged.items() if value is not None}
        copy.version = self.version
        copy.exception = copy.exception or (exception and copy.role == "instance")

    def _cancel(self, copy: Copy, as_stub: bool) -> None:
        self._change(copy, {"status": "cancelled"})
        copy.stub = as_stub


def instance_id(master: str, start: datetime) -> str:
    """The id of the instance of a series that was to start then."""
    return f"{master}_{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
