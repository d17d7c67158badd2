"""The accounts server: grant codes, refresh tokens, access tokens, scopes."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.network import Request
from activity_sync.simulator.zoho.refusals import Answer, Refusal
from activity_sync.simulator.zoho.switches import Switches

TEN_MINUTES = timedelta(minutes=10)
LIFETIME = timedelta(seconds=3600)
CODE_LIFETIME = timedelta(minutes=3)
MAY_CREATE = 10
MAY_LIVE = 15
ALL_SCOPES = (
    "ZohoCRM.modules.ALL",
    "ZohoCRM.settings.ALL",
    "ZohoCRM.users.ALL",
    "ZohoCRM.org.ALL",
    "ZohoCRM.coql.READ",
    "ZohoCRM.apis.READ",
    "ZohoCRM.bulk.ALL",
    "ZohoCRM.composite_requests.CUSTOM",
    "ZohoCRM.notifications.ALL",
    "ZohoCRM.change_owner.CREATE",
    "ZohoSearch.securesearch.READ",
)


@dataclass(slots=True)
class _Grant:
    scopes: tuple[str, ...]
    created: deque[datetime] = field(default_factory=deque)
    live: deque[str] = field(default_factory=deque)


@dataclass(frozen=True, slots=True)
class Access:
    """A living access token."""

    scopes: tuple[str, ...]
    until: datetime


@dataclass(slots=True)
class Accounts:
    """Issues tokens. `api_domain` is what token answers name as the API's address.

    `redirect_uris`: where the sign-in page may send a browser; `consents`: whether the person there agrees. `location`
    and `server`: the data centre and accounts server that it names. `tells_scope`: token answers say what was granted.
    """

    clock: Clock
    switches: Switches
    client_id: str = "1000.SIMULATEDCLIENT0000000000000000"
    client_secret: str = "simulated-client-secret"  # noqa: S105 - opens nothing but this simulator
    api_domain: str = ""
    issued: int = 0
    redirect_uris: list[str] = field(default_factory=list)
    consents: bool = True
    location: str = "us"
    server: str = ""
    tells_scope: bool = True
    _codes: dict[str, tuple[tuple[str, ...], datetime, str]] = field(default_factory=dict)
    _grants: dict[str, _Grant] = field(default_factory=dict)
    _access: dict[str, Access] = field(default_factory=dict)

    def grant_code(self, scopes: tuple[str, ...] = ALL_SCOPES, redirect_uri: str = "") -> str:
        """A code from the console, or from the sign-in page for this redirect address: one use, three minutes."""
        code = _token()
        self._codes[code] = (scopes, self.clock.now() + CODE_LIFETIME, redirect_uri)
        return code

    def add_refresh_token(self, scopes: tuple[str, ...] = ALL_SCOPES) -> str:
        """A refresh token as a set-up would have left it."""
        token = _token()
        self._grants[token] = _Grant(scopes)
        return token

    def revoke(self, refresh_token: str) -> bool:
        """Kill a refresh token and its access tokens."""
        grant = self._grants.pop(refresh_token, None)
        for token in grant.live if grant else ():
            self._access.pop(token, None)
        return grant is not None

    def expire_access_tokens(self) -> None:
        """Every access token is dead now; refresh tokens go on."""
        self._access.clear()

    def answer(self, request: Request, own_url: str) -> Answer:
        """`POST /oauth/v2/token`; parameters in the body or in the query."""
        given = {name: values[0] for name, values in request.query.items()} | request.form()
        if given.get("client_id") != self.client_id:
            return _error("invalid_client")
        if given.get("client_secret") != self.client_secret:
            return _error("invalid_client_secret")
        match given.get("grant_type"):
            case "authorization_code":
                return self._exchange(given.get("code", ""), given.get("redirect_uri", ""), own_url)
            case "refresh_token":
                return self._refresh(given.get("refresh_token", ""), own_url)
            case _:
                return _error("unsupported_grant_type")

    def answer_revoke(self, request: Request) -> Answer:
        """`POST /oauth/v2/token/revoke?token=...`."""
        token = request.one("token") or request.form().get("token", "")
        return Answer(200, {"status": "success"}) if self.revoke(token) else _error("invalid_code")

    def access(self, header: str | None) -> Access:
        """Who sent this Authorization header; refuses with 401."""
        scheme, _, token = (header or "").partition(" ")
        if scheme != "Zoho-oauthtoken" or not token:
            raise Refusal(401, "AUTHENTICATION_FAILURE", "Authentication failed")
        access = self._access.get(token)
        if access is None or access.until <= self.clock.now():
            raise Refusal(401, self.switches.invalid_token_code, "invalid oauth token")
        return access

    def _exchange(self, code: str, redirect_uri: str, own_url: str) -> Answer:
        scopes, until, asked_from = self._codes.pop(code, ((), self.clock.now(), ""))
        if until <= self.clock.now():
            return _error("invalid_code")
        if redirect_uri != asked_from:
            return _error("invalid_redirect_uri")
        refresh_token = self.add_refresh_token(scopes)
        answer = self._issue(self._grants[refresh_token], own_url)
        return Answer(answer.status, {**answer.body, "refresh_token": refresh_token})

    def _refresh(self, refresh_token: str, own_url: str) -> Answer:
        grant = self._grants.get(refresh_token)
        if grant is None:
            return _error("invalid_code")
        while grant.created and grant.created[0] <= self.clock.now() - TEN_MINUTES:
            grant.created.popleft()
        return self._throttled() if len(grant.created) >= MAY_CREATE else self._issue(grant, own_url)

    def _issue(self, grant: _Grant, own_url: str) -> Answer:
        token = _token()
        now = self.clock.now()
        grant.created.append(now)
        grant.live.append(token)
        if len(grant.live) > MAY_LIVE:
            self._access.pop(grant.live.popleft(), None)
        self._access[token] = Access(grant.scopes, now + LIFETIME)
        self.issued += 1
        body = {"access_token": token, "api_domain": self.api_domain or own_url}
        body |= {"scope": " ".join(grant.scopes)} if self.tells_scope else {}
        return Answer(200, {**body, "token_type": "Bearer", "expires_in": 3600})

    def _throttled(self) -> Answer:
        if self.switches.token_throttle_status == 200:
            return _error("Access Denied")
        text = "You have made too many requests continuously. Please try again after some time."
        return Answer(400, {"error": "Access Denied", "error_description": text, "status": "failure"})


def covers(granted: tuple[str, ...], needed: str) -> bool:
    """Whether one of the granted scopes allows the needed one, such as `ZohoCRM.modules.leads.READ`."""
    return any(_one_covers(scope.lower().split("."), needed.lower().split(".")) for scope in granted)


def _one_covers(scope: list[str], needed: list[str]) -> bool:
    *prefix, operation = scope
    allowed = operation in ("all", needed[-1]) or (operation == "write" and needed[-1] in ("create", "update"))
    return allowed and prefix == needed[: len(prefix)] and len(prefix) < len(needed)


def _token() -> str:
    return f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"


def _error(error: str) -> Answer:
    return Answer(200, {"error": error})
