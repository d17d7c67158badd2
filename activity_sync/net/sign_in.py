"""Signing in with a token that ends: a flow for httpx. A vendor supplies how to ask for a token and how to read it."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Protocol

import httpx

from activity_sync.model.ports import Clock, TokenStore

EARLY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token. `until`: when it ends, UTC. `host`: scheme and host to use it at, "" when that is fixed.

    `holder`: a fingerprint of the credentials it was made from, so that changed credentials get a new one. `scope`:
    what it may, as far as the vendor said.
    """

    value: str
    until: datetime
    host: str = ""
    holder: str = ""
    scope: str = ""


class TokenDesk(Protocol):
    """How one vendor gives out tokens."""

    @property
    def name(self) -> str:
        """Under which name the token is stored."""

    @property
    def holder(self) -> str:
        """A fingerprint of the credentials."""

    def ask(self) -> httpx.Request:
        """The request for a new token. Raises SignInAgain when there is nothing to ask with."""

    def read(self, response: httpx.Response) -> Token:
        """The token in the answer. Raises SignInAgain, TryLater."""

    def dress(self, request: httpx.Request, token: Token) -> None:
        """Put the token on the request."""

    def is_stale(self, response: httpx.Response) -> bool:
        """Whether this answer (read already) says that the token has died, so that a new one may help."""


class TokenSignIn(httpx.Auth):
    """Dresses every request with a living token; asks for a new one 5 minutes early, one thread at a time.

    The token is kept in `store`: a program that starts again and again asks for none. A request that is refused for
    a dead token is repeated once with a new one.
    """

    def __init__(self, desk: TokenDesk, store: TokenStore, clock: Clock) -> None:
        self._desk = desk
        self._store = store
        self._clock = clock
        self._token: Token | None = None
        self._asking = threading.Lock()

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yields token requests where needed, then the request, at most twice."""
        token = yield from self._living(None)
        self._desk.dress(request, token)
        response = yield request
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return
        response.read()
        if not self._desk.is_stale(response):
            return
        token = yield from self._living(token)
        self._desk.dress(request, token)
        yield request

    def scope(self) -> str:
        """What the present token may, as far as the vendor said; "" without a token."""
        with self._asking:
            token = self._usable(self._token, None) or self._usable(self._stored(), None)
        return token.scope if token is not None else ""

    def _living(self, dead: Token | None) -> Generator[httpx.Request, httpx.Response, Token]:
        """A token that is not `dead`. The lock is held over the asking: the other threads wait for its result."""
        with self._asking:
            token = self._usable(self._token, dead) or self._usable(self._stored(), dead)
            if token is None:
                response = yield self._desk.ask()
                response.read()
                token = self._desk.read(response)
                self._store.put(self._desk.name, _write(token))
            self._token = token
            return token

    def _usable(self, token: Token | None, dead: Token | None) -> Token | None:
        if token is None or token.holder != self._desk.holder or token.until - EARLY <= self._clock():
            return None
        return None if dead is not None and token.value == dead.value else token

    def _stored(self) -> Token | None:
        """Another process of ours may have asked for a newer one."""
        return _read(self._store.get(self._desk.name))


def _write(token: Token) -> str:
    return json.dumps({**asdict(token), "until": token.until.isoformat()})


def _read(text: str | None) -> Token | None:
    try:
        stored = json.loads(text or "null")
        return Token(**{**stored, "until": datetime.fromisoformat(stored["until"])}) if stored else None
    except (ValueError, TypeError, KeyError):
        return None
