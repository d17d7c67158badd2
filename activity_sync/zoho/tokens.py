"""Zoho's token desk (zoho.md 1.2 to 1.6): errors come with HTTP 200, and too many questions lock us out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import orjson

from activity_sync.model.failures import SignInAgain, TryLater
from activity_sync.model.ports import Clock, TokenStore
from activity_sync.model.settings import Zoho
from activity_sync.net.sign_in import Token
from activity_sync.zoho.data_centers import Hosts, is_zohos

REFRESH_TOKEN = "zoho.refresh_token"  # noqa: S105 - the name of an entry
ACCESS_TOKEN = "zoho.access_token"  # noqa: S105
_THROTTLED = timedelta(minutes=10)
_CONNECT = "run `activity-sync connect zoho` or set zoho.refresh_token"
_PERMANENT = {
    "invalid_code": ("Zoho does not accept the refresh token: it was revoked, or belongs to another region", _CONNECT),
    "invalid_client": (
        "Zoho does not know this client id in this region",
        "check zoho.client_id and zoho.data_center",
    ),
    "invalid_client_secret": (
        "Zoho does not accept the client secret in this region",
        "check zoho.client_secret and zoho.data_center",
    ),
    "invalid_redirect_uri": ("Zoho does not accept the redirect address of this client", _CONNECT),
}


@dataclass(frozen=True, slots=True)
class ZohoDesk:
    """Refreshes the access token of one Zoho client."""

    zoho: Zoho
    hosts: Hosts
    store: TokenStore
    clock: Clock

    @property
    def name(self) -> str:
        """Under which name the access token is stored."""
        return ACCESS_TOKEN

    @property
    def holder(self) -> str:
        """Changes with client, refresh token and accounts server."""
        parts = (self.hosts.accounts, self.zoho.client_id, self._refresh_token() or "")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def ask(self) -> httpx.Request:
        """A refresh; the secrets go in the body, so that no log of addresses holds them."""
        refresh_token = self._refresh_token()
        if not refresh_token:
            raise SignInAgain("Zoho is not connected: there is no refresh token", _CONNECT)
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **client_form(self.zoho)}
        return token_request(self.hosts, form)

    def read(self, response: httpx.Response) -> Token:
        """The token, or SignInAgain, or TryLater."""
        answer = read_answer(response)
        seconds = answer.get("expires_in")
        lives = timedelta(seconds=seconds if isinstance(seconds, int | float) and seconds > 0 else 3600)
        return Token(
            value=answer["access_token"],
            until=self.clock() + lives,
            host=self._host(answer),
            holder=self.holder,
            scope=str(answer.get("scope") or ""),
        )

    def dress(self, request: httpx.Request, token: Token) -> None:
        """Zoho's own header scheme, although token answers say Bearer; and the host that the token is for."""
        request.headers["Authorization"] = f"Zoho-oauthtoken {token.value}"
        if token.host and not self.hosts.fixed:
            host = httpx.URL(token.host)
            request.url = request.url.copy_with(scheme=host.scheme, host=host.host, port=host.port)
            request.headers["Host"] = request.url.netloc.decode("ascii")

    def is_stale(self, response: httpx.Response) -> bool:
        """A missing scope is the one refusal that no new token mends."""
        return b"OAUTH_SCOPE_MISMATCH" not in response.content

    def _refresh_token(self) -> str | None:
        given = self.zoho.refresh_token
        return given.get_secret_value() if given else self.store.get(REFRESH_TOKEN)

    def _host(self, answer: dict[str, Any]) -> str:
        named = str(answer.get("api_domain") or "").rstrip("/")
        return named if not self.hosts.fixed and is_zohos(named) else ""


def client_form(zoho: Zoho) -> dict[str, str]:
    """Who asks."""
    return {"client_id": zoho.client_id, "client_secret": zoho.client_secret.get_secret_value()}


def token_request(to: Hosts, form: dict[str, str]) -> httpx.Request:
    """A request to the token endpoint. One try: its own limits are narrow."""
    return httpx.Request("POST", f"{to.accounts}/oauth/v2/token", data=form, headers={"Accept": "application/json"},
                         extensions={"timeout": httpx.Timeout(20).as_dict()})  # fmt: skip


def read_answer(response: httpx.Response) -> dict[str, Any]:
    """The answer of the token endpoint, with an access token in it. Raises SignInAgain, TryLater."""
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        raise TryLater(f"Zoho's sign-in answered with HTTP {response.status_code} and no JSON")
    error = str(answer.get("error") or "")
    if error in _PERMANENT:
        raise SignInAgain(*_PERMANENT[error])
    if error.casefold().replace(" ", "_") == "access_denied" or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise TryLater("Zoho's sign-in asks us to wait: too many access tokens were asked for", _THROTTLED)
    if error or not isinstance(answer.get("access_token"), str) or not answer["access_token"]:
        raise TryLater(f"Zoho's sign-in gave no access token ({error or f'HTTP {response.status_code}'})")
    return answer
