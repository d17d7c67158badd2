"""SQLite: its own online copy, which others neither disturb nor feel."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from activity_sync.store.database import Database
from activity_sync.store.failures import StoreFailure
from activity_sync.store.schema import known

_BUSY_SECONDS = 30


class Sqlite:
    """A file is copied page by page through SQLite itself."""

    @staticmethod
    def dump(database: Database, target: Path) -> None:
        """The database into a new file, proved."""
        try:
            with closing(_opened(_file(database))) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
                _complain(copy, target)
        except sqlite3.Error as error:
            raise StoreFailure(f"{target} cannot be made: {error}.", "Check the disk and the room on it.") from error

    @staticmethod
    def prove(database: Database, source: Path) -> None:
        """Raises StoreFailure unless it is a whole database of this program, not a newer one."""
        del database
        try:
            with closing(_opened(source)) as copy:
                _complain(copy, source)
                revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
                copy.execute("SELECT count(*) FROM interaction").fetchone()
        except sqlite3.Error as error:
            why = f"{source} is no backup of Activity Sync ({error})."
            raise StoreFailure(why, "Nothing was changed. Name a file that `activity-sync db backup` made.") from error
        if revision is None or not known(str(revision[0])):
            raise StoreFailure(f"{source} was made by a newer Activity Sync.", "Install that version first.")

    @staticmethod
    def keep_present(database: Database, now: datetime) -> Path | None:
        """The database as it is now, beside itself."""
        file = _file(database)
        if not file.exists():
            return None
        kept = file.with_name(f"{file.name}.before-restore-{now:%Y%m%d-%H%M%S}")
        try:
            Sqlite.dump(database, kept)
        except StoreFailure:
            kept.unlink(missing_ok=True)
            _put_aside(file, kept)  # it is damaged: kept as it is, and out of the way
        kept.chmod(0o600)
        return kept

    @staticmethod
    def load(database: Database, source: Path) -> None:
        """Replace the contents, in one transaction."""
        database.dispose()
        try:
            with closing(_opened(source)) as copy, closing(_connected(_file(database))) as target:
                copy.backup(target)
        except sqlite3.Error as error:
            raise StoreFailure(f"The backup cannot be copied: {error}.", "End what uses the database.") from error


def _file(database: Database) -> Path:
    assert database.file is not None
    return database.file


def _opened(file: Path) -> sqlite3.Connection:
    if not file.is_file():
        raise StoreFailure(f"There is no file {file}.")
    return _connected(file)


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=_BUSY_SECONDS)


def _complain(copy: sqlite3.Connection, file: Path) -> None:
    """Raises StoreFailure when SQLite's own check finds something."""
    found = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found is None or found[0] != "ok":
        raise StoreFailure(f"{file} is damaged: {found[0] if found else 'nothing can be read'}.", "Take another one.")


def _put_aside(file: Path, kept: Path) -> None:
    file.replace(kept)
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
