"""One person's sign-in: the consent page, codes, refresh tokens (installed app with PKCE)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from activity_sync.simulator.google.failures import Refused, token_refusal
from activity_sync.simulator.network import Request, Response

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_WANTED = ("client_id", "redirect_uri", "response_type", "scope", "code_challenge")


@dataclass(frozen=True, slots=True)
class _Code:
    person: str
    scope: str
    redirect: str
    challenge: str
    offline: bool


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a refresh token is good for."""

    person: str
    scope: str


@dataclass(slots=True)
class People:
    """Who consented to what. `consenting`: who sits at the browser; "": somebody who says no."""

    consenting: str = ""
    client_id: str = "1000.apps.example"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(12))
    lasting: dict[str, Lasting] = field(default_factory=dict)
    _codes: dict[str, _Code] = field(default_factory=dict)

    def client_file(self, url: str) -> dict[str, Any]:
        """The JSON of a desktop client as it is downloaded; its addresses are here."""
        return {
            "installed": {
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "project_id": "acme-example",
                "auth_uri": f"{url}/o/oauth2/v2/auth",
                "token_uri": f"{url}/token",
                "redirect_uris": ["http://localhost"],
            }
        }

    def enrol(self, email: str, scope: str) -> dict[str, str]:
        """One person's consent without a browser: client_id, client_secret and refresh_token."""
        token = self._lasting(email, scope)
        return {"client_id": self.client_id, "client_secret": self.client_secret, "refresh_token": token}

    def revoke(self, email: str) -> None:
        """A person takes the consent back."""
        self.lasting = {token: held for token, held in self.lasting.items() if held.person != email}

    def page(self, request: Request) -> Response:
        """GET of the consent page, answered at once: back to the loopback address."""
        asked = {name: request.one(name) or "" for name in (*_WANTED, "state", "access_type", "prompt")}
        redirect = urlsplit(asked["redirect_uri"])
        if asked["client_id"] != self.client_id:
            return _page("Error 401: invalid_client")
        if redirect.scheme != "http" or redirect.netloc.rpartition(":")[0] not in _LOOPBACK:
            return _page("Error 400: redirect_uri_mismatch")
        if asked["response_type"] != "code" or request.one("code_challenge_method") != "S256" or not asked["scope"]:
            return _page("Error 400: invalid_request")
        told = {"state": asked["state"], "error": "access_denied"}
        if self.consenting:
            code = f"4/{secrets.token_urlsafe(24)}"
            offline = asked["access_type"] == "offline" and "consent" in asked["prompt"]
            self._codes[code] = _Code(
                self.consenting, asked["scope"], asked["redirect_uri"], asked["code_challenge"], offline
            )
            told = {"state": asked["state"], "code": code, "scope": asked["scope"]}
        return Response(302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(told)}"})

    def exchanged(self, form: dict[str, str]) -> tuple[Lasting, dict[str, str]]:
        """What a code is good for, and what the answer holds besides an access token. A code works once."""
        self._check_client(form)
        code = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if code is None or code.redirect != form.get("redirect_uri"):
            raise Refused(token_refusal(400, "invalid_grant", "Malformed auth code."))
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
            raise Refused(token_refusal(400, "invalid_grant", "Invalid code verifier."))
        told = {"scope": code.scope}
        if code.offline:
            told["refresh_token"] = self._lasting(code.person, code.scope)
        if "openid" in code.scope.split():
            told["id_token"] = _id_token(code.person, self.client_id)
        return Lasting(code.person, code.scope), told

    def refreshed(self, form: dict[str, str]) -> Lasting:
        """Whose refresh token this is."""
        held = self.lasting.get(form.get("refresh_token", ""))
        if held is None:
            raise Refused(token_refusal(400, "invalid_grant", "Token has been expired or revoked."))
        self._check_client(form)
        return held

    def _lasting(self, person: str, scope: str) -> str:
        token = f"1//{secrets.token_urlsafe(24)}"
        self.lasting[token] = Lasting(person, scope)
        return token

    def _check_client(self, form: dict[str, str]) -> None:
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            raise Refused(token_refusal(401, "invalid_client", "The OAuth client was not found."))


def _page(text: str) -> Response:
    return Response(400, f"<html><body>{text}</body></html>".encode(), {"Content-Type": "text/html"})


def _id_token(person: str, client: str) -> str:
    claims = {"iss": "https://accounts.google.com", "aud": client, "email": person, "email_verified": True}
    return f"{_packed({'alg': 'RS256', 'typ': 'JWT'})}.{_packed(claims)}.c2lnbmF0dXJl"


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")
