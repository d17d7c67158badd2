"""An import as a source: a spool folder, or one file that grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from activity_sync.dialers.imported import growing, pushed, spool
from activity_sync.dialers.imported.cursor import Cursor, Partly, Stamp, read_cursor
from activity_sync.dialers.imported.growing import Stretch
from activity_sync.dialers.imported.portion import Portion
from activity_sync.dialers.imported.readings import NoRow
from activity_sync.dialers.imported.records import Format, Record, Start, records
from activity_sync.dialers.imported.rejects import add_rejects
from activity_sync.dialers.imported.rows import UNRANKED, Directory, Told, directory_of, latest, read_at
from activity_sync.model.call_window import is_inside
from activity_sync.model.failures import SignInAgain
from activity_sync.model.ports import Changes, Span, Unreadable
from activity_sync.model.settings import ImportDialer, Settings
from activity_sync.model.whole_account import WholeAccount

PORTION = 10_000
"""Rows that are read at once: so that a file of any size needs little room."""


@dataclass(slots=True)
class Imported(WholeAccount):
    """Rows of files. Bad lines are returned, and written beside the file as `<name>.rejects`."""

    dialer: ImportDialer
    whole: Settings
    _directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        self._directory = directory_of(self.dialer, self.whole)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """New rows. Files that the cursor says were stored are moved away. Raises SignInAgain, StartOver."""
        del part
        since, reading = read_cursor(cursor), Portion(span, PORTION)
        after = replace(self._read_path(since, reading), pushed=self._read_pushed(since, reading), more=reading.is_full)
        if after == since and not reading.told and not reading.unreadable:
            return Changes(cursor=cursor)
        told = latest(reading.told, since.ranks)
        ranks = {one.record_id: one.rank for one in told if one.rank != UNRANKED}
        fresh = {name: rank for name, rank in since.ranks.items() if name not in ranks}
        return reading.changes(told, str(replace(after, ranks={**fresh, **ranks})))

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """Nothing: a file tells a call when it has something to tell."""
        del part, native_ids
        return Changes()

    def probe(self, part: str) -> str:
        """Looks at the path."""
        del part
        path = self.dialer.path
        if path is None:
            return "no path: rows come by webhook only"
        with _readable(path):
            if not _exists(path):
                return f"{path} does not exist yet"
            if path.is_dir():
                return f"{len(spool.final(path))} files wait in {path}"
            with path.open("rb"):
                return f"{path} can be read"

    def close(self) -> None:
        """Nothing is held open."""

    def _read_path(self, since: Cursor, reading: Portion) -> Cursor:
        path = self.dialer.path
        with _readable(path):
            if path is None or not _exists(path):
                return since
            read = self._read_folder if path.is_dir() else self._read_growing
            return read(path, since, reading)

    def _read_pushed(self, since: Cursor, reading: Portion) -> Cursor | None:
        """Also without a webhook in the config: what was acknowledged while there was one is read."""
        file = pushed.place(self.dialer, self.whole.database)
        with _readable(file):
            if file is None or not (_exists(file) or pushed.aside(file)):
                return since.pushed
            before = since.pushed or Cursor()
            if not since.more:
                pushed.put_aside(file, before.inode, before.offset, reading.span.now)
            return self._read_row_files(file, before, reading)

    def _read_row_files(self, file: Path, since: Cursor, reading: Portion) -> Cursor:
        """The rest of the file at which the cursor stands, and those after it; all of them for a cursor that stands
        at none."""
        files = [*pushed.aside(file), file]
        known = [spool.stamp(path) for path in files]
        at = next((number for number, seen in enumerate(known) if seen and seen[0] == since.inode), None)
        after = since if at is not None or len(files) == 1 else Cursor()
        for path in files[at or 0 :]:
            if reading.is_full:
                break
            after = self._read_growing(path, after, reading, "jsonl")
        return after

    def _read_folder(self, folder: Path, since: Cursor, reading: Portion) -> Cursor:
        handed = dict(since.handed) if since.more else spool.put_away(folder, since.handed)
        known = [*spool.unknown(folder, handed, since.moved), *spool.waiting(folder, handed)]
        for path in _partly_first(known, folder, since.partly):
            name, seen = spool.name_of(path, folder), spool.stamp(path)
            if seen is None or reading.is_full:
                continue
            end = self._read_spooled(name, path, reading, _start_in(name, seen, since.partly))
            if end is None or end.whole:
                handed |= {name: seen} if end is not None or spool.is_done(name) else {}
            else:
                return Cursor(handed=handed, moved=since.moved, partly=(name, seen, end.offset, end.lines))
        if reading.is_full:
            return Cursor(handed=handed, moved=since.moved)
        waiting = {name: seen for name, seen in handed.items() if not spool.is_done(name)}
        return Cursor(handed=waiting, moved=spool.last_moved(folder))

    def _read_spooled(self, name: str, path: Path, reading: Portion, start: Start) -> _End | None:
        before = len(reading.unreadable)
        end = self._take(path, reading, start)
        if end is not None and not spool.is_done(name):
            add_rejects(path, reading.unreadable[before:], anew=not start.offset)
        return end

    def _read_growing(self, path: Path, since: Cursor, reading: Portion, form: Format | None = None) -> Cursor:
        after = since
        for stretch in growing.stretches(path, since):
            if reading.is_full:
                break
            after = self._read_stretch(stretch, reading, form or self.dialer.format) or after
        return after

    def _read_stretch(self, stretch: Stretch, reading: Portion, form: Format) -> Cursor | None:
        seen, before = spool.stamp(stretch.path), len(reading.unreadable)
        end = stretch.start
        try:
            with stretch.path.open("rb") as stream:
                for record in records(stream, form, stretch.start, closed=stretch.closed):
                    self._note(stretch.path, record, reading)
                    end = Start(record.end, record.lines)
                    if reading.is_full:
                        break
            add_rejects(stretch.path, reading.unreadable[before:], anew=not stretch.start.offset)
            head = growing.head(stretch.path, end.offset)
        except FileNotFoundError:
            return None
        return Cursor(inode=seen[0] if seen else 0, offset=end.offset, lines=end.lines, head=head)

    def _take(self, path: Path, reading: Portion, start: Start) -> _End | None:
        """Read a file from there on, as far as a portion goes; None when it cannot be opened."""
        end = start
        try:
            with path.open("rb") as stream:
                for record in records(stream, self.dialer.format, start):
                    self._note(path, record, reading)
                    end = Start(record.end, record.lines)
                    if reading.is_full:
                        return _End(end.offset, end.lines, whole=False)
        except OSError as error:
            reading.unreadable.append(Unreadable(path.name, f"it cannot be read ({error.strerror})"))
            return None
        return _End(end.offset, end.lines, whole=True)

    def _note(self, path: Path, record: Record, reading: Portion) -> None:
        told = self._told(record, reading.span.now)
        if isinstance(told, Told):
            inside = told.leg is None or told.withdrawn or is_inside(told.leg.started, reading.span)
            reading.rows += inside
            if inside:
                reading.told.append(told)
            elif told.leg is not None and not self._is_done(path):
                reading.leave_out(told.leg.started)
        elif told is not None:
            reading.rows += 1
            reading.unreadable.append(Unreadable(f"{path.name}:{record.line}", str(told)))

    def _is_done(self, path: Path) -> bool:
        return self.dialer.path is not None and spool.is_done(spool.name_of(path, self.dialer.path))

    def _told(self, record: Record, now: datetime) -> Told | NoRow | None:
        if record.row is None or isinstance(record.row, NoRow):
            return record.row
        try:
            return read_at(record.row, self._directory, now)
        except NoRow as reason:
            return reason


@dataclass(frozen=True, slots=True)
class _End:
    """How far a file was read; `whole`: to its end."""

    offset: int
    lines: int
    whole: bool


def _partly_first(paths: Sequence[Path], folder: Path, partly: Partly | None) -> list[Path]:
    return sorted(paths, key=lambda path: partly is None or spool.name_of(path, folder) != partly[0])


def _start_in(name: str, seen: Stamp, partly: Partly | None) -> Start:
    """Where the rest of a file begins; a file that is another by now is read anew."""
    if partly is None or partly[:2] != (name, seen):
        return Start()
    return Start(partly[2], partly[3])


@contextmanager
def _readable(path: Path | None) -> Iterator[None]:
    """A path that the system refuses is a person's to mend."""
    try:
        yield
    except OSError as error:
        raise SignInAgain(f"{path} cannot be read ({error.strerror}).", "Let this program's user read it.") from None


def _exists(path: Path) -> bool:
    """Whether it is there. Raises OSError when that cannot be told."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True
