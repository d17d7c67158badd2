"""Zoom's token desk: the account's id and the app's pair for an access token of an hour (dialers.md 5.1)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import orjson

from activity_sync.model.failures import SignInAgain, TryLater, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.model.settings import ZoomPhoneDialer
from activity_sync.net.patience import retry_after
from activity_sync.net.sign_in import Token

NEXT_STEP = (
    "Check account_id, client_id and client_secret against the server-to-server app in Zoom's marketplace; "
    "the app must be activated."
)

_GRANT = "account_credentials"
_REST = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class AccountDesk:
    """Asks for access tokens of one account."""

    dialer: ZoomPhoneDialer
    root: str
    clock: Clock = field(repr=False)

    @property
    def name(self) -> str:
        """Under which name the token is stored."""
        return f"dialers.{self.dialer.name}.access_token"

    @property
    def holder(self) -> str:
        """Changes with the host, the account, the app and its secret."""
        dialer = self.dialer
        parts = (self.root, dialer.account_id, dialer.client_id, dialer.client_secret.get_secret_value())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def ask(self) -> httpx.Request:
        """Grant and account stand in the address as well: Zoom's pages show them there or in the body."""
        asked = {"grant_type": _GRANT, "account_id": self.dialer.account_id}
        pair = f"{self.dialer.client_id}:{self.dialer.client_secret.get_secret_value()}"
        return httpx.Request(
            "POST",
            f"{self.root}/oauth/token",
            params=asked,
            headers={"Accept": "application/json", "Authorization": f"Basic {b64encode(pair.encode()).decode()}"},
            data=asked,
            extensions={"timeout": httpx.Timeout(20).as_dict()},
        )

    def read(self, response: httpx.Response) -> Token:
        """The token; a host that the answer names is left alone. Raises SignInAgain, TryLater, Unexpected."""
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS:
            asked = retry_after(response)
            raise TryLater("Zoom's sign-ins are spent.", _REST if asked is None else timedelta(seconds=asked))
        if status >= 500:
            raise TryLater(f"Zoom's sign-in is down ({status}).")
        if 400 <= status < 500:
            raise SignInAgain(f"Zoom refuses the app or its account ({status}).", NEXT_STEP)
        try:
            told = orjson.loads(response.content)
            value, seconds = str(told["access_token"]), float(told.get("expires_in", 3600))
            scope = str(told.get("scope") or "")
        except (ValueError, TypeError, KeyError):
            raise Unexpected("Zoom's sign-in gave no access token.", "Check `accounts_url`.") from None
        return Token(value=value, until=self.clock() + timedelta(seconds=seconds), holder=self.holder, scope=scope)

    def dress(self, request: httpx.Request, token: Token) -> None:
        """As a bearer token."""
        request.headers["Authorization"] = f"Bearer {token.value}"

    def is_stale(self, response: httpx.Response) -> bool:
        """A refused token may have ended early: another one is worth one try."""
        del response
        return True
