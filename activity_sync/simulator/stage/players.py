"""Each kind of action, done to the pretend vendor that it concerns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

from activity_sync.simulator.dialers.aircall import AircallSimulator
from activity_sync.simulator.scenes.actions import (
    Action,
    Answer,
    CancelMeeting,
    CommentCall,
    DeleteInZoho,
    EditInZoho,
    FinishCall,
    ImportCall,
    MeetingAction,
    MoveMeeting,
    PutCall,
    PutMeeting,
    PutSeries,
    RenameMeeting,
)
from activity_sync.simulator.stage.calendars import Vendor
from activity_sync.simulator.zoho import ZohoSimulator


@dataclass(slots=True)
class Players:
    """Plays actions as seen from `now` and remembers which id each named thing got.

    `imported` are the rows of the other telephone system (generic import).
    """

    now: datetime
    zoho: ZohoSimulator
    calendars: Sequence[Vendor]
    aircall: AircallSimulator
    users: dict[str, str]
    calls: dict[str, int] = field(default_factory=dict)
    imported: list[dict[str, Any]] = field(default_factory=list)

    @property
    def events(self) -> dict[str, str]:
        """The id that each named meeting got, at the vendor named last if at several."""
        return {name: event_id for vendor in self.calendars for name, event_id in vendor.events.items()}

    def play(self, action: Action) -> None:
        """Do it."""
        match action:
            case PutMeeting() | PutSeries() | MoveMeeting() | CancelMeeting() | RenameMeeting() | Answer():
                self._meeting(action)
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

    def _meeting(self, action: MeetingAction) -> None:
        """At every vendor that holds a copy."""
        for vendor in self.calendars:
            match action:
                case PutMeeting() if vendor.holds(action.reps):
                    vendor.put(action, self.now)
                case PutSeries() if vendor.holds(action.reps):
                    vendor.put_series(action, self.now)
                case PutMeeting() | PutSeries():
                    pass
                case MoveMeeting() if vendor.knows(action.name):
                    vendor.move(action, self.now)
                case CancelMeeting() if vendor.knows(action.name):
                    vendor.cancel(action)
                case RenameMeeting() if vendor.knows(action.name):
                    vendor.rename(action)
                case Answer() if vendor.knows(action.name):
                    vendor.answer(action)

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
