"""Aircall's public API as far as a reader of calls meets it (developer.aircall.io, v1 and v2 users).

Where Aircall does not say what it does, this does the stricter thing: more than 50 a page is refused, and so is a
parameter that does not exist.
"""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.aircall.paging import Json, Refused, descending, found, paged, searched, whole
from activity_sync.simulator.dialers.aircall.summaries import summary_of
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

_ASKED = {"from", "to", "order", "page", "per_page"}
_CALLS = _ASKED | {"fetch_contact", "fetch_short_urls", "fetch_call_timeline", "fetch_aiva_conv"}
_SEARCH = _CALLS | {"phone_number", "user_id", "tags", "direction"}
_NOTHING = ("assigned_to", "contact", "transferred_by", "transferred_to", "cost")
_HISTORY = timedelta(days=183)
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class _Rate:
    """Requests left in the running minute; the whole company shares them."""

    clock: Clock
    limit: int
    used: int = 0
    until: datetime | None = None

    def take(self) -> bool:
        """Count one request; False when none was left."""
        now = self.clock.now()
        if self.until is None or now >= self.until:
            self.used, self.until = 0, now + _MINUTE
        self.used += 1
        return self.used <= self.limit

    def headers(self) -> dict[str, str]:
        reset = self.until or self.clock.now()
        return {
            "X-AircallApi-Limit": str(self.limit),
            "X-AircallApi-Remaining": str(max(self.limit - self.used, 0)),
            "X-AircallApi-Reset": str(int(reset.timestamp())),
        }


@dataclass(slots=True)
class AircallSimulator:
    """One company's Aircall. `requests` is every request that came, `mishaps` what goes wrong on the wire.

    `rate_limit`: requests a minute; `ceiling`: no filter ever lists more calls than this, silently. `summaries`: what
    the add-on wrote, by call; None: the company did not buy it.
    """

    clock: Clock = field(default_factory=Clock)
    rate_limit: int = 120
    ceiling: int = 10_000
    api_id: str = field(default_factory=lambda: secrets.token_hex(16))
    api_token: str = field(default_factory=lambda: secrets.token_hex(16))
    requests: list[Request] = field(default_factory=list)
    mishaps: Mishaps = field(init=False)
    calls: dict[int, Json] = field(default_factory=dict)
    users: dict[int, Json] = field(default_factory=dict)
    numbers: dict[int, Json] = field(default_factory=dict)
    webhooks: list[Json] = field(default_factory=list)
    summaries: dict[int, str] | None = None
    _rate: _Rate = field(init=False)
    _ids: Iterator[int] = field(default_factory=lambda: count(812_345_678))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._rate = _Rate(self.clock, self.rate_limit)
        self.mishaps = Mishaps(too_many=self._too_many)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host."""
        with Server(self.mishaps.around(self.handle), port) as server:
            yield server.url

    def add_user(self, email: str, name: str = "", time_zone: str = "Europe/London") -> int:
        """An agent; gives the id."""
        number = next(self._ids)
        self.users[number] = {
            "id": number,
            "direct_link": f"https://api.aircall.io/v2/users/{number}",
            "name": name or email,
            "email": email,
            "available": True,
            "availability_status": "available",
            "time_zone": time_zone,
            "language": "en-US",
        }
        return number

    def add_number(self, digits: str, name: str = "", country: str = "GB", time_zone: str = "Europe/London") -> int:
        """One of our lines; gives the id."""
        number = next(self._ids)
        self.numbers[number] = {
            "id": number,
            "direct_link": f"https://api.aircall.io/v1/numbers/{number}",
            "name": name or digits,
            "digits": digits,
            "country": country,
            "time_zone": time_zone,
            "open": True,
        }
        return number

    def add_call(
        self,
        direction: str,
        digits: str,
        at: datetime,
        *,
        user: str | None = None,
        line: str | None = None,
        ring: int = 10,
        talk: int | None = None,
        status: str = "done",
        missed: str | None = None,
        voicemail: bool = False,
        **more: Any,
    ) -> int:
        """A call that began at `at`; gives its id.

        `digits`: the outside number as Aircall shows it, or `anonymous`. `user`: the agent's e-mail, None when it rang
        for a team and nobody took it. `line`: the digits of one of our numbers. `ring`, `talk`: seconds; `talk` None:
        not answered. `status`: initial (ringing), answered (running) or done. `missed`: Aircall's missed_call_reason.
        `more`: further members of the call object, as they are.
        """
        began, answered = int(at.timestamp()), talk is not None and status != "initial"
        number = next(self._ids)
        self.calls[number] = {
            "id": number,
            "sid": f"CA{number:032x}",
            "direct_link": f"https://api.aircall.io/v1/calls/{number}",
            "direction": direction,
            "status": status,
            "missed_call_reason": missed,
            "started_at": began,
            "answered_at": began + ring if answered else None,
            "ended_at": began + ring + (talk or 0) if status == "done" else None,
            "raw_digits": digits,
            "has_voicemail": voicemail,
            "has_recording": False,
            "asset": None,
            "archived": False,
            "user": self._user(user),
            "number": self._number(line),
            **dict.fromkeys(_NOTHING),
            **{name: [] for name in ("teams", "comments", "tags", "participants")},
        } | more
        return number

    def change_call(self, call_id: int, **changes: Any) -> None:
        """Set members of the call object; `user` may be an e-mail."""
        with self._lock:
            if isinstance(changes.get("user"), str):
                changes["user"] = self._user(changes["user"])
            self.calls[call_id] |= changes

    def finish_call(self, call_id: int, *, ring: int = 10, talk: int | None = None) -> None:
        """A call that was ringing or running ends; times in seconds, `talk` None: nobody answered."""
        began = self.calls[call_id]["started_at"]
        answered = None if talk is None else began + ring
        self.change_call(call_id, status="done", answered_at=answered, ended_at=began + ring + (talk or 0))

    def comment(self, call_id: int, text: str, by: str) -> None:
        """A note by an agent (e-mail), however late; the call does not move in any list for it."""
        with self._lock:
            notes = self.calls[call_id]["comments"]
            posted = {"posted_at": int(self.clock.now().timestamp()), "posted_by": self._user(by)}
            notes.append({"id": next(self._ids), "content": text, **posted})

    def tag(self, call_id: int, name: str) -> None:
        """A tag, however late."""
        with self._lock:
            self.calls[call_id]["tags"].append({"id": next(self._ids), "name": name, "color": "#00b388"})

    def record(self, call_id: int) -> None:
        """The recording is ready, however late."""
        self.change_call(call_id, has_recording=True)

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            self.requests.append(request)
            try:
                answer = self._too_many() if not self._rate.take() else json_response(self._route(request))
            except Refused as refused:
                answer = refused.response
        return Response(answer.status, answer.body, {**answer.headers, **self._rate.headers()})

    def _too_many(self) -> Response:
        return json_response({"error": "Too Many Requests", "troubleshoot": "Wait for the reset."}, 429)

    def _route(self, request: Request) -> Json:
        self._check_key(request)
        if request.method != "GET":
            raise Refused(405, "Method Not Allowed", "This stand-in is read only.")
        match request.path.strip("/").split("/"):
            case ["v1", "ping"]:
                return {"ping": "pong"}
            case ["v1", "calls", *rest]:
                return self._about_calls(rest, request)
            case ["v1", "webhooks"]:
                return paged(request, "webhooks", self.webhooks)
            case ["v1", "numbers"]:
                return paged(request, "numbers", list(self.numbers.values()))
            case ["v1", "numbers", text]:
                return {"number": found(self.numbers, text)}
            case ["v2", "users"]:
                return paged(request, "users", list(self.users.values()))
            case ["v2", "users", text]:
                return {"user": found(self.users, text)}
            case ["v1", "users", *_]:
                raise Refused(410, "Gone", "Version 1 of users was retired; use version 2.")
            case _:
                raise Refused(404, "Not Found", "Check the path.")

    def _about_calls(self, path: list[str], request: Request) -> Json:
        match path:
            case []:
                return self._list_calls(request, _CALLS)
            case ["search"]:
                return self._list_calls(request, _SEARCH)
            case [text]:
                return {"call": self._shown(found(self.calls, text), request)}
            case [text, "summary"]:
                return summary_of(found(self.calls, text), self.summaries, request)
            case _:
                raise Refused(404, "Not Found", "Check the path.")

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("authorization", "")
        if not given.startswith("Basic "):
            raise Refused(401, "Unauthorized", "Send the API id and token.")
        if given != "Basic " + base64.b64encode(f"{self.api_id}:{self.api_token}".encode()).decode():
            raise Refused(403, "Forbidden", "Invalid API key.")

    def _list_calls(self, request: Request, known: set[str]) -> Json:
        for name in request.query:
            if name not in known:
                raise Refused(400, "Bad Request", f"There is no parameter {name}.")
        low, high = (whole(request, name, 0) for name in ("from", "to"))
        oldest = (self.clock.now() - _HISTORY).timestamp()
        hits = [
            call
            for call in self.calls.values()
            if max(low, oldest) <= call["started_at"] <= (high or float("inf")) and searched(call, request)
        ]
        hits.sort(key=lambda call: (call["started_at"], call["id"]), reverse=descending(request))
        page = paged(request, "calls", hits[: self.ceiling])
        return page | {"calls": [self._shown(call, request) for call in page["calls"]]}

    def _shown(self, call: Json, request: Request) -> Json:
        """The call as it is answered: links are signed anew each time, as the vendor's are."""
        shown = {name: value for name, value in call.items() if not name.startswith("has_")}
        began, ended = call["started_at"], call["ended_at"]
        shown["duration"] = ended - began if ended else 0
        for name in ("recording", "voicemail"):
            there = call[f"has_{name}"]
            shown[name] = f"{_ASSETS}/{call['id']}/{name}?X-Expires=3600&sig={secrets.token_hex(8)}" if there else None
            if there and request.one("fetch_short_urls") == "true":
                shown[f"{name}_short_url"] = f"{_ASSETS}/s/{secrets.token_hex(4)}"
            if there:
                shown["asset"] = f"https://assets.aircall.io/calls/{call['id']}/{name}"
        if request.one("fetch_contact") != "true":
            shown["contact"] = None
        if request.one("fetch_call_timeline") == "true":
            shown["ivr_options_selected"] = []
        return shown

    def _user(self, email: str | None) -> Json | None:
        return next((user for user in self.users.values() if user["email"] == email), None) if email else None

    def _number(self, digits: str | None) -> Json | None:
        return next((one for one in self.numbers.values() if one["digits"] == digits), None) if digits else None


_ASSETS = "https://assets.example/calls"
