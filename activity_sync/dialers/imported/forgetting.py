"""Pushed rows that tell of somebody who is forgotten, or of calls that are too long ago.

Their lines become blanks of the same length, in place: a reading that stands further on still stands right, a sender
may add rows meanwhile, and nothing of it is left on the disk in a file that was replaced.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from activity_sync.dialers.imported.pushed import aside, locked
from activity_sync.dialers.imported.readings import NoRow, moment
from activity_sync.model.addresses import read_number

_TAIL = 6
_LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """`words`: e-mail addresses, numbers (E.164) and names, in lower case. `region`: of numbers without a country."""

    words: Collection[str]
    region: str

    def is_told_in(self, raw: bytes) -> bool:
        """Whether a line names one of them, in whatever case; a number also as it is written by hand."""
        try:
            texts = list(_texts(orjson.loads(raw)))
        except ValueError:
            texts = [raw.decode(errors="replace")]
        return any(self._names(text) for text in texts)

    def _names(self, text: str) -> bool:
        folded = text.casefold()
        return any(word in folded for word in self.words) or self._is_number(text)

    def _is_number(self, text: str) -> bool:
        digits = re.sub(r"\D", "", text) if len(text) <= _LONGEST_NUMBER else ""
        likely = digits and any(word.startswith("+") and word[-_TAIL:] in digits for word in self.words)
        return bool(likely) and read_number(text, self.region).e164 in self.words


def blank(file: Path, wanted: Wanted) -> int:
    """Blank the rows in this file, and in what was put aside of it; how many. Raises OSError."""
    return _blank(file, lambda raw, _: wanted.is_told_in(raw))


def blank_before(file: Path, before: datetime) -> int:
    """Blank the rows of calls that started before a moment; one that tells no time, when its file is as old."""
    return _blank(file, lambda raw, changed: (_start(raw) or changed) < before)


def _blank(file: Path, is_meant: Callable[[bytes, datetime], bool]) -> int:
    return sum(_blank_in(path, is_meant) for path in [*aside(file), file] if path.exists())


def _blank_in(path: Path, is_meant: Callable[[bytes, datetime], bool]) -> int:
    descriptor, found = locked(path), 0
    try:
        before = os.fstat(descriptor)
        changed = datetime.fromtimestamp(before.st_mtime, UTC)
        with path.open("r+b") as stream:  # the lock's own descriptor can only add
            for offset, raw in _lines(path):
                if is_meant(raw, changed):
                    stream.seek(offset)
                    stream.write(b" " * len(raw.rstrip(b"\n")))
                    found += 1
            stream.flush()
            os.fsync(stream.fileno())
        if found:  # what was put aside is deleted when it is old, and must not look new
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    finally:
        os.close(descriptor)
    return found


def _start(raw: bytes) -> datetime | None:
    try:
        row = orjson.loads(raw)
        return moment(row, "started_at") if isinstance(row, dict) else None
    except (NoRow, ValueError):
        return None


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    offset = 0
    with path.open("rb") as stream:
        for raw in stream:
            if raw.strip():
                yield offset, raw
            offset += len(raw)


def _texts(value: Any) -> Iterator[str]:
    """Every text and number within a JSON value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str | int | float):
            yield str(one)
