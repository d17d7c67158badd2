"""A pretend Quo workspace, and our source on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.quo import QuoSimulator
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, dialer, span

CALLER, OUR_LINE = "+447700900123", "+442079460100"


@dataclass
class QuoStage:
    """A line that belongs to Max, which Jo answers too; our source reads their workspace."""

    simulator: QuoSimulator = field(default_factory=lambda: QuoSimulator(Clock(NOON)))
    url: str = ""
    source: Any = None
    waits: list[float] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[QuoStage]:
        self.jo, self.max = self.simulator.add_user(JO, "Jo Smith"), self.simulator.add_user(MAX, "Max Stone")
        self.line = self.simulator.add_number(OUR_LINE, "Sales UK")
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, **more: Any) -> Any:
        """A connection whose waits push the pretend clock instead of passing."""
        told = {"name": "quo", "kind": "quo", "api_url": self.url, "api_key": self.simulator.api_key}
        source: Any = dialer(self.simulator.clock.now, **told | more)
        source.client.vendor.pause = self._wait
        self.opened.append(source)
        return source

    def call(self, at: datetime = NOON - HOUR, direction: str = "incoming", **more: Any) -> str:
        """A call with the customer on the line, by Jo unless told otherwise."""
        told = {"line": self.line, "owner": self.max, "by": self.jo, "outside": CALLER} | more
        return self.simulator.add_call(direction, told.pop("outside"), at, **told)

    def leg(self, key: str) -> Any:
        """One call, read back."""
        return next(leg for leg in self.read().sightings if leg.record_id == key)

    def read(self, cursor: str = "", *, thorough: bool = True, back: timedelta = 7 * DAY) -> Any:
        now = self.simulator.clock.now()
        return self.source.read("", cursor, span(now, back, timedelta(), thorough=thorough))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.simulator.clock.shift(timedelta(seconds=seconds))
