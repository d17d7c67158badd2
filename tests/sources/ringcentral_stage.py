"""A pretend RingCentral account, and our source on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.ringcentral import RingCentralSimulator
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, Tokens, dialer, span

CALLER, OUR_LINE = "+447700900123", "+442079460100"


@dataclass
class RingCentralStage:
    """Jo and Max with extensions, a queue and a menu; our source reads their company's call log."""

    simulator: RingCentralSimulator = field(default_factory=lambda: RingCentralSimulator(Clock(NOON)))
    tokens: Tokens = field(default_factory=Tokens)
    url: str = ""
    source: Any = None
    waits: list[float] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[RingCentralStage]:
        add = self.simulator.add_extension
        self.jo, self.max = add("101", "Jo Smith", JO), add("102", "Max Stone", MAX)
        self.sales, self.menu = add("8", "Sales", kind="Department"), add("9", "Welcome", kind="IvrMenu")
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, **more: Any) -> Any:
        """A connection whose waits push the pretend clock instead of passing."""
        keys = {name: getattr(self.simulator, name) for name in ("client_id", "client_secret", "jwt")}
        told = {"name": "ringcentral", "kind": "ringcentral", "api_url": self.url, **keys, **more}
        source: Any = dialer(self.simulator.clock.now, self.tokens, **told)
        source.client.vendor.pause = self._wait
        self.opened.append(source)
        return source

    def call(self, at: datetime = NOON - HOUR, direction: str = "Inbound", **more: Any) -> str:
        """A call with the customer, on Jo's extension unless told otherwise."""
        told = {"extension": self.jo, "line": OUR_LINE, "number": CALLER} | more
        return self.simulator.add_call(direction, told.pop("number"), at, **told)

    def queue_call(self, at: datetime = NOON - HOUR, *, ring: int = 10, talk: int | None = 60, **more: Any) -> str:
        """A call to the queue: it rang for Max and Jo; Jo took it, unless `talk` is None."""
        result = "Accepted" if talk is not None else "Missed"
        key = self.call(at, extension=self.sales, result=result, lasting=ring + (talk or 0), **more)
        self.simulator.add_leg(key, self.max, result="Stopped" if talk else "Missed", after=0, lasting=ring)
        self.simulator.add_leg(key, self.jo, result=result, after=ring if talk else 0, lasting=talk or ring)
        return key

    def session(self, record_id: str) -> str:
        """The conversation of a record."""
        return str(self.simulator.records[record_id]["telephonySessionId"])

    def leg(self, record_id: str) -> Any:
        """One call, read back."""
        return next(leg for leg in self.read().sightings if leg.record_id == record_id)

    def read(self, cursor: str = "", *, thorough: bool = True, back: timedelta = 7 * DAY) -> Any:
        now = self.simulator.clock.now()
        return self.source.read("", cursor, span(now, back, timedelta(), thorough=thorough))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.simulator.clock.shift(timedelta(seconds=seconds))
