"""Where pushed rows wait for the next reading: a file that only grows, in a folder of its own. Nothing that was
acknowledged is lost by a crash, and a delivery that is repeated is stored once.

When much of it was read and stored, it is put aside under another name and a new one begins; what was put aside is
read to its end, and deleted after a while. A backfill, and a database that comes back from a backup, read that too.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from activity_sync.model.settings import ImportDialer

REMEMBERED = timedelta(days=3)
"""How long a delivery is known again: senders repeat for about a day, each time with a new time and the same id."""

KEPT = timedelta(days=90)
"""How long rows lie on disk after they were put aside."""

LARGE = 16_000_000
"""Bytes at which the file is put aside."""

_ROWS = "rows.jsonl"
_MOST_IDS = 100_000


def place(dialer: ImportDialer, database: str) -> Path | None:
    """The file of this connection: beside its path, else beside the database (a URL). None: there is no such place."""
    if dialer.path is not None:
        return dialer.path.with_name(f"{dialer.path.name}.webhook") / _ROWS
    folder = _folder(database)
    return folder / dialer.name / _ROWS if folder is not None else None


def beside(database: str) -> list[Path]:
    """The files beside the database, whichever connections they are of. Raises OSError."""
    folder = _folder(database)
    return sorted(one / _ROWS for one in folder.iterdir()) if folder is not None and folder.is_dir() else []


def _folder(database: str) -> Path | None:
    file = database.partition("?")[0].removeprefix("sqlite:///")
    if not database.startswith("sqlite:///") or file in {"", ":memory:"} or file.startswith("file:"):
        return None
    return Path(file).with_name("webhook")


def put_aside(file: Path, inode: int, offset: int, now: datetime) -> None:
    """Put a large file aside of which so much was stored (`inode`, `offset`), and delete old ones.

    Raises OSError.
    """
    if offset < LARGE or not file.exists():
        return
    with _opened(file) as descriptor:
        seen = os.fstat(descriptor)
        if seen.st_ino != inode or seen.st_size < offset:
            return
        file.rename(file.with_name(f"{file.stem}-{time.time_ns():020d}{file.suffix}"))
    for old in aside(file):
        if now.timestamp() - old.stat().st_mtime > KEPT.total_seconds():
            old.unlink(missing_ok=True)


def aside(file: Path) -> list[Path]:
    """What was put aside, oldest first."""
    return sorted(file.parent.glob(f"{file.stem}-*{file.suffix}"))


class PushedRows:
    """The file, for one process that adds to it. Safe to share between threads."""

    def __init__(self, file: Path) -> None:
        """Nothing is opened or made before the first row."""
        self.file = file
        self._lock = threading.Lock()
        self._seen: dict[str, float] | None = None

    def add(self, delivery: str, lines: Sequence[bytes], now: datetime) -> bool:
        """Store the lines for good. False: the delivery with this id is there already. Raises OSError.

        A delivery without an id ("") is never known again.
        """
        mark = hashlib.sha256(delivery.encode()).hexdigest()[:32] if delivery else ""
        with self._lock:
            seen = self._ids(now)
            if mark and now.timestamp() - seen.get(mark, 0.0) < REMEMBERED.total_seconds():
                return False
            if lines:
                self._append(self.file, b"".join(line + b"\n" for line in lines))
            if mark:  # after the rows: a crash in between repeats rows, which does no harm
                self._append(self._ids_file, f"{now.timestamp():.0f} {mark}\n".encode())
                seen[mark] = now.timestamp()
        return True

    @property
    def _ids_file(self) -> Path:
        return self.file.with_name(f"{self.file.stem}.ids")

    def _ids(self, now: datetime) -> dict[str, float]:
        if self._seen is None or len(self._seen) > _MOST_IDS:
            since = now.timestamp() - REMEMBERED.total_seconds()
            self._seen = {mark: at for mark, at in self._told() if at > since}
            self._forget()
        return self._seen

    def _told(self) -> Iterator[tuple[str, float]]:
        try:
            text = self._ids_file.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return
        for line in text.splitlines():
            at, _, mark = line.partition(" ")
            if at.isdigit() and mark:
                yield mark, float(at)

    def _forget(self) -> None:
        """Write the ids anew, without the old ones."""
        if not self._seen and not self._ids_file.exists():
            return
        fresh = self._ids_file.with_suffix(".tmp")
        text = "".join(f"{at:.0f} {mark}\n" for mark, at in (self._seen or {}).items())
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
        fresh.replace(self._ids_file)

    def _append(self, file: Path, data: bytes) -> None:
        with _opened(file) as descriptor:
            size = os.fstat(descriptor).st_size
            try:
                _write(descriptor, data if _ends_well(descriptor, size) else b"\n" + data)
            except OSError:
                os.ftruncate(descriptor, size)  # half a row must not spoil the next one
                raise


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    """For adding, locked against another process that does the same."""
    new = not file.exists()
    if new:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = locked(file)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
    if new:
        _keep_name(file.parent)


def locked(file: Path) -> int:
    """A descriptor that can only add, with the lock, of the file that has this name when the lock is ours: it may be
    put aside while we wait."""
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.fstat(descriptor).st_ino == file.stat().st_ino:
                return descriptor
        os.close(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _keep_name(folder: Path) -> None:
    """A new file is there after a power cut only when its folder was written too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_well(descriptor: int, size: int) -> bool:
    """Whether the last line is whole; another process may have died while it wrote."""
    return not size or os.pread(descriptor, 1, size - 1) == b"\n"
