"""How each kind of calendar is set up for the contract suite: what people do, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from activity_sync.model.ports import Source
from activity_sync.simulator.microsoft import person
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.network import Dropped, Request
from tests.sources.microsoft_stage import MicrosoftStage
from tests.sources.stage import HOUR, JO, MAX, GoogleStage, calendar


class CalendarCase(Protocol):
    """A pretend calendar system with the calendars of Jo and Max, and our source on it.

    `traceless`: what is cancelled and removed is told no more, only missed.
    """

    source: Source
    simulator: Any
    traceless: bool

    def put(self, start: datetime, *, both: bool = False, **event: Any) -> str:
        """An hour's meeting with an outsider in Jo's calendar, or in both; gives its id."""

    def put_private(self, start: datetime) -> str:
        """A private meeting whose every text is `Sword of Damocles`, marked [nolog]."""

    def put_malformed(self, start: datetime) -> str:
        """An entry without an end."""

    def move(self, event_id: str, start: datetime) -> None: ...
    def cancel(self, event_id: str, *, stub: bool) -> None: ...
    def forget(self, event_id: str) -> None: ...
    def answer(self, event_id: str) -> None:
        """The outsider accepts."""

    def refuse_account(self) -> None: ...
    def refuse_jo(self) -> None: ...
    def befall(self, mishap: Mishap) -> None:
        """Every request from now on."""

    def of_directory(self, *, allowed: bool = True) -> Source:
        """Another connection with `reps: directory`, in a company with one who left and one without a calendar."""


class Google:
    """Google Workspace."""

    traceless = False

    def __init__(self, stage: GoogleStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source

    def put(self, start: datetime, *, both: bool = False, **event: Any) -> str:
        people = [{"email": JO, "responseStatus": "accepted"}, {"email": "ann@customer.example"}]
        told = {"summary": "Demo", "attendees": people, "organizer": {"email": JO}} | event
        return self.simulator.put_event([JO, MAX] if both else [JO], start=start, end=start + HOUR, **told)

    def put_private(self, start: datetime) -> str:
        words = "Sword of Damocles"
        link = {"entryPoints": [{"entryPointType": "video", "uri": "https://zoom.us/j/1234567890?pwd=Damocles"}]}
        texts = {"summary": words, "description": f"<p>{words} [nolog]</p>", "location": words, "conferenceData": link}
        return self.put(start, visibility="private", **texts)

    def put_malformed(self, start: datetime) -> str:
        return self.simulator.put_event([JO], start=start, summary="Endless")

    def move(self, event_id: str, start: datetime) -> None:
        self.simulator.move_event(event_id, start)

    def cancel(self, event_id: str, *, stub: bool) -> None:
        self.simulator.cancel_event(event_id, as_stub=stub)

    def forget(self, event_id: str) -> None:
        self.simulator.forget_event(event_id)

    def answer(self, event_id: str) -> None:
        self.simulator.respond(event_id, "ann@customer.example", "accepted")

    def refuse_account(self) -> None:
        self.simulator.refuse_token(JO, "unauthorized_client")

    def refuse_jo(self) -> None:
        self.simulator.refuse_token(JO, "invalid_grant")

    def befall(self, mishap: Mishap) -> None:
        self.simulator.mishaps.plan(mishap, path="/calendar/", times=99)

    def of_directory(self, *, allowed: bool = True) -> Source:
        self.simulator.add_calendar("left@acme.example", suspended=True)
        self.simulator.add_calendar("bare@acme.example")
        self.simulator.refuse("bare@acme.example", 403, "notACalendarUser")
        if allowed:
            self.simulator.delegate("admin.directory.user.readonly")
        stage = self.stage
        return calendar(stage.folder, stage.url, self.simulator.service_account_key(), reps="directory")


@contextmanager
def _google(folder: Path) -> Iterator[CalendarCase]:
    with GoogleStage(folder).serve() as stage:
        yield Google(stage)


class Microsoft:
    """Microsoft 365."""

    traceless = True

    def __init__(self, stage: MicrosoftStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source

    def put(self, start: datetime, *, both: bool = False, **event: Any) -> str:
        people = [person(JO, response="organizer"), person("ann@customer.example")]
        told = {"subject": "Demo", "attendees": people} | event
        return self.simulator.put_event([JO, MAX] if both else [JO], start=start, end=start + HOUR, **told)

    def put_private(self, start: datetime) -> str:
        words = "Sword of Damocles"
        place = {"displayName": words, "locationUri": "https://zoom.us/j/1234567890?pwd=Damocles"}
        link = {"joinUrl": "https://zoom.us/j/1234567890?pwd=Damocles"}
        texts = {"subject": words, "body": f"<p>{words} [nolog]</p>", "location": place, "onlineMeeting": link}
        return self.put(start, sensitivity="private", categories=[words], **texts)

    def put_malformed(self, start: datetime) -> str:
        return self.simulator.put_event([JO], start=start, subject="Endless")

    def move(self, event_id: str, start: datetime) -> None:
        self.simulator.move_event(event_id, start)

    def cancel(self, event_id: str, *, stub: bool) -> None:
        self.simulator.cancel_event(event_id, removed=stub)

    def forget(self, event_id: str) -> None:
        self.simulator.forget_event(event_id)

    def answer(self, event_id: str) -> None:
        self.simulator.respond(event_id, "ann@customer.example", "accepted")

    def refuse_account(self) -> None:
        self.simulator.identity.refused = 7000222

    def refuse_jo(self) -> None:
        self.simulator.close_mailbox(JO)

    def befall(self, mishap: Mishap) -> None:
        self.simulator.mishaps.plan(mishap, path="/v1.0/", times=99)

    def of_directory(self, *, allowed: bool = True) -> Source:
        self.simulator.add_calendar("left@acme.example", enabled=False)
        self.simulator.add_calendar("bare@acme.example")
        self.simulator.refuse("bare@acme.example", 404, "MailboxNotEnabledForRESTAPI")
        if allowed:
            self.simulator.identity.permissions.add("User.Read.All")
        source: Source = self.stage.open(reps="directory")
        return source


@contextmanager
def _microsoft(folder: Path) -> Iterator[CalendarCase]:
    with MicrosoftStage().serve() as stage:
        yield Microsoft(stage)


def case(kind: str, folder: Path) -> AbstractContextManager[CalendarCase]:
    """The case of a kind. A kind without one is a test that fails here."""
    return {"google": _google, "microsoft": _microsoft}[kind](folder)


class InProcess(httpx.BaseTransport):
    """A pretend system without a wire: a function of a request, called in the thread of who asks."""

    def __init__(self, simulator: Any) -> None:
        self._answered = simulator.mishaps.around(simulator.handle)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        split = urlsplit(str(request.url))
        query = parse_qs(split.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            answer = self._answered(Request(request.method, unquote(split.path), query, headers, request.read()))
        except Dropped:
            raise httpx.RemoteProtocolError("no answer", request=request) from None
        if answer.cut is not None:
            raise httpx.RemoteProtocolError("half an answer", request=request)
        return httpx.Response(answer.status, headers=answer.headers, content=answer.body)
