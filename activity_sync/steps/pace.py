"""How far something long has come, for the person who waits for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activity_sync.steps.means import Means

_EVERY = timedelta(seconds=10)


@dataclass(slots=True)
class Pace:
    """`what` is done with which `things`; `total`: about how many there are, 0: nobody knows."""

    means: Means
    what: str
    things: str
    total: int = 0
    _begun: datetime = field(init=False)
    _told: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self._told = self.means.now()

    def at(self, done: int) -> None:
        """So many are done. Told every ten seconds, and so never of what is over sooner."""
        now = self.means.now()
        if now - self._told >= _EVERY:
            self._told = now
            of = f" of about {self.total:,}" if self.total > done else ""
            self.means.tell(f"{self.what}: {done:,}{of} {self.things}{self._left(done, now - self._begun)}")

    def _left(self, done: int, took: timedelta) -> str:
        if not 0 < done < self.total:
            return ""
        left = took * ((self.total - done) / done)
        return f", about {max(1, round(left / timedelta(minutes=1)))} min left"
