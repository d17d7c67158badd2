"""Dialpad's limits: so many requests in a second for the company, so many in a minute for one kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activity_sync.simulator.clock import Clock


@dataclass(slots=True)
class Bucket:
    """At most `limit` requests in `window`."""

    limit: int
    window: timedelta
    clock: Clock
    taken: list[datetime] = field(default_factory=list)

    def take(self) -> bool:
        """Count one request; False when it is refused."""
        now = self.clock.now()
        self.taken = [at for at in self.taken if now - at < self.window]
        if len(self.taken) >= self.limit:
            return False
        self.taken.append(now)
        return True


@dataclass(slots=True)
class Limits:
    """All of them."""

    clock: Clock
    company: Bucket = field(init=False)
    single: Bucket = field(init=False)

    def __post_init__(self) -> None:
        self.company = Bucket(20, timedelta(seconds=1), self.clock)
        self.single = Bucket(10, timedelta(minutes=1), self.clock)
