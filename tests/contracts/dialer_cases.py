"""How each kind of dialer is set up for the contract suite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from activity_sync.model.ports import Source
from activity_sync.simulator.mishaps import Mishap
from tests.sources.stage import CUSTOMER, JO, LINE, AircallStage, dialer


class DialerCase(Protocol):
    """A pretend dialer with a line and Jo, and our source on it."""

    source: Source

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        """A call with the customer on the line, a minute of talk when it was answered; gives its id."""

    def running(self, started: datetime) -> str:
        """A call that is not over."""

    def finish(self, call_id: str) -> None:
        """It ends."""

    def note(self, call_id: str, text: str) -> None:
        """Jo writes a note, later."""

    def malformed(self) -> None:
        """Something that is no call stands among the calls."""

    def refuse(self) -> None:
        """The credentials hold no longer."""

    def befall(self, mishap: Mishap) -> bool:
        """Every request from now on; False when there are none."""


class Aircall:
    """Aircall."""

    def __init__(self, stage: AircallStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        way = "outbound" if outbound else "inbound"
        return str(self.stage.call(started, way, talk=60 if answered else None))

    def running(self, started: datetime) -> str:
        return str(self.stage.call(started, status="answered"))

    def finish(self, call_id: str) -> None:
        self.simulator.finish_call(int(call_id), talk=60)

    def note(self, call_id: str, text: str) -> None:
        self.simulator.comment(int(call_id), text, by=JO)

    def malformed(self) -> None:
        self.simulator.change_call(self.stage.call(), direction="sideways")

    def refuse(self) -> None:
        self.simulator.api_token = "another"

    def befall(self, mishap: Mishap) -> bool:
        self.simulator.mishaps.plan(mishap, times=99)
        return True


class Import:
    """JSON Lines in one file that grows."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "calls.jsonl"
        self.rows: dict[str, dict[str, Any]] = {}
        self.source = dialer(name="legacy", kind="import", path=str(self.path))

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False, **more: Any) -> str:
        number = str(len(self.rows) + 1)
        outside, line = (LINE, CUSTOMER) if outbound else (CUSTOMER, LINE)
        self.rows[number] = {
            "id": number,
            "started_at": started.isoformat(),
            "direction": "outbound" if outbound else "inbound",
            "from": outside,
            "to": line,
            "talk_seconds": 60 if answered else 0,
            "rep_email": JO,
        } | more
        return self._add(number)

    def running(self, started: datetime) -> str:
        return self.call(started, outcome="in_progress")

    def finish(self, call_id: str) -> None:
        self.rows[call_id]["outcome"] = "answered"
        self._add(call_id)

    def note(self, call_id: str, text: str) -> None:
        self.rows[call_id]["notes"] = text
        self._add(call_id)

    def malformed(self) -> None:
        with self.path.open("a") as file:
            file.write("{half a row\n")

    def refuse(self) -> None:
        """A link to itself: even root cannot open it."""
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(self.path)

    def befall(self, mishap: Mishap) -> bool:
        return False

    def _add(self, number: str) -> str:
        with self.path.open("a") as file:
            file.write(json.dumps(self.rows[number]) + "\n")
        return number


@contextmanager
def _aircall(folder: Path) -> Iterator[DialerCase]:
    with AircallStage().serve() as stage:
        yield Aircall(stage)


@contextmanager
def _import(folder: Path) -> Iterator[DialerCase]:
    yield Import(folder)


def case(kind: str, folder: Path) -> AbstractContextManager[DialerCase]:
    """The case of a kind. A kind without one is a test that fails here."""
    return {"aircall": _aircall, "import": _import}[kind](folder)
