"""One workspace's Quo as far as a reader of its calls meets it (quo.com/docs/2026-03-30, read in October 2026)."""

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
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

Json = dict[str, Any]

_VERSION = "2026-03-30"
_PAGING = {"limit", "after"}
_CALLS = _PAGING | {
    "phoneNumberId", "actorId", "participant", "participant[in]", "direction", "status", "status[in]",
    "createdAt[gte]", "createdAt[lte]", "include",
}  # fmt: skip
_INLINE = ("summary", "voicemail")


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, status: int, title: str, path: str = "") -> None:
        super().__init__(title)
        told: Json = {"message": title, "title": title, "docs": "https://quo.com/docs", "status": status}
        self.response = json_response(told | ({"errors": [{"path": path}]} if path else {}), status)


@dataclass(slots=True)
class QuoSimulator:
    """`requests` is every request that came, `mishaps` what goes wrong on the wire.

    `filters`: whether lists of calls can be filtered; without, every filter is refused. `paging`: by which name the
    next page is asked for; another one is overlooked, or refused where it is `strict`. `size`: what names the size of
    a page. `newest_first`: the order of calls. `older_lists`: users and numbers only by the API before this one.
    """

    clock: Clock = field(default_factory=Clock)
    api_key: str = field(default_factory=lambda: secrets.token_hex(16))
    filters: bool = True
    paging: str = "after"
    strict: bool = False
    size: str = "limit"
    newest_first: bool = True
    older_lists: bool = False
    may_read: bool = True
    requests: list[Request] = field(default_factory=list)
    calls: dict[str, Json] = field(default_factory=dict)
    users: dict[str, Json] = field(default_factory=dict)
    numbers: dict[str, Json] = field(default_factory=dict)
    mishaps: Mishaps = field(init=False)
    _taken: list[datetime] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: count(1001))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        refusal = Refused(429, "Too Many Requests").response
        self.mishaps = Mishaps(too_many=lambda: refusal, unauthorized=lambda: Refused(401, "Unauthorized").response)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host."""
        with Server(self.mishaps.around(self.handle), port) as server:
            yield server.url

    def add_user(self, email: str, name: str = "") -> str:
        """Somebody in the workspace; gives the id."""
        key, (first, _, last) = f"US{next(self._ids)}", (name or email).partition(" ")
        self.users[key] = {"id": key, "email": email, "firstName": first, "lastName": last, "role": "member"}
        return key

    def add_number(self, number: str, name: str = "") -> str:
        """One of the workspace's numbers; gives the id."""
        key = f"PN{next(self._ids)}"
        self.numbers[key] = {"id": key, "number": number, "name": name or number}
        return key

    def add_call(
        self,
        direction: str,
        outside: str,
        at: datetime,
        *,
        line: str,
        owner: str,
        by: str = "",
        ring: int = 10,
        talk: int | None = None,
        status: str = "",
        **more: Any,
    ) -> str:
        """A call that began at `at`; gives its id. `line`: the number's id. `owner`: of the line, `by`: who took or
        placed it. `talk` None: nobody answered. `status` of one that goes on: in-progress. `more`: members as they are.
        """
        key, running = f"AC{next(self._ids)}", status in {"queued", "initiated", "ringing", "in-progress"}
        incoming, answered = direction == "incoming", talk is not None
        number = self.numbers[line]["number"]
        ended = None if running else _iso(at + timedelta(seconds=ring + (talk or 0)))
        self.calls[key] = {
            "id": key,
            "phoneNumberId": line,
            "actorId": owner,
            "direction": direction,
            "status": status or "completed",
            "participants": [
                {"phoneNumber": number, "actorId": by or owner},
                {"phoneNumber": outside, "actorId": None},
            ],
            "answeredAt": _iso(at + timedelta(seconds=ring)) if answered else None,
            "answeredBy": by if answered and incoming else None,
            "initiatedBy": None if incoming else by,
            "completedAt": ended,
            "createdAt": _iso(at),
            "updatedAt": ended or _iso(at),
            "callRoute": "phone-number" if incoming else None,
            "duration": talk or 0,
            "forwardedFrom": None,
            "forwardedTo": None,
            "aiHandled": None,
            **more,
        }
        return key

    def finish_call(self, key: str) -> None:
        """The call ends now."""
        self.change_call(key, status="completed", completedAt=_iso(self.clock.now()))

    def change_call(self, key: str, **changes: Any) -> None:
        """Set members of a call."""
        with self._lock:
            self.calls[key] |= changes
            self.calls[key]["updatedAt"] = _iso(self.clock.now())

    def summarize(self, key: str, *points: str, steps: Sequence[str] = ()) -> None:
        """The summary is there, however late."""
        told = {"status": "completed", "type": "human", "summary": list(points), "nextSteps": list(steps)}
        self.change_call(key, summary=told)

    def leave_message(self, key: str, transcript: str) -> None:
        """The caller's message has been written down."""
        url = "https://examplestorage.example/message.mp3?sig=1"
        told = {"id": f"VM{next(self._ids)}", "status": "completed", "duration": 9, "recordingUrl": url}
        self.change_call(key, voicemail=told | {"transcript": transcript})

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            self.requests.append(request)
            try:
                return json_response(self._route(request))
            except Refused as refused:
                return refused.response

    def _route(self, request: Request) -> Json:
        self._take()
        if request.headers.get("authorization") != self.api_key:
            raise Refused(401, "Unauthorized")
        if request.headers.get("quo-api-version") != _VERSION:
            raise Refused(400, "The version is missing", "Quo-Api-Version")
        if request.method != "GET":
            raise Refused(405, "Method Not Allowed")
        match request.path.strip("/").split("/"):
            case ["calls"]:
                return self._list(request)
            case ["calls", key] if key in self.calls:
                self._may()
                return {"data": _shown(self.calls[key], _included(request))}
            case ["users"] if not self.older_lists:
                return self._paged(request, list(self.users.values()), _PAGING)
            case ["phone-numbers"] if not self.older_lists:
                return self._paged(request, list(self.numbers.values()), _PAGING)
            case ["v1", "users"] if request.one("maxResults"):
                return {"data": list(self.users.values()), "totalItems": 0, "nextPageToken": None}
            case ["v1", "phone-numbers"] if not request.query:
                return {"data": list(self.numbers.values())}
            case _:
                raise Refused(404, "Not Found")

    def _take(self) -> None:
        """Ten requests a second for one key."""
        now = self.clock.now()
        self._taken = [at for at in self._taken if now - at < timedelta(seconds=1)]
        if len(self._taken) >= 10:
            raise Refused(429, "Too Many Requests")
        self._taken.append(now)

    def _may(self) -> None:
        if not self.may_read:
            raise Refused(403, "Forbidden")

    def _list(self, request: Request) -> Json:
        self._may()
        known = _CALLS if self.filters else set()
        low, high = (_moment(request, f"createdAt[{end}]") for end in ("gte", "lte"))
        hits = [
            call
            for call in self.calls.values()
            if (not low or call["createdAt"] >= low) and (not high or call["createdAt"] <= high)
        ]
        hits.sort(key=lambda call: (call["createdAt"], call["id"]), reverse=self.newest_first)
        shown = [_shown(call, _included(request)) for call in hits]
        return self._paged(request, shown, known)

    def _paged(self, request: Request, hits: Sequence[Json], known: set[str]) -> Json:
        overlooked = set() if self.strict else {"after", "cursor", "pageToken", "nextCursor"}
        unknown = sorted(set(request.query) - (known - _PAGING) - {self.paging, self.size} - overlooked)
        if unknown:
            raise Refused(400, "The input was invalid", unknown[0])
        size = int(request.one(self.size) or 10)
        if not 1 <= size <= 50:
            raise Refused(400, "The input was invalid", "limit")
        after = request.one(self.paging) or "at0"
        if not after.startswith("at") or not after[2:].isdigit():
            raise Refused(400, "The input was invalid", "after")
        start = int(after[2:])
        following = f"at{start + size}" if start + size < len(hits) else None
        return {"data": list(hits[start : start + size]), "nextCursor": following}


def _included(request: Request) -> tuple[str, ...]:
    asked = tuple(one for one in (request.one("include") or "").split(",") if one)
    if len(set(asked)) != len(asked) or not set(asked) <= set(_INLINE):
        raise Refused(400, "The input was invalid", "include")
    return asked


def _shown(call: Json, included: Sequence[str]) -> Json:
    """A summary stands on every call, where it is asked for; a voicemail only where one was left."""
    shown = {name: value for name, value in call.items() if name not in _INLINE or name in included}
    if "summary" in included:
        shown.setdefault("summary", {"status": "absent", "type": None, "summary": None, "nextSteps": None})
    return shown


def _moment(request: Request, name: str) -> str:
    value = request.one(name)
    if value is None:
        return ""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(400, "The input was invalid", name) from None
    if at.tzinfo is None:
        raise Refused(400, "The input was invalid", name)
    return _iso(at)


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
