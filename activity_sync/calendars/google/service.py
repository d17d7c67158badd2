"""Google's own client library, sent over our HTTP session instead of its own.

Its default transport (httplib2) must not be shared by threads and knows neither our proxies nor our certificates;
any object with its `request` will do (calendars.md D1), and an httpx session may be shared.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from activity_sync.net.patience import Patience
from activity_sync.net.session import open_session

ROOT = "https://www.googleapis.com"
TRIES = 3


@dataclass(slots=True)
class Wire:
    """What Google's libraries take for an `httplib2.Http`."""

    session: httpx.Client

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: object = None,
    ) -> tuple[Any, bytes]:
        """Status and headers as httplib2 shows them, and the body. Raises httpx.TransportError."""
        import httplib2

        del redirections, connection_type
        answer = self.session.request(method, uri, content=body, headers=dict(headers or {}))
        seen = httplib2.Response({name.lower(): value for name, value in answer.headers.items()})  # type: ignore[no-untyped-call]
        seen.status, seen.reason = answer.status_code, answer.reason_phrase
        return seen, answer.content

    def close(self) -> None:
        """Nothing: the session is the service's."""


@dataclass(slots=True)
class Service:
    """The calendar service of one connection, made when it is first asked. May be shared by threads."""

    api_url: str
    _events: Any = None
    _wire: Wire | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def events(self) -> Any:
        """The library's `events` resource."""
        with self._lock:
            if self._events is None:
                from googleapiclient.discovery import build  # a tenth of a second: only where a calendar is read

                address = f"{self.api_url}/calendar/v3/"
                built = build(
                    "calendar", "v3", http=self.wire(), static_discovery=True, client_options={"api_endpoint": address}
                )
                self._events = built.events()
            return self._events

    def signed(self, credentials: Any) -> Any:
        """The wire with every request signed as the rep of these credentials."""
        from google_auth_httplib2 import AuthorizedHttp

        return AuthorizedHttp(credentials, http=self.wire())  # type: ignore[no-untyped-call]

    def wire(self) -> Wire:
        """The one wire of this connection."""
        with self._lock:
            if self._wire is None:
                self._wire = Wire(open_session(patience=Patience(tries=TRIES, longest=20)))
            return self._wire

    def close(self) -> None:
        """End all connections; a later request opens new ones."""
        with self._lock:
            if self._wire is not None:
                self._wire.session.close()
            self._wire = self._events = None
