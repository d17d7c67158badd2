"""Telephone systems that write call-detail records, set up for the contract suite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from activity_sync.simulator.dialers.cdr import AsteriskWriter, LogFile, ThreeCxWriter
from activity_sync.simulator.dialers.cdr.asterisk import TABLE
from activity_sync.simulator.mishaps import Mishap
from tests.sources.stage import JO, dialer

OUTSIDE, DIRECT = "07700900123", "02079460100"


class FileCase:
    """What all of them share."""

    path: Path

    def refuse(self) -> None:
        """A link to itself: even root cannot open it."""
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(self.path)

    def befall(self, mishap: Mishap) -> bool:
        return False


class AsteriskFile(FileCase):
    """Master.csv: Jo has extension 201, a customer comes in over a trunk."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "Master.csv"
        self.writer = AsteriskWriter(LogFile(self.path))
        self.source: Any = dialer(name="pbx", kind="asterisk", cdr=self.cdr(), extensions={"201": JO})
        self.held: dict[str, Any] = {}

    def cdr(self) -> str:
        return str(self.path)

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        told = self.told(started, 60 if answered else None, outbound=outbound)
        self.writer.write(told)
        return str(told["linkedid"])

    def told(self, started: datetime, talk: int | None, *, outbound: bool = False) -> dict[str, Any]:
        trunk, jo = self.writer.channel("PJSIP/trunk"), self.writer.channel("PJSIP/201")
        if outbound:
            return self.writer.record(started, "201", OUTSIDE, jo, trunk, talk=talk)
        return self.writer.record(started, OUTSIDE, DIRECT, trunk, jo, talk=talk, dcontext="from-trunk", did=DIRECT)

    def running(self, started: datetime) -> str:
        told = self.told(started, 3600 * 8)
        self.held[told["linkedid"]] = told
        return str(told["linkedid"])

    def finish(self, call_id: str) -> None:
        self.writer.write(self.held[call_id])

    def add_late(self, call_id: str) -> tuple[str, ...]:
        """The caller is put through to another extension."""
        at = datetime.fromtimestamp(int(call_id.partition(".")[0]), tz=self.writer.zone) + timedelta(minutes=5)
        trunk, other = self.writer.channel("PJSIP/trunk"), self.writer.channel("PJSIP/202")
        more = {"dcontext": "from-trunk", "did": DIRECT}
        self.writer.write(self.writer.record(at, OUTSIDE, "202", trunk, other, talk=30, linked=call_id, **more))
        return ()

    def malformed(self) -> None:
        self.writer.file.add('"","442079460958","half')


class AsteriskTable(AsteriskFile):
    """FreePBX's table, in SQLite."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.path = self.writer.database = folder / "cdr.db"
        with sqlite3.connect(self.path) as connection:
            connection.execute(TABLE)
        connection.close()

    def cdr(self) -> str:
        return f"sqlite:///{self.path.with_name('cdr.db')}"

    def malformed(self) -> None:
        self.writer.write(self.told(datetime.now(tz=self.writer.zone), 5) | {"billsec": -5})


class ThreeCxFile(FileCase):
    """One file with a line for each stretch; Jo has extension 101."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "cdr.csv"
        self.writer = ThreeCxWriter(LogFile(self.path))
        self.source: Any = dialer(name="threecx", kind="threecx", cdr=str(self.path), extensions={"101": JO})
        self.held: dict[str, Any] = {}

    def call(self, started: datetime, *, answered: bool = True, outbound: bool = False) -> str:
        told = self.told(started, 60 if answered else None, outbound=outbound)
        self.writer.write(told)
        return str(told["historyid"])

    def told(self, started: datetime, talk: int | None, *, outbound: bool = False) -> dict[str, str]:
        if outbound:
            return self.writer.record(started, "Ext.101", OUTSIDE, talk=talk, from_dn="101", to_dn="10000")
        return self.writer.record(started, OUTSIDE, "Ext.101", talk=talk, from_dn="10000", dial_no=DIRECT)

    def running(self, started: datetime) -> str:
        told = self.told(started, 3600 * 8)
        self.held[told["historyid"]] = told
        return told["historyid"]

    def finish(self, call_id: str) -> None:
        self.writer.write(self.held[call_id])

    def add_late(self, call_id: str) -> tuple[str, ...]:
        """The caller is put through to another extension."""
        at = datetime.now(tz=self.writer.zone).replace(year=2026, month=3, day=6, hour=13)
        self.writer.write(self.writer.record(at, OUTSIDE, "Ext.102", talk=30, history=call_id, dial_no=DIRECT))
        return ()

    def malformed(self) -> None:
        self.writer.file.add("what,is,this")


@contextmanager
def asterisk_file(folder: Path) -> Iterator[AsteriskFile]:
    yield AsteriskFile(folder)


@contextmanager
def asterisk_table(folder: Path) -> Iterator[AsteriskTable]:
    case = AsteriskTable(folder)
    yield case
    case.source.close()


@contextmanager
def threecx_file(folder: Path) -> Iterator[ThreeCxFile]:
    yield ThreeCxFile(folder)
