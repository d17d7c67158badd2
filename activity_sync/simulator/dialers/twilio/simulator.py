"""One Twilio account as far as a reader of its calls meets it (twilio-oai api_v2010, 2026-04)."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import count
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.twilio.lists import PAGING, Json, Refused, mail_time, only_known, paged, within
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

_TIMES = {f"{moment}{sign}" for moment in ("StartTime", "EndTime") for sign in ("", "<", ">")}
_CALLS = PAGING | _TIMES | {"To", "From", "ParentCallSid", "Status"}
_RECORDINGS = PAGING | {"CallSid", "ConferenceSid", "IncludeSoftDeleted", "DateCreated", "DateCreated<", "DateCreated>"}
_RUNNING = {"queued", "ringing", "in-progress"}
_NOTHING = ("answered_by", "caller_name", "forwarded_from", "group_sid", "annotation", "price")


@dataclass(slots=True)
class TwilioSimulator:
    """`requests` is every request that came, `mishaps` what goes wrong on the wire.

    `by_day`: filters know days only. `calls` and `recordings` are the resources by sid.
    """

    clock: Clock = field(default_factory=Clock)
    account_sid: str = field(default_factory=lambda: f"AC{secrets.token_hex(16)}")
    auth_token: str = field(default_factory=lambda: secrets.token_hex(16))
    by_day: bool = False
    requests: list[Request] = field(default_factory=list)
    calls: dict[str, Json] = field(default_factory=dict)
    recordings: dict[str, Json] = field(default_factory=dict)
    mishaps: Mishaps = field(init=False)
    _ids: Iterator[int] = field(default_factory=lambda: count(0xA1B2C3))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.mishaps = Mishaps(
            too_many=lambda: Refused(429, 20429, "Too Many Requests").response,
            unauthorized=lambda: Refused(401, 20003, "Authenticate").response,
        )

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host."""
        with Server(self.mishaps.around(self.handle), port) as server:
            yield server.url

    def add_call(
        self,
        direction: str,
        caller: str,
        called: str,
        at: datetime,
        *,
        status: str = "completed",
        lasting: int = 60,
        ring: int = 0,
        parent: str | None = None,
        **more: Any,
    ) -> str:
        """One leg that was dialled at `at`; gives its sid.

        `ring` and `lasting`: seconds until it was answered, and from then to its end. `parent`: the sid of the leg
        that started it. `more`: further members of the resource, as they are.
        """
        sid, over = f"CA{next(self._ids):032x}", status not in _RUNNING
        end = at + timedelta(seconds=ring + (lasting if status == "completed" else 0))
        path = f"/2010-04-01/Accounts/{self.account_sid}/Calls/{sid}"
        dialled = status != "queued"
        self.calls[sid] = {
            "sid": sid,
            "parent_call_sid": parent,
            "account_sid": self.account_sid,
            "to": called,
            "to_formatted": called,
            "from": caller,
            "from_formatted": caller,
            "status": status,
            "direction": direction,
            "start_time": mail_time(at) if dialled else None,
            "end_time": mail_time(end) if over else None,
            "duration": str(lasting) if status == "completed" else None,
            "date_created": mail_time(at),
            "date_updated": mail_time(end if over else at),
            "queue_time": "0",
            "trunk_sid": "",
            "price_unit": "USD",
            "phone_number_sid": f"PN{0:032x}",
            "api_version": "2010-04-01",
            "uri": f"{path}.json",
            "subresource_uris": {"recordings": f"{path}/Recordings.json"},
            **dict.fromkeys(_NOTHING),
        } | more
        return sid

    def change_call(self, sid: str, **changes: Any) -> None:
        """Set members of a leg."""
        with self._lock:
            self.calls[sid] |= changes

    def finish_call(self, sid: str, *, lasting: int) -> None:
        """A leg that was running ends, after so many seconds of talk."""
        began = parsedate_to_datetime(self.calls[sid]["start_time"])
        end = mail_time(began + timedelta(seconds=lasting))
        self.change_call(sid, status="completed", end_time=end, duration=str(lasting), date_updated=end)

    def record(self, call: str, source: str = "DialVerb", *, lasting: int = 30, status: str = "completed") -> str:
        """A recording of a leg; `source` RecordVerb is a voicemail. Gives its sid."""
        sid = f"RE{next(self._ids):032x}"
        at = parsedate_to_datetime(self.calls[call]["start_time"])
        self.recordings[sid] = {
            "sid": sid,
            "account_sid": self.account_sid,
            "call_sid": call,
            "conference_sid": None,
            "status": status,
            "source": source,
            "channels": 1,
            "duration": str(lasting),
            "start_time": mail_time(at),
            "date_created": mail_time(at),
            "date_updated": mail_time(self.clock.now()),
            "uri": f"/2010-04-01/Accounts/{self.account_sid}/Recordings/{sid}.json",
        }
        return sid

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            self.requests.append(request)
            try:
                return json_response(self._route(request))
            except Refused as refused:
                return refused.response

    def _route(self, request: Request) -> Json:
        self._check_key(request)
        if request.method != "GET":
            raise Refused(405, 20004, "Method not allowed")
        match request.path.strip("/").split("/"):
            case ["2010-04-01", "Accounts", self.account_sid, "Calls.json"]:
                return self._list_calls(request)
            case ["2010-04-01", "Accounts", self.account_sid, "Calls", name] if (
                name.removesuffix(".json") in self.calls
            ):
                return self.calls[name.removesuffix(".json")]
            case ["2010-04-01", "Accounts", self.account_sid, "Recordings.json"]:
                return self._list_recordings(request, request.one("CallSid"))
            case ["2010-04-01", "Accounts", self.account_sid, "Calls", sid, "Recordings.json"]:
                return self._list_recordings(request, sid)
            case _:
                raise Refused(404, 20404, f"The requested resource {request.path} was not found")

    def _check_key(self, request: Request) -> None:
        pair = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            raise Refused(401, 20003, "Authenticate")

    def _list_calls(self, request: Request) -> Json:
        only_known(request, _CALLS)
        started, ended = (within(request, name, by_day=self.by_day) for name in ("StartTime", "EndTime"))
        asked = {"To": "to", "From": "from", "ParentCallSid": "parent_call_sid", "Status": "status"}
        hits = [
            call
            for call in self.calls.values()
            if all(request.one(name) in (None, call[member]) for name, member in asked.items())
            and started(call["start_time"])
            and ended(call["end_time"])
        ]
        hits.sort(key=lambda call: (parsedate_to_datetime(call["date_created"]), call["sid"]), reverse=True)
        return paged(request, "calls", hits)

    def _list_recordings(self, request: Request, call: str | None) -> Json:
        only_known(request, _RECORDINGS)
        made = within(request, "DateCreated", by_day=self.by_day)
        stored = self.recordings.values()
        hits = [one for one in stored if call in (None, one["call_sid"]) and made(one["date_created"])]
        return paged(request, "recordings", hits[::-1])
