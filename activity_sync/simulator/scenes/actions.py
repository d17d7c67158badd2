"""What people do, as data. Meetings are named by their title, or by `name` where titles repeat; calls by `name`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COMPANY_ZONE = ZoneInfo("Europe/London")
_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class At:
    """So many working days from today (0 is never used: it may be over or not), at a time in the company's zone."""

    day: int
    clock: str

    def moment(self, now: datetime) -> datetime:
        """The moment, UTC, seen from `now`."""
        local = datetime.combine(self.date(now), time.fromisoformat(self.clock), COMPANY_ZONE)
        return local.astimezone(UTC)

    def date(self, now: datetime) -> date:
        """The day."""
        day, left = now.astimezone(COMPANY_ZONE).date(), abs(self.day)
        step = timedelta(days=1 if self.day > 0 else -1)
        while left:
            day += step
            left -= day.weekday() not in _WEEKEND
        return day


@dataclass(frozen=True, slots=True)
class Ago:
    """So many minutes before the show."""

    minutes: int

    def moment(self, now: datetime) -> datetime:
        """The moment, UTC, in whole seconds."""
        return now.astimezone(UTC).replace(microsecond=0) - timedelta(minutes=self.minutes)


When = At | Ago


@dataclass(frozen=True, slots=True, kw_only=True)
class PutMeeting:
    """A meeting appears in the calendars of `reps`.

    `organizer`: an address; "": the first of `reps`. `guests`: outsiders by address, accepted unless `answers` says
    otherwise; so are our own. `kind`: Google's eventType. `lasting`: minutes, None: an event without an end.
    """

    title: str
    at: At
    reps: tuple[str, ...]
    guests: tuple[str, ...] = ()
    lasting: int | None = 30
    organizer: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    notes: str = ""
    visibility: str = ""
    kind: str = "default"
    all_day: bool = False
    room: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PutSeries:
    """A recurring meeting; its instances are named `TITLE #1`, `TITLE #2`, ... in the other actions."""

    title: str
    starts: tuple[At, ...]
    reps: tuple[str, ...]
    guests: tuple[str, ...]
    lasting: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMeeting:
    """It is rescheduled; its length stays."""

    name: str
    to: At


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting:
    """It is cancelled. `stub`: only id and status remain to be seen, otherwise all its details do."""

    name: str
    stub: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameMeeting:
    """Its title changes in the calendar."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Somebody answers an invitation: accepted, tentative or declined."""

    name: str
    who: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutCall:
    """A call. `number`: the outside number as the dialer shows it. `rep` "": nobody took it. `talk` None: not answered.

    `status`: initial (ringing), answered (running) or done.
    """

    name: str
    direction: str
    number: str
    at: When
    line: str
    rep: str = ""
    talk: int | None = None
    ring: int = 10
    status: str = "done"
    missed: str = ""
    voicemail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishCall:
    """A running call ends; `talk` in seconds."""

    name: str
    talk: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentCall:
    """A note at the dialer, after the call."""

    name: str
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCall:
    """A call that another telephone system delivers as a line of an import file. `talk` in seconds."""

    name: str
    direction: str
    number: str
    at: When
    line: str
    rep: str
    talk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditInZoho:
    """A person changes the activity with this subject in Zoho."""

    module: str
    subject: str
    fields: Mapping[str, str]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteInZoho:
    """A person deletes the activity with this subject in Zoho."""

    module: str
    subject: str
    by: str


MeetingAction = PutMeeting | PutSeries | MoveMeeting | CancelMeeting | RenameMeeting | Answer
CallAction = PutCall | FinishCall | CommentCall | ImportCall
ZohoAction = EditInZoho | DeleteInZoho
Action = MeetingAction | CallAction | ZohoAction
