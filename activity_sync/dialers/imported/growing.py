"""One file to which rows are added at the end. The cursor holds how far it was read; a half-written line waits.

A file that is shorter than that, or begins otherwise, was rotated or written anew: it is read from its beginning,
after the rest of the old one, where that is still found beside it under another name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from activity_sync.dialers.imported.cursor import Cursor
from activity_sync.dialers.imported.records import Start
from activity_sync.dialers.imported.spool import stamp

_HEAD = 1024


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a file that is to be read: from `start` to its end. `closed`: nothing will be added."""

    path: Path
    start: Start
    closed: bool


def stretches(path: Path, cursor: Cursor) -> Iterator[Stretch]:
    """What is new since the cursor, the file itself last."""
    seen = stamp(path)
    if seen is None:
        return
    start = Start(cursor.offset, cursor.lines)
    if cursor.inode == seen[0] and _continues(path, cursor):
        yield Stretch(path, start, closed=False)
        return
    rotated = _rotated(path, cursor)
    if rotated:
        yield Stretch(rotated, start, closed=True)
    copied = not rotated and _continues(path, cursor)  # restored, or written by way of a second file
    yield Stretch(path, start if copied else Start(), closed=False)


def head(path: Path, offset: int) -> str:
    """A hash of the file's beginning, as far as it was read."""
    with path.open("rb") as stream:
        return hashlib.sha256(stream.read(min(offset, _HEAD))).hexdigest()


def _continues(path: Path, cursor: Cursor) -> bool:
    seen = stamp(path)
    return bool(cursor.offset and seen and seen[1] >= cursor.offset and head(path, cursor.offset) == cursor.head)


def _rotated(path: Path, cursor: Cursor) -> Path | None:
    """The file that was read before, under its new name."""
    if not cursor.inode:
        return None
    for other in sorted(path.parent.iterdir()):
        seen = stamp(other) if other != path else None
        if seen and seen[0] == cursor.inode and _continues(other, cursor):
            return other
    return None
