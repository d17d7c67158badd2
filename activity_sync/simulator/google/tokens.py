"""The token endpoint: a service account acting for each rep, and one person's refresh token."""

from __future__ import annotations

import base64
import functools
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google.failures import Refused, token_refusal, unauthorized
from activity_sync.simulator.google.people import Lasting, People
from activity_sync.simulator.network import Request, Response, json_response

AUTH = "https://www.googleapis.com/auth/"
GRANTED = ("calendar.readonly", "calendar.events.readonly", "calendar.events.owned.readonly")
_AUDIENCE = "https://oauth2.googleapis.com/token"  # a constant, wherever the key's token_uri points
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME = timedelta(hours=1)
_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one access token allows: for whom, which scopes, until when."""

    subject: str
    scopes: frozenset[str]
    until: datetime

    def allows(self, names: Iterable[str]) -> bool:
        """Whether one of these scopes (without the common beginning) was granted."""
        return any(AUTH + name in self.scopes for name in names)


@functools.cache
def _throw_away_key() -> rsa.RSAPrivateKey:
    """One key for the life of the process: making one takes a tenth of a second."""
    return rsa.generate_private_key(65537, 2048)


@dataclass(slots=True)
class TokenOffice:
    """Gives out access tokens and knows whose they are. `delegated` are the scopes that the admin console lists."""

    clock: Clock
    subjects: set[str] = field(default_factory=set)
    delegated: set[str] = field(default_factory=lambda: {AUTH + name for name in GRANTED})
    refused: dict[str, str] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=_throw_away_key)
    people: People = field(default_factory=People)
    _grants: dict[str, Grant] = field(default_factory=dict)

    ISSUER = "activity-sync@acme-example.iam.gserviceaccount.com"
    KEY_ID = "0123456789abcdef0123456789abcdef01234567"

    def key_file(self, url: str) -> dict[str, str]:
        """The JSON key file that an administrator would download; its token_uri is here."""
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": "acme-example",
            "private_key_id": self.KEY_ID,
            "private_key": pem.decode(),
            "client_email": self.ISSUER,
            "client_id": "100000000000000000001",
            "auth_uri": f"{url}/auth",
            "token_uri": f"{url}/token",
        }

    def enrol(self, email: str) -> dict[str, str]:
        """One person's consent: client_id, client_secret and refresh_token."""
        return self.people.enrol(email, " ".join(sorted(self.delegated)))

    def revoke_tokens(self) -> None:
        """Every access token given so far is worth nothing from now on."""
        self._grants.clear()

    def answer(self, request: Request) -> Response:
        """POST /token."""
        form = request.form()
        match form.get("grant_type"):
            case str(kind) if kind == _JWT_GRANT:
                claims = self._claims(form.get("assertion", ""))
                scopes = str(claims.get("scope", "")).split()
                return self._issue(self._delegated_subject(claims, scopes), scopes)
            case "refresh_token":
                return self._personal(self.people.refreshed(form), {})
            case "authorization_code":
                return self._personal(*self.people.exchanged(form))
            case _:
                raise Refused(token_refusal(400, "unsupported_grant_type", "Invalid grant_type"))

    def holder(self, request: Request) -> Grant:
        """Whose request this is, by its bearer token; 401 when nobody's."""
        word, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self._grants.get(token) if word.lower() == "bearer" else None
        if grant is None or grant.until <= self.clock.now():
            raise Refused(unauthorized())
        return grant

    def _issue(self, subject: str, scopes: Iterable[str], **more: str) -> Response:
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self._grants[token] = Grant(subject, frozenset(scopes), self.clock.now() + _LIFETIME)
        seconds = int(_LIFETIME.total_seconds()) - 1
        return json_response({"access_token": token, "expires_in": seconds, "token_type": "Bearer", **more})

    def _personal(self, held: Lasting, more: dict[str, str]) -> Response:
        self._check_refused(held.person)
        return self._issue(held.person, held.scope.split(), **more)

    def _delegated_subject(self, claims: dict[str, Any], scopes: list[str]) -> str:
        if not scopes:
            raise Refused(token_refusal(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."))
        subject = str(claims.get("sub") or self.ISSUER)
        self._check_refused(subject)
        if subject != self.ISSUER and not set(scopes) <= self.delegated:
            raise Refused(token_refusal(401, "unauthorized_client", _NOT_DELEGATED))
        if subject != self.ISSUER and subject not in self.subjects:
            raise _bad_grant("Invalid email or User ID")
        return subject

    def _check_refused(self, subject: str) -> None:
        match self.refused.get(subject):
            case None:
                return
            case "unauthorized_client":
                raise Refused(token_refusal(401, "unauthorized_client", _NOT_DELEGATED))
            case error:
                raise Refused(token_refusal(400, error, "Account has been deleted or suspended"))

    def _claims(self, assertion: str) -> dict[str, Any]:
        try:
            head, body, signature = assertion.split(".")
            header, claims = (orjson.loads(_unpadded(part)) for part in (head, body))
            self.key.public_key().verify(
                _unpadded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except (ValueError, InvalidSignature):
            raise _bad_grant("Invalid JWT Signature.") from None
        self._check_claims(header, claims)
        return dict(claims)

    def _check_claims(self, header: dict[str, Any], claims: dict[str, Any]) -> None:
        if header.get("alg") != "RS256" or header.get("kid") != self.KEY_ID:
            raise _bad_grant("Invalid JWT Signature.")
        if claims.get("iss") != self.ISSUER:
            raise _bad_grant("Invalid issuer: Not a valid email or user ID.")
        if claims.get("aud") != _AUDIENCE:
            raise _bad_grant("Invalid JWT: Failed audience check.")
        issued, until = (_instant(claims.get(name)) for name in ("iat", "exp"))
        # The client signs with the machine's clock; ours may be held still by a test.
        fresh = any(issued - _SKEW <= now <= until + _SKEW for now in (datetime.now(UTC), self.clock.now()))
        if not fresh or until - issued > _LIFETIME:
            raise _bad_grant(
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
            )


_NOT_DELEGATED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the "
    "scopes requested."
)


def _bad_grant(description: str) -> Refused:
    return Refused(token_refusal(400, "invalid_grant", description))


def _unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _instant(value: object) -> datetime:
    if not isinstance(value, int):
        raise _bad_grant("Invalid JWT: iat and exp must be numbers.")
    return datetime.fromtimestamp(value, UTC)
