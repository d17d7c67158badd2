"""How much may come: of one peer, and through one connection. In memory; a restart forgets."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from activity_sync.model.hosts import is_loopback

LARGEST_BODY = 1024 * 1024
"""Bytes."""

_MOST_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second in the long run."""

    at_once: float
    a_second: float


PEER = Rate(at_once=300, a_second=20)
CONNECTION = Rate(at_once=600, a_second=30)
LOGIN = Rate(at_once=10, a_second=0.2)
"""The first two are far above what vendors send: some switch a webhook off for good when it is refused too often."""


def peer_of(request: Request) -> str:
    """Who asks. A proxy on this machine tells its caller last; whatever stands before that is the caller's word."""
    host = request.client.host if request.client else ""
    told_by_proxy = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()[:64]
    return told_by_proxy if told_by_proxy and is_loopback(host) else host


class Limit:
    """A bucket for each name, filled at a steady rate. Safe to share between threads."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds."""
        self._rate, self._clock = rate, clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Take one. 0: it is allowed; else the seconds until the next one is."""
        with self._lock:
            now = self._clock()
            left, at = self._buckets.pop(name, (self._rate.at_once, now))
            left = min(self._rate.at_once, left + (now - at) * self._rate.a_second)
            allowed = left >= 1
            self._buckets[name] = (left - 1 if allowed else left, now)
            while len(self._buckets) > _MOST_NAMES:  # the names that were quiet longest: theirs are full
                self._buckets.popitem(last=False)
            return 0.0 if allowed else (1 - left) / self._rate.a_second
