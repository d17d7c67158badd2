"""One person signs in with the browser; from then on the own calendar is read with it (calendars.md A1)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from activity_sync.calendars.google.credentials import SCOPE
from activity_sync.calendars.google.owner import owner
from activity_sync.model.addresses import comparable_email
from activity_sync.model.failures import SignInAgain, TryLater, Unexpected
from activity_sync.model.hosts import is_loopback
from activity_sync.model.ports import TokenStore
from activity_sync.model.settings import GoogleCalendar
from activity_sync.net.session import open_session

_SCOPES = (SCOPE, "openid", "email")
"""To read events, and to know who signed in."""

_PAGE = "https://accounts.google.com/o/oauth2/v2/auth"
_TOKENS = "https://oauth2.googleapis.com/token"
_CLIENT = "In the Google Cloud console under APIs & Services > Credentials, make an OAuth client of the type Desktop app, download its JSON and give it by --client FILE."  # noqa: E501


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An OAuth client. `page`: where a person consents; `tokens`: where codes become tokens."""

    id: str
    secret: str = field(repr=False)
    page: str
    tokens: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is sent with, and has to come back with."""

    client: Client
    redirect: str
    state: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)

    @property
    def page(self) -> str:
        """The address where the person consents."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code", "client_id": self.client.id, "redirect_uri": self.redirect, "state": self.state,
            "scope": " ".join(_SCOPES), "code_challenge": challenge, "code_challenge_method": "S256",
            "access_type": "offline", "prompt": "consent",
        }  # fmt: skip
        return f"{self.client.page}?{urlencode(asked)}"


def client_of(calendar: GoogleCalendar, file: Path | None, store: TokenStore) -> Client:
    """The client in a file that was downloaded from Google, or that of the last sign-in. Raises SignInAgain."""
    if file is None:
        kept = _kept(calendar, store)
        if not kept:
            raise SignInAgain(f"No OAuth client is known for calendar {calendar.name}.", _CLIENT)
        return _client(calendar, kept)
    try:
        told = json.loads(file.read_bytes())
    except OSError as error:
        raise SignInAgain(f"The client file {file} cannot be read ({error.strerror}).", _CLIENT) from None
    except (ValueError, RecursionError):
        raise SignInAgain(f"The client file {file} is not JSON.", _CLIENT) from None
    inner = told.get("installed") or told.get("web") if isinstance(told, dict) else None
    if not isinstance(inner, dict) or not inner.get("client_id"):
        what = "a service account's key" if isinstance(told, dict) and "private_key" in told else "no OAuth client"
        raise SignInAgain(f"The client file {file} holds {what}.", _CLIENT)
    return _client(calendar, inner)


def exchange(calendar: GoogleCalendar, question: Question, code: str, store: TokenStore) -> str:
    """Store what the code is good for and return the person's address. Raises SignInAgain, TryLater, Unexpected."""
    client = question.client
    form = {
        "grant_type": "authorization_code", "code": code, "client_id": client.id, "client_secret": client.secret,
        "redirect_uri": question.redirect, "code_verifier": question.verifier,
    }  # fmt: skip
    told = _asked(calendar, client.tokens, form)
    if not told.get("refresh_token"):
        raise Unexpected("Google gave no lasting access.", f"Run `{connect(calendar)}` again and accept.")
    address = _address(told.get("id_token")) or _only(calendar) or owner(calendar, str(told["access_token"]))
    if not address:
        raise Unexpected("Google's sign-in does not say who signed in.", "List the one address in `reps`.")
    kept = {
        "client_id": client.id, "client_secret": client.secret, "auth_uri": client.page, "token_uri": client.tokens,
        "refresh_token": str(told["refresh_token"]), "address": address,
    }  # fmt: skip
    store.put(_entry(calendar), json.dumps(kept))
    return address


def signed_in(calendar: GoogleCalendar, store: TokenStore) -> str:
    """Who signed in, comparable; "" when nobody did."""
    return comparable_email(str(_kept(calendar, store).get("address", "")))


def connect(calendar: GoogleCalendar) -> str:
    """The command that signs a person in."""
    return f"activity-sync connect google {calendar.name}"


@dataclass(slots=True)
class PersonKeyring:
    """Credentials of the one who signed in, whatever rep they are asked for. A new sign-in is taken up at once."""

    calendar: GoogleCalendar
    store: TokenStore
    _held: str = ""
    _made: Any = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def client_id(self) -> str:
        """Of no use to an admin here."""
        return ""

    @property
    def connect(self) -> str:
        """The command that mends what is refused."""
        return connect(self.calendar)

    def credentials(self, subject: str, *scopes: str) -> Any:
        """google-auth credentials. Raises SignInAgain when nobody signed in."""
        del subject, scopes
        from google.oauth2.credentials import Credentials

        with self._lock:
            kept = _kept(self.calendar, self.store)
            token = str(kept.get("refresh_token", ""))
            if not token:
                why = f"Nobody signed in for calendar {self.calendar.name}."
                raise SignInAgain(why, f"Run `{self.connect} --client FILE`, or set service_account_file.")
            if token != self._held:
                client, make = _client(self.calendar, kept), Credentials
                self._held, self._made = token, make(  # type: ignore[no-untyped-call]
                    token=None, refresh_token=token, token_uri=client.tokens, client_id=client.id,
                    client_secret=client.secret,
                )  # fmt: skip
            return self._made


def _client(calendar: GoogleCalendar, told: Mapping[str, Any]) -> Client:
    """With `api_url`, Google's own addresses are never asked: the sign-in is there, too."""
    return Client(
        id=str(told.get("client_id", "")),
        secret=str(told.get("client_secret") or ""),
        page=_at(calendar, str(told.get("auth_uri") or _PAGE), "/o/oauth2/v2/auth"),
        tokens=_at(calendar, str(told.get("token_uri") or _TOKENS), "/token"),
    )


def _at(calendar: GoogleCalendar, address: str, path: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    googles = host.endswith((".google.com", ".googleapis.com"))
    if calendar.api_url and (googles or not host):
        return f"{calendar.api_url.rstrip('/')}{path}"
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise SignInAgain("The OAuth client's addresses are not https.", _CLIENT)
    return address


def _asked(calendar: GoogleCalendar, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        with open_session() as session:
            answer = session.post(url, data=form, extensions={"safe": False})  # a code is good once
            told = answer.json()
    except httpx.TransportError as error:
        raise TryLater(f"Google's sign-in cannot be reached: {type(error).__name__}.") from None
    except (httpx.HTTPError, ValueError, RecursionError):
        raise Unexpected("Google's sign-in answered something that is no sign-in.") from None
    if not isinstance(told, dict):
        raise Unexpected("Google's sign-in answered something that is no sign-in.")
    if answer.status_code == 429 or answer.status_code >= 500:
        raise TryLater("Google's sign-in is busy.")
    if answer.is_success and isinstance(told.get("access_token"), str):
        return told
    raise _refused(calendar, str(told.get("error", "")))


def _refused(calendar: GoogleCalendar, error: str) -> SignInAgain:
    if error in {"invalid_client", "unauthorized_client", "deleted_client", "disabled_client"}:
        return SignInAgain(f"Google refuses the OAuth client ({error}).", _CLIENT)
    named = f" ({error})" if error.replace("_", "").isalpha() else ""
    return SignInAgain(f"Google does not accept the sign-in{named}.", f"Run `{connect(calendar)}` again.")


def _address(token: object) -> str:
    """The address in an ID token, which came straight from Google: its signature need not be looked at."""
    try:
        part = str(token).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return comparable_email(str(claims.get("email", "")))
    except (IndexError, ValueError, AttributeError):
        return ""


def _only(calendar: GoogleCalendar) -> str:
    listed = () if isinstance(calendar.reps, str) else calendar.reps
    return comparable_email(listed[0]) if len(listed) == 1 else ""


def _entry(calendar: GoogleCalendar) -> str:
    return f"google.{calendar.name}"


def _kept(calendar: GoogleCalendar, store: TokenStore) -> Mapping[str, Any]:
    try:
        kept = json.loads(store.get(_entry(calendar)) or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
