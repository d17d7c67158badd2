"""One company's CloudTalk as far as a reader of its calls meets it (CloudTalk's published specification 1.7)."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

Json = dict[str, Any]

_CALLS = {
    "date_from", "date_to", "public_external", "public_internal", "contact_id", "user_id", "agent_extension", "type",
    "status", "tag_id", "call_id", "limit", "page",
}  # fmt: skip
_AGENTS = {"id", "email", "extension", "keyword", "limit", "page"}
_MINUTE = timedelta(minutes=1)


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.response = json_response({"responseData": {"status": status, "message": message}}, status)


@dataclass(slots=True)
class CloudTalkSimulator:
    """`requests` is every request that came, `mishaps` what goes wrong on the wire.

    `zone`: in which dates are understood. `order`: ascending or descending. `limit`: requests a minute.
    """

    clock: Clock = field(default_factory=Clock)
    api_id: str = field(default_factory=lambda: secrets.token_hex(8))
    api_key: str = field(default_factory=lambda: secrets.token_hex(16))
    zone: str = "UTC"
    descending: bool = True
    limit: int = 60
    may_read: bool = True
    requests: list[Request] = field(default_factory=list)
    calls: dict[str, Json] = field(default_factory=dict)
    agents: dict[str, Json] = field(default_factory=dict)
    mishaps: Mishaps = field(init=False)
    _since: datetime | None = None
    _used: int = 0
    _ids: Iterator[int] = field(default_factory=lambda: count(27))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        refusal = Refused(429, "Too many requests").response
        self.mishaps = Mishaps(too_many=lambda: refusal, unauthorized=lambda: Refused(401, "Unauthorized").response)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host."""
        with Server(self.mishaps.around(self.handle), port) as server:
            yield server.url

    def add_agent(self, email: str, name: str = "", extension: str = "") -> str:
        """Somebody with an account; gives the id."""
        key = str(next(self._ids))
        first, _, last = (name or email).partition(" ")
        told = {"id": key, "firstname": first, "lastname": last, "fullname": name, "email": email}
        self.agents[key] = told | {"extension": extension}
        return key

    def add_call(
        self,
        kind: str,
        external: int | str,
        at: datetime,
        *,
        line: int | str,
        agent: str = "",
        ring: int = 10,
        talk: int | None = None,
        over: bool = True,
        voicemail: bool = False,
        **more: Any,
    ) -> str:
        """A call that began at `at`; gives its id. `kind`: incoming, outgoing or internal. `talk` None: not answered.

        `more`: members of its `Cdr`, as they are.
        """
        key = str(next(self._ids))
        answered = _iso(at + timedelta(seconds=ring)) if talk is not None else ""
        ended = _iso(at + timedelta(seconds=ring + (talk or 0))) if over else ""
        cdr = {
            "id": key,
            "type": kind,
            "public_external": external,
            "public_internal": line,
            "country_code": "44",
            "started_at": _iso(at),
            "answered_at": answered,
            "ended_at": ended,
            "talking_time": str(talk) if talk is not None and over else "",
            "waiting_time": ring,
            "wrapup_time": 5,
            "billsec": "0",
            "recorded": False,
            "recording_link": "",
            "is_voicemail": voicemail,
            "is_redirected": "0",
            "redirected_from": "",
            "user_id": agent,
            **more,
        }
        number = {"id": "1", "internal_name": "Sales", "caller_id_e164": line}
        held = dict(self.agents[agent]) if agent else {}
        rest: Json = {"Contact": {}, "CallNumber": number, "Agent": held, "Notes": [], "Tags": [], "Ratings": []}
        self.calls[key] = {"Cdr": cdr, **rest}
        return key

    def finish_call(self, key: str, talk: int) -> None:
        """The call ends now, after so many seconds of talk."""
        self.change_call(key, ended_at=_iso(self.clock.now()), talking_time=str(talk))

    def change_call(self, key: str, **changes: Any) -> None:
        """Set members of a call's `Cdr`."""
        with self._lock:
            self.calls[key]["Cdr"] |= changes

    def note(self, key: str, words: str) -> None:
        """A note, however late."""
        with self._lock:
            self.calls[key]["Notes"].append({"id": str(next(self._ids)), "note": words})

    def tag(self, key: str, name: str) -> None:
        """A tag, however late."""
        with self._lock:
            self.calls[key]["Tags"].append({"id": str(next(self._ids)), "name": name})

    def record(self, key: str) -> None:
        """The recording is there, however late."""
        self.change_call(key, recorded=True, recording_link=f"https://my.cloudtalk.io/r/play/{key}")

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            self.requests.append(request)
            try:
                answer = json_response(self._route(request))
            except Refused as refused:
                answer = refused.response
            return Response(answer.status, answer.body, {**answer.headers, **self._headers()})

    def _route(self, request: Request) -> Json:
        self._take()
        pair = base64.b64encode(f"{self.api_id}:{self.api_key}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            raise Refused(401, "Unauthorized")
        if "application/json" not in request.headers.get("accept", ""):
            raise Refused(406, "Not acceptable")
        if not self.may_read:
            raise Refused(403, "Forbidden")
        match request.path.strip("/").split("/"):
            case ["api", "calls", "index.json"]:
                return self._list(request)
            case ["api", "agents", "index.json"]:
                _only(request, _AGENTS)
                return _paged(request, [{"Agent": agent} for agent in self.agents.values()])
            case _:
                raise Refused(404, "Not found")

    def _take(self) -> None:
        now = self.clock.now()
        if self._since is None or now >= self._since + _MINUTE:
            self._since, self._used = now, 0
        self._used += 1
        if self._used > self.limit:
            raise Refused(429, "Too many requests")

    def _headers(self) -> dict[str, str]:
        """No Retry-After."""
        reset = (self._since or self.clock.now()) + _MINUTE
        return {
            "X-CloudTalkAPI-Limit": str(self.limit),
            "X-CloudTalkAPI-Remaining": str(max(self.limit - self._used, 0)),
            "X-CloudTalkAPI-ResetTime": str(int(reset.timestamp())),
        }

    def _list(self, request: Request) -> Json:
        _only(request, _CALLS)
        low, high = self._moment(request, "date_from"), self._moment(request, "date_to")
        wanted = request.one("call_id")
        hits = [
            call
            for key, call in self.calls.items()
            if (wanted is None or key == wanted)
            and (low is None or datetime.fromisoformat(call["Cdr"]["started_at"]) >= low)
            and (high is None or datetime.fromisoformat(call["Cdr"]["started_at"]) <= high)
        ]
        hits.sort(key=lambda call: call["Cdr"]["started_at"], reverse=self.descending)
        return _paged(request, hits)

    def _moment(self, request: Request, name: str) -> datetime | None:
        value = request.one(name)
        if value is None:
            return None
        try:
            at = datetime.strptime(value, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - its zone is told next
        except ValueError:
            raise Refused(400, f"{name} is no date") from None
        return at.replace(tzinfo=ZoneInfo(self.zone))


def _paged(request: Request, hits: Sequence[Json]) -> Json:
    size, page = int(request.one("limit") or 50), int(request.one("page") or 1)
    if not 1 <= size <= 1000 or page < 1:
        raise Refused(400, "limit is between 1 and 1000")
    told = {"itemsCount": len(hits), "pageCount": max(1, -(-len(hits) // size)), "pageNumber": page, "limit": size}
    return {"responseData": {**told, "data": list(hits[(page - 1) * size : page * size])}}


def _only(request: Request, known: set[str]) -> None:
    """400 for a parameter that does not exist: stricter than CloudTalk, which overlooks it."""
    unknown = sorted(set(request.query) - known)
    if unknown:
        raise Refused(400, f"{unknown[0]} is no parameter")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
