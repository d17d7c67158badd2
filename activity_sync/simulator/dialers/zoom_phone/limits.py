"""Zoom's labels: so many requests a second for the whole account, and so many heavy ones a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activity_sync.simulator.clock import Clock

_A_SECOND = {"light": 20, "medium": 10, "heavy": 5}


@dataclass(slots=True)
class Limits:
    """Those of the Pro plan. `a_day`: heavy requests."""

    clock: Clock
    a_day: int = 15_000
    _taken: dict[str, list[datetime]] = field(default_factory=dict)
    _heavy: int = 0

    def take(self, label: str) -> str:
        """Count one request; why it is refused, or nothing."""
        now = self.clock.now()
        recent = [at for at in self._taken.get(label, []) if now - at < timedelta(seconds=1)]
        if len(recent) >= _A_SECOND[label]:
            return "You have reached the maximum per-second rate limit for this API. Try again later."
        self._taken[label] = [*recent, now]
        self._heavy += label == "heavy"
        return "You have reached the maximum daily rate limit for this API." if self._heavy > self.a_day else ""
