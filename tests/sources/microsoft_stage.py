"""A pretend tenant and our source on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activity_sync.calendars import open_calendar
from activity_sync.model.ports import TokenStore
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.microsoft import MicrosoftSimulator, person
from tests.sources.stage import HOUR, JO, MAX, NOON, NoTokens, settings, span


@dataclass
class Kept:
    """A token store in memory."""

    held: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.held.get(name)

    def put(self, name: str, value: str) -> None:
        self.held[name] = value


@dataclass
class MicrosoftStage:
    """Two reps with mailboxes, and our source reading them."""

    simulator: MicrosoftSimulator = field(default_factory=lambda: MicrosoftSimulator(Clock(NOON)))
    url: str = ""
    source: Any = None
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[MicrosoftStage]:
        self.simulator.add_calendar(JO, "Jo Smith")
        self.simulator.add_calendar(MAX, "Max Stone", "Europe/Berlin")
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, tokens: TokenStore | None = None, never: Any = None, **more: Any) -> Any:
        """A connection to this tenant; None takes a setting away."""
        told = {"name": "m365", "kind": "microsoft", **self.simulator.settings(), **more}
        told = {name: value for name, value in told.items() if value is not None}
        whole = settings(calendars=[told], never=never or {})
        source: Any = open_calendar(whole.calendars[0], whole, tokens or NoTokens(), lambda: NOON)
        self.opened.append(source)
        return source

    def meet(self, subject: str = "Demo", start: datetime = NOON, length: timedelta = HOUR, **event: Any) -> str:
        """A meeting in Jo's calendar with an outsider."""
        told = {"subject": subject, "attendees": [person("ann@customer.example", "Ann")]} | event
        return self.simulator.put_event(told.pop("calendars", [JO]), start=start, end=start + length, **told)

    def read(self, part: str = JO, **asked: Any) -> Any:
        return self.source.read(part, "", span(**asked))

    def copies(self, part: str = JO, **asked: Any) -> list[Any]:
        """What is read of a calendar."""
        return list(self.read(part, **asked).sightings)

    def copy(self, subject: str = "Demo", **event: Any) -> Any:
        """One meeting, put and read back."""
        event_id = self.meet(subject, **event)
        return next(copy for copy in self.copies() if copy.event_id == event_id)

    def asked(self, path: str = "/v1.0/") -> list[Any]:
        """The requests that came to this path."""
        return [request for request in self.simulator.requests if path in request.path]
