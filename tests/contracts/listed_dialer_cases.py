"""How CloudTalk, Dialpad, Quo and Zoom Phone are set up for the contract suite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from activity_sync.simulator.mishaps import Mishap
from tests.sources.cloudtalk_stage import CloudTalkStage
from tests.sources.dialpad_stage import DialpadStage
from tests.sources.quo_stage import QuoStage
from tests.sources.zoom_phone_stage import ZoomPhoneStage


class CloudTalk:
    """CloudTalk: numbers are numbers, durations are texts."""

    def __init__(self, stage: CloudTalkStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        return self.stage.call(started, "outgoing" if outbound else "incoming", talk=60 if answered else None)

    def running(self, started: datetime) -> str:
        return self.stage.call(started, talk=60, over=False)

    def finish(self, call_id: str) -> None:
        self.simulator.finish_call(call_id, talk=60)

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.simulator.note(call_id, "Wants a quote")
        return ("Wants a quote",)

    def malformed(self) -> None:
        self.simulator.change_call(self.stage.call(), type="sideways")

    def refuse(self) -> None:
        self.simulator.api_key = "another"

    def befall(self, mishap: Mishap) -> bool:
        self.simulator.mishaps.plan(mishap, times=99)
        return True


class Dialpad:
    """Dialpad: what goes on is not listed."""

    def __init__(self, stage: DialpadStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        return self.stage.call(started, "outbound" if outbound else "inbound", talk=60 if answered else None)

    def running(self, started: datetime) -> str:
        return self.stage.call(started, talk=60, over=False)

    def finish(self, call_id: str) -> None:
        self.simulator.finish_call(call_id)

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.simulator.record(call_id)
        return ()

    def malformed(self) -> None:
        self.simulator.change_call(self.stage.call(), direction="sideways")

    def refuse(self) -> None:
        self.simulator.api_key = "another"

    def befall(self, mishap: Mishap) -> bool:
        self.simulator.mishaps.plan(mishap, times=99)
        return True


class Quo:
    """Quo: every call is told as completed, also those that nobody took."""

    def __init__(self, stage: QuoStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        return self.stage.call(started, "outgoing" if outbound else "incoming", talk=60 if answered else None)

    def running(self, started: datetime) -> str:
        return self.stage.call(started, talk=60, status="in-progress")

    def finish(self, call_id: str) -> None:
        self.simulator.finish_call(call_id)

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.simulator.summarize(call_id, "Wants a quote")
        return ()

    def malformed(self) -> None:
        self.simulator.change_call(self.stage.call(), direction="sideways")

    def refuse(self) -> None:
        self.simulator.api_key = "another"

    def befall(self, mishap: Mishap) -> bool:
        self.simulator.mishaps.plan(mishap, times=99)
        return True


class ZoomPhone:
    """Zoom Phone: what goes on is not listed."""

    def __init__(self, stage: ZoomPhoneStage) -> None:
        self.stage, self.simulator, self.source = stage, stage.simulator, stage.source
        self.records: dict[str, str] = {}

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        if not outbound:
            return self._known(self.stage.queue_call(started, talk=60 if answered else None))
        result = "answered" if answered else "no_answer"
        return self._known(self.stage.call(started, "outbound", result=result, talk=60 if answered else None))

    def running(self, started: datetime) -> str:
        return self._known(self.stage.call(started, talk=86_400))

    def finish(self, call_id: str) -> None:
        ended = f"{self.simulator.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        self.simulator.change_record(self.records[call_id], end_time=ended)

    def add_late(self, call_id: str) -> tuple[str, ...]:
        self.simulator.change_record(self.records[call_id], recording_status="recorded")
        return ()

    def malformed(self) -> None:
        self.simulator.change_record(self.stage.call(), direction="sideways")

    def refuse(self) -> None:
        self.simulator.client_secret = "another"
        self.simulator.end_tokens()

    def befall(self, mishap: Mishap) -> bool:
        self.simulator.mishaps.plan(mishap, times=99)
        return True

    def _known(self, record_id: str) -> str:
        self.records[self.stage.conversation(record_id)] = record_id
        return self.stage.conversation(record_id)


@contextmanager
def _cloudtalk(folder: Path) -> Iterator[CloudTalk]:
    with CloudTalkStage().serve() as stage:
        yield CloudTalk(stage)


@contextmanager
def _dialpad(folder: Path) -> Iterator[Dialpad]:
    with DialpadStage().serve() as stage:
        yield Dialpad(stage)


@contextmanager
def _quo(folder: Path) -> Iterator[Quo]:
    with QuoStage().serve() as stage:
        yield Quo(stage)


@contextmanager
def _zoom_phone(folder: Path) -> Iterator[ZoomPhone]:
    with ZoomPhoneStage().serve() as stage:
        yield ZoomPhone(stage)


LISTED = {"cloudtalk": _cloudtalk, "dialpad": _dialpad, "quo": _quo, "zoom_phone": _zoom_phone}
