"""How msal reaches the sign-in service: over our HTTP session, and never anywhere but at the configured authority.

msal takes https authorities only and goes where the tenant's description points (calendars.md D2). It is shown an
https address, and every request goes to the configured host, so that a custom authority is not looked up elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx


@dataclass(slots=True)
class Door:
    """What msal takes for its `http_client`. `status` and `text` are of the last answer."""

    session: httpx.Client
    authority: str
    status: int = 0
    text: str = ""

    def __post_init__(self) -> None:
        logging.getLogger("msal").setLevel(logging.CRITICAL)  # it logs whole answers that it cannot read

    @property
    def shown(self) -> str:
        """The authority as msal wants it."""
        return urlunsplit(urlsplit(self.authority)._replace(scheme="https"))

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **_: object
    ) -> httpx.Response:
        """GET at the authority. Raises httpx.TransportError."""
        return self._kept(self.session.get(self._inside(url), params=params, headers=headers))

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | str | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> httpx.Response:
        """POST a form at the authority. Raises httpx.TransportError."""
        form = (
            data if isinstance(data, str) else urlencode({name: value for name, value in (data or {}).items() if value})
        )
        told = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        safe = {"safe": "device_code" not in form}  # a device code gives its token only once
        answer = self.session.post(self._inside(url), params=params, content=form, headers=told, extensions=safe)
        return self._kept(answer)

    def close(self) -> None:
        """Nothing: the session is the connection's."""

    def _inside(self, url: str) -> str:
        asked, own = urlsplit(url), urlsplit(self.authority)
        return urlunsplit((own.scheme, own.netloc, asked.path, asked.query, ""))

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        self.status, self.text = answer.status_code, answer.text
        return answer
