"""A pretend Zoom Phone account, and our source on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.zoom_phone import ZoomPhoneSimulator
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, Tokens, dialer, span

CALLER, OUR_LINE = "+447700900123", "+442079460100"
QUEUE = {"callee_did_number": OUR_LINE, "callee_ext_type": "call_queue", "callee_name": "Sales"}


def outside(side: str, number: str = CALLER) -> dict[str, Any]:
    """The customer as one end of a call."""
    return {f"{side}_did_number": number, f"{side}_number_type": "external_pstn", f"{side}_name": "Ann Lee"}


@dataclass
class ZoomPhoneStage:
    """Jo and Max; our source reads their account's history."""

    simulator: ZoomPhoneSimulator = field(default_factory=lambda: ZoomPhoneSimulator(Clock(NOON)))
    tokens: Tokens = field(default_factory=Tokens)
    url: str = ""
    source: Any = None
    waits: list[float] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[ZoomPhoneStage]:
        add = self.simulator.add_user
        self.jo, self.max = add(JO, "Jo Smith", "101"), add(MAX, "Max Stone", "102")
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, **more: Any) -> Any:
        """A connection whose waits push the pretend clock instead of passing."""
        keys = {name: getattr(self.simulator, name) for name in ("account_id", "client_id", "client_secret")}
        told = {"name": "zoom", "kind": "zoom_phone", "api_url": self.url, "accounts_url": self.url, **keys, **more}
        source: Any = dialer(self.simulator.clock.now, self.tokens, **told)
        source.client.vendor.pause = self._wait
        self.opened.append(source)
        return source

    def call(self, at: datetime = NOON - HOUR, direction: str = "inbound", **more: Any) -> str:
        """A call with the customer, by Jo unless told otherwise; gives its record."""
        mine = "callee" if direction == "inbound" else "caller"
        user = self.simulator.user_end(more.pop("user", self.jo), mine, OUR_LINE)
        ends = {**outside("caller" if mine == "callee" else "callee"), **user, **more.pop("ends", {})}
        return self.simulator.add_record(direction, at, ends, **more)

    def queue_call(self, at: datetime = NOON - HOUR, *, talk: int | None = 60) -> str:
        """A call to the queue: Max and Jo rang; Jo took it, unless `talk` is None."""
        ends, end = {**outside("caller"), **QUEUE}, self.simulator.user_end
        key = self.simulator.add_record("inbound", at, ends, talk=talk, result="answered" if talk else "no_answer")
        add = self.simulator.add_element
        add(key, "incoming", "answered" if talk else "no_answer", {**outside("caller"), **QUEUE}, after=0, lasting=72)
        add(key, "ring_to_member", "no_answer", {**outside("caller"), **end(self.max, "callee")}, after=0, lasting=12)
        result = "answered" if talk else "no_answer"
        member = {**outside("caller"), **end(self.jo, "callee")}
        add(key, "ring_to_member", result, member, after=12, lasting=talk or 0)
        return key

    def conversation(self, key: str) -> str:
        """The call of a record."""
        return str(self.simulator.records[key]["call_id"])

    def leg(self, key: str) -> Any:
        """One record, read back."""
        return next(leg for leg in self.read().sightings if leg.record_id == key)

    def read(self, cursor: str = "", *, thorough: bool = True, back: timedelta = 7 * DAY) -> Any:
        now = self.simulator.clock.now()
        return self.source.read("", cursor, span(now, back, timedelta(), thorough=thorough))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.simulator.clock.shift(timedelta(seconds=seconds))
