"""The pretend Google: token endpoint, calendars and directory behind one address."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google.copies import Calendar, Json
from activity_sync.simulator.google.directory import Directory, Member
from activity_sync.simulator.google.failures import Refused, not_found, refusal, too_many, unauthorized
from activity_sync.simulator.google.fields import keep, read_selection
from activity_sync.simulator.google.listing import Listings
from activity_sync.simulator.google.meet import Conferences
from activity_sync.simulator.google.meetings import Meetings
from activity_sync.simulator.google.parameters import GET, INSTANCES, check_known, read_listing
from activity_sync.simulator.google.tokens import AUTH, Grant, TokenOffice
from activity_sync.simulator.google.watching import Watching
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

_EVENT_SCOPES = [
    "calendar",
    "calendar.readonly",
    "calendar.events",
    "calendar.events.readonly",
    "calendar.events.owned",
    "calendar.events.owned.readonly",
    "calendar.events.public.readonly",
    "calendar.events.freebusy",
    "calendar.app.created",
]
_LIST_SCOPES = ("calendar", "calendar.calendarlist", "calendar.calendarlist.readonly", "calendar.readonly")
_ROOT = "/calendar/v3/"


@dataclass(slots=True)
class _Refusal:
    status: int
    reason: str
    times: int


class GoogleSimulator:
    """Google as far as a daemon that reads calendars meets it.

    `meetings` holds what people do (`put_event`, `move_event`, ... are also here); `requests` every request that came;
    `mishaps` what goes wrong on the wire; `listings` the size and emptiness of pages; `tokens.delegated` the scopes
    that the admin granted and `tokens.refused` {subject: token error}.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.tokens = TokenOffice(self.clock)
        self.directory = Directory()
        self.meetings = Meetings(self.clock)
        self.listings = Listings(self.clock)
        self.watching = Watching(self.clock)
        self.conferences = Conferences()
        self.mishaps = Mishaps(too_many=too_many, unauthorized=unauthorized)
        self.requests: list[Request] = []
        self._refusals: dict[str, _Refusal] = {}
        self._lock = threading.RLock()
        self._url = ""

        self.put_event = self.meetings.put_event
        self.put_series = self.meetings.put_series
        self.move_event = self.meetings.move_event
        self.change_event = self.meetings.change_event
        self.change_copy = self.meetings.change_copy
        self.respond = self.meetings.respond
        self.cancel_event = self.meetings.cancel_event
        self.remove_copy = self.meetings.remove_copy
        self.forget_event = self.meetings.forget_event

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host."""
        with Server(self.mishaps.around(self.handle), port) as server:
            self._url = server.url
            yield server.url

    def service_account_key(self) -> dict[str, str]:
        """The contents of the JSON key file; its token_uri leads here, so serve first."""
        return self.tokens.key_file(self._url)

    def add_calendar(
        self, email: str, name: str = "", time_zone: str = "Europe/London", *, aliases: Sequence[str] = (),
        suspended: bool = False, admin: bool = False,
    ) -> None:  # fmt: skip
        """A user of the Workspace with a calendar; a suspended one gets no token."""
        self.meetings.add_calendar(email, time_zone)
        self.directory.members[email] = Member(email, name, tuple(aliases), suspended, admin)
        if not suspended:
            self.tokens.subjects.add(email)

    def share(self, calendar: str, reader: str) -> None:
        """Let another user read this calendar."""
        self.meetings.calendars[calendar].readers.add(reader)

    def delegate(self, *scopes: str) -> None:
        """The admin adds scopes (without the common beginning) to the service account's list."""
        self.tokens.delegated |= {AUTH + scope for scope in scopes}

    def expire_sync_tokens(self) -> None:
        """Every sync token given so far is answered with 410 from now on."""
        self.listings.generation += 1

    def refuse_token(self, subject: str, error: str = "invalid_grant") -> None:
        """The token endpoint refuses this subject: `unauthorized_client` (401) or another error (400)."""
        self.tokens.refused[subject] = error

    def refuse(self, subject: str, status: int, reason: str, times: int = 10**9) -> None:
        """The calendar service refuses this subject's next `times` requests, e.g. 403 rateLimitExceeded."""
        self._refusals[subject] = _Refusal(status, reason, times)

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            request = _unwrapped(request)
            self.requests.append(request)
            try:
                return self._route(request)
            except Refused as refused:
                return refused.response

    def _route(self, request: Request) -> Response:
        if request.path == "/token" and request.method == "POST":
            return self.tokens.answer(request)
        if request.path == "/o/oauth2/v2/auth" and request.method == "GET":
            return self.tokens.people.page(request)
        grant = self.tokens.holder(request)
        self._check_refused(grant.subject)
        if request.method == "POST":
            return self._watched(request, grant)
        if request.method != "GET":
            raise not_found()
        if request.path == "/admin/directory/v1/users":
            return self.directory.answer(request, grant)
        if request.path.startswith("/v2/"):
            return self.conferences.answer(request, grant)
        if not request.path.startswith(_ROOT):
            raise not_found()
        match request.path.removeprefix(_ROOT).split("/"):
            case ["users", "me", "calendarList"]:
                return self._calendar_list(grant)
            case ["calendars", name, "events"]:
                return self._list(request, self._calendar(name, grant))
            case ["calendars", name, "events", event_id]:
                return self._get(request, self._calendar(name, grant), event_id)
            case ["calendars", name, "events", event_id, "instances"]:
                return self._instances(request, self._calendar(name, grant), event_id)
            case _:
                raise not_found()

    def push(self, *, twice: bool = False) -> list[int]:
        """Tell the channels of what changed; gives what was answered. `watching.deliver_to` says where."""
        with self._lock:
            return self.watching.push(self.meetings.calendars, twice=twice)

    def _watched(self, request: Request, grant: Grant) -> Response:
        match request.path.removeprefix(_ROOT).split("/"):
            case ["calendars", name, "events", "watch"]:
                return self.watching.watch(request, self._calendar(name, grant), grant.subject)
            case ["channels", "stop"]:
                _check_scope(grant, _EVENT_SCOPES)
                return self.watching.stop(request, grant.subject)
            case _:
                raise not_found()

    def _calendar(self, name: str, grant: Grant) -> Calendar:
        _check_scope(grant, _EVENT_SCOPES)
        calendar = self.meetings.calendars.get(grant.subject if name == "primary" else name.lower())
        if calendar is None or grant.subject not in (calendar.email, *calendar.readers):
            raise not_found()
        return calendar

    def _list(self, request: Request, calendar: Calendar) -> Response:
        listing = read_listing(request)
        page = self.listings.page(calendar, listing, self.meetings.version)
        return json_response(keep(page, listing.selection))

    def _instances(self, request: Request, calendar: Calendar, event_id: str) -> Response:
        copy = calendar.copies.get(event_id)
        if copy is None:
            raise not_found()
        if copy.role != "master":
            raise Refused(refusal(400, "badRequest", "Not a recurring event."))
        listing = read_listing(request, INSTANCES)
        return json_response(keep(self.listings.instances_page(calendar, event_id, listing), listing.selection))

    def _get(self, request: Request, calendar: Calendar, event_id: str) -> Response:
        check_known(request.query, GET)
        copy = calendar.copies.get(event_id)
        if copy is None:
            raise not_found()
        return json_response(keep(calendar.shown(copy), read_selection(request.one("fields") or "*")))

    def _calendar_list(self, grant: Grant) -> Response:
        _check_scope(grant, _LIST_SCOPES)
        seen = [one for one in self.meetings.calendars.values() if grant.subject in (one.email, *one.readers)]
        items = [_entry(one, primary=one.email == grant.subject) for one in seen]
        return json_response({"kind": "calendar#calendarList", "etag": '"p1"', "items": items, "nextSyncToken": "cl1="})

    def _check_refused(self, subject: str) -> None:
        planned = self._refusals.get(subject)
        if planned and planned.times > 0:
            planned.times -= 1
            domain = "usageLimits" if "xceeded" in planned.reason else "global"
            raise Refused(refusal(planned.status, planned.reason, planned.reason, domain=domain))


def _check_scope(grant: Grant, scopes: Sequence[str]) -> None:
    if not grant.allows(scopes):
        message = "Request had insufficient authentication scopes."
        raise Refused(refusal(403, "insufficientPermissions", message))


def _entry(calendar: Calendar, *, primary: bool) -> Json:
    entry: Json = {
        "kind": "calendar#calendarListEntry",
        "etag": '"1"',
        "id": calendar.email,
        "summary": calendar.email,
        "timeZone": calendar.zone.key,
        "accessRole": "owner",
    }
    return entry | ({"primary": True} if primary else {})


def _unwrapped(request: Request) -> Request:
    """A GET whose address was too long comes as a POST with its query in the body."""
    if request.method == "POST" and request.headers.get("x-http-method-override", "").upper() == "GET":
        return replace(request, method="GET", query=parse_qs(request.body.decode(), keep_blank_values=True), body=b"")
    return request
