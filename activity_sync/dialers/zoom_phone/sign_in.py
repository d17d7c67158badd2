"""Zoom's token desk: the account's id and the app's pair for an access token of an hour (dialers.md 5.1)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass, field

import httpx

from activity_sync.model.ports import Clock
from activity_sync.model.settings import ZoomPhoneDialer
from activity_sync.net.sign_in import Token
from activity_sync.net.token_answers import Desk

NEXT_STEP = (
    "Check account_id, client_id and client_secret against the server-to-server app in Zoom's marketplace; "
    "the app must be activated."
)

_GRANT = "account_credentials"
_DESK = Desk(vendor="Zoom", refuses="the app or its account", next_step=NEXT_STEP, setting="accounts_url")


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
        return _DESK.token(response, self.clock(), self.holder)

    def dress(self, request: httpx.Request, token: Token) -> None:
        """As a bearer token."""
        request.headers["Authorization"] = f"Bearer {token.value}"

    def is_stale(self, response: httpx.Response) -> bool:
        """A refused token may have ended early: another one is worth one try."""
        del response
        return True
