"""RingCentral's token desk: a JWT of the developer console for an access token of an hour (dialers.md 3.1)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

import httpx

from activity_sync.model.ports import Clock
from activity_sync.model.settings import RingCentralDialer
from activity_sync.net.sign_in import Token
from activity_sync.net.token_answers import Desk

NEXT_STEP = "Check client_id, client_secret and jwt against the app in RingCentral's developer console."

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_DESK = Desk(vendor="RingCentral", refuses="the app or its JWT", next_step=NEXT_STEP, setting="api_url")


@dataclass(frozen=True, slots=True)
class JwtDesk:
    """Asks for access tokens of one app. They are stored, for only five may be asked for in a minute."""

    dialer: RingCentralDialer
    root: str
    clock: Clock = field(repr=False)

    @property
    def name(self) -> str:
        """Under which name the token is stored."""
        return f"dialers.{self.dialer.name}.access_token"

    @property
    def holder(self) -> str:
        """Changes with the host, the app and the JWT."""
        parts = (self.root, self.dialer.client_id, self.dialer.jwt.get_secret_value())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def ask(self) -> httpx.Request:
        """The JWT goes in the body, so that no log of addresses holds it."""
        pair = f"{self.dialer.client_id}:{self.dialer.client_secret.get_secret_value()}"
        return httpx.Request(
            "POST",
            f"{self.root}/restapi/oauth/token",
            headers={"Accept": "application/json", "Authorization": f"Basic {_base64(pair)}"},
            data={"grant_type": _GRANT, "assertion": self.dialer.jwt.get_secret_value()},
            extensions={"timeout": httpx.Timeout(20).as_dict()},
        )

    def read(self, response: httpx.Response) -> Token:
        """The token. Raises SignInAgain, TryLater, Unexpected."""
        return _DESK.token(response, self.clock(), self.holder)

    def dress(self, request: httpx.Request, token: Token) -> None:
        """As a bearer token."""
        request.headers["Authorization"] = f"Bearer {token.value}"

    def is_stale(self, response: httpx.Response) -> bool:
        """A refused token may have ended early: another one is worth one try."""
        del response
        return True


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
