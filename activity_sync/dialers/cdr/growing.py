"""Files to which a telephone system adds a line for each call, and which are rotated now and then.

1. What was read is remembered by the file itself (its inode and beginning), not by its name.
2. A file that was renamed is read to its end under its new name; so is a copy of one that was then emptied.
3. A last line without an end may be half written. It is taken when it looks whole, but the cursor stays before it.
4. A file that was packed after its rotation (`.gz`) is read on where the unpacked one was left, once.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import re
import stat
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from activity_sync.dialers.cdr.cursor import Place

QUIET = 5.0
"""Seconds after which nobody is writing a line any more."""

LONGEST_LINE = 100_000
_HEAD = 1024
_GZIP = ".gz"
_FOREIGN = (".bz2", ".xz", ".zst", ".zip", ".tmp", ".swp", ".rejects")
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `where`: file and number, for a person; `cells` None: it is no CSV; `head`: the file's first line."""

    where: str
    cells: list[str] | None
    head: list[str] | None


@dataclass(slots=True)
class Files:
    """The files that a pattern names, read on from where the `places` are. `since`: files that were not written to
    since then are passed over. After `lines`, `now_at` holds the places to go on from."""

    pattern: str
    places: Sequence[Place]
    since: datetime
    now_at: list[Place] = field(default_factory=list)
    _known: dict[int, Place] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        """All that is new. Raises OSError for what is there and cannot be read."""
        self._known = {place.inode: place for place in self.places}
        for path in paths(self.pattern):
            with suppress(FileNotFoundError):  # it was rotated this moment: found below, or next time
                yield from self._file(path, stays=True)
        for path in self._beside():
            with suppress(OSError):
                yield from self._file(path, stays=False)

    def _file(self, path: Path, *, stays: bool) -> Iterator[Line]:
        packed = _is_packed(path)
        with _opened(path) as stream:
            told = os.fstat(stream.fileno())
            if not stat.S_ISREG(told.st_mode) or told.st_mtime < self.since.timestamp():
                return
            quiet = abs(time.time() - told.st_mtime) >= QUIET
            place = None
            try:
                place = self._place(stream, told, packed=packed)
                if place is None and not stays:
                    return
                if packed and place is not None and place.inode == told.st_ino:
                    self.now_at.append(place)  # it was read to its end, and nobody adds to it
                    return
                reading = _Reading(path, stream, place or Place(inode=told.st_ino), closed=packed or not stays)
                reading.quiet = quiet
                yield from reading.lines()
                if stays:
                    self.now_at.append(reading.place(told.st_ino))
            except _BROKEN:
                if not packed:
                    raise
                self.now_at += [place] if place is not None else []
                if quiet:  # else it is being packed this moment
                    yield Line(path.name, None, None)

    def _place(self, stream: BinaryIO, told: os.stat_result, *, packed: bool) -> Place | None:
        """Where this very file, or the one that it is a copy of, was left. How long a packed one is nobody tells."""
        own = self._known.get(told.st_ino)
        others = [place for place in self._known.values() if place is not own and place.offset]
        for place in [*([own] if own and own.offset else []), *others]:
            long = packed or told.st_size >= place.offset
            if long and _head(stream, place.offset) == place.head and stream.seek(place.offset) == place.offset:
                del self._known[place.inode]
                return place
        return None

    def _beside(self) -> list[Path]:
        """What lies beside the files and may be one of them under a new name; asked for while one is missing."""
        if not any(place.offset for place in self._known.values()):
            return []
        folder = Path(self.pattern).parent
        named = set(paths(self.pattern))
        try:
            return [path for path in sorted(folder.iterdir()) if path not in named and _is_plain(path)]
        except OSError:
            return []


def paths(pattern: str) -> list[Path]:
    """The files that a name, or a name with `*`, `?` or `[`, stands for; oldest first. Raises OSError.

    A name alone stands for its rotated files too (`Master.csv.1`, `Master.csv-20260301`, `Master-20260301.csv`, packed
    or not): they may have been rotated before they were read, and more than once.
    """
    name = Path(pattern)
    if _WILD & set(pattern):
        root = Path(name.anchor) if name.anchor else Path()
        there = [path for path in root.glob(str(name.relative_to(root))) if _is_plain(path)]
    else:
        there = [name, *_rotated(name)]
    unpacked = set(there)
    there = [path for path in there if not (_is_packed(path) and path.with_suffix("") in unpacked)]  # being packed
    dated = [(at, path) for path in there if (at := _written_at(path)) is not None]
    return [path for _, path in sorted(dated)]


def _rotated(name: Path) -> list[Path]:
    stem, ext = re.escape(name.stem), re.escape(name.suffix)
    named = re.compile(rf"(?:{stem}{ext}[.-]\d[\d._-]*|{stem}[.-]\d[\d._-]*{ext})(?:{re.escape(_GZIP)})?")
    if not name.parent.is_dir():
        return []
    return [path for path in name.parent.iterdir() if named.fullmatch(path.name)]


@dataclass(slots=True)
class _Reading:
    path: Path
    stream: BinaryIO
    start: Place
    closed: bool
    quiet: bool = False
    offset: int = 0
    number: int = 0
    width: int = 0
    head: list[str] | None = None

    def lines(self) -> Iterator[Line]:
        self.offset, self.number, self.width = self.start.offset, self.start.lines, self.start.width
        self.stream.seek(0)
        self.head = _cells(self.stream.readline(LONGEST_LINE))
        self.stream.seek(self.offset)
        while raw := self.stream.readline(LONGEST_LINE):
            ended = raw.endswith(b"\n")
            cells = _cells(raw)
            if not ended and len(raw) < LONGEST_LINE and not self.closed:
                if cells and self._looks_whole(cells):
                    yield Line(f"{self.path.name}:{self.number + 1}", cells, self.head)
                return
            self.offset += len(raw)
            self.number += ended
            if raw.strip():
                self.width = len(cells) if cells else self.width
                yield Line(f"{self.path.name}:{self.number + (not ended)}", cells, self.head)

    def _looks_whole(self, cells: Sequence[str]) -> bool:
        return len(cells) == self.width if self.width else self.quiet

    def place(self, inode: int) -> Place:
        head = _head(self.stream, self.offset)
        return Place(inode=inode, offset=self.offset, lines=self.number, head=head, width=self.width)


def _head(stream: BinaryIO, offset: int) -> str:
    stream.seek(0)
    return hashlib.sha256(stream.read(min(offset, _HEAD))).hexdigest()[:32]


def _cells(raw: bytes) -> list[str] | None:
    """The cells of a line; None when it is no CSV. Names may be in any one-byte alphabet."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    text = text.lstrip("\ufeff").rstrip("\r\n")
    try:
        return next(csv.reader(io.StringIO(text), strict=True), [])
    except csv.Error:
        return None


def _is_plain(path: Path) -> bool:
    return not path.name.startswith(".") and not path.name.casefold().endswith(_FOREIGN)


def _is_packed(path: Path) -> bool:
    return path.name.casefold().endswith(_GZIP)


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb")) if _is_packed(path) else path.open("rb")


def _written_at(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
