"""One account's Zoom Phone as far as a reader of its history meets it (Zoom's OpenAPI and migration pages, 2026)."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.zoom_phone.limits import Limits
from activity_sync.simulator.dialers.zoom_phone.parameters import Json, Pages, Refused, one_of, only_known, window
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

LIST, PATH, USERS = "phone:read:list_call_logs:admin", "phone:read:call_log:admin", "phone:read:list_users:admin"

_HISTORY = {
    "page_size", "from", "to", "next_page_token", "time_type", "directions", "connect_types", "call_results",
    "number_types", "extension_types", "call_ids", "keyword", "recording_status", "with_voicemail", "group_ids",
    "site_ids", "department", "cost_center",
}  # fmt: skip
_LONGEST = timedelta(hours=1)


@dataclass(slots=True)
class ZoomPhoneSimulator:
    """`requests` is every request that came, `mishaps` what goes wrong on the wire.

    `scopes`: what the app may. `recorded_by_default`: whether a list without recording_status holds only calls that
    were recorded. `paths`: what happened inside each call, by the record's id.
    """

    clock: Clock = field(default_factory=Clock)
    account_id: str = field(default_factory=lambda: secrets.token_hex(8))
    client_id: str = field(default_factory=lambda: secrets.token_hex(8))
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    scopes: set[str] = field(default_factory=lambda: {LIST, PATH, USERS})
    recorded_by_default: bool = False
    requests: list[Request] = field(default_factory=list)
    records: dict[str, Json] = field(default_factory=dict)
    paths: dict[str, list[Json]] = field(default_factory=dict)
    users: dict[str, Json] = field(default_factory=dict)
    pages: Pages = field(default_factory=Pages)
    limits: Limits = field(init=False)
    mishaps: Mishaps = field(init=False)
    _tokens: dict[str, datetime] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(7_018_317_023_722_949_162))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.limits = Limits(self.clock)
        refusal = Refused(429, 429, "You have reached the maximum per-second rate limit for this API.").response
        stale = Refused(401, 124, "Access token is expired.").response
        self.mishaps = Mishaps(too_many=lambda: refusal, unauthorized=lambda: stale)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host, of the sign-in too."""
        with Server(self.mishaps.around(self.handle), port) as server:
            yield server.url

    def add_user(self, email: str, name: str, extension: str, number: str = "") -> str:
        """Somebody with Zoom Phone; gives the extension's id."""
        key = f"ATu{next(self._ids)}"
        numbers = [{"id": "1", "number": number}] if number else []
        told = {"id": f"U{key}", "email": email, "name": name, "extension_id": key, "phone_numbers": numbers}
        self.users[key] = told | {"extension_number": int(extension), "status": "activate"}
        return key

    def user_end(self, key: str, side: str, number: str = "") -> Json:
        """A user as one end of a call. `side`: caller or callee."""
        user = self.users[key]
        told = {"did_number": number or None, "ext_id": key, "ext_number": str(user["extension_number"])}
        told |= {"email": user["email"], "name": user["name"], "ext_type": "user", "number_type": "internal"}
        return {f"{side}_{name}": value for name, value in told.items()}

    def add_record(
        self,
        direction: str,
        at: datetime,
        ends: Json,
        *,
        result: str = "answered",
        ring: int = 12,
        talk: int | None = None,
        recorded: bool = False,
        call_id: str = "",
        **more: Any,
    ) -> str:
        """A call that began at `at` and is over; gives the id of its record.

        `ends`: members of both ends. `call_id`: that of another record of the same call. `more`: members as they are.
        """
        number = next(self._ids)
        key = f"{at:%Y%m%d}-{number:x}"
        self.records[key] = {
            "call_history_uuid": key,
            "id": key,
            "call_id": call_id or str(number),
            "direction": direction,
            "international": False,
            "start_time": _iso(at),
            "answer_time": None if talk is None else _iso(at + timedelta(seconds=ring)),
            "end_time": _iso(at + timedelta(seconds=ring + (talk or 0))),
            "duration": talk or 0,
            "connect_type": "external",
            "call_type": "general",
            "call_result": result,
            "hide_caller_id": False,
            "spam": None,
            "recording_status": "recorded" if recorded else "non_recorded",
            "site_id": "",
            "department": "",
            **dict.fromkeys(f"{side}_{name}" for side in ("caller", "callee") for name in ("did_number", "email")),
            **ends,
            **more,
        }
        self.paths[key] = []
        return key

    def add_element(self, key: str, event: str, result: str, ends: Json, *, after: int, lasting: int = 0) -> None:
        """A part of a call: `after` seconds from its start it rang or talked for `lasting` seconds."""
        record = self.records[key]
        began = datetime.fromisoformat(record["start_time"]) + timedelta(seconds=after)
        element = {"call_element_id": f"E{next(self._ids)}", "call_id": record["call_id"], "event": event}
        element |= {"result": result, "start_time": _iso(began), "end_time": _iso(began + timedelta(seconds=lasting))}
        element |= {"answer_time": _iso(began) if result == "answered" else None, "segment": len(self.paths[key])}
        self.paths[key].append(element | ends)

    def change_record(self, key: str, **changes: Any) -> None:
        """Set members of a record."""
        with self._lock:
            self.records[key] |= changes

    def end_tokens(self) -> None:
        """All access tokens are worth nothing any more."""
        self._tokens.clear()

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            self.requests.append(request)
            try:
                return json_response(self._route(request))
            except Refused as refused:
                return refused.response

    def _route(self, request: Request) -> Json:
        path = request.path.strip("/").split("/")
        if path == ["oauth", "token"]:
            return self._sign_in(request)
        self._check_token(request)
        if request.method != "GET":
            raise Refused(405, 300, "Request method is not supported.")
        match path:
            case ["v2", "phone", "call_history"]:
                self._need("heavy", LIST)
                return self._list(request)
            case ["v2", "phone", "call_history", key]:
                self._need("light", PATH)
                if key not in self.records:
                    raise Refused(404, 404, "Call history does not exist.")
                return {**self.records[key], "call_elements": self.paths[key]}
            case ["v2", "phone", "users"]:
                self._need("medium", USERS)
                only_known(request, {"page_size", "next_page_token", "status", "keyword", "site_id"})
                shown, token = self.pages.page(request, list(self.users.values()), 100, self.clock.now())
                return {"users": shown, "next_page_token": token, "total_records": len(self.users)}
            case _:
                raise Refused(404, 404, "This API endpoint is not recognized.")

    def _sign_in(self, request: Request) -> Json:
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if request.method != "POST" or request.headers.get("authorization") != f"Basic {pair}":
            raise Refused(401, 401, "Invalid client_id or client_secret")
        form = request.form()
        if form.get("grant_type") != "account_credentials" or form.get("account_id") != self.account_id:
            raise Refused(400, 400, "Bad Request")
        token = secrets.token_hex(20)
        self._tokens[token] = self.clock.now() + _LONGEST
        told = {"access_token": token, "token_type": "bearer", "expires_in": 3599, "scope": " ".join(self.scopes)}
        return told | {"api_url": "https://api-eu.zoom.us"}

    def _check_token(self, request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._tokens.get(given, self.clock.now()) <= self.clock.now():
            raise Refused(401, 124, "Access token is expired.")

    def _need(self, label: str, scope: str) -> None:
        refusal = self.limits.take(label)
        if refusal:
            raise Refused(429, 429, refusal)
        if scope not in self.scopes:
            raise Refused(400, 4711, f"Invalid access token, does not contain scopes:[{scope}].")

    def _list(self, request: Request) -> Json:
        only_known(request, _HISTORY)
        low, high = window(request, self.clock.now())
        by = one_of(request, "time_type", ("start_time", "end_time")) or "start_time"
        status = one_of(request, "recording_status", ("recorded", "non_recorded"))
        status = status or ("recorded" if self.recorded_by_default else "")
        hits = [
            record
            for record in self.records.values()
            if low <= datetime.fromisoformat(record[by]) <= high and status in ("", record["recording_status"])
        ]
        hits = [record for record in hits if datetime.fromisoformat(record["end_time"]) <= self.clock.now()]
        hits.sort(key=lambda record: (record[by], record["id"]), reverse=True)
        shown, token = self.pages.page(request, hits, 300, self.clock.now())
        told = {"from": _iso(low), "to": _iso(high), "page_size": len(shown), "total_records": len(hits)}
        return {**told, "next_page_token": token, "call_history": shown, "call_logs": shown}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
