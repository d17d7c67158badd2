"""Who may see the figures: whoever is there, or where `web.login` is set its users, by HTTP's basic authentication."""

from __future__ import annotations

import hashlib
import math
from base64 import b64decode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from activity_sync.model.passwords import SALT, fits, hash_of
from activity_sync.model.settings import Login
from activity_sync.web.limits import LOGIN, Limit, peer_of

_ASK = {"WWW-Authenticate": 'Basic realm="Activity Sync", charset="UTF-8"'}
_NOBODY = hash_of("", bytes(SALT))


class Door:
    """Knows who has shown the right password: to compute it again at every reading takes too long."""

    def __init__(self) -> None:
        """Nobody is known yet."""
        self._tries = Limit(LOGIN)
        self._known: set[tuple[str, bytes]] = set()

    def is_open(self, request: Request, login: Login | None) -> bool:
        """Whether this caller may see what is behind. Raises HTTPException (429) when one tries too often."""
        told = request.headers.get("authorization", "")
        if login is None or not told:
            return login is None
        name, password = _told(told)
        kept = login.users[name].get_secret_value() if name in login.users else _NOBODY
        shown = (kept, hashlib.sha256(told.encode()).digest())
        if shown in self._known:
            return True
        seconds = self._tries.wait(peer_of(request))
        if seconds:
            raise HTTPException(429, "too many tries", {"Retry-After": str(math.ceil(seconds))})
        if not fits(password, kept) or kept is _NOBODY:  # a name that nobody has takes as long as a wrong password
            return False
        self._known.add(shown)
        return True

    def admit(self, request: Request, login: Login | None) -> None:
        """Raises HTTPException (401, 429) for a stranger."""
        if not self.is_open(request, login):
            raise HTTPException(401, "a name and a password of web.login are needed", _ASK)


def _told(header: str) -> tuple[str, str]:
    """Name and password; twice "" for another kind of header."""
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        name, _, password = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return name, password
