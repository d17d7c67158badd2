"""The service account's key file, and credentials that act as one rep."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from activity_sync.model.failures import SignInAgain
from activity_sync.model.hosts import is_loopback

SCOPE = "https://www.googleapis.com/auth/calendar.events.readonly"
"""The least that reads events; nothing can be changed or sent with it."""

DIRECTORY = "https://www.googleapis.com/auth/admin.directory.user.readonly"
"""Wanted beside it for `reps: directory`."""

ATTENDANCE = "https://www.googleapis.com/auth/meetings.space.readonly"
"""Wanted beside it to see who was in a Google Meet; without it that is simply not known."""

_NEW_KEY = "Make a new JSON key for the service account in the Google Cloud console and put it there."


class Keys(Protocol):
    """Credentials of one connection."""

    @property
    def client_id(self) -> str:
        """The number under which the admin grants the delegation; "" when it is not known."""

    @property
    def connect(self) -> str:
        """The command that signs in a person; "" for a service account."""

    def credentials(self, subject: str, *scopes: str) -> Any:
        """google-auth credentials that act as `subject`, for these scopes; none: for the calendar."""


@dataclass(slots=True)
class Keyring:
    """Credentials per rep, made from one key file. A file that was replaced is read again."""

    path: Path
    _stamp: tuple[int, int] = (0, 0)
    _info: Mapping[str, Any] = field(default_factory=dict)
    _account: Any = None
    _made: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def client_id(self) -> str:
        """The number under which the admin grants the delegation; "" when it is not known."""
        return str(self._info.get("client_id", ""))

    @property
    def connect(self) -> str:
        """No person signs in."""
        return ""

    def credentials(self, subject: str, *scopes: str) -> Any:
        """google-auth credentials that act as `subject`. Raises SignInAgain for a file that is no such key."""
        asked = (subject, *(scopes or (SCOPE,)))
        with self._lock:
            self._read()
            if asked not in self._made:
                self._made[asked] = self._account.with_scopes(asked[1:]).with_subject(subject)
            return self._made[asked]

    def _read(self) -> None:
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp == self._stamp:
                return
            raw = self.path.read_bytes()
        except OSError as error:
            raise self._wrong(
                f"cannot be read ({error.strerror})", "Put the service account's JSON key there."
            ) from None
        self._info = self._checked(raw)
        self._account = self._opened()  # once for all reps: opening an RSA key takes longer than a request
        self._made.clear()
        self._stamp = stamp

    def _checked(self, raw: bytes) -> Mapping[str, Any]:
        try:
            info = json.loads(raw)
        except (ValueError, RecursionError):
            raise self._wrong("is not JSON", _NEW_KEY) from None
        if not isinstance(info, dict):
            raise self._wrong("is not a service account's key", _NEW_KEY)
        if info.get("type") != "service_account":
            kind = "an OAuth client's file" if {"installed", "web"} & info.keys() else "of another type"
            raise self._wrong(f"is {kind}, not a service account's key", _NEW_KEY)
        for name in ("client_email", "private_key", "token_uri"):
            if not isinstance(info.get(name), str) or not info[name]:
                raise self._wrong(f"has no {name}", _NEW_KEY)
        self._check_address(info["token_uri"])
        return info

    def _check_address(self, token_uri: str) -> None:
        try:
            parts = urlsplit(token_uri)
            safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        except ValueError:
            safe = False
        if not safe:
            raise self._wrong("has a token_uri that is not an https address", _NEW_KEY)

    def _opened(self) -> Any:
        from google.auth.exceptions import GoogleAuthError  # loads cryptography: only where a calendar is read
        from google.oauth2.service_account import Credentials

        try:
            made: Any = Credentials  # the library has no types
            return made.from_service_account_info(dict(self._info))
        except (ValueError, TypeError, GoogleAuthError):
            raise self._wrong("has a private_key that cannot be read", _NEW_KEY) from None

    def _wrong(self, what: str, remedy: str) -> SignInAgain:
        return SignInAgain(f"The Google key file {self.path} {what}.", remedy)
