"""The sign-in service of one tenant: its description, tokens for an app, device codes for a person."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.microsoft.assertions import check_assertion, public_key_of
from activity_sync.simulator.microsoft.failures import Refused, token_refusal, unauthorized
from activity_sync.simulator.network import Request, Response, json_response

_LIFETIME = timedelta(hours=1)
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_RESOURCES = ("https://graph.microsoft.com/", "https://graph.microsoft.us/")
_MESSAGES = {
    7000215: (401, "invalid_client", "Invalid client secret provided."),
    7000222: (401, "invalid_client", "The provided client secret keys for app are expired."),
    7000216: (401, "invalid_client", "'client_assertion', 'client_secret' or 'request' is required."),
    700016: (400, "unauthorized_client", "Application was not found in the directory."),
    7000112: (401, "unauthorized_client", "Application is disabled."),
    90002: (400, "invalid_request", "Tenant not found."),
    1002012: (400, "invalid_scope", "The provided value for scope is not valid. Client credential flows must have a scope with /.default suffixed."),  # noqa: E501
    50173: (400, "invalid_grant", "The provided grant has expired due to it being revoked."),
    50057: (400, "invalid_grant", "The user account is disabled."),
    53003: (400, "invalid_grant", "Access has been blocked by Conditional Access policies."),
    90033: (503, "temporarily_unavailable", "A transient error has occurred."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grant:
    """What one access token allows. `person` "": an app's own; otherwise only that person's mailbox."""

    person: str
    permissions: frozenset[str]
    until: datetime


@dataclass(slots=True)
class _Device:
    scope: str
    until: datetime
    person: str = ""
    declined: bool = False


@dataclass(slots=True)
class Identity:
    """Gives out tokens. `permissions` are those that an administrator consented to for the app.

    `refused`: an AADSTS number that every request for a token is answered with; 0: none.
    """

    clock: Clock
    tenant: str = "11111111-2222-4333-8444-555555555555"
    client: str = "66666666-7777-4888-9999-000000000000"
    secret: str = "made-up~secret"  # noqa: S105
    permissions: set[str] = field(default_factory=lambda: {"Calendars.Read"})
    refused: int = 0
    certificates: list[bytes] = field(default_factory=list)
    _grants: dict[str, Grant] = field(default_factory=dict)
    _devices: dict[str, _Device] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)
    _refresh: dict[str, tuple[str, str]] = field(default_factory=dict)

    def answer(self, request: Request, host: str) -> Response:
        """A request to this service; 404 for what it does not have. `host`: where it listens, without a scheme."""
        tenant, _, rest = request.path.strip("/").partition("/")
        if tenant != self.tenant:
            raise refuse(90002)
        match request.method, rest:
            case "GET", "v2.0/.well-known/openid-configuration":
                return json_response(self._description(host))
            case "POST", "oauth2/v2.0/token":
                return self._token(request.form(), host)
            case "POST", "oauth2/v2.0/devicecode":
                return self._device_code(request.form())
            case _:
                raise Refused(Response(404, b"<html>Not Found</html>", {"Content-Type": "text/html"}))

    def approve(self, user_code: str, person: str) -> None:
        """A person enters the code and signs in."""
        self._devices[self._codes[user_code]].person = person

    def decline(self, user_code: str) -> None:
        """A person enters the code and says no."""
        self._devices[self._codes[user_code]].declined = True

    def sign_out(self, person: str) -> None:
        """Every sign-in of a person ends: refresh tokens are refused, access tokens too."""
        self._refresh = {token: held for token, held in self._refresh.items() if held[0] != person}
        self._grants = {token: grant for token, grant in self._grants.items() if grant.person != person}

    def end_tokens(self) -> None:
        """Every access token given so far is dead."""
        self._grants.clear()

    def holder(self, request: Request) -> Grant:
        """Whose request this is, by its bearer token; 401 when nobody's."""
        word, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self._grants.get(token) if word == "Bearer" else None
        if grant is None or grant.until <= self.clock.now():
            raise Refused(unauthorized())
        return grant

    def _description(self, host: str) -> dict[str, Any]:
        base = f"https://{host}/{self.tenant}"
        return {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_types_supported": ["code", "id_token"],
        }

    def _token(self, form: dict[str, str], host: str) -> Response:
        if self.refused:
            raise refuse(self.refused)
        if form.get("client_id") != self.client:
            raise refuse(700016)
        match form.get("grant_type"):
            case "client_credentials":
                return self._of_app(form, host)
            case "refresh_token":
                return self._refreshed(form)
            case grant if grant == _DEVICE_GRANT:
                return self._of_device(form)
            case _:
                raise Refused(
                    token_refusal(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
                )

    def _of_app(self, form: dict[str, str], host: str) -> Response:
        if "client_assertion" in form:
            keys = [public_key_of(one) for one in self.certificates]
            audience = f"https://{host}/{self.tenant}/oauth2/v2.0/token"
            check_assertion(form, self.client, audience, keys, self.clock.now())
        elif "client_secret" not in form:
            raise refuse(7000216)
        elif form["client_secret"] != self.secret:
            raise refuse(7000215)
        scope = form.get("scope", "")
        if scope not in {f"{resource}.default" for resource in _RESOURCES}:
            raise refuse(1002012)
        return json_response(
            {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": self._issue("")}
        )

    def _device_code(self, form: dict[str, str]) -> Response:
        if form.get("client_id") != self.client:
            raise refuse(700016)
        code, user_code = secrets.token_urlsafe(24), secrets.token_hex(4).upper()
        self._devices[code] = _Device(form.get("scope", ""), self.clock.now() + timedelta(minutes=15))
        self._codes[user_code] = code
        page = "https://microsoft.com/devicelogin"
        return json_response({
            "user_code": user_code, "device_code": code, "verification_uri": page, "expires_in": 900, "interval": 1,
            "message": f"To sign in, open the page {page} and enter the code {user_code}.",
        })  # fmt: skip

    def _of_device(self, form: dict[str, str]) -> Response:
        device = self._devices.get(form.get("device_code", ""))
        if device is None:
            raise Refused(token_refusal(400, "bad_verification_code", 70018, "Invalid verification code."))
        if device.declined:
            raise Refused(token_refusal(400, "authorization_declined", 70017, "The user denied the request."))
        if device.until <= self.clock.now():
            raise Refused(token_refusal(400, "expired_token", 70020, "The device code has expired."))
        if not device.person:
            raise Refused(token_refusal(400, "authorization_pending", 70016, "The user has not signed in yet."))
        del self._devices[form["device_code"]]
        return self._personal(device.person, device.scope)

    def _refreshed(self, form: dict[str, str]) -> Response:
        person, scope = self._refresh.pop(form.get("refresh_token", ""), ("", ""))
        if not person:
            raise refuse(50173)
        return self._personal(person, form.get("scope", scope))

    def _personal(self, person: str, scope: str) -> Response:
        names = scope.split()
        told: dict[str, Any] = {
            "token_type": "Bearer", "expires_in": 3599, "access_token": self._issue(person, names),
            "scope": " ".join(name for name in names if name.startswith("https://")),
        }  # fmt: skip
        if "offline_access" in names:
            told["refresh_token"] = f"1.{secrets.token_urlsafe(32)}"
            self._refresh[told["refresh_token"]] = (person, scope)
        if "openid" in names:
            told["id_token"] = self._id_token(person)
            told["client_info"] = _packed({"uid": _number(person), "utid": self.tenant})
        return json_response(told)

    def _issue(self, person: str, scopes: list[str] | None = None) -> str:
        asked = {scope.rpartition("/")[2] for scope in scopes or ()}
        permissions = frozenset(asked & {"Calendars.Read", "User.Read"} if person else self.permissions)
        token = f"eyJ0eXAi.{secrets.token_urlsafe(48)}.{secrets.token_urlsafe(16)}"
        self._grants[token] = Grant(person, permissions, self.clock.now() + _LIFETIME)
        return token

    def _id_token(self, person: str) -> str:
        from datetime import UTC

        now = int(datetime.now(UTC).timestamp())  # msal compares it with the machine's clock
        claims = {
            "aud": self.client, "iss": f"https://login.microsoftonline.com/{self.tenant}/v2.0", "iat": now, "nbf": now,
            "exp": now + 3600, "name": person, "oid": _number(person), "preferred_username": person,
            "sub": _number(person), "tid": self.tenant, "ver": "2.0",
        }  # fmt: skip
        return f"{_packed({'typ': 'JWT', 'alg': 'RS256', 'kid': '1'})}.{_packed(claims)}.c2lnbmF0dXJl"


def refuse(number: int) -> Refused:
    """The refusal with this AADSTS number."""
    status, error, message = _MESSAGES[number]
    return Refused(token_refusal(status, error, number, message))


def _number(person: str) -> str:
    import uuid

    return str(uuid.uuid5(uuid.NAMESPACE_DNS, person))


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")
