"""Each kind of action, done to the pretend vendor that it concerns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, assert_never

from activity_sync.simulator.dialers.aircall import AircallSimulator
from activity_sync.simulator.google import GoogleSimulator, instance_id
from activity_sync.simulator.scenes.actions import (
    Action,
    Answer,
    CancelMeeting,
    CommentCall,
    DeleteInZoho,
    EditInZoho,
    FinishCall,
    ImportCall,
    MoveMeeting,
    PutCall,
    PutMeeting,
    PutSeries,
    RenameMeeting,
)
from activity_sync.simulator.zoho import ZohoSimulator

_ROOM = {"email": "big-room@resource.calendar.google.com", "resource": True, "responseStatus": "accepted"}


@dataclass(slots=True)
class Players:
    """Plays actions as seen from `now` and remembers which id each named thing got.

    `imported` are the rows of the other telephone system (generic import).
    """

    now: datetime
    zoho: ZohoSimulator
    google: GoogleSimulator
    aircall: AircallSimulator
    users: dict[str, str]
    events: dict[str, str] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    imported: list[dict[str, Any]] = field(default_factory=list)

    def play(self, action: Action) -> None:
        """Do it."""
        match action:
            case PutMeeting():
                self._put_meeting(action)
            case PutSeries():
                self._put_series(action)
            case MoveMeeting():
                self.google.move_event(self.events[action.name], action.to.moment(self.now))
            case CancelMeeting():
                self.google.cancel_event(self.events[action.name], as_stub=action.stub)
            case RenameMeeting():
                self.google.change_event(self.events[action.name], summary=action.title)
            case Answer():
                self.google.respond(self.events[action.name], action.who, action.answer)
            case PutCall():
                self._put_call(action)
            case FinishCall():
                self.aircall.finish_call(self.calls[action.name], talk=action.talk)
            case CommentCall():
                self.aircall.comment(self.calls[action.name], action.text, action.by)
            case ImportCall():
                self.imported.append(_import_row(action, self.now))
            case EditInZoho() | DeleteInZoho():
                self._in_zoho(action)
            case _:
                assert_never(action)

    def _put_meeting(self, meeting: PutMeeting) -> None:
        start, end = meeting.at.moment(self.now), None
        more: dict[str, Any] = {}
        if meeting.lasting is not None:
            end = start + timedelta(minutes=meeting.lasting)
        if meeting.visibility:
            more["visibility"] = meeting.visibility
        if meeting.notes:
            more["description"] = meeting.notes
        day = meeting.at.date(self.now)
        organizer = meeting.organizer or meeting.reps[0]
        self.events[meeting.title] = self.google.put_event(
            meeting.reps,
            start=day if meeting.all_day else start,
            end=day + timedelta(days=1) if meeting.all_day else end,
            summary=meeting.title,
            eventType=meeting.kind,
            organizer={"email": organizer},
            creator={"email": organizer},
            **_people((*meeting.reps, *meeting.guests), organizer, dict(meeting.answers), meeting.room),
            **more,
        )

    def _put_series(self, series: PutSeries) -> None:
        starts = [at.moment(self.now) for at in series.starts]
        master = self.google.put_series(
            series.reps,
            starts=starts,
            length=timedelta(minutes=series.lasting),
            recurrence=f"RRULE:FREQ=WEEKLY;COUNT={len(starts)}",
            summary=series.title,
            **_people((*series.reps, *series.guests), series.reps[0], {}, room=False),
        )
        self.events[series.title] = master
        for number, start in enumerate(starts, 1):
            self.events[f"{series.title} #{number}"] = instance_id(master, start)

    def _put_call(self, call: PutCall) -> None:
        self.calls[call.name] = self.aircall.add_call(
            call.direction,
            call.number,
            call.at.moment(self.now),
            user=call.rep or None,
            line=call.line,
            ring=call.ring,
            talk=call.talk,
            status=call.status,
            missed=call.missed or None,
            voicemail=call.voicemail,
        )

    def _in_zoho(self, action: EditInZoho | DeleteInZoho) -> None:
        by, record = self.users[action.by], self._activity(action.module, action.subject)
        if isinstance(action, EditInZoho):
            self.zoho.edit(action.module, record, by=by, **action.fields)
        else:
            self.zoho.delete(action.module, record, by=by)

    def _activity(self, module: str, subject: str) -> str:
        name = "Event_Title" if module == "Events" else "Subject"
        for record in self.zoho.records(module):
            if record[name] == subject:
                return str(record["id"])
        raise LookupError(f"no {module} record in Zoho is called {subject!r}: sync before this round")


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


def _import_row(call: ImportCall, now: datetime) -> dict[str, Any]:
    outbound = call.direction == "outbound"
    return {
        "id": re.sub(r"\W+", "-", call.name.lower()),
        "started_at": call.at.moment(now).isoformat(),
        "direction": call.direction,
        "from": call.line if outbound else call.number,
        "to": call.number if outbound else call.line,
        "line": call.line,
        "rep_email": call.rep,
        "talk_seconds": call.talk,
        "ring_seconds": 8,
        "outcome": "answered",
    }
