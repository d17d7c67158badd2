"""A pretend vendor each, and our source on it: what the contract suite and the tests of single sources share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from activity_sync.calendars import open_calendar
from activity_sync.dialers import open_dialer
from activity_sync.model.ports import Source, Span, TokenStore
from activity_sync.model.settings import Settings
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.aircall import AircallSimulator
from activity_sync.simulator.google import GoogleSimulator

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
JO, MAX = "jo@acme.example", "max@acme.example"
CUSTOMER, LINE = "+44 7700 900123", "+44 20 7946 0100"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class NoTokens:
    """A token store that nobody should need."""

    def get(self, name: str) -> str | None:
        raise AssertionError(name)

    def put(self, name: str, value: str) -> None:
        raise AssertionError(name)


def settings(**more: Any) -> Settings:
    """A small config; `more` are further top-level keys."""
    return Settings.model_validate(
        {
            "timezone": "Europe/London",
            "default_region": "GB",
            "zoho": {"data_center": "eu", "client_id": "id", "client_secret": "secret"},
            "team": {"domains": ["acme.example"]},
            **more,
        }
    )


def span(
    now: datetime = NOON, back: timedelta = 7 * DAY, ahead: timedelta = 14 * DAY, *, thorough: bool = True
) -> Span:
    """A window around `now`."""
    return Span(now=now, oldest=now - back, newest=now + ahead, thorough=thorough)


def calendar(folder: Path, url: str, key: dict[str, str], **more: Any) -> Source:
    """A Google connection to this address, with its key in a file."""
    file = folder / "google.json"
    file.write_text(json.dumps(key))
    told = {"name": "workspace", "kind": "google", "service_account_file": str(file), "api_url": url}
    whole = settings(calendars=[told | more])
    return open_calendar(whole.calendars[0], whole, NoTokens(), lambda: NOON)


class Tokens(dict[str, str]):
    """A token store that forgets at the end."""

    def put(self, name: str, value: str) -> None:
        self[name] = value


def dialer(clock: Callable[[], datetime] = lambda: NOON, tokens: TokenStore | None = None, **told: Any) -> Source:
    """A dialer connection."""
    whole = settings(dialers=[told])
    return open_dialer(whole.dialers[0], whole, NoTokens() if tokens is None else tokens, clock)


@dataclass
class GoogleStage:
    """Two reps with calendars, and our source reading them."""

    folder: Path
    simulator: GoogleSimulator = field(default_factory=lambda: GoogleSimulator(Clock(NOON)))
    url: str = ""
    source: Any = None

    @contextmanager
    def serve(self) -> Iterator[GoogleStage]:
        self.simulator.add_calendar(JO, "Jo Smith")
        self.simulator.add_calendar(MAX, "Max Stone", "Europe/Berlin")
        with self.simulator.serve() as self.url:
            self.source = calendar(self.folder, self.url, self.simulator.service_account_key())
            try:
                yield self
            finally:
                self.source.close()

    def meet(self, title: str = "Demo", start: datetime = NOON, length: timedelta = HOUR, **event: Any) -> str:
        """A meeting in Jo's calendar with an outsider."""
        people = [{"email": JO, "responseStatus": "accepted"}, {"email": "ann@customer.example"}]
        told = {"summary": title, "attendees": people} | event
        return self.simulator.put_event([JO], start=start, end=start + length, **told)

    def copies(self, **asked: Any) -> list[Any]:
        """What is read of Jo's calendar."""
        return list(self.source.read(JO, "", span(**asked)).sightings)

    def copy(self, title: str = "Demo", **event: Any) -> Any:
        """One meeting, put and read back."""
        event_id = self.meet(title, **event)
        return next(copy for copy in self.copies() if copy.event_id == event_id)


@dataclass
class AircallStage:
    """An Aircall account with a line and a rep, and our source reading it."""

    simulator: AircallSimulator = field(default_factory=lambda: AircallSimulator(Clock(NOON)))
    url: str = ""
    source: Any = None
    waits: list[float] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[AircallStage]:
        self.simulator.add_user(JO, "Jo Smith")
        self.simulator.add_number(LINE, "Sales UK")
        with self.simulator.serve() as self.url:
            self.source = self.open()
            try:
                yield self
            finally:
                for source in self.opened:
                    source.close()

    def open(self, **more: Any) -> Any:
        """A connection whose waits push the pretend clock instead of passing."""
        told = {"api_id": self.simulator.api_id, "api_token": self.simulator.api_token, "api_url": self.url}
        source: Any = dialer(self.simulator.clock.now, name="aircall", kind="aircall", **told | more)
        source.client.vendor.pause = self._wait
        self.opened.append(source)
        return source

    def call(self, at: datetime = NOON - HOUR, direction: str = "inbound", **more: Any) -> int:
        """A call with the customer, answered by Jo."""
        told = {"user": JO, "line": LINE, "talk": 60} | more
        return self.simulator.add_call(direction, told.pop("digits", CUSTOMER), at, **told)

    def leg(self, **more: Any) -> Any:
        """One call, made and read back."""
        number = self.call(**more)
        return next(leg for leg in self.read().sightings if leg.record_id == str(number))

    def read(self, cursor: str = "", *, thorough: bool = True, back: timedelta = 7 * DAY) -> Any:
        now = self.simulator.clock.now()
        return self.source.read("", cursor, span(now, back, timedelta(), thorough=thorough))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.simulator.clock.shift(timedelta(seconds=seconds))
