"""How each kind of dialer is set up for the contract suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from activity_sync.model.ports import Source
from activity_sync.simulator.mishaps import Mishap
from tests.contracts.cdr_cases import asterisk_file, asterisk_table, threecx_file
from tests.contracts.listed_dialer_cases import LISTED
from tests.sources.justcall_stage import JustCallStage
from tests.sources.ringcentral_stage import RingCentralStage
from tests.sources.stage import CUSTOMER, JO, LINE, AircallStage, dialer
from tests.sources.twilio_stage import CALLER, OUR_LINE, TwilioStage

NOTE = "Wants a quote"


class DialerCase(Protocol):
    """A pretend dialer with a line and Jo, and our source on it."""

    source: Source

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        """A call with the customer on the line, a minute of talk when it was answered; gives its conversation's id."""

    def running(self, started: datetime) -> str:
        """A call that is not over."""

    def finish(self, call_id: str) -> None:
        """It ends."""

    def add_late(self, call_id: str) -> tuple[str, ...]:
        """Something comes later: a note where there are notes, else a recording; gives the notes to be seen."""

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

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.simulator.comment(int(call_id), NOTE, by=JO)
        return (NOTE,)

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

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.rows[call_id]["notes"] = NOTE
        self._add(call_id)
        return (NOTE,)

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


class JustCall:
    """JustCall."""

    def __init__(self, stage: JustCallStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        way = "Outgoing" if outbound else "Incoming"
        return str(self.stage.call(started, way, talk=60 if answered else None))

    def running(self, started: datetime) -> str:
        return str(self.stage.call(started, talk=None, kind="In Progress"))

    def finish(self, call_id: str) -> None:
        self.simulator.finish_call(int(call_id))

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.simulator.change_call(int(call_id), notes=NOTE)
        return (NOTE,)

    def malformed(self) -> None:
        self.simulator.change_call(self.stage.call(), direction="Sideways")

    def refuse(self) -> None:
        self.simulator.api_secret = "another"

    def befall(self, mishap: Mishap) -> bool:
        self.simulator.mishaps.plan(mishap, times=99)
        return True


class RingCentral:
    """RingCentral: one record for a call, rung for a queue."""

    def __init__(self, stage: RingCentralStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source
        self.records: dict[str, str] = {}

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        if not outbound:
            return self._known(self.stage.queue_call(started, talk=60 if answered else None))
        result = "Call connected" if answered else "No Answer"
        return self._known(self.stage.call(started, "Outbound", result=result, lasting=60 if answered else 20))

    def running(self, started: datetime) -> str:
        return self._known(self.stage.call(started, result="In Progress"))

    def finish(self, call_id: str) -> None:
        self.simulator.change_call(self.records[call_id], result="Accepted", duration=90)

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.simulator.record_call(self.records[call_id])
        return ()

    def malformed(self) -> None:
        self.simulator.change_call(self.stage.call(), direction="Sideways")

    def refuse(self) -> None:
        self.simulator.jwt = "another"
        self.simulator.end_tokens()

    def befall(self, mishap: Mishap) -> bool:
        self.simulator.mishaps.plan(mishap, times=99)
        return True

    def _known(self, record_id: str) -> str:
        self.records[self.stage.session(record_id)] = record_id
        return self.stage.session(record_id)


class Twilio:
    """Twilio: a parent, and a child for everybody whom it rang."""

    def __init__(self, stage: TwilioStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        ring = self.stage.goes_out if outbound else self.stage.comes_in
        return ring(started, talk=60 if answered else None)

    def running(self, started: datetime) -> str:
        root = self.stage.leg("inbound", CALLER, OUR_LINE, started, status="in-progress")
        self.stage.dial(root, "client:jo", status="in-progress")
        return root

    def finish(self, call_id: str) -> None:
        for sid, leg in self.simulator.calls.items():
            if call_id in (sid, leg["parent_call_sid"]):
                self.simulator.finish_call(sid, lasting=60)

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.simulator.record(call_id)
        return ()

    def malformed(self) -> None:
        self.simulator.change_call(self.stage.leg("inbound", CALLER, OUR_LINE), direction="sideways")

    def refuse(self) -> None:
        self.simulator.auth_token = "another"

    def befall(self, mishap: Mishap) -> bool:
        self.simulator.mishaps.plan(mishap, times=99)
        return True


@contextmanager
def _aircall(folder: Path) -> Iterator[DialerCase]:
    with AircallStage().serve() as stage:
        yield Aircall(stage)


@contextmanager
def _import(folder: Path) -> Iterator[DialerCase]:
    yield Import(folder)


@contextmanager
def _justcall(folder: Path) -> Iterator[DialerCase]:
    with JustCallStage().serve() as stage:
        yield JustCall(stage)


@contextmanager
def _ringcentral(folder: Path) -> Iterator[DialerCase]:
    with RingCentralStage().serve() as stage:
        yield RingCentral(stage)


@contextmanager
def _twilio(folder: Path) -> Iterator[DialerCase]:
    with TwilioStage().serve() as stage:
        yield Twilio(stage)


def case(kind: str, folder: Path) -> AbstractContextManager[DialerCase]:
    """The case of a kind. A kind without one is a test that fails here."""
    return _CASES[kind](folder)


_CASES: dict[str, Callable[[Path], AbstractContextManager[DialerCase]]] = {
    **LISTED,
    "aircall": _aircall,
    "asterisk": asterisk_file,
    "asterisk table": asterisk_table,
    "import": _import,
    "justcall": _justcall,
    "ringcentral": _ringcentral,
    "threecx": threecx_file,
    "twilio": _twilio,
}
