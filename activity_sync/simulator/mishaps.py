"""What goes wrong on the way, on request: lost answers, refusals, pages that are no JSON."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from activity_sync.simulator.network import Dropped, Handler, Request, Response, json_response


class Mishap(StrEnum):
    """What happens to one request."""

    DROP_BEFORE = "drop_before"  # the connection ends, nothing was done
    DROP_AFTER = "drop_after"  # it was done, the answer is lost
    ERROR_BEFORE = "error_before"  # 500, nothing was done
    ERROR_AFTER = "error_after"  # 500, but it was done
    BAD_GATEWAY = "bad_gateway"  # 502 with an HTML page, nothing was done
    HTML = "html"  # 200 with an HTML page, nothing was done
    FOREIGN = "foreign"  # 200 with JSON that somebody else would send, nothing was done
    TRUNCATED = "truncated"  # done, half of the answer arrives
    TOO_MANY = "too_many"  # 429, nothing was done
    UNAUTHORIZED = "unauthorized"  # 401, nothing was done
    SLOW = "slow"  # done, answered after `delay` seconds
    LATE = "late"  # the connection ends at once, it is done `delay` seconds later


@dataclass(slots=True)
class _Planned:
    mishap: Mishap
    fits: Callable[[Request], bool]
    times: int
    delay: float


@dataclass(slots=True)
class Mishaps:
    """A list of what is to go wrong; `around` puts it before a handler."""

    too_many: Callable[[], Response] = field(default=lambda: json_response({"code": "TOO_MANY_REQUESTS"}, 429))
    unauthorized: Callable[[], Response] = field(default=lambda: json_response({"code": "INVALID_TOKEN"}, 401))
    happened: list[tuple[Mishap, str]] = field(default_factory=list)
    _planned: list[_Planned] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, mishap: Mishap, method: str = "", path: str = "", *, times: int = 1, delay: float = 0.0) -> None:
        """Let `mishap` befall the next `times` requests whose method is `method` and whose path contains `path`."""

        def fits(request: Request) -> bool:
            return (not method or request.method == method) and path in request.path

        with self._lock:
            self._planned.append(_Planned(mishap, fits, times, delay))

    def clear(self) -> None:
        """Nothing more goes wrong."""
        with self._lock:
            self._planned.clear()

    def around(self, handler: Handler) -> Handler:
        """The handler, with what was planned befalling it."""

        def wrapped(request: Request) -> Response:
            planned = self._take(request)
            return handler(request) if planned is None else self._befall(planned, request, handler)

        return wrapped

    def _take(self, request: Request) -> _Planned | None:
        with self._lock:
            for planned in self._planned:
                if planned.times > 0 and planned.fits(request):
                    planned.times -= 1
                    self.happened.append((planned.mishap, f"{request.method} {request.path}"))
                    return planned
        return None

    def _befall(self, planned: _Planned, request: Request, handler: Handler) -> Response:
        match planned.mishap:
            case Mishap.DROP_BEFORE:
                raise Dropped
            case Mishap.DROP_AFTER:
                handler(request)
                raise Dropped
            case Mishap.ERROR_BEFORE:
                return _server_error()
            case Mishap.ERROR_AFTER:
                handler(request)
                return _server_error()
            case Mishap.BAD_GATEWAY | Mishap.HTML:
                return _html(502 if planned.mishap is Mishap.BAD_GATEWAY else 200)
            case Mishap.FOREIGN:
                return json_response({"result": ["welcome to the guest network"]})
            case Mishap.TRUNCATED:
                response = handler(request)
                return Response(response.status, response.body, response.headers, cut=len(response.body) // 2)
            case Mishap.TOO_MANY:
                return self.too_many()
            case Mishap.UNAUTHORIZED:
                return self.unauthorized()
            case Mishap.SLOW:
                response = handler(request)
                time.sleep(planned.delay)
                return response
            case Mishap.LATE:
                threading.Timer(planned.delay, handler, [request]).start()
                raise Dropped


def _server_error() -> Response:
    return json_response(
        {"code": "INTERNAL_ERROR", "details": {}, "message": "Internal Server Error", "status": "error"}, 500
    )


def _html(status: int) -> Response:
    return Response(status, b"<html><body><h1>We will be back soon</h1></body></html>", {"Content-Type": "text/html"})
