"""A pretend Twilio account, and our source on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.twilio import TwilioSimulator
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, dialer, span

CALLER, OUR_LINE, MOBILE = "+447700900123", "+442079460100", "+447700900999"
EXTENSIONS = {"client:jo": JO, "sip:max@acme.sip.twilio.com": MAX, MOBILE: MAX}


@dataclass
class TwilioStage:
    """Jo with a client, Max with a desk telephone and a mobile; our source reads the account's calls."""

    simulator: TwilioSimulator = field(default_factory=lambda: TwilioSimulator(Clock(NOON)))
    url: str = ""
    source: Any = None
    waits: list[float] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[TwilioStage]:
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, **more: Any) -> Any:
        """A connection whose waits push the pretend clock instead of passing."""
        keys = {"account_sid": self.simulator.account_sid, "auth_token": self.simulator.auth_token}
        told = {"name": "twilio", "kind": "twilio", "api_url": self.url, "extensions": EXTENSIONS, **keys, **more}
        source: Any = dialer(self.simulator.clock.now, **told)
        source.client.vendor.pause = self._wait
        self.opened.append(source)
        return source

    def leg(self, direction: str, caller: str, called: str, at: datetime = NOON - HOUR, **more: Any) -> str:
        """One leg."""
        return self.simulator.add_call(direction, caller, called, at, **more)

    def dial(self, parent: str, called: str, *, after: int = 0, caller: str = CALLER, **more: Any) -> str:
        """A leg that another one started, so many seconds after it."""
        at = parsedate_to_datetime(self.simulator.calls[parent]["start_time"]) + timedelta(seconds=after)
        return self.simulator.add_call("outbound-dial", caller, called, at, parent=parent, **more)

    def comes_in(self, at: datetime = NOON - HOUR, *, talk: int | None = 60, **more: Any) -> str:
        """A customer rang Jo and Max; Jo took it, unless `talk` is None. Gives the root."""
        root = self.leg("inbound", CALLER, OUR_LINE, at, lasting=10 + (talk or 0), **more)
        took = {"status": "completed", "lasting": talk} if talk else {"status": "no-answer"}
        self.dial(root, "client:jo", ring=10, **took)
        self.dial(root, "sip:max@acme.sip.twilio.com", status="canceled" if talk else "no-answer")
        return root

    def goes_out(self, at: datetime = NOON - HOUR, *, talk: int | None = 60, status: str = "no-answer") -> str:
        """Jo's client rang the customer. Gives the root."""
        root = self.leg("inbound", "client:jo", "", at, lasting=(talk or 0) + 20)
        took = {"status": "completed", "lasting": talk} if talk else {"status": status}
        self.dial(root, CALLER, caller=OUR_LINE, **took)
        return root

    def call(self, root: str) -> Any:
        """One conversation, read back."""
        return next(leg for leg in self.read().sightings if leg.conversation_id == root)

    def read(self, cursor: str = "", *, thorough: bool = True, back: timedelta = 7 * DAY) -> Any:
        now = self.simulator.clock.now()
        return self.source.read("", cursor, span(now, back, timedelta(), thorough=thorough))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.simulator.clock.shift(timedelta(seconds=seconds))
