"""What stands before every call: concurrency, sign-in, scope, credits; and the ledger of requests behind it."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import orjson

from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Dropped, Request, Response, json_response
from activity_sync.simulator.zoho.apis import list_apis
from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.composite import run_composite
from activity_sync.simulator.zoho.consent import consent
from activity_sync.simulator.zoho.credits import Credits, Slots
from activity_sync.simulator.zoho.oauth import Accounts, covers
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row
from activity_sync.simulator.zoho.routes import BASE, ROUTES, Route, find_route
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import World

COMPOSITE = f"{BASE}/__composite_requests"
APIS = f"{BASE}/__apis"
_COMPOSITE_SLOTS = 5
_UNLICENSED = Refusal(403, "NO_PERMISSION", "permission denied", {"permissions": ["Crm_Implied_Api_Access"]})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request in the ledger. `status` 0: the connection ended without an answer."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    credits: int


@dataclass(slots=True)
class Gate:
    """Answers requests; everything that was asked is kept in `requests`."""

    world: World
    accounts: Accounts
    credits: Credits
    slots: Slots
    mishaps: Mishaps = field(default_factory=Mishaps)
    requests: list[Asked] = field(default_factory=list)
    own_url: str = ""
    _done: threading.local = field(default_factory=threading.local)

    def handle(self, request: Request) -> Response:
        """One request: slots are held as long as it takes, mishaps included."""
        self._done.booked = False
        slots, subs = self._slots_of(request)
        with self.slots.held(slots, subs) as taken:
            return self._with_mishaps(request) if taken else self._refused(request)

    def too_many(self) -> Response:
        """HTTP 429 as it is spelled now."""
        switches = self.world.switches
        text = "too many requests. please try again after some time"
        body: Row = {"code": switches.too_many_code, "details": {}, "message": text, "status": "error"}
        wait = {} if switches.retry_after is None else {"Retry-After": str(switches.retry_after)}
        return json_response(body, 429, wait)

    def unauthorized(self) -> Response:
        """HTTP 401 as it is spelled now."""
        code = self.world.switches.invalid_token_code
        return json_response({"code": code, "details": {}, "message": "invalid oauth token", "status": "error"}, 401)

    def _with_mishaps(self, request: Request) -> Response:
        try:
            response = self.mishaps.around(self._process)(request)
        except Dropped:
            self._book_unprocessed(request, 0)
            raise
        self._book_unprocessed(request, response.status)
        return response

    def _refused(self, request: Request) -> Response:
        response = self.too_many()
        self._book(request, response.status, 0)
        return response

    def _slots_of(self, request: Request) -> tuple[int, int]:
        if not request.path.startswith("/crm/"):
            return 0, 0
        if request.path == COMPOSITE:
            return _COMPOSITE_SLOTS, 1 + sum(self._sub_slots(part) for part in _composite_parts(request))
        return 1, self._sub_slots(_opened(self.world, request, ()))

    def _sub_slots(self, call: ApiCall) -> int:
        try:
            route, _ = find_route(call.method, call.path)
        except Refusal:
            return 0
        return int(route.sub is not None and route.sub(call))

    def _process(self, request: Request) -> Response:
        """Sign-in, credits and the work itself, under the one lock."""
        with self.world.lock:
            self.world.apply_switches()
            if not request.path.startswith("/crm/"):
                answer, credits = self._accounts(request), 0
            else:
                answer, credits = self._api(request)
            self._book(request, answer.status, credits)
            return self._respond(answer, request.path.startswith("/crm/"))

    def _accounts(self, request: Request) -> Answer:
        match request.method, request.path:
            case "POST", "/oauth/v2/token":
                return self.accounts.answer(request, self.own_url)
            case "GET", "/oauth/v2/auth":
                return consent(self.accounts, request, self.own_url)
            case "POST", "/oauth/v2/token/revoke":
                return self.accounts.answer_revoke(request)
            case _:
                return Answer(404, {"error": "general_error"})

    def _api(self, request: Request) -> tuple[Answer, int]:
        try:
            access = self.accounts.access(request.headers.get("authorization"))
        except Refusal as refusal:
            return refusal.answer, 0
        if self.world.switches.unlicensed:
            return _UNLICENSED.answer, 0
        call = _opened(self.world, request, access.scopes)
        price = self._price(call)
        if self.credits.left() < price:
            return Answer(429), 0
        try:
            answer = self._run_composite(call) if call.path == COMPOSITE else self._run(call)
        except Refusal as refusal:
            answer = refusal.answer
        headers = {"X-ACCESSTOKEN-RESET": write_time(access.until, self.world.zone)}
        spent = self._spend(call, answer, price)
        return replace(answer, headers={**headers, **answer.headers}), spent

    def _price(self, call: ApiCall) -> int:
        if call.path == COMPOSITE:
            return 2 if b'"rollback_on_fail":true' in call.body.replace(b" ", b"") else 1
        try:
            route, _ = find_route(call.method, call.path)
        except Refusal:
            return 1
        return route.costs(call)

    def _spend(self, call: ApiCall, answer: Answer, price: int) -> int:
        switches = self.world.switches
        if answer.status == 401:
            spent = 0
        elif answer.status in (204, 304):
            spent = price if switches.empty_answers_cost else 0
        elif answer.status >= 400:
            spent = 1 if switches.refusals_cost else 0
        else:
            spent = price
        self.credits.spend(spent, call.method, re.sub(r"/\d{6,}", "/{id}", call.path))
        return spent

    def _run_composite(self, call: ApiCall) -> Answer:
        if call.method != "POST":
            raise Refusal(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one")
        _refuse_scope(call, ["ZohoCRM.composite_requests.CUSTOM"])
        return run_composite(call, self._run)

    def _run(self, call: ApiCall) -> Answer:
        if (call.method, call.path) == ("GET", APIS):
            _refuse_scope(call, ["ZohoCRM.apis.READ"])
            return list_apis(call, list(_prices()))
        route, parts = find_route(call.method, call.path)
        if call.inside and not route.in_composite:
            raise Refusal(400, "NOT_SUPPORTED", "the api is not supported inside a composite request")
        call = replace(call, parts=parts)
        if "module" in parts:
            _ = call.module  # an unknown module is refused before its scope
        _refuse_scope(call, route.needed(parts))
        return route.handler(call)

    def _respond(self, answer: Answer, api: bool) -> Response:
        if answer.status == 429:
            return self.too_many()
        headers = {"Date": format_datetime(self.world.clock.now(), usegmt=True), **answer.headers}
        if api and self.credits.used() * 2 >= self.credits.limit:
            headers["X-API-CREDITS-REMAINING"] = str(self.credits.left())
        if isinstance(answer.body, bytes):  # a zipped file
            return Response(answer.status, answer.body, headers)
        return (
            Response(answer.status, b"", headers)
            if answer.body is None
            else json_response(answer.body, answer.status, headers)
        )

    def _book_unprocessed(self, request: Request, status: int) -> None:
        if not self._done.booked:
            self._book(request, status, 0)

    def _book(self, request: Request, status: int, credits: int) -> None:
        self._done.booked = True
        body = None if request.path.startswith("/oauth/") else _readable(request.body)
        query = {name: values[0] for name, values in request.query.items()}
        asked = Asked(self.world.clock.now(), request.method, request.path, query, body, status, credits)
        self.requests.append(asked)


def _opened(world: World, request: Request, scopes: tuple[str, ...]) -> ApiCall:
    query = {name: values[0] for name, values in request.query.items()}
    return ApiCall(world, request.method, request.path, query, request.headers, request.body, scopes, {})


def _composite_parts(request: Request) -> list[ApiCall]:
    body = _readable(request.body)
    parts = body.get("__composite_requests") if isinstance(body, dict) else None
    found = [part for part in parts or [] if isinstance(part, dict)]
    return [_sub_call(part) for part in found[:5]]


def _sub_call(part: Row) -> ApiCall:
    path, params = str(part.get("uri", "")).partition("?")[0], part.get("params") or {}
    body = orjson.dumps(part.get("body"))
    return ApiCall(None, str(part.get("method")), path, params, {}, body, (), {}, inside=True)  # type: ignore[arg-type]


def _readable(body: bytes) -> Any:
    try:
        return orjson.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")


def _refuse_scope(call: ApiCall, needed: list[str]) -> None:
    if not all(covers(call.scopes, scope) for scope in needed):
        raise Refusal(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized")


def _prices() -> list[tuple[str, str, str, int, int]]:
    rows = [_price_of(route) for route in ROUTES]
    return [
        *rows,
        (COMPOSITE, "POST", "ZohoCRM.composite_requests.CUSTOM", 1, 2),
        (APIS, "GET", "ZohoCRM.apis.READ", 1, 1),
    ]


def _price_of(route: Route) -> tuple[str, str, str, int, int]:
    path = re.sub(r"\(\?P<\w+>(\w+)\)", r"\1", route.template)
    path = path.replace("{id}", "{{id}}").replace("{contact}", "{{id}}").replace("{module}", "{{module}}")
    least = route.price if isinstance(route.price, int) else 1
    most = least if isinstance(route.price, int) else 3 if path.endswith("coql") or route.method == "GET" else 10
    return path, route.method, route.scopes[0], least, most
