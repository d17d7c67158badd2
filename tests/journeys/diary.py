"""Five people's calendars at both vendors, the meetings in them as they truly are, and the program beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from activity_sync.model.decisions import State
from activity_sync.model.interactions import Outcome
from activity_sync.simulator.google import GoogleSimulator, instance_id
from activity_sync.simulator.microsoft import MicrosoftSimulator, person
from activity_sync.simulator.microsoft.uids import new_uid, wrapped
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.steps.round import sync
from activity_sync.store import interactions
from activity_sync.store.tables import Interactions
from activity_sync.wiring import open_app
from tests.config.builders import settings_of

HERE = ("ann@acme.example", "bob@acme.example", "cid@acme.example")
THERE = ("dot@acme.example", "eli@acme.example")
EVERYBODY = (*HERE, *THERE)
GUESTS = ("sam@globex.example", "lea@globex.example")
HOUR = timedelta(hours=1)
HORIZON = timedelta(days=14)
Identity = tuple[str, str, str]


@dataclass
class Entry:
    """A meeting as it truly is. `google`, `microsoft`: its id there, "" when nobody there has it.

    `lost`: nobody takes it out of the bin.
    """

    uid: str
    title: str
    start: datetime
    organizer: str
    people: list[str]
    guests: list[str]
    google: str = ""
    microsoft: str = ""
    original: datetime | None = None
    cancelled: bool = False
    lost: bool = False

    @property
    def eligible(self) -> bool:
        """Whether it is to be in Zoho."""
        return bool(self.people) and bool(self.guests) and not self.cancelled

    @property
    def near(self) -> bool:
        """Whether it starts within the horizon."""
        return self.start <= datetime.now(UTC) + HORIZON - HOUR


@dataclass
class Diary:
    """What people do, done in every calendar that holds the meeting."""

    google: GoogleSimulator = field(default_factory=GoogleSimulator)
    microsoft: MicrosoftSimulator = field(default_factory=MicrosoftSimulator)
    zoho: ZohoSimulator = field(default_factory=lambda: ZohoSimulator(company="Acme"))
    entries: list[Entry] = field(default_factory=list)
    made: int = 0

    def open(self, stack: ExitStack, folder: Path, **changes: Any) -> None:
        """Serve, and start the program. `changes`: of the config."""
        import json

        self.zoho.add_key_field()
        account = self.zoho.add("Accounts", Account_Name="Globex")
        for number, guest in enumerate(GUESTS):
            self.zoho.add("Contacts", Last_Name=f"No {number}", Email=guest, Account_Name=account)
        for email in EVERYBODY:
            self.zoho.add_user(email, email[:3].title(), "Rep")
            (self.google if email in HERE else self.microsoft).add_calendar(email)
        urls = [stack.enter_context(one.serve()) for one in (self.zoho, self.google, self.microsoft)]
        (folder / "google.json").write_text(json.dumps(self.google.service_account_key()))
        google = {"name": "here", "kind": "google", "service_account_file": "google.json", "api_url": urls[1]}
        calendars = [
            {**google, "reps": HERE},
            {"name": "there", "kind": "microsoft", "reps": THERE, **self.microsoft.settings()},
        ]
        zoho = {
            "accounts_url": urls[0], "api_url": urls[0], "client_id": self.zoho.client_id,
            "client_secret": self.zoho.client_secret, "refresh_token": self.zoho.refresh_token,
        }  # fmt: skip
        database = f"sqlite:///{folder / 'diary.db'}"
        settings = settings_of(folder, {"zoho": zoho, "calendars": calendars, "database": database, **changes})
        self.app = open_app(settings, folder)
        stack.callback(self.app.close)

    def sync(self, *, refreshing: bool = True) -> Any:
        """A round. `refreshing`: Zoho is asked what changed in it, too."""
        return sync(self.app.means, wait=False, refreshing=refreshing)

    # --- deeds

    def put(self, people: list[str], guests: list[str], days: int, hours: int, organizer: str = "") -> Entry:
        """A new meeting; the first one organises it, unless somebody else is named."""
        entry = self._entry(people, guests, days, hours)
        entry.organizer = organizer or entry.organizer
        self._place(entry, people)
        return entry

    def put_series(self, people: list[str], guests: list[str], days: int) -> list[Entry]:
        """Three on consecutive days, with a uid of the vendor of the organiser."""
        first = self._entry(people, guests, days, 0)
        starts = [first.start + timedelta(days=number) for number in range(3)]
        here, there = self._sides(people)
        whole = self._words(first)
        google = microsoft = ""
        if here:
            google = self.google.put_series(
                here, starts=starts, length=HOUR, recurrence="RRULE:FREQ=DAILY;COUNT=3", iCalUID=first.uid, **whole[0]
            )
        if there:
            microsoft = self.microsoft.put_series(
                there, starts=starts, length=HOUR, iCalUId=self._exchange_uid(first), **whole[1]
            )
        self.entries.remove(first)
        found = []
        for start in starts:
            one = replace(first, start=start, original=start, people=list(people), guests=list(guests))
            one.google = instance_id(google, start) if google else ""
            one.microsoft = self.microsoft.occurrence_id(there[0], microsoft, start) if microsoft else ""
            found.append(one)
        self.entries += found
        return found

    def change(self, entry: Entry) -> None:
        """Bring every copy to what the entry says."""
        here, there = self._words(entry)
        if entry.google:
            self.google.change_event(entry.google, **here)
            self.google.move_event(entry.google, entry.start)
        if entry.microsoft:
            self.microsoft.change_event(entry.microsoft, **there)
            self.microsoft.move_event(entry.microsoft, entry.start)

    def forward(self, entry: Entry, to: str) -> None:
        """One more of us has it."""
        entry.people.append(to)
        self._place(entry, [to])
        self.change(entry)

    def leave(self, entry: Entry, who: str) -> None:
        """Somebody deletes the own copy. An organiser's deletion ends it for all, unless it was handed over."""
        entry.people.remove(who)
        if who in HERE:
            self.google.remove_copy(who, entry.google)
            if entry.original is None:
                del self.google.meetings.calendars[who].copies[entry.google]
                entry.google = entry.google if any(one in HERE for one in entry.people) else ""
        else:
            self.microsoft.remove_copy(who, entry.microsoft)

    def cancel_quietly(self, entry: Entry) -> None:
        """The organiser deletes it, and nobody else's calendar hears of that."""
        entry.cancelled = entry.lost = True
        if entry.organizer in HERE:
            self.google.remove_copy(entry.organizer, entry.google)
        else:
            self.microsoft.remove_copy(entry.organizer, entry.microsoft)

    def cancel(self, entry: Entry, *, stub: bool) -> None:
        """The organiser cancels."""
        entry.cancelled = True
        if entry.google:
            self.google.cancel_event(entry.google, as_stub=stub)
        if entry.microsoft:
            self.microsoft.cancel_event(entry.microsoft, removed=stub)

    def restore(self, entry: Entry) -> None:
        """The organiser takes it out of the bin."""
        entry.cancelled = False
        for calendar in self.google.meetings.calendars.values():
            if copy := calendar.copies.get(entry.google):
                copy.stub = False
                self.google.meetings._change(copy, {"status": "confirmed"})
        if entry.microsoft:
            meeting = self.microsoft.meetings._meeting(entry.microsoft)
            for mailbox in self.microsoft.meetings.mailboxes.values():
                for copy in mailbox.copies.values():
                    if copy.meeting == meeting and mailbox.email in entry.people:
                        copy.deleted = False
                        self.microsoft.meetings._change(copy, {"isCancelled": False, "showAs": "busy"})
        self.change(entry)

    # --- what Zoho should hold

    def wanted(self, *, far: bool = False) -> Counter[Identity]:
        """Title, start and end of each meeting that must be there, each once; `far`: that may be there."""
        there = [one for one in self.entries if one.eligible and one.near is not far]
        return Counter(_identity(one.title, one.start, one.start + HOUR) for one in there)

    def held(self, *, far: bool = False) -> Counter[Identity]:
        """What is there within the horizon; `far`: what moved beyond it after it was logged."""
        events = self.zoho.records("Events")
        return self._side(far, ((one["Event_Title"], _moment(one, "Start"), _moment(one, "End")) for one in events))

    def logged(self) -> Counter[Identity]:
        """The same, as the program has it: what goes on, in its last state."""
        found = (
            ((one.decided or {})["title"], one.starts, one.ends or one.starts)
            for one in self.known()
            if one.state == State.LOGGED and one.outcome != Outcome.CANCELLED
        )
        return self._side(False, found)

    def known(self) -> Sequence[Interactions]:
        """Every interaction that the program ever made of what it saw."""
        with self.app.database.reading() as session:
            return interactions.listing(session)

    def _side(self, far: bool, found: Iterable[tuple[str, datetime, datetime]]) -> Counter[Identity]:
        limit = datetime.now(UTC) + HORIZON - HOUR
        return Counter(_identity(title, start, end) for title, start, end in found if (start > limit) is far)

    def _entry(self, people: list[str], guests: list[str], days: int, hours: int) -> Entry:
        self.made += 1
        start = datetime.now(UTC).replace(microsecond=0, second=0, minute=0) + timedelta(days=days, hours=hours)
        native = people[0] in THERE and all(one in THERE for one in people)
        uid = new_uid() if native else f"{self.made}-of-the-diary@google.com"
        entry = Entry(uid, f"Meeting {self.made}", start, people[0], list(people), list(guests))
        self.entries.append(entry)
        return entry

    def _place(self, entry: Entry, people: list[str]) -> None:
        here, there = self._sides(people)
        google, microsoft = self._words(entry)
        times = {"start": entry.start, "end": entry.start + HOUR}
        if here:
            own = {"id": entry.google} if entry.google else {}
            entry.google = self.google.put_event(here, iCalUID=entry.uid, **own, **google, **times)
        if there:
            made = self.microsoft.put_event(there, iCalUId=self._exchange_uid(entry), **microsoft, **times)
            if entry.microsoft:
                meeting = self.microsoft.meetings._meeting(entry.microsoft)
                self.microsoft.meetings.mailboxes[there[0]].copies[made].meeting = meeting
            else:
                entry.microsoft = made

    def _exchange_uid(self, entry: Entry) -> str:
        return wrapped(entry.uid) if "@" in entry.uid else entry.uid

    def _sides(self, people: list[str]) -> tuple[list[str], list[str]]:
        return [one for one in people if one in HERE], [one for one in people if one in THERE]

    def _words(self, entry: Entry) -> tuple[dict[str, Any], dict[str, Any]]:
        everybody = [*entry.people, *entry.guests]
        google = {
            "summary": entry.title,
            "organizer": {"email": entry.organizer},
            "attendees": [{"email": one, "responseStatus": "accepted"} for one in everybody],
        }
        microsoft = {
            "subject": entry.title,
            "organizer": {"emailAddress": {"name": entry.organizer, "address": entry.organizer}},
            "attendees": [person(one, response="accepted") for one in everybody],
        }
        return google, microsoft


def _identity(title: str, start: datetime, end: datetime) -> Identity:
    return title, start.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat()


def _moment(event: Mapping[str, Any], which: str) -> datetime:
    return datetime.fromisoformat(event[f"{which}_DateTime"])
