"""The simulators' time: the machine's clock, which a test may hold still or push."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time in UTC; `shift` moves it for everything that reads it."""

    def __init__(self, at: datetime | None = None) -> None:
        """`at`: hold the clock still at this moment (aware); None: it runs with the machine's."""
        self._held = at
        self._shift = timedelta()

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return (self._held or datetime.now(UTC)) + self._shift

    def shift(self, by: timedelta) -> None:
        """Push the clock forward (or back)."""
        self._shift += by
