"""One company's RingCentral as far as a reader of its call log meets it (RingCentral's guide and OpenAPI, 2026-04)."""

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
from activity_sync.simulator.dialers.ringcentral.limits import Limits
from activity_sync.simulator.dialers.ringcentral.parameters import (
    Json,
    Refused,
    forbidden,
    moment,
    one_of,
    only_known,
    paged,
)
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

_LOG = {
    "dateFrom", "dateTo", "view", "direction", "type", "recordingType", "phoneNumber", "extensionNumber", "sessionId",
    "page", "perPage", "withRecording",
}  # fmt: skip
_DIRECTORY = {"type", "status", "page", "perPage", "extensionNumber", "email"}
_DAY = timedelta(hours=24)
_HOUR = timedelta(hours=1)
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(slots=True)
class RingCentralSimulator:
    """`requests` is every request that came, `mishaps` what goes wrong on the wire.

    `permissions`: what app and user may do. `totals`: whether lists tell how long they are. `lag`: how long after its
    end a call shows.
    """

    clock: Clock = field(default_factory=Clock)
    client_id: str = field(default_factory=lambda: secrets.token_hex(8))
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    jwt: str = field(default_factory=lambda: secrets.token_hex(24))
    permissions: set[str] = field(default_factory=lambda: {"ReadCallLog", "FullCompanyCallLog", "ReadAccounts"})
    totals: bool = False
    lag: timedelta = timedelta()
    requests: list[Request] = field(default_factory=list)
    records: dict[str, Json] = field(default_factory=dict)
    extensions: dict[int, Json] = field(default_factory=dict)
    limits: Limits = field(init=False)
    mishaps: Mishaps = field(init=False)
    _tokens: dict[str, datetime] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(403_631_628))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.limits = Limits(self.clock)
        self.mishaps = Mishaps(too_many=lambda: _too_many({"Retry-After": "60"}), unauthorized=_stale)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host."""
        with Server(self.mishaps.around(self.handle), port) as server:
            yield server.url

    def add_extension(self, number: str, name: str, email: str = "", kind: str = "User") -> int:
        """Somebody or something with an extension (User, Department, IvrMenu, ...); gives the id."""
        key = next(self._ids)
        entry: Json = {"id": key, "extensionNumber": number, "name": name, "type": kind, "status": "Enabled"}
        if email:
            entry["contact"] = {"firstName": name.split()[0], "email": email}
        self.extensions[key] = entry
        return key

    def add_call(
        self,
        direction: str,
        number: str,
        at: datetime,
        *,
        extension: int,
        line: str = "",
        result: str = "Accepted",
        lasting: int = 60,
        session: str = "",
        **more: Any,
    ) -> str:
        """A call that began at `at`; gives the id of its record.

        `direction`: Inbound or Outbound. `number`: the outside one, "" withheld. `extension`: whom the master leg
        belongs to. `lasting`: seconds of the master leg. `session`: that of another record, after a transfer.
        `more`: further members of the record, as they are.
        """
        key = next(self._ids)
        outside: Json = {"phoneNumber": number} if number else {}
        entry = self.extensions[extension]
        ours = {"extensionId": str(extension), "extensionNumber": entry["extensionNumber"], "name": entry["name"]}
        ours |= {"phoneNumber": line} if line else {}
        ends = {"from": outside, "to": ours} if direction == "Inbound" else {"from": ours, "to": outside}
        said = {"startTime": _iso(at), "duration": lasting, "type": "Voice", "direction": direction, **ends}
        said |= {"action": "Phone Call", "result": result, "transport": "PSTN", "extension": {"id": extension}}
        said |= {"telephonySessionId": session or f"s-{key:032x}"}
        record: Json = {"id": f"IWM{key}", "sessionId": str(key), **said, "lastModifiedTime": _iso(at)}
        record["legs"] = [{**said, "master": True, "legType": "Accept"}]
        self.records[record["id"]] = record | more
        return f"IWM{key}"

    def add_leg(
        self, record_id: str, extension: int, *, result: str, after: int, lasting: int = 0, kind: str = "FindMe"
    ) -> None:
        """A further leg of a call: `after` seconds from its start it rang or talked for `lasting` seconds."""
        with self._lock:
            record = self.records[record_id]
            began = datetime.fromisoformat(record["startTime"]) + timedelta(seconds=after)
            leg = record["legs"][0] | {"startTime": _iso(began), "duration": lasting, "result": result}
            leg |= {"legType": kind, "extension": {"id": extension}}
            record["legs"].append({name: value for name, value in leg.items() if name != "master"})

    def change_call(self, record_id: str, **changes: Any) -> None:
        """Set members of a record; `result` and `duration` of its master leg too."""
        with self._lock:
            record = self.records[record_id]
            record |= changes
            record["legs"][0] |= {name: changes[name] for name in ("result", "duration") if name in changes}
            record["lastModifiedTime"] = _iso(self.clock.now())

    def record_call(self, record_id: str) -> None:
        """The recording is there, however late."""
        key = str(next(self._ids))
        media = f"https://media.ringcentral.com/restapi/v1.0/account/1/recording/{key}/content"
        self.change_call(record_id, recording={"id": key, "type": "Automatic", "contentUri": media})

    def end_tokens(self) -> None:
        """All access tokens are worth nothing any more."""
        self._tokens.clear()

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        with self._lock:
            self.requests.append(request)
            group = self.limits.of(request.path)
            if not group.take():
                return _too_many(group.headers(refused=True))
            try:
                answer = json_response(self._route(request))
            except Refused as refused:
                answer = refused.response
        return Response(answer.status, answer.body, {**answer.headers, **group.headers()})

    def _route(self, request: Request) -> Json:
        path = request.path.strip("/").split("/")
        if path == ["restapi", "oauth", "token"]:
            return self._sign_in(request)
        self._check_token(request)
        if request.method != "GET":
            raise Refused(405, "CMN-405", "Method not allowed.")
        match path:
            case ["restapi", "v1.0", "account", "~", "call-log"]:
                return self._list(request)
            case ["restapi", "v1.0", "account", "~", "call-log", key]:
                only_known(request, {"view"})
                if key not in self.records:
                    raise Refused(404, "CMN-102", "Resource for parameter [callRecordId] is not found.")
                return _shown(self.records[key], one_of(request, "view", ("Simple", "Detailed"), "Simple"))
            case ["restapi", "v1.0", "account", "~", "extension"]:
                self._need("ReadAccounts")
                only_known(request, _DIRECTORY)
                return paged(request, list(self.extensions.values()), totals=True)
            case _:
                raise Refused(404, "CMN-102", "Resource not found.")

    def _sign_in(self, request: Request) -> Json:
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if request.method != "POST" or request.headers.get("authorization") != f"Basic {pair}":
            raise Refused(401, "OAU-153", "Invalid client application credentials.", error="invalid_client")
        form = request.form()
        if form.get("grant_type") != _GRANT:
            raise Refused(400, "OAU-250", "Unsupported grant type.", error="unsupported_grant_type")
        if form.get("assertion") != self.jwt:
            raise Refused(400, "OAU-251", "JWT is invalid.", error="invalid_grant")
        token = secrets.token_hex(20)
        self._tokens[token] = self.clock.now() + _HOUR
        told = {"access_token": token, "token_type": "bearer", "expires_in": 3600, "scope": "ReadCallLog ReadAccounts"}
        return told | {"refresh_token": secrets.token_hex(20), "refresh_token_expires_in": 604_800, "owner_id": "1"}

    def _check_token(self, request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").removeprefix("bearer ")
        if self._tokens.get(given, self.clock.now()) <= self.clock.now():
            raise Refused(401, "OAU-213", "Token not found or expired.")

    def _need(self, permission: str) -> None:
        if permission not in self.permissions:
            raise forbidden(permission)

    def _list(self, request: Request) -> Json:
        self._need("ReadCallLog")
        self._need("FullCompanyCallLog")
        only_known(request, _LOG)
        view = one_of(request, "view", ("Simple", "Detailed"), "Simple")
        one_of(request, "type", ("Voice", "Fax"), "Voice")
        high = moment(request, "dateTo", self.clock.now())
        low = moment(request, "dateFrom", high - _DAY)
        hits = [record for record in self.records.values() if self._listed(record, low, high)]
        hits.sort(key=lambda record: (record["startTime"], record["id"]), reverse=True)
        page = paged(request, hits, totals=self.totals)
        return page | {"records": [_shown(record, view) for record in page["records"]]}

    def _listed(self, record: Json, low: datetime, high: datetime) -> bool:
        began = datetime.fromisoformat(record["startTime"])
        over = began + timedelta(seconds=abs(record["duration"])) + self.lag
        return low <= began <= high and (record["result"] == "In Progress" or not self.lag or over <= self.clock.now())


def _shown(record: Json, view: str) -> Json:
    return record if view == "Detailed" else {name: value for name, value in record.items() if name != "legs"}


def _too_many(headers: dict[str, str]) -> Response:
    return json_response({"errorCode": "CMN-301", "message": "Request rate exceeded"}, 429, headers)


def _stale() -> Response:
    return json_response({"errorCode": "OAU-213", "message": "Token not found or expired."}, 401)


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
