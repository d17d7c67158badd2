"""An import as a source: a spool folder, or one file that grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from activity_sync.dialers.imported import growing, pushed, spool
from activity_sync.dialers.imported.cursor import Cursor, Stamp, read_cursor
from activity_sync.dialers.imported.growing import Stretch
from activity_sync.dialers.imported.readings import NoRow
from activity_sync.dialers.imported.records import Format, Record, Start, records
from activity_sync.dialers.imported.rejects import add_rejects, write_rejects
from activity_sync.dialers.imported.rows import UNRANKED, Directory, Told, directory_of, latest, read_at
from activity_sync.model.failures import SignInAgain
from activity_sync.model.interactions import CallLeg
from activity_sync.model.ports import Changes, Span, Unreadable
from activity_sync.model.records import User
from activity_sync.model.settings import ImportDialer, Settings


@dataclass(slots=True)
class _Reading:
    """What one reading has found so far."""

    now: datetime
    told: list[Told] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


@dataclass(slots=True)
class Imported:
    """Rows of files. Bad lines are returned, and written beside the file as `<name>.rejects`."""

    dialer: ImportDialer
    whole: Settings
    _directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        self._directory = directory_of(self.dialer, self.whole)

    @property
    def name(self) -> str:
        """The connection's name in the config."""
        return self.dialer.name

    @property
    def kind(self) -> str:
        """Always `import`."""
        return self.dialer.kind

    def parts(self, users: Sequence[User]) -> Sequence[str]:
        """One: the folder or the file, together with what was pushed."""
        del users
        return ("",)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """New rows. Files that the cursor says were stored are moved away. Raises SignInAgain, StartOver."""
        del part
        since, reading = read_cursor(cursor), _Reading(span.now)
        after = replace(self._read_path(since, reading), pushed=self._read_pushed(since, reading))
        if after == since and not reading.told and not reading.unreadable:
            return Changes(cursor=cursor)
        told = latest(reading.told, since.ranks)
        ranks = {one.record_id: one.rank for one in told if one.rank != UNRANKED}
        fresh = {name: rank for name, rank in since.ranks.items() if name not in ranks}
        return _changes(told, reading, span, str(replace(after, ranks={**fresh, **ranks})))

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

    def _read_path(self, since: Cursor, reading: _Reading) -> Cursor:
        path = self.dialer.path
        with _readable(path):
            if path is None or not _exists(path):
                return since
            read = self._read_folder if path.is_dir() else self._read_growing
            return read(path, since, reading)

    def _read_pushed(self, since: Cursor, reading: _Reading) -> Cursor | None:
        """Also without a webhook in the config: what was acknowledged while there was one is read."""
        file = pushed.place(self.dialer, self.whole.database)
        with _readable(file):
            if file is None or not _exists(file):
                return since.pushed
            return self._read_growing(file, since.pushed or Cursor(), reading, "jsonl")

    def _read_folder(self, folder: Path, since: Cursor, reading: _Reading) -> Cursor:
        left = spool.put_away(folder, since.handed)
        moved = spool.last_moved(folder)
        for path in spool.unknown(folder, since.handed, since.moved):
            self._take(path, reading)
        handed: dict[str, Stamp] = dict(left)
        for path in spool.waiting(folder, left):
            seen = spool.stamp(path)
            bad = self._take(path, reading)
            if seen is not None and bad is not None:
                handed[path.name] = seen
                write_rejects(path, bad)
        return Cursor(handed=handed, moved=moved)

    def _read_growing(self, path: Path, since: Cursor, reading: _Reading, form: Format | None = None) -> Cursor:
        after = since
        for stretch in growing.stretches(path, since):
            after = self._read_stretch(stretch, reading, form or self.dialer.format) or after
        return after

    def _read_stretch(self, stretch: Stretch, reading: _Reading, form: Format) -> Cursor | None:
        seen, before = spool.stamp(stretch.path), len(reading.unreadable)
        end = stretch.start
        try:
            with stretch.path.open("rb") as stream:
                for record in records(stream, form, stretch.start, closed=stretch.closed):
                    self._note(stretch.path, record, reading)
                    end = Start(record.end, record.lines)
            add_rejects(stretch.path, reading.unreadable[before:], anew=not stretch.start.offset)
            head = growing.head(stretch.path, end.offset)
        except FileNotFoundError:
            return None
        return Cursor(inode=seen[0] if seen else 0, offset=end.offset, lines=end.lines, head=head)

    def _take(self, path: Path, reading: _Reading) -> list[Unreadable] | None:
        """Read a whole file; its bad lines, or None when it cannot be opened."""
        before = len(reading.unreadable)
        try:
            with path.open("rb") as stream:
                for record in records(stream, self.dialer.format):
                    self._note(path, record, reading)
        except OSError as error:
            reading.unreadable.append(Unreadable(path.name, f"it cannot be read ({error.strerror})"))
            return None
        return reading.unreadable[before:]

    def _note(self, path: Path, record: Record, reading: _Reading) -> None:
        told = self._told(record, reading.now)
        if isinstance(told, Told):
            reading.told.append(told)
        elif told is not None:
            reading.unreadable.append(Unreadable(f"{path.name}:{record.line}", str(told)))

    def _told(self, record: Record, now: datetime) -> Told | NoRow | None:
        if record.row is None or isinstance(record.row, NoRow):
            return record.row
        try:
            return read_at(record.row, self._directory, now)
        except NoRow as reason:
            return reason


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


def _changes(told: Iterable[Told], reading: _Reading, span: Span, cursor: str) -> Changes:
    legs: list[CallLeg] = []
    gone: list[str] = []
    for one in told:
        if one.leg and _is_inside(one.leg.started, span):
            legs.append(one.leg)
        elif one.withdrawn:
            gone.append(one.record_id)
    return Changes(sightings=legs, gone=gone, unreadable=reading.unreadable, cursor=cursor)


def _is_inside(started: datetime, span: Span) -> bool:
    """Only a closed range of the past has an upper bound: a clock that is a little fast must lose no call."""
    return span.oldest <= started and (started <= span.newest or span.newest >= span.now)
