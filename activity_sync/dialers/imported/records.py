"""Files taken apart into rows: JSON Lines, and CSV of any spreadsheet. A bad line is one bad record, no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import orjson

from activity_sync.dialers.imported.readings import NoRow, Row
from activity_sync.dialers.imported.rows import REQUIRED

Format = Literal["jsonl", "csv"]

LONGEST_LINE = 1_000_000
"""Bytes. What is longer is no row."""

_MOST_LINES = 20  # of one CSV record: a cell with more lines is a quote that was never closed
_BOM = b"\xef\xbb\xbf"
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Record:
    """One row and where it stood. `line`: its first, counted from 1. `end`, `lines`: bytes and lines of the file up to
    its end. `row` is a NoRow when it cannot be read, and None for an empty line."""

    line: int
    end: int
    lines: int
    row: Row | NoRow | None


@dataclass(frozen=True, slots=True)
class Start:
    """Where reading begins: bytes and lines that were read before."""

    offset: int = 0
    lines: int = 0


def records(stream: BinaryIO, form: Format, start: Start = Start(), *, closed: bool = True) -> Iterator[Record]:
    """The records from `start` on. `closed`: nothing will be added, so that a last line without an end counts too."""
    reader = _Reader(stream, closed=closed)
    yield from _json_lines(reader, start) if form == "jsonl" else _csv_rows(reader, start)


@dataclass(slots=True)
class _Line:
    raw: bytes
    number: int
    end: int
    too_long: bool = False


class _Reader:
    """Lines with their numbers and places; one may be put back."""

    def __init__(self, stream: BinaryIO, *, closed: bool) -> None:
        self.stream, self.closed = stream, closed
        self._back: list[_Line] = []
        self._offset = self._number = 0

    def seek(self, start: Start) -> None:
        self.stream.seek(start.offset)
        self._offset, self._number = start.offset, start.lines
        self._back.clear()

    def put_back(self, lines: list[_Line]) -> None:
        self._back = lines + self._back

    def next(self) -> _Line | None:
        if self._back:
            return self._back.pop(0)
        raw = self.stream.readline(LONGEST_LINE)
        if not raw:
            return None
        length, too_long = len(raw), False
        while not raw.endswith(b"\n") and length >= LONGEST_LINE and (rest := self.stream.readline(LONGEST_LINE)):
            raw, length, too_long = rest, length + len(rest), True
        first = self._offset == 0
        self._offset += length
        self._number += 1
        return _Line(raw.removeprefix(_BOM) if first else raw, self._number, self._offset, too_long)


def _json_lines(reader: _Reader, start: Start) -> Iterator[Record]:
    reader.seek(start)
    while line := reader.next():
        row: Row | NoRow | None = NoRow("the line is too long") if line.too_long else _object(line.raw)
        if isinstance(row, NoRow) and not reader.closed and not line.raw.endswith(b"\n"):
            return  # half written
        yield Record(line.number, line.end, line.number, row)


def _object(raw: bytes) -> Row | NoRow | None:
    if not raw.strip():
        return None
    try:
        value = orjson.loads(raw)
    except ValueError:
        return NoRow("it is not JSON")
    return row_of(value)


def row_of(value: Any) -> Row | NoRow:
    """A JSON value as a row."""
    return _named(value) if isinstance(value, dict) else NoRow("it is no JSON object")


def _csv_rows(reader: _Reader, start: Start) -> Iterator[Record]:
    reader.seek(Start())
    head = reader.next()
    while head is not None and not head.raw.strip():
        head = reader.next()
    if head is None or not (head.raw.endswith(b"\n") or reader.closed):
        return
    header = _header(head)
    if isinstance(header, NoRow):
        yield Record(head.number, start.offset, start.lines, header)
        return
    if start.offset >= head.end:
        reader.seek(start)
    while taken := _take(reader, header.separator):
        row = taken.cells if isinstance(taken.cells, NoRow) else _under(header.names, taken.cells)
        yield Record(taken.line, taken.end, taken.lines, row)


@dataclass(frozen=True, slots=True)
class _Header:
    names: list[str]
    separator: str


def _header(line: _Line) -> _Header | NoRow:
    try:
        text = line.raw.decode()
    except UnicodeDecodeError:
        return NoRow("the file is not UTF-8: save it as CSV UTF-8")
    separator = max(_SEPARATORS, key=text.count)
    names = [name.strip().casefold() for name in next(csv.reader([text], delimiter=separator), [])]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        return NoRow(f"the header has the column {twice[0]} twice")
    missing = [name for name in REQUIRED if name not in names]
    if missing and ("id" in missing or "deleted" not in names):
        return NoRow(f"the header has no column {', '.join(missing)}")
    return _Header(names, separator)


@dataclass(frozen=True, slots=True)
class _Taken:
    line: int
    end: int
    lines: int
    cells: list[str] | NoRow


def _take(reader: _Reader, separator: str) -> _Taken | None:
    """The next record, over as many lines as its quotes ask for; None when there is none, or half of one."""
    lines: list[_Line] = []
    while (line := reader.next()) is not None:
        lines.append(line)
        if not line.raw.endswith(b"\n") and not reader.closed:
            return None
        cells = _cells(lines, separator)
        if cells is not None or len(lines) >= _MOST_LINES:
            break
    else:
        if not lines or not reader.closed:
            return None
        cells = None
    if cells is None:
        reader.put_back(lines[1:])
        lines, cells = lines[:1], NoRow("a quote is not closed")
    return _Taken(lines[0].number, lines[-1].end, lines[-1].number, cells)


def _cells(lines: list[_Line], separator: str) -> list[str] | NoRow | None:
    """The cells of one record; None when a quote is still open."""
    if any(line.too_long for line in lines):
        return NoRow("the line is too long")
    try:
        text = b"".join(line.raw for line in lines).decode()
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), [])
    except UnicodeDecodeError:
        return NoRow("it is not UTF-8: save the file as UTF-8")
    except csv.Error as error:
        return None if "unexpected end" in str(error) else NoRow(f"it is not CSV: {error}")


def _under(names: list[str], cells: list[str]) -> Row | NoRow | None:
    if not any(cell.strip() for cell in cells):
        return None
    if any(cell.strip() for cell in cells[len(names) :]):
        return NoRow("it has more cells than the header")
    return _named(dict(zip(names, cells, strict=False)))


def _named(row: Mapping[str, Any]) -> Row:
    """Keys in lower case; what is empty is absent."""
    return {
        name.strip().casefold(): value
        for name, value in row.items()
        if name.strip() and value is not None and not (isinstance(value, str) and not value.strip())
    }
