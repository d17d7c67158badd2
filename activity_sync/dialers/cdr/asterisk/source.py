"""An Asterisk or FreePBX as a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.dialers.cdr.asterisk.folding import to_legs
from activity_sync.dialers.cdr.asterisk.records import NAMELESS, Record, columns_of, started, to_record
from activity_sync.dialers.cdr.asterisk.table import Table
from activity_sync.dialers.cdr.files import probe_files, read_files
from activity_sync.dialers.cdr.growing import Line
from activity_sync.model import call_window
from activity_sync.model.interactions import CallLeg
from activity_sync.model.our_ends import OurEnds, ends_of
from activity_sync.model.ports import Changes, Span, Unreadable
from activity_sync.model.settings import AsteriskDialer, Settings
from activity_sync.model.whole_account import WholeAccount
from activity_sync.model.wire import NoCall


@dataclass(slots=True)
class Asterisk(WholeAccount):
    """Each record is a leg; those with one linked id are one conversation. A record is there when its path is over."""

    dialer: AsteriskDialer
    whole: Settings
    table: Table | None = field(init=False)
    ends: OurEnds = field(init=False)
    zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.whole.timezone)
        self.table = Table(self.dialer.cdr, self.zone) if "://" in self.dialer.cdr else None
        self.ends = ends_of(self.dialer, self.whole)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Records that came since. Raises SignInAgain, TryLater, StartOver."""
        del part
        if self.table is None:
            return read_files(self.dialer.cdr, cursor, span, partial(self._of_lines, span))
        since, seen = call_window.begin(call_window.read_cursor(cursor), span)
        rows = self.table.rows(since, call_window.until(span))
        found = self._told(((f"row {number}", row) for number, row in enumerate(rows, 1)), span)
        return call_window.changes(found, span, seen)

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """Nothing: a record is written once."""
        del part, native_ids
        return Changes()

    def probe(self, part: str) -> str:
        """Looks at the files, or asks the table for a row."""
        del part
        if self.table is None:
            return probe_files(self.dialer.cdr)
        self.table.probe()
        return "the table cdr can be read"

    def close(self) -> None:
        """End all connections to the database."""
        if self.table is not None:
            self.table.close()

    def _of_lines(self, span: Span, lines: Iterable[Line]) -> Iterator[CallLeg | Unreadable]:
        bad: list[Unreadable] = []
        yield from self._told(self._rows(lines, bad), span)
        yield from bad

    def _rows(self, lines: Iterable[Line], bad: list[Unreadable]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for line in lines:
            try:
                yield line.where, columns_of(line.cells)
            except NoCall as reason:
                bad.append(Unreadable(line.where, str(reason)))

    def _told(self, rows: Iterable[tuple[str, Mapping[str, Any]]], span: Span) -> Iterator[CallLeg | Unreadable]:
        records: dict[str, Record] = {}
        seen = Counter[str]()
        for where, row in rows:
            try:
                if not call_window.is_inside(started(row, self.zone), span):
                    continue  # years of old lines cost their start only
                record = to_record(row, where, 0, self.zone)
                seen[record.id] += 1
                if seen[record.id] > 1 and record.id.startswith(NAMELESS):
                    record = to_record(row, where, seen[record.id] - 1, self.zone)
                records[record.id] = record
            except NoCall as reason:
                yield Unreadable(where, str(reason))
        yield from to_legs(records.values(), source=self.name, ends=self.ends)
