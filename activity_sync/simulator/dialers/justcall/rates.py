"""JustCall's two limits: so many requests an hour, and so many in a minute."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activity_sync.simulator.clock import Clock


@dataclass(slots=True)
class Window:
    """Requests left in the running window. `prefix`: how the headers begin that tell of it."""

    clock: Clock
    prefix: str
    limit: int
    lasts: timedelta
    used: int = 0
    until: datetime | None = None

    def take(self) -> bool:
        """Count one request; False when none was left."""
        now = self.clock.now()
        if self.until is None or now >= self.until:
            self.used, self.until = 0, now + self.lasts
        self.used += 1
        return self.used <= self.limit

    def headers(self) -> dict[str, str]:
        """The three headers of this window."""
        reset = self.until or self.clock.now()
        left = str(max(self.limit - self.used, 0))
        told = {"Limit": str(self.limit), "Remaining": left, "Reset": str(int(reset.timestamp()))}
        return {f"{self.prefix}-{name}": value for name, value in told.items()}


@dataclass(slots=True)
class Rates:
    """Both windows (of the Team plan as a rule)."""

    clock: Clock
    hourly: int = 1800
    burst: int = 30
    windows: tuple[Window, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.windows = (
            Window(self.clock, "X-Rate-Limit", self.hourly, timedelta(hours=1)),
            Window(self.clock, "X-Rate-Limit-Burst", self.burst, timedelta(minutes=1)),
        )

    def take(self) -> bool:
        """Count one request in both; False when one of them is spent."""
        taken = [window.take() for window in self.windows]
        return all(taken)

    def headers(self) -> dict[str, str]:
        """The headers of both."""
        return {name: value for window in self.windows for name, value in window.headers().items()}
