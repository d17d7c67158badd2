"""A pretend Dialpad company, and our source on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.dialpad import DialpadSimulator
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, dialer, span

CALLER, OUR_LINE = "+447700900123", "+442079460100"
SALES = {"id": "124", "type": "department", "name": "Sales", "phone": "+442079460199", "email": ""}


@dataclass
class DialpadStage:
    """Jo and Max, and a department; our source reads their company's calls."""

    simulator: DialpadSimulator = field(default_factory=lambda: DialpadSimulator(Clock(NOON)))
    url: str = ""
    source: Any = None
    waits: list[float] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[DialpadStage]:
        add = self.simulator.add_user
        self.jo, self.max = add(JO, "Jo Smith", "+442079460101"), add(MAX, "Max Stone", "+442079460102")
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, **more: Any) -> Any:
        """A connection whose waits push the pretend clock instead of passing."""
        told = {"name": "dialpad", "kind": "dialpad", "api_url": self.url, "api_key": self.simulator.api_key}
        source: Any = dialer(self.simulator.clock.now, **told | more)
        source.client.vendor.pause = self._wait
        self.opened.append(source)
        return source

    def call(self, at: datetime = NOON - HOUR, direction: str = "inbound", **more: Any) -> str:
        """A call with the customer, for Jo unless told otherwise."""
        told = {"target": self.simulator.user_target(self.jo), "line": OUR_LINE, "external": CALLER} | more
        return self.simulator.add_call(direction, told.pop("external"), at, **told)

    def queue_call(self, at: datetime = NOON - HOUR, *, talk: int | None = 60, **more: Any) -> str:
        """A call to the department: Max and Jo rang; Jo took it, unless `talk` is None. Gives the entry point."""
        entry = self.call(at, target=SALES, entry_point_target=SALES, talk=talk, **more)
        operators: tuple[tuple[str, int | None], ...] = ((self.max, None), (self.jo, talk))
        for user, talked in operators:
            target = self.simulator.user_target(user)
            self.call(at, target=target, entry_point=entry, entry_point_target=SALES, talk=talked)
        return entry

    def legs(self) -> dict[str, Any]:
        """All that is read, by record."""
        return {leg.record_id: leg for leg in self.read().sightings}

    def read(self, cursor: str = "", *, thorough: bool = True, back: timedelta = 7 * DAY) -> Any:
        now = self.simulator.clock.now()
        return self.source.read("", cursor, span(now, back, timedelta(), thorough=thorough))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.simulator.clock.shift(timedelta(seconds=seconds))
