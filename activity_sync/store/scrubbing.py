"""No byte is left of what was deleted: free pages and journals keep it until they are overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine

from activity_sync.store.engines import BUSY_SECONDS, READING, plain_complaints, shown
from activity_sync.store.failures import StoreFailure

_PATIENCE_MS = 3_000  # for readers: whoever wants to write waits meanwhile


def scrub(engine: Engine, tables: Sequence[str]) -> None:
    """Write these tables anew (none: all; SQLite always all) without what was deleted from them.

    Takes long where they are big, and nobody else can write meanwhile. Raises StoreFailure.
    """
    if engine.dialect.name == "sqlite":
        with _outside_transactions(engine) as cursor:
            cursor.execute("VACUUM")
        empty_journal(engine)
        return
    reading = {"isolation_level": "AUTOCOMMIT", READING: True}
    with plain_complaints(engine), engine.connect().execution_options(**reading) as connection:
        connection.exec_driver_sql(f"VACUUM FULL {', '.join(tables)}")


def empty_journal(engine: Engine) -> None:
    """SQLite: what was overwritten is in the journal until all of it is in the file. Takes no time worth naming.

    The file then has zeros where something was deleted (`secure_delete`), but for single pages whose rows were moved
    to others before: `scrub` finds these too. PostgreSQL's journal is its server's. Raises StoreFailure while somebody
    reads for long.
    """
    if engine.dialect.name != "sqlite":
        return
    with _outside_transactions(engine) as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        try:
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    if busy:
        raise StoreFailure(
            f"The journal of {shown(engine)} still holds what was deleted: another process reads the database.",
            "Try again when that is done.",
        )


@contextmanager
def _outside_transactions(engine: Engine) -> Iterator[sqlite3.Cursor]:
    with plain_complaints(engine):
        raw = engine.raw_connection()
        try:
            yield raw.cursor()  # type: ignore[misc]
        finally:
            raw.close()
