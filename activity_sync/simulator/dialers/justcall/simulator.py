"""JustCall's API v2.1 as far as a reader of calls meets it.

Odd on purpose: the key pair stands bare in the header; times are asked for in the zone of the user to whom the key
belongs, which nothing tells; pages are counted from 0, and the link to the next one carries no filters; numbers have no
plus; an hour before ten has one digit. A parameter that does not exist is refused.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.justcall.rates import Rates
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

Json = dict[str, Any]

_PAGING = {"per_page", "page"}
_CALLS = _PAGING | {"from_datetime", "to_datetime", "sort", "order"}
_HISTORY = timedelta(days=92)
_LARGEST_PAGE = 100


class _Refused(Exception):  # noqa: N818 - an answer that is a refusal
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.response = json_response({"status": "error", "message": message}, status)


@dataclass(slots=True)
class JustCallSimulator:
    """One company's JustCall. `offset`: of the user to whom the key belongs, from UTC."""

    clock: Clock = field(default_factory=Clock)
    offset: timedelta = timedelta(hours=-8)
    api_key: str = field(default_factory=lambda: secrets.token_hex(16))
    api_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    rates: Rates = field(init=False)
    requests: list[Request] = field(default_factory=list)
    mishaps: Mishaps = field(init=False)
    calls: dict[int, Json] = field(default_factory=dict)
    users: dict[int, Json] = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(3_000_001))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.rates = Rates(self.clock)
        self.mishaps = Mishaps(too_many=self._too_many)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host."""
        with Server(self.mishaps.around(self.handle), port) as server:
            yield server.url

    def add_user(self, email: str, name: str = "") -> int:
        """An agent; gives the id."""
        number = next(self._ids)
        self.users[number] = {"id": number, "email": email, "name": name or email, "role": "Agent"}
        return number

    def add_call(
        self,
        direction: str,
        digits: str,
        at: datetime,
        *,
        line: str,
        agent: int | None = None,
        ring: int = 10,
        talk: int | None = None,
        hold: int = 0,
        kind: str = "",
        **more: Any,
    ) -> int:
        """A call that began at `at`; gives its id.

        `direction`: Incoming or Outgoing. `digits`, `line`: the customer's number and ours, with country code. `talk`:
        seconds without the hold, None: nobody answered. `kind`: JustCall's word for what became of it. `more`: further
        members of the call, as they are.
        """
        number = next(self._ids)
        person = self.users.get(agent or 0, {})
        self.began[number] = at.astimezone(UTC)
        self.calls[number] = {
            "id": number,
            "call_sid": f"CA{number:032x}",
            "contact_number": _bare(digits),
            "contact_name": "",
            "contact_email": "",
            "justcall_number": _bare(line),
            "justcall_line_name": "Sales",
            "agent_id": agent,
            "agent_name": person.get("name", ""),
            "agent_email": person.get("email", ""),
            **_times(at.astimezone(UTC), self.offset),
            "cost_incurred": 0.01,
            "call_info": {
                "direction": direction,
                "type": kind or _usual(direction, talk),
                "missed_call_reason": "",
                "disposition": "",
                "notes": "",
                "rating": "",
                "recording": "",
            },
            "call_duration": _lengths(ring, talk, hold),
        } | more
        return number

    def change_call(self, call_id: int, **changes: Any) -> None:
        """Set members of `call_info`, however late: the call does not move in any list for it."""
        with self._lock:
            self.calls[call_id]["call_info"] |= changes

    def finish_call(self, call_id: int, *, ring: int = 10, talk: int = 60) -> None:
        """A running call ends."""
        with self._lock:
            self.calls[call_id]["call_info"]["type"] = "Answered"
            self.calls[call_id]["call_duration"] = _lengths(ring, talk, 0)

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            self.requests.append(request)
            try:
                answer = json_response(self._route(request)) if self.rates.take() else self._too_many()
            except _Refused as refused:
                answer = refused.response
        return Response(answer.status, answer.body, {**answer.headers, **self.rates.headers()})

    def _too_many(self) -> Response:
        return json_response({"status": "error", "message": "Too many requests"}, 429)

    def _route(self, request: Request) -> Json:
        if request.headers.get("authorization") != f"{self.api_key}:{self.api_secret}":
            raise _Refused(401, "Unauthorized")
        if request.method != "GET":
            raise _Refused(405, "Method not allowed")
        match request.path.strip("/").split("/"):
            case ["v2.1", "calls"]:
                return self._list_calls(request)
            case ["v2.1", "calls", text] if text.isdigit() and int(text) in self.calls:
                return {"status": "success", "data": self.calls[int(text)]}
            case ["v2.1", "users"]:
                _only(request, _PAGING)
                return _paged(request, list(self.users.values()))
            case _:
                raise _Refused(404, "Not found")

    def _list_calls(self, request: Request) -> Json:
        _only(request, _CALLS)
        low, high = (self._asked(request, name) for name in ("from_datetime", "to_datetime"))
        oldest = self.clock.now() - _HISTORY
        hits = [
            number
            for number, began in self.began.items()
            if began >= max(low or oldest, oldest) and (high is None or began <= high)
        ]
        by_time = request.one("sort") == "datetime"
        hits.sort(key=lambda number: (self.began[number] if by_time else number, number))
        if (request.one("order") or "desc") == "desc":
            hits.reverse()
        return _paged(request, [self.calls[number] for number in hits])

    def _asked(self, request: Request, name: str) -> datetime | None:
        """A time in the user's zone."""
        told = request.one(name)
        if told is None:
            return None
        try:
            return datetime.strptime(told, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) - self.offset
        except ValueError:
            raise _Refused(400, f"{name} is yyyy-mm-dd hh:mm:ss") from None


def _only(request: Request, known: set[str]) -> None:
    for name in request.query:
        if name not in known:
            raise _Refused(400, f"{name} is not allowed")


def _paged(request: Request, hits: Sequence[Json]) -> Json:
    page, size = _whole(request, "page", 0), _whole(request, "per_page", 20)
    if not 1 <= size <= _LARGEST_PAGE:
        raise _Refused(400, "per_page must be at most 100")
    shown = list(hits[page * size : (page + 1) * size])
    there = f"https://api.justcall.io{request.path}?page="
    return {
        "status": "success",
        "count": len(shown),
        "current_page": page,
        "per_page": size,
        "data": shown,
        "next_page_link": f"{there}{page + 1}" if (page + 1) * size < len(hits) else None,
        "prev_page_link": f"{there}{page - 1}" if page else None,
    }


def _whole(request: Request, name: str, default: int) -> int:
    told = request.one(name)
    if told is None:
        return default
    if not told.isdigit():
        raise _Refused(400, f"{name} is a number")
    return int(told)


def _bare(number: str) -> str:
    digits = "".join(sign for sign in number if sign.isdigit())
    return digits or number


def _usual(direction: str, talk: int | None) -> str:
    return "Answered" if talk is not None else "Missed" if direction == "Incoming" else "Unanswered"


def _times(at: datetime, offset: timedelta) -> Json:
    local = at + offset
    told = {"call": at, "call_user": local}
    dates = {f"{name}_date": f"{moment:%Y-%m-%d}" for name, moment in told.items()}
    return dates | {f"{name}_time": f"{moment.hour}:{moment:%M:%S}" for name, moment in told.items()}


def _lengths(ring: int, talk: int | None, hold: int) -> Json:
    total = (talk or 0) + hold
    return {
        "total_duration": total,
        "conversation_time": talk or 0,
        "hold_time": hold,
        "ring_time": ring,
        "handle_time": total + 20 if talk else 0,
    }
