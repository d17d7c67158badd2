"""Asterisk's `cdr_csv`, and FreePBX's table `cdr` (dialers.md 10): a record for each path between two parties.

Strings stand in quotes, whole numbers do not, and a date that there is not is empty. Times are those of the machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.simulator.dialers.cdr.log_file import LogFile

COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
    "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield", "peeraccount", "linkedid",
    "sequence",
)  # fmt: skip
TABLE = """
CREATE TABLE cdr (
  calldate TIMESTAMP NOT NULL, clid VARCHAR(80) NOT NULL, src VARCHAR(80) NOT NULL, dst VARCHAR(80) NOT NULL,
  dcontext VARCHAR(80) NOT NULL, channel VARCHAR(80) NOT NULL, dstchannel VARCHAR(80) NOT NULL,
  lastapp VARCHAR(80) NOT NULL, lastdata VARCHAR(80) NOT NULL, duration INTEGER NOT NULL, billsec INTEGER NOT NULL,
  disposition VARCHAR(45) NOT NULL, amaflags INTEGER NOT NULL, accountcode VARCHAR(20) NOT NULL,
  uniqueid VARCHAR(32) NOT NULL, userfield VARCHAR(255) NOT NULL, did VARCHAR(50) NOT NULL, cnum VARCHAR(80) NOT NULL,
  cnam VARCHAR(80) NOT NULL, outbound_cnum VARCHAR(80) NOT NULL, outbound_cnam VARCHAR(80) NOT NULL,
  dst_cnam VARCHAR(80) NOT NULL, recordingfile VARCHAR(255) NOT NULL, linkedid VARCHAR(32) NOT NULL,
  peeraccount VARCHAR(80) NOT NULL, sequence INTEGER NOT NULL
)
"""
"""FreePBX's table, in words that every database knows."""

_NUMBERS = {"duration", "billsec", "sequence"}

Told = dict[str, Any]


@dataclass(slots=True)
class AsteriskWriter:
    """Makes records and writes them to a file or a table. `columns`: how many of them the file has, 16 to 21."""

    file: LogFile
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    columns: int = 21
    database: Path | None = None
    _sequence: count[int] = field(default_factory=lambda: count(1))

    def channel(self, device: str) -> str:
        """A fresh channel of a device: `PJSIP/201` gives `PJSIP/201-0000001b`."""
        return f"{device}-{next(self._sequence):08x}"

    def record(
        self,
        at: datetime,
        src: str,
        dst: str,
        channel: str,
        called: str = "",
        *,
        ring: int = 10,
        talk: int | None = None,
        linked: str = "",
        **more: Any,
    ) -> Told:
        """A record by column names. `talk` None: nobody answered; `more`: columns as they are."""
        number = next(self._sequence)
        whole = ring + (talk or 0)
        unique = f"{int(at.timestamp())}.{number}"
        return {
            "accountcode": "", "src": src, "dst": dst, "dcontext": "from-internal", "clid": f'"" <{src}>',
            "channel": channel, "dstchannel": called, "lastapp": "Dial", "lastdata": f"{called},20",
            "start": self._local(at), "answer": "" if talk is None else self._local(at + timedelta(seconds=ring)),
            "end": self._local(at + timedelta(seconds=whole)), "duration": whole, "billsec": talk or 0,
            "disposition": "NO ANSWER" if talk is None else "ANSWERED", "amaflags": "DOCUMENTATION",
            "uniqueid": unique, "userfield": "", "peeraccount": "", "linkedid": linked or unique, "sequence": number,
        } | more  # fmt: skip

    def write(self, *records: Told) -> None:
        """To the table where there is one, else to the file."""
        for told in records:
            if self.database is None:
                self.file.add(self.line(told))
            else:
                _insert(self.database, told)

    def line(self, told: Told) -> str:
        """As it stands in the file."""
        return asterisk_line(told, _kept(self.columns))

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")


def asterisk_line(told: Told, names: Sequence[str] = COLUMNS) -> str:
    """A line of `Master.csv`."""
    return ",".join(_cell(name, told[name]) for name in names)


def table_row(told: Told) -> Told:
    """A row of FreePBX's table: without the times of answer and end, with what FreePBX adds."""
    blank = dict.fromkeys(("did", "cnum", "cnam", "outbound_cnum", "outbound_cnam", "dst_cnam", "recordingfile"), "")
    row = {name: value for name, value in told.items() if name not in {"start", "answer", "end"}}
    return blank | row | {"calldate": told["start"], "amaflags": 3}


def _insert(path: Path, told: Told) -> None:
    row = table_row(told)
    marks = ", ".join("?" for _ in row)
    with sqlite3.connect(path) as connection:
        connection.execute(f"INSERT INTO cdr ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608
    connection.close()


def _kept(columns: int) -> Sequence[str]:
    """Which columns a file has that has so many."""
    return (*COLUMNS[: min(columns, 18) if columns <= 18 else columns - 3], *(COLUMNS[18:] if columns > 18 else ()))


def _cell(name: str, value: Any) -> str:
    if name in _NUMBERS or (value == "" and name in {"start", "answer", "end"}):
        return str(value)
    doubled = str(value).replace('"', '""')
    return f'"{doubled}"'
