"""One company's Dialpad as far as a reader of its calls meets it (Dialpad's OpenAPI and developer pages, 2026-03)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.dialpad.limits import Limits
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

Json = dict[str, Any]

_CALLS = {"cursor", "started_after", "started_before", "target_id", "target_type"}
_USERS = {"cursor", "email", "number", "state", "company_admin", "limit"}
_TARGETS = {
    "callcenter", "callrouter", "channel", "coachinggroup", "coachingteam", "department", "office", "room",
    "staffgroup", "unknown", "user",
}  # fmt: skip


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.response = json_response({"error": {"code": status, "message": message}}, status)


@dataclass(slots=True)
class DialpadSimulator:
    """`requests` is every request that came, `mishaps` what goes wrong on the wire.

    `scopes`: what the key may. `page`: records on a page; there is no parameter for it. `cursors_die`: a cursor that
    was handed out is refused. `lag`: how long after its end a call shows.
    """

    clock: Clock = field(default_factory=Clock)
    api_key: str = field(default_factory=lambda: secrets.token_hex(24))
    scopes: set[str] = field(default_factory=lambda: {"calls:list", "users:read"})
    page: int = 25
    cursors_die: bool = False
    lag: timedelta = timedelta()
    requests: list[Request] = field(default_factory=list)
    calls: dict[str, Json] = field(default_factory=dict)
    users: dict[str, Json] = field(default_factory=dict)
    limits: Limits = field(init=False)
    mishaps: Mishaps = field(init=False)
    _cursors: dict[str, int] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(5_003_912_301_060_096))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.limits = Limits(self.clock)
        refusal = Refused(429, "Rate limit exceeded").response
        self.mishaps = Mishaps(too_many=lambda: refusal, unauthorized=lambda: Refused(401, "Unauthorized").response)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host."""
        with Server(self.mishaps.around(self.handle), port) as server:
            yield server.url

    def add_user(self, email: str, name: str = "", number: str = "", extension: str = "") -> str:
        """Somebody with Dialpad; gives the id."""
        key = str(next(self._ids))
        first, _, last = (name or email).partition(" ")
        self.users[key] = {
            "id": key,
            "emails": [email],
            "first_name": first,
            "last_name": last,
            "display_name": name or email,
            "phone_numbers": [number] if number else [],
            "extension": extension,
            "state": "active",
        }
        return key

    def user_target(self, user: str) -> Json:
        """A user as calls name one."""
        known = self.users[user]
        phone = next(iter(known["phone_numbers"]), "")
        return {"id": user, "type": "user", "email": known["emails"][0], "name": known["display_name"], "phone": phone}

    def add_call(
        self,
        direction: str,
        external: str,
        at: datetime,
        *,
        target: Json,
        line: str = "",
        ring: int = 10,
        talk: int | None = None,
        over: bool = True,
        entry_point: str = "",
        **more: Any,
    ) -> str:
        """A record of a call that began at `at`; gives its id. `talk` None: not connected. `more`: members as they are.

        `target`: see `user_target`, or a department. `entry_point`: the id of the record at which the call came in.
        """
        key = str(next(self._ids))
        began = _milliseconds(at)
        connected = None if talk is None else began + ring * 1000
        self.calls[key] = {
            "call_id": key,
            "entry_point_call_id": entry_point or None,
            "master_call_id": None,
            "operator_call_id": None,
            "direction": direction,
            "state": "hangup",
            "date_started": str(began),
            "date_rang": str(began + 1000),
            "date_connected": str(connected) if connected else None,
            "date_ended": None,
            "event_timestamp": str(began),
            "external_number": external,
            "internal_number": line,
            "target": target,
            "proxy_target": {},
            "contact": {"id": "1", "name": "", "email": "", "phone": external, "type": "local"},
            "was_recorded": False,
            "recording_details": [],
            "call_recording_share_links": [],
            "admin_call_recording_share_links": [],
            "voicemail_share_link": None,
            "labels": [],
            **more,
        }
        if over:
            self.finish_call(key, at + timedelta(seconds=ring + (talk or 0)))
        return key

    def finish_call(self, key: str, at: datetime | None = None) -> None:
        """The call ends: from now on it is listed."""
        with self._lock:
            call, ended = self.calls[key], _milliseconds(at or self.clock.now())
            connected = int(call["date_connected"] or 0)
            call |= {"date_ended": str(ended), "event_timestamp": str(ended)}
            call["total_duration"] = float(ended - int(call["date_started"]))
            call["duration"] = float(ended - connected) if connected else 0.0

    def change_call(self, key: str, **changes: Any) -> None:
        """Set members of a record."""
        with self._lock:
            self.calls[key] |= changes

    def label(self, key: str, name: str) -> None:
        """A label, however late; the call does not move in the list for it."""
        with self._lock:
            self.calls[key]["labels"].append(name)

    def record(self, key: str) -> None:
        """The recording is there, however late."""
        number = str(next(self._ids))
        details = {"id": number, "recording_type": "callrecording", "url": f"https://dialpad.com/r/{number}"}
        links = [f"https://dialpad.com/shared/call/{number}"]
        self.change_call(key, was_recorded=True, recording_details=[details], call_recording_share_links=links)

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            self.requests.append(request)
            try:
                return json_response(self._route(request))
            except Refused as refused:
                return refused.response

    def _route(self, request: Request) -> Json:
        if not self.limits.company.take():
            raise Refused(429, "Rate limit exceeded")
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            raise Refused(401, "Unauthorized")
        if request.method != "GET":
            raise Refused(405, "Method not allowed")
        match request.path.strip("/").split("/"):
            case ["api", "v2", "call"]:
                return self._list(request)
            case ["api", "v2", "call", key]:
                return self._one(key)
            case ["api", "v2", "users"]:
                self._need("users:read")
                _only(request, _USERS)
                if int(request.one("limit") or 0) > 100:
                    raise Refused(400, "limit is at most 100")
                return self._paged(request, list(self.users.values()), 100)
            case _:
                raise Refused(404, "Not found")

    def _list(self, request: Request) -> Json:
        self._need("calls:list")
        _only(request, _CALLS)
        if request.one("target_type") is not None and request.one("target_type") not in _TARGETS:
            raise Refused(400, "target_type is unknown")
        low, high = _whole(request, "started_after", 0), _whole(request, "started_before", 2**62)
        listed = [call for call in self.calls.values() if self._concluded(call)]
        hits = [call for call in listed if low < int(call["date_started"]) < high]
        hits.sort(key=lambda call: (int(call["date_started"]), call["call_id"]), reverse=True)
        return self._paged(request, hits, self.page)

    def _one(self, key: str) -> Json:
        if not self.limits.single.take():
            raise Refused(429, "Rate limit exceeded")
        if key not in self.calls:
            raise Refused(404, "Not found")
        return self.calls[key]

    def _concluded(self, call: Json) -> bool:
        """What has not ended, or has only just ended, is not listed."""
        return bool(call["date_ended"]) and int(call["date_ended"]) <= _milliseconds(self.clock.now() - self.lag)

    def _paged(self, request: Request, hits: Sequence[Json], size: int) -> Json:
        """No totals; a page without a cursor is the last, and one without items leaves them out."""
        given = request.one("cursor")
        if given is not None and (self.cursors_die or given not in self._cursors):
            raise Refused(400, "Invalid cursor")
        start = self._cursors[given] if given else 0
        shown = list(hits[start : start + size])
        told: Json = {"items": shown} if shown else {}
        if start + size < len(hits):
            cursor = secrets.token_urlsafe(12)
            self._cursors[cursor] = start + size
            told["cursor"] = cursor
        return told

    def _need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Refused(403, "Insufficient permissions")


def _only(request: Request, known: set[str]) -> None:
    """400 for a parameter that does not exist."""
    unknown = sorted(set(request.query) - known)
    if unknown:
        raise Refused(400, f"{unknown[0]} is no parameter")


def _whole(request: Request, name: str, default: int) -> int:
    value = request.one(name)
    if value is None:
        return default
    if not value.isdigit() or len(value) < 13:
        raise Refused(400, f"{name} is a number of milliseconds")
    return int(value)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
