"""A pretend CloudTalk company, and our source on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.cloudtalk import CloudTalkSimulator
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, dialer, span

CALLER, OUR_LINE = 447700900123, 442079460100
"""As CloudTalk writes numbers: digits, and no text."""


@dataclass
class CloudTalkStage:
    """Jo and Max; our source reads their company's calls."""

    simulator: CloudTalkSimulator = field(default_factory=lambda: CloudTalkSimulator(Clock(NOON)))
    url: str = ""
    source: Any = None
    waits: list[float] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[CloudTalkStage]:
        self.jo, self.max = self.simulator.add_agent(JO, "Jo Smith", "101"), self.simulator.add_agent(MAX, "Max Stone")
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, **more: Any) -> Any:
        """A connection whose waits push the pretend clock instead of passing."""
        keys = {"api_id": self.simulator.api_id, "api_key": self.simulator.api_key}
        source: Any = dialer(
            self.simulator.clock.now, **{"name": "cloudtalk", "kind": "cloudtalk", "api_url": self.url, **keys, **more}
        )
        source.client.vendor.pause = self._wait
        self.opened.append(source)
        return source

    def call(self, at: datetime = NOON - HOUR, kind: str = "incoming", **more: Any) -> str:
        """A call with the customer, for Jo unless told otherwise."""
        told = {"line": OUR_LINE, "agent": self.jo, "external": CALLER} | more
        return self.simulator.add_call(kind, told.pop("external"), at, **told)

    def leg(self, key: str) -> Any:
        """One call, read back."""
        return next(leg for leg in self.read().sightings if leg.record_id == key)

    def read(self, cursor: str = "", *, thorough: bool = True, back: timedelta = 7 * DAY) -> Any:
        now = self.simulator.clock.now()
        return self.source.read("", cursor, span(now, back, timedelta(), thorough=thorough))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.simulator.clock.shift(timedelta(seconds=seconds))
