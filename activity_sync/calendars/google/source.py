"""A Google connection as a source: every rep's calendar is one part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from activity_sync.calendars.google import channels, meet
from activity_sync.calendars.google.credentials import Keyring, Keys
from activity_sync.calendars.google.directory import members
from activity_sync.calendars.google.failures import NoCalendar, NotThere, missing_calendar, translated
from activity_sync.calendars.google.person import PersonKeyring, signed_in
from activity_sync.calendars.google.service import Service
from activity_sync.calendars.google.translation import has_times, is_cancelled, to_meeting_copy
from activity_sync.calendars.google.wire import EVENT, PAGE, Event
from activity_sync.model.entries import NoMeeting, calendars_of, sorted_out
from activity_sync.model.failures import Unexpected
from activity_sync.model.interactions import MeetingCopy
from activity_sync.model.lasting import Lasting
from activity_sync.model.members import identity, text
from activity_sync.model.ports import Attendee, Changes, Channel, Clock, Span, TokenStore, Unreadable
from activity_sync.model.records import User
from activity_sync.model.settings import GoogleCalendar, Settings

_PAGE = 2500
_MARGIN = timedelta(days=1)  # an all-day event begins at another moment in the company's zone than in the calendar's
_PAGES = 200  # a page may be empty though more follow; a listing that never ends is none


@dataclass(slots=True)
class GoogleCalendars:
    """Reads one window of each calendar as a whole, every time: no token that could expire, nothing that is missed.

    The service is asked with a day more on both sides, because its bounds are not ours: it compares the window's
    beginning with an event's end, and days with the calendar's own midnight.
    """

    calendar: GoogleCalendar
    whole: Settings
    tokens: TokenStore
    clock: Clock
    _keys: Keys = field(init=False)
    _service: Service = field(init=False)
    _roll: Lasting[tuple[str, ...]] = field(default_factory=Lasting)

    def __post_init__(self) -> None:
        file = self.calendar.service_account_file
        self._keys = Keyring(file) if file is not None else PersonKeyring(self.calendar, self.tokens)
        self._service = Service(self.calendar.api_url)

    @property
    def name(self) -> str:
        """The connection's name in the config."""
        return self.calendar.name

    @property
    def kind(self) -> str:
        """Always `google`."""
        return self.calendar.kind

    def parts(self, users: Sequence[User]) -> Sequence[str]:
        """The calendars to read, by e-mail: of every active user, those in the config, or of the whole directory.

        Raises SignInAgain, TryLater, Unexpected when the directory cannot be read.

        Who signed in as a person has one: under the only address in `reps`, otherwise under the own; "" before that.
        """
        if self.calendar.service_account_file is not None and self.calendar.reps == "directory":
            askers = sorted(calendars_of("all", users), key=self._is_foreign)
            return self._roll.told(self.clock(), lambda: members(self._service, self._keys, askers))
        if self.calendar.service_account_file is not None:
            return calendars_of(self.calendar.reps, users)
        listed = () if isinstance(self.calendar.reps, str) else calendars_of(self.calendar.reps, users)
        return listed if len(listed) == 1 else (signed_in(self.calendar, self.tokens),)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """The whole window. Raises SignInAgain (for this rep), TryLater, StartOver, Refused, Unexpected."""
        del cursor
        try:
            events = list(self._listed(part, span))
        except NotThere as missing:
            raise missing_calendar(part, missing.status) from None
        except NoCalendar as failure:
            if self.calendar.reps != "directory":
                raise
            return Changes(unreadable=(Unreadable("calendar", failure.why),), cursor=span.now.isoformat())
        changes = self._changes(part, events, lambda at: span.oldest <= at <= span.newest)
        return Changes(
            sightings=changes.sightings,
            gone=changes.gone,
            unreadable=changes.unreadable,
            complete=(span.oldest, span.newest),
            cursor=span.now.isoformat(),
        )

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These events, wherever they are now."""
        found = {native: self._one(part, native) for native in native_ids}
        gone = [native for native, event in found.items() if event is None or is_cancelled(event)]
        there = [event for native, event in found.items() if event is not None and native not in gone]
        changes = self._changes(part, there, lambda _: True)
        return Changes(sightings=changes.sightings, gone=(*gone, *changes.gone), unreadable=changes.unreadable)

    def probe(self, part: str) -> str:
        """One listing of one event."""
        try:
            answer = self._ask(
                part, lambda events: events.list(calendarId="primary", maxResults=1, fields="accessRole")
            )
        except NotThere as missing:
            raise missing_calendar(part, missing.status) from None
        except NoCalendar as failure:
            if self.calendar.reps != "directory":
                raise
            return f"{failure.why.rstrip('.')}, left out"
        role = text(answer, "accessRole")
        hidden = " (times only: details are hidden)" if role == "freeBusyReader" else ""
        return f"the calendar of {part} can be read{hidden}"

    def open_channel(self, part: str, word: str, url: str, now: datetime) -> Channel:
        """See Pushing."""
        return channels.open_channel(self._asked, part, word, url, now)

    def renew_channel(self, part: str, channel: Channel, now: datetime) -> Channel | None:
        """A channel of Google cannot live longer."""
        del part, channel, now
        return None

    def close_channel(self, part: str, channel: Channel) -> None:
        """See Pushing."""
        channels.close_channel(self._asked, part, channel)

    def attended(self, part: str, event_id: str, url: str, start: datetime, end: datetime) -> Sequence[Attendee]:
        """See Attending: in a Google Meet."""
        del event_id
        return meet.attended(self._service, self._keys, part, url, start, end)

    def close(self) -> None:
        """End all connections."""
        self._service.close()

    def _is_foreign(self, email: str) -> bool:
        return email.rpartition("@")[2] not in self.whole.team.domains

    def _listed(self, part: str, span: Span) -> Iterator[Event]:
        token, pages = "", 0
        while token or not pages:
            page = self._page(part, span, token)
            yield from page["items"]
            token, pages = str(page.get("nextPageToken") or ""), pages + 1
            if pages > _PAGES:
                raise Unexpected(f"Google's listing of the calendar of {part} does not end.")

    def _page(self, part: str, span: Span, token: str) -> dict[str, Any]:
        asked: dict[str, Any] = {"pageToken": token} if token else {}
        page = self._ask(
            part,
            lambda events: events.list(
                calendarId="primary",
                singleEvents=True,
                showDeleted=True,
                timeMin=_on_the_wire(span.oldest - _MARGIN),
                timeMax=_on_the_wire(span.newest + _MARGIN),
                maxResults=_PAGE,
                fields=PAGE,
                **asked,
            ),
        )
        if not isinstance(page.setdefault("items", []), list):
            raise Unexpected(f"Google's listing of the calendar of {part} has a foreign shape.")
        return page

    def _one(self, part: str, native: str) -> Event | None:
        try:
            return self._ask(part, lambda events: events.get(calendarId="primary", eventId=native, fields=EVENT))
        except NotThere:
            return None

    def _ask(self, part: str, request: Callable[[Any], Any]) -> dict[str, Any]:
        answer = self._asked(part, lambda _: request(self._service.events()))
        if not isinstance(answer, dict):
            raise Unexpected(f"Google's answer for {part} is not what its calendar service sends.")
        return cast("dict[str, Any]", answer)

    def _asked(self, part: str, request: Callable[[Any], Any]) -> object:
        credentials = self._keys.credentials(part)
        with translated(part, self._keys):
            return request(self._service.calendar()).execute(http=self._service.signed(credentials))

    def _changes(self, part: str, events: Iterable[object], inside: Callable[[datetime], bool]) -> Changes:
        return sorted_out(events, lambda event: self._read_one(part, event), _name, inside)

    def _read_one(self, part: str, event: object) -> MeetingCopy | NoMeeting | str:
        """The copy, why it cannot be read, or the id of an event of which only the deletion is known."""
        if not isinstance(event, dict):
            return NoMeeting("it is no event")
        if is_cancelled(event) and not has_times(event) and _name(event):
            return _name(event)
        try:
            return to_meeting_copy(
                event,
                source=self.name,
                calendar=part,
                zone=self.whole.zone,
                word=self.whole.never.log.word,
                as_open=self.whole.meetings.private == "log",
            )
        except NoMeeting as reason:
            return _name(event) if is_cancelled(event) and _name(event) else reason


def _name(event: object) -> str:
    return identity(event, "id")


def _on_the_wire(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
