"""A pretend JustCall account, and our source on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.justcall import JustCallSimulator
from tests.sources.stage import CUSTOMER, DAY, HOUR, JO, LINE, NOON, dialer, span


@dataclass
class JustCallStage:
    """An account with a line and Jo."""

    simulator: JustCallSimulator = field(default_factory=lambda: JustCallSimulator(Clock(NOON)))
    url: str = ""
    jo: int = 0
    source: Any = None
    waits: list[float] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[JustCallStage]:
        self.jo = self.simulator.add_user(JO, "Jo Smith")
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, **more: Any) -> Any:
        """A connection whose waits push the pretend clock instead of passing."""
        told = {"api_key": self.simulator.api_key, "api_secret": self.simulator.api_secret, "api_url": self.url}
        source: Any = dialer(self.simulator.clock.now, name="justcall", kind="justcall", **told | more)
        source.client.vendor.pause = self._wait
        self.opened.append(source)
        return source

    def call(self, at: datetime = NOON - HOUR, direction: str = "Incoming", **more: Any) -> int:
        """A call with the customer, answered by Jo."""
        told = {"agent": self.jo, "line": LINE, "talk": 60} | more
        return self.simulator.add_call(direction, told.pop("digits", CUSTOMER), at, **told)

    def leg(self, **more: Any) -> Any:
        """One call, made and read back."""
        number = self.call(**more)
        return next(leg for leg in self.read().sightings if leg.record_id == str(number))

    def read(self, cursor: str = "", *, back: timedelta = 7 * DAY) -> Any:
        return self.source.read("", cursor, span(self.simulator.clock.now(), back, timedelta()))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.simulator.clock.shift(timedelta(seconds=seconds))
