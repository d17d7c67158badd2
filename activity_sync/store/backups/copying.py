"""`db backup` and `db restore`, whatever the database."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from activity_sync.store.backups import postgresql, sqlite
from activity_sync.store.backups.restored import after_restore
from activity_sync.store.database import Database
from activity_sync.store.failures import StoreFailure


def back_up(database: Database, target: Path) -> int:
    """Write everything into `target` while others go on working; returns its size in bytes. Raises StoreFailure.

    A file that is there already is replaced, when the new one is whole and proved.
    """
    if database.file is not None and target.exists() and target.samefile(database.file):
        raise StoreFailure(f"{target} is the database itself.", "Name another file.")
    part = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        _kind(database).dump(database, part)
        part.replace(target)
    except OSError as error:
        raise StoreFailure(f"{target} cannot be written: {error.strerror}.", "Check its folder.") from error
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def restore(database: Database, source: Path, now: datetime, ahead: timedelta) -> Path | None:
    """Replace everything by what `source` holds, if that is whole and of this program.

    `ahead`: how far ahead meetings are written. Returns where the database as it was is kept, None: there was none.
    The one who calls holds the lease. Raises StoreFailure, and has changed nothing then.
    """
    if not source.is_file():
        raise StoreFailure(f"There is no file {source}.", "Name the backup.")
    kind = _kind(database)
    kind.prove(database, source)
    kept = kind.keep_present(database, now)
    kind.load(database, source)
    database.upgrade()
    with database.transaction() as session:
        after_restore(session, now, ahead)
    return kept


def _kind(database: Database) -> type[sqlite.Sqlite] | type[postgresql.Postgresql]:
    if database.kind == "postgresql":
        return postgresql.Postgresql
    if database.file is None:
        raise StoreFailure("A database in memory has no backup.", "Give `database` a file.")
    return sqlite.Sqlite
