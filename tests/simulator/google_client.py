"""Google's own client on the made-up Google."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import google_auth_httplib2
import httplib2
from google.oauth2 import service_account
from googleapiclient.discovery import build

from activity_sync.simulator.google import GoogleSimulator

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
JO, MAX = "jo@acme.example", "max@acme.example"
READ = "https://www.googleapis.com/auth/calendar.events.readonly"


@dataclass(frozen=True)
class Google:
    """The simulator, and Google's client signed in as anybody."""

    simulator: GoogleSimulator
    url: str
    wires: list[httplib2.Http] = field(default_factory=list)

    def wire(self) -> httplib2.Http:
        """A connection that is closed when the test ends."""
        self.wires.append(httplib2.Http(timeout=5, proxy_info=None))
        return self.wires[-1]

    def service(self, subject: str = JO, scope: str = READ, api: tuple[str, str] = ("calendar", "v3")) -> Any:
        path = "/calendar/v3/" if api[0] == "calendar" else "/"
        return build(*api, http=self.http(subject, scope), client_options={"api_endpoint": self.url + path})

    def http(self, subject: str = JO, scope: str = READ) -> Any:
        key = self.simulator.service_account_key()
        credentials = service_account.Credentials.from_service_account_info(key, scopes=[scope], subject=subject)
        return google_auth_httplib2.AuthorizedHttp(credentials, http=self.wire())

    def list(self, subject: str = JO, **asked: Any) -> dict[str, Any]:
        """All pages of one listing, as one."""
        events = self.service(subject).events()
        request = events.list(calendarId="primary", **asked)
        items: list[dict[str, Any]] = []
        while request is not None:
            page = request.execute()
            items += page["items"]
            request = events.list_next(request, page)
        return page | {"items": items}

    def titles(self, subject: str = JO, **asked: Any) -> list[str]:
        return sorted(one.get("summary", one["id"]) for one in self.list(subject, **asked)["items"])

    def meet(
        self, summary: str, at: datetime = NOON, minutes: int = 30, calendars: tuple[str, ...] = (JO,), **more: Any
    ) -> str:
        return self.simulator.put_event(
            calendars, summary=summary, start=at, end=at + timedelta(minutes=minutes), **more
        )
