"""Google's own client library, sent over our HTTP session instead of its own.

Its default transport (httplib2) must not be shared by threads and knows neither our proxies nor our certificates;
any object with its `request` will do (calendars.md D1), and an httpx session may be shared.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from activity_sync.net.patience import Patience
from activity_sync.net.session import open_session

TRIES = 3

_CALENDAR = "https://www.googleapis.com"


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
    """Google's services for one connection, made when first asked. May be shared by threads.

    `api_url`: the one host for all of them; None: Google's own.
    """

    api_url: str | None
    _built: Any = None
    _events: Any = None
    _wire: Wire | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def calendar(self) -> Any:
        """The library's calendar service."""
        with self._lock:
            if self._built is None:
                from googleapiclient.discovery import build  # a tenth of a second: only where a calendar is read

                address = f"{self.api_url or _CALENDAR}/calendar/v3/"
                self._built = build(
                    "calendar", "v3", http=self.wire(), static_discovery=True, client_options={"api_endpoint": address}
                )
            return self._built

    def events(self) -> Any:
        """What the library's calendar service asks events of. Made once: it writes its documentation every time."""
        with self._lock:
            if self._events is None:
                self._events = self.calendar().events()
            return self._events

    def signed(self, credentials: Any) -> Any:
        """The wire with every request signed as the rep of these credentials."""
        from google_auth_httplib2 import AuthorizedHttp

        return AuthorizedHttp(credentials, http=self.wire())  # type: ignore[no-untyped-call]

    def asked(self, host: str, path: str, query: Mapping[str, str], credentials: Any) -> Any:
        """The JSON that a service without a library of its own answers to a GET; None for something else.

        `host`: Google's, where there is no `api_url`. Raises googleapiclient's HttpError and what google-auth raises.
        """
        import json

        from googleapiclient.errors import HttpError

        address = f"{self.api_url or f'https://{host}'}/{path}?{urlencode(query)}"
        answer, content = self.signed(credentials).request(address, headers={"Accept": "application/json"})
        if answer.status != httpx.codes.OK:
            raise HttpError(answer, content, uri=address)
        return json.loads(content)

    def wire(self) -> Wire:
        """The one wire of this connection."""
        with self._lock:
            if self._wire is None:
                self._wire = Wire(open_session(patience=Patience(tries=TRIES, longest=20, busy=_too_fast)))
            return self._wire

    def close(self) -> None:
        """End all connections; a later request opens new ones."""
        with self._lock:
            if self._wire is not None:
                self._wire.session.close()
            self._wire = self._built = self._events = None


def _too_fast(answer: httpx.Response) -> bool:
    """Google says with 403 too that it is asked too fast; only the reason tells it from a refusal (calendars.md A9)."""
    return answer.status_code == httpx.codes.FORBIDDEN and b"ateLimitExceeded" in answer.read()
