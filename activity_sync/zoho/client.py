"""One request to Zoho: slots taken, credit booked, envelope opened, failure named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, NoReturn

import httpx
import orjson

from activity_sync.model.failures import ConnectionFailure, SignInAgain, TryLater, Uncertain, Unexpected
from activity_sync.model.ports import Clock, CreditLedger
from activity_sync.net.patience import retry_after
from activity_sync.zoho.needed_scope import needed_scope
from activity_sync.zoho.refusals import BROKEN, THROTTLED, Fault, ZohoRefused, fault_of

API = "/crm/v8"
BULK = "/crm/bulk/v8"
AT_ONCE = 2
_FILE_SECONDS = 180.0
"""A file of 200,000 records may be packed only when it is asked for."""

_EMPTY = frozenset({httpx.codes.NO_CONTENT, httpx.codes.NOT_MODIFIED})
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_NO_LICENCE = frozenset({"LICENSE_REQUIRED", "USER_NOT_LICENSED", "INACTIVE_USER", "NOT_A_CRM_USER"})
_LICENCE = "give the connected user a licence and the right to use the API in Zoho, or connect as another"
_CONNECT = "run `activity-sync connect zoho`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request. `path` follows `base`. `purpose` and `what` are for the credit ledger.

    `writes`: it changes something, so it is sent once only, and a lost answer is Uncertain.
    `alone`: it takes all slots (a Composite uses five of Zoho's, the whole of a Free organisation).
    """

    method: str
    path: str
    what: str
    purpose: str = "reading"
    credits: int = 1
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False
    alone: bool = False
    base: str = API


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `body` is None for 204 and 304."""

    status: int
    body: Any = None

    def rows(self, name: str = "data") -> list[dict[str, Any]]:
        """The list under this name; none for an empty answer. Raises Unexpected when a body has no such list."""
        if self.body is None:
            return []
        rows = self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unexpected(f"Zoho's answer has no list of {name}")
        return rows

    def more(self) -> bool | None:
        """What `info.more_records` says; None when it says nothing."""
        info = self.body.get("info") if isinstance(self.body, dict) else None
        said = info.get("more_records") if isinstance(info, dict) else None
        return said if isinstance(said, bool) else None


class Client:
    """Sends calls over one session. Threads may share it: at most two calls run at once, and one that is alone.

    `ahead`: seconds by which our clock was ahead of Zoho's at the last answer.
    """

    def __init__(
        self,
        session: httpx.Client,
        host: str,
        ledger: CreditLedger,
        clock: Clock | None = None,
        price: Callable[[Call], int] = lambda call: call.credits,
    ) -> None:
        """`price`: the credits to book for a call. `clock`: to be held against Zoho's."""
        self._session = session
        self._host = host
        self._ledger = ledger
        self._clock = clock
        self._price = price
        self.ahead = 0
        self._slots = _Slots(AT_ONCE)

    def close(self) -> None:
        """Close the session."""
        self._session.close()

    def send(self, call: Call) -> Answer:
        """The answer to a call that Zoho took.

        Raises ZohoRefused (an error object), SignInAgain, TryLater, OutOfCredits; Unexpected when a reading, and
        Uncertain when a writing came back unreadable, or not at all. A write whose answer is JSON with `data` is
        handed back whatever its status: its rows tell.
        """
        started: list[bool] = []
        with self._slots.held(AT_ONCE if call.alone else 1):
            try:
                response = self._session.send(self._request(call, started))
            except httpx.HTTPError as error:
                _lost(call, error, sent=bool(started))
        self._note(response)
        return _opened(call, response)

    def download(self, call: Call, into: BinaryIO) -> None:
        """Write the file that a call answers into `into`, piece by piece. Raises what `send` raises for a reading."""
        started: list[bool] = []
        with self._slots.held(1):
            try:
                request = self._request(call, started)
                request.extensions["streamed"] = True
                request.extensions["timeout"] = {**request.extensions["timeout"], "read": _FILE_SECONDS}
                response = self._session.send(request, stream=True)
                try:
                    if _is_file(response):
                        for piece in response.iter_bytes():
                            into.write(piece)
                    else:
                        response.read()
                finally:
                    response.close()
            except httpx.HTTPError as error:
                _lost(call, error, sent=bool(started))
        self._note(response)
        if not _is_file(response):
            _opened(call, response)
            raise _unreadable(call, response.status_code)

    def _request(self, call: Call, started: list[bool]) -> httpx.Request:
        def before_sending() -> None:
            credits = self._price(call)
            if credits:
                self._ledger.book(call.purpose, credits, call.what)
            started.append(True)

        content = None if call.json is None else orjson.dumps(call.json)
        headers = dict(call.headers) | ({"Content-Type": "application/json"} if content is not None else {})
        extensions = {"safe": not call.writes, "before_sending": before_sending}
        return self._session.build_request(
            call.method,
            f"{self._host}{call.base}{call.path}",
            params=dict(call.params) or None,
            content=content,
            headers=headers,
            extensions=extensions,
        )

    def _note(self, response: httpx.Response) -> None:
        remaining = response.headers.get("X-API-CREDITS-REMAINING", "").strip()
        if remaining.isdecimal():
            self._ledger.reported(int(remaining))
        if self._clock is not None and (at := _date_of(response)) is not None:
            self.ahead = round((self._clock() - at).total_seconds())


def _date_of(response: httpx.Response) -> datetime | None:
    """When Zoho answered, by its own clock."""
    try:
        at = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


class _Slots:
    def __init__(self, count: int) -> None:
        self._free = count
        self._changed = threading.Condition()

    @contextmanager
    def held(self, wanted: int) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._free >= wanted)
            self._free -= wanted
        try:
            yield
        finally:
            with self._changed:
                self._free += wanted
                self._changed.notify_all()


def _is_file(response: httpx.Response) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return response.status_code == httpx.codes.OK and kind not in ("application/json", "text/html", "text/plain")


def _lost(call: Call, error: httpx.HTTPError, *, sent: bool) -> NoReturn:
    """No answer. What failed before our own request went out (signing in) has done nothing."""
    kind = type(error).__name__
    if not sent or isinstance(error, _NOTHING_SENT):
        raise TryLater(f"Zoho cannot be reached ({kind})") from error
    if call.writes:
        raise Uncertain(f"Zoho's answer to a write was lost ({kind})") from error
    if isinstance(error, httpx.TransportError):
        raise TryLater(f"Zoho did not answer ({kind})") from error
    raise Unexpected(f"Zoho's answer could not be read ({kind})") from error


def _opened(call: Call, response: httpx.Response) -> Answer:
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise _throttled(response)
    if status in _EMPTY or (httpx.codes.is_success(status) and not response.content and not call.writes):
        return Answer(status)
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        raise _unreadable(call, status) from None
    if httpx.codes.is_server_error(status):
        raise _broken(call, status)
    if not isinstance(body, dict):
        raise _unreadable(call, status)
    if httpx.codes.is_success(status) or _has_results(call, body):
        return Answer(status, body)
    raise _refused(call, response, body)


def _has_results(call: Call, body: dict[str, Any]) -> bool:
    listed = any(isinstance(body.get(name), list) for name in ("data", "fields"))
    return (call.writes and listed) or any(
        isinstance(body.get(name), list) for name in ("__composite_requests", "watch")
    )


def _throttled(response: httpx.Response) -> TryLater:
    asked = retry_after(response)
    return TryLater(
        "Zoho asks us to slow down: too many calls, or no credits are left",
        None if asked is None else timedelta(seconds=asked),
    )


def _broken(call: Call, status: int) -> ConnectionFailure:
    if call.writes:
        return Uncertain(f"Zoho answered a write with HTTP {status}: it may have been done")
    return TryLater(f"Zoho has trouble (HTTP {status})")


def _unreadable(call: Call, status: int) -> ConnectionFailure:
    if call.writes:
        return Uncertain(f"Zoho's answer to a write could not be read (HTTP {status})")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return TryLater(f"Zoho has trouble (HTTP {status})")
    return Unexpected(f"Zoho answered with something that is not Zoho's (HTTP {status}, no JSON)")


def _refused(call: Call, response: httpx.Response, body: dict[str, Any]) -> ConnectionFailure:
    fault = fault_of(body)
    if fault is None:
        return _unreadable(call, response.status_code)
    if fault.code == "OAUTH_SCOPE_MISMATCH":
        scope = needed_scope(call.method, call.path, bulk=call.base == BULK)
        return ScopeMissing(f"Zoho's permission {scope} is missing", f"{_CONNECT} and grant the scope {scope}")
    if response.status_code == httpx.codes.UNAUTHORIZED:
        return SignInAgain(f"Zoho does not accept our access ({fault.code})", _CONNECT)
    if fault.code in THROTTLED:
        return _throttled(response)
    if fault.code in BROKEN:
        return _broken(call, response.status_code)
    if _is_shut_out(fault):
        return SignInAgain("the connected Zoho user has no licence for Zoho CRM, or may not use its API", _LICENCE)
    return ZohoRefused(fault, response.status_code)


def _is_shut_out(fault: Fault) -> bool:
    """Whether it is not this call that is refused, but the user."""
    rights = fault.details.get("permissions")
    named = isinstance(rights, list) and any("api_access" in str(one).casefold() for one in rights)
    return fault.code in _NO_LICENCE or (fault.code == "NO_PERMISSION" and named)


class ScopeMissing(SignInAgain):
    """The token works, but was not granted what this call needs; other calls may pass."""
