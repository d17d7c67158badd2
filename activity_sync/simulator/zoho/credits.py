"""What was spent in the last 24 hours, by whom it was spent, and how many calls run at once."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activity_sync.simulator.clock import Clock

_DAY = timedelta(hours=24)
_PER_EDITION = {  # base, credits for each licence, ceiling, calls at once
    "free": (5_000, 0, 5_000, 5),
    "standard": (50_000, 250, 100_000, 10),
    "professional": (50_000, 500, 3_000_000, 15),
    "enterprise": (50_000, 1_000, 5_000_000, 20),
    "ultimate": (50_000, 2_000, None, 25),
}
SUB_CONCURRENCY = 10


@dataclass(slots=True)
class Credits:
    """The rolling ledger of one organisation. `limit` may be set to anything for a test."""

    clock: Clock
    limit: int
    _spent: deque[tuple[datetime, int, str, str]] = field(default_factory=deque)
    _sum: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def used(self) -> int:
        """Credits spent in the last 24 hours."""
        with self._lock:
            self._drop_old()
            return self._sum

    def left(self) -> int:
        """Credits that may still be spent now."""
        return self.limit - self.used()

    def by_path(self) -> dict[str, int]:
        """Credits of the last 24 hours by `METHOD path`, ids in paths written as {id}."""
        totals: Counter[str] = Counter()
        with self._lock:
            self._drop_old()
            for _, credits, method, path in self._spent:
                totals[f"{method} {path}"] += credits
        return dict(totals)

    def spend(self, credits: int, method: str = "OTHER", path: str = "another integration") -> None:
        """Book credits. Without method and path: some other program of the organisation spent them."""
        if credits:
            with self._lock:
                self._spent.append((self.clock.now(), credits, method, path))
                self._sum += credits

    def _drop_old(self) -> None:
        before = self.clock.now() - _DAY
        while self._spent and self._spent[0][0] <= before:
            self._sum -= self._spent.popleft()[1]


def credit_limit(edition: str, licences: int) -> int:
    """The credits of an edition in 24 hours."""
    base, each, ceiling, _ = _PER_EDITION[edition]
    total = base + each * licences
    return total if ceiling is None else min(total, ceiling)


@dataclass(slots=True)
class Slots:
    """Calls in flight. `most` keeps the highest numbers seen: (slots, sub-slots)."""

    limit: int
    in_flight: int = 0
    sub_in_flight: int = 0
    most: tuple[int, int] = (0, 0)
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def held(self, slots: int, sub_slots: int) -> Iterator[bool]:
        """Hold slots for the time of a call; False when there are not enough of them."""
        taken = self._take(slots, sub_slots)
        try:
            yield taken
        finally:
            if taken:
                with self._lock:
                    self.in_flight -= slots
                    self.sub_in_flight -= sub_slots

    def _take(self, slots: int, sub_slots: int) -> bool:
        with self._lock:
            if self.in_flight + slots > self.limit or self.sub_in_flight + sub_slots > SUB_CONCURRENCY:
                self.refused += 1
                return False
            self.in_flight += slots
            self.sub_in_flight += sub_slots
            self.most = (max(self.most[0], self.in_flight), max(self.most[1], self.sub_in_flight))
            return True


def concurrency_limit(edition: str) -> int:
    """How many calls an edition takes at once."""
    return _PER_EDITION[edition][3]
