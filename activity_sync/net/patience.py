"""A transport that paces calls and re-sends safe ones for a short while. Long waits are data, kept by the caller.

A request says about itself, in `extensions`:
`safe`: True when it may be sent twice; without it GET and HEAD are safe and nothing else is.
`streamed`: True when the answer is taken piece by piece: it is not read here, and one that breaks off is the caller's.
`before_sending`: called before every sending, the repeats too (to book what it costs); what it raises stops it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

_PASSING = frozenset({429, 500, 502, 503, 504})


@dataclass(slots=True)
class Patience(httpx.BaseTransport):
    """Re-sends a safe request on 429, 5xx and connection errors, `tries` times in all and within `longest` seconds.

    `gap`: seconds between two sendings of this session. `first`, doubled each time up to `most`: the wait of which a
    random share is taken; a Retry-After is obeyed instead, unless it is beyond `longest`: then the answer is handed
    on at once. `busy`: whether another answer means the same, where a vendor has its own way to say so. `pause`,
    `clock` (seconds) and `draw` (0..1) are there for tests.
    """

    wire: httpx.BaseTransport = field(default_factory=httpx.BaseTransport)
    tries: int = 4
    longest: float = 30.0
    first: float = 1.0
    most: float = 10.0
    gap: float = 0.0
    busy: Callable[[httpx.Response], bool] = lambda _: False
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    draw: Callable[[], float] = random.random
    _turn: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The last answer. Raises httpx.TransportError of the last try, and whatever `before_sending` raises."""
        until = self.clock() + self.longest
        for sent in range(1, self.tries + 1):
            outcome = self._send(request)
            wait = self._wait(outcome, sent) if sent < self.tries and is_safe(request) else None
            if wait is None or self.clock() + wait > until:
                break
            if isinstance(outcome, httpx.Response):
                outcome.close()
            self.pause(wait)
        if isinstance(outcome, httpx.TransportError):
            raise outcome
        return outcome

    def close(self) -> None:
        """Close the wire."""
        self.wire.close()

    def _send(self, request: httpx.Request) -> httpx.Response | httpx.TransportError:
        self._take_turn()
        before = request.extensions.get("before_sending")
        if before is not None:
            before()
        try:
            answer = self.wire.handle_request(request)
            if is_safe(request) and not request.extensions.get("streamed"):
                answer.read()  # here already, so that an answer that breaks off is asked for again
        except httpx.TransportError as error:
            return error
        return answer

    def _take_turn(self) -> None:
        if not self.gap:
            return
        with self._lock:
            now = self.clock()
            turn = max(now, self._turn)
            self._turn = turn + self.gap
        if turn > now:
            self.pause(turn - now)

    def _wait(self, outcome: httpx.Response | httpx.TransportError, sent: int) -> float | None:
        if isinstance(outcome, httpx.Response):
            if outcome.status_code not in _PASSING and not self.busy(outcome):
                return None
            asked = retry_after(outcome)
            if asked is not None:
                return asked
        return min(self.most, self.first * 2.0 ** (sent - 1)) * self.draw()


def is_safe(request: httpx.Request) -> bool:
    """Whether the request may be sent twice."""
    return bool(request.extensions.get("safe", request.method in {"GET", "HEAD"}))


def retry_after(response: httpx.Response) -> float | None:
    """Seconds that the other side asked us to wait (Retry-After as number or date), None when it did not."""
    text = response.headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    at, now = _moment(text), _moment(response.headers.get("Date", "")) or datetime.now(UTC)
    return None if at is None else max(0.0, (at - now).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
