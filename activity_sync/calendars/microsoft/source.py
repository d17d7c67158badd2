"""A Microsoft connection as a source: every rep's calendar is one part."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx

from activity_sync.calendars.microsoft import channels, teams
from activity_sync.calendars.microsoft.app import AppTokens
from activity_sync.calendars.microsoft.device_code import PersonTokens, signed_in
from activity_sync.calendars.microsoft.directory import members
from activity_sync.calendars.microsoft.failures import NoMailbox, NotThere, missing_calendar
from activity_sync.calendars.microsoft.graph import Graph
from activity_sync.calendars.microsoft.sign_in import Tokens
from activity_sync.calendars.microsoft.stubs import filled
from activity_sync.calendars.microsoft.translation import View, is_series, to_meeting_copy
from activity_sync.calendars.microsoft.wire import SELECTED, query
from activity_sync.model.entries import NoMeeting, Readable, calendars_of, sorted_out
from activity_sync.model.lasting import Lasting
from activity_sync.model.members import Holder, flag, identity
from activity_sync.model.ports import Attendee, Changes, Channel, Clock, Span, TokenStore, Unreadable
from activity_sync.model.records import User
from activity_sync.model.settings import MicrosoftCalendar, Settings
from activity_sync.net.patience import Patience
from activity_sync.net.session import open_session

_PAGE = 1000
_MARGIN = timedelta(days=1)  # an all-day event begins at another moment in the company's zone than in the mailbox's
TRIES = 3


@dataclass(slots=True)
class MicrosoftCalendars:
    """Reads one window of each calendar as a whole, every time.

    A delta link would hand over occurrences without their texts and people, tell what left its window as deleted,
    and keep yesterday's window (calendars.md C5); one listing of the window is one request as well.
    """

    calendar: MicrosoftCalendar
    whole: Settings
    tokens: TokenStore
    clock: Clock
    _session: httpx.Client | None = None
    _graph: Graph | None = None
    _roll: Lasting[tuple[str, ...]] = field(default_factory=Lasting)
    _ids: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        """The connection's name in the config."""
        return self.calendar.name

    @property
    def kind(self) -> str:
        """Always `microsoft`."""
        return self.calendar.kind

    def parts(self, users: Sequence[User]) -> Sequence[str]:
        """The calendars to read, by e-mail: of every active user, those in the config, or of the whole directory.

        Raises SignInAgain, TryLater, Unexpected when the directory cannot be read.

        Who signed in as a person has one: under the only address in `reps`, otherwise under the own; "" before that.
        """
        if self._as_app and self.calendar.reps == "directory":
            return self._roll.told(self.clock(), self._members)
        if self._as_app:
            return calendars_of(self.calendar.reps, users)
        listed = () if isinstance(self.calendar.reps, str) else calendars_of(self.calendar.reps, users)
        return listed if len(listed) == 1 else (signed_in(self.calendar, self.tokens),)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """The whole window. Raises SignInAgain (for this rep), TryLater, StartOver, Refused, Unexpected."""
        del cursor
        asked = {
            "startDateTime": _on_the_wire(span.oldest - _MARGIN),
            "endDateTime": _on_the_wire(span.newest + _MARGIN),
            "$select": ",".join(SELECTED),
            "$top": str(_PAGE),
        }
        try:
            listed = self._listed(part, asked)
        except NoMailbox as failure:
            if self._is_listed():
                raise
            return Changes(unreadable=(Unreadable("mailbox", failure.why),), cursor=span.now.isoformat())
        changes = self._changes(part, listed, lambda at: span.oldest <= at <= span.newest)
        return Changes(
            sightings=changes.sightings,
            gone=changes.gone,
            unreadable=changes.unreadable,
            complete=(span.oldest, span.newest),
            cursor=span.now.isoformat(),
        )

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These events, wherever they are now: twenty in a request."""
        found = self._found(part, native_ids)
        gone = [native for native, event in found.items() if event is None or flag(event, "isCancelled")]
        there = [event for native, event in found.items() if native not in gone]
        changes = self._changes(part, there, lambda _: True)
        return Changes(sightings=changes.sightings, gone=(*gone, *changes.gone), unreadable=changes.unreadable)

    def probe(self, part: str) -> str:
        """One listing of one event."""
        now = self.clock()
        asked = {"startDateTime": _on_the_wire(now), "endDateTime": _on_the_wire(now + _MARGIN)}
        try:
            self._opened().one(self._view(part, asked | {"$select": "id", "$top": "1"}), part)
        except NotThere:
            raise missing_calendar(part) from None
        except NoMailbox as failure:
            if self._is_listed():
                raise
            return f"{failure.why.rstrip('.')}, left out"
        return f"the calendar of {part} can be read"

    def _is_listed(self) -> bool:
        """Whether a person named these reps. Among all users there are some without a mailbox: they are left out, and
        that is told once (calendars.md C3)."""
        return not isinstance(self.calendar.reps, str)

    def open_channel(self, part: str, word: str, url: str, now: datetime) -> Channel:
        """See Pushing."""
        return channels.open_channel(self._opened(), self._mailbox(part), part, word, url, now)

    def renew_channel(self, part: str, channel: Channel, now: datetime) -> Channel | None:
        """See Pushing."""
        return channels.renew_channel(self._opened(), part, channel, now)

    def close_channel(self, part: str, channel: Channel) -> None:
        """See Pushing."""
        channels.close_channel(self._opened(), part, channel)

    def attended(self, part: str, event_id: str, url: str, start: datetime, end: datetime) -> Sequence[Attendee]:
        """See Attending: in a Teams meeting that this person organised."""
        del url
        return teams.attended(self._opened(), self._mailbox(part), part, event_id, start, end)

    def close(self) -> None:
        """End all connections; a later request opens new ones."""
        with self._lock:
            if self._session is not None:
                self._session.close()
            self._session = self._graph = None

    @property
    def _as_app(self) -> bool:
        return self.calendar.client_secret is not None or self.calendar.certificate_file is not None

    def _opened(self) -> Graph:
        with self._lock:
            if self._session is None or self._graph is None:
                self._session = open_session(patience=Patience(tries=TRIES, longest=20))
                self._graph = Graph(self.calendar.graph_url, self._session, self._tokens(self._session))
            return self._graph

    def _tokens(self, session: httpx.Client) -> Tokens:
        if self._as_app:
            return AppTokens(self.calendar, session)
        return PersonTokens(self.calendar, session, self.tokens)

    def _listed(self, part: str, asked: dict[str, str]) -> Iterable[object]:
        """Every event once: pages of a calendar that changes meanwhile may show one twice."""
        try:
            events = list(self._opened().listed(self._view(part, asked), part))
        except NotThere:
            raise missing_calendar(part) from None
        once = {_name(event) or f"nameless {number}": event for number, event in enumerate(events)}.values()
        return filled(once, lambda ids: self._found(part, ids))

    def _found(self, part: str, native_ids: Sequence[str]) -> Mapping[str, Holder | None]:
        selected = query({"$select": ",".join(SELECTED)})
        paths = {one: f"{self._mailbox(part)}/events/{quote(one, safe='')}?{selected}" for one in native_ids}
        return self._opened().many(paths, part) if paths else {}

    def _members(self) -> tuple[str, ...]:
        self._ids = dict(members(self._opened()))
        return tuple(self._ids)

    def _mailbox(self, part: str) -> str:
        return f"/users/{quote(self._ids.get(part, part), safe='@')}" if self._as_app else "/me"

    def _view(self, part: str, asked: dict[str, str]) -> str:
        return f"{self._mailbox(part)}/calendarView?{query(asked)}"

    def _changes(self, part: str, events: Iterable[object], inside: Callable[[datetime], bool]) -> Changes:
        log, as_open = self.whole.never.log, self.whole.meetings.private == "log"
        view = View(self.name, part, self.whole.zone, log.word, log.categories, as_open)
        return sorted_out(events, lambda event: _read_one(event, view), _name, inside)


def _read_one(event: object, view: View) -> Readable:
    if not isinstance(event, dict):
        return NoMeeting("it is no event")
    if is_series(event):
        return None
    try:
        return to_meeting_copy(event, view)
    except NoMeeting as reason:
        return _name(event) if flag(event, "isCancelled") and _name(event) else reason


def _name(event: object) -> str:
    return identity(event, "id")


def _on_the_wire(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
