"""An SQLAlchemy engine for a database URL, and the database's complaints in plain sentences."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from activity_sync.store.failures import StoreFailure

READING = "activity_sync_reading"
"""Execution option of a connection that only reads: it does not wait for the one who writes."""

BUSY_SECONDS = 30
"""So long one waits for another who writes."""

_MAPPED = "mapped"
_MOST_MAPPED = 2**31  # bytes: what SQLite allows
_WRITER_LOCK = 7_140_001
_CONNECT_SECONDS = 10


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///file`, `sqlite://` (memory) or `postgresql[+psycopg]://...`. Nothing is opened yet.

    Raises StoreFailure for another kind of URL.
    """
    parsed = _parsed(url)
    return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)


def map_file(connection: Connection) -> None:
    """From now on this connection reads SQLite's file where the system holds it, without a copy of every page.

    For whoever looks up a lot: a third faster on a big index. The pages then count as memory of this process, which
    the system takes back when it wants; nobody else gets them, least of all a first load.
    """
    if connection.dialect.name == "sqlite" and not connection.info.get(_MAPPED):
        connection.exec_driver_sql(f"PRAGMA mmap_size = {_MOST_MAPPED}").close()
        connection.info[_MAPPED] = True


def shown(engine: Engine) -> str:
    """The database as it may be shown: a path, or host and name without password."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return f"{url.host or 'local socket'}/{url.database or ''}"


@contextmanager
def plain_complaints(engine: Engine) -> Iterator[None]:
    """What goes wrong with the database itself, inside the block, comes out as StoreFailure; our own bugs do not."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreFailure(f"Every connection to the database ({shown(engine)}) is in use.") from error
    except DBAPIError as error:
        failure = _sqlite_failure(engine, error) if engine.dialect.name == "sqlite" else _pg_failure(engine, error)
        if failure is None:
            raise
        raise failure from error


def _parsed(url: str) -> URL:
    form = "It has to read sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME."
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreFailure("The database URL cannot be read.", form) from error
    if backend == "postgres":
        backend = "postgresql"
    if backend not in ("sqlite", "postgresql"):
        raise StoreFailure(f"A database of the kind {backend} cannot be used.", form)
    return parsed.set(drivername="postgresql+psycopg") if backend == "postgresql" else parsed


def _sqlite(url: URL) -> Engine:
    in_memory: dict[str, Any] = {} if url.database else {"poolclass": StaticPool}
    engine = create_engine(
        url,
        hide_parameters=True,  # they hold what people wrote, and tokens
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        **in_memory,
    )
    event.listen(engine, "do_connect", _only_for_us)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _only_for_us(_dialect: Any, _record: Any, arguments: list[Any], _named: dict[str, Any]) -> None:
    """A new database file can be read by its owner only: it holds customers' data."""
    path = Path(arguments[0])
    if arguments[0] != ":memory:" and path.parent.is_dir() and not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own idea of when a transaction begins is too late for us: see _begin_sqlite.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # zeros in the place of what was deleted: see scrubbing.py
    connection.execute("PRAGMA cache_size = -32000")  # kB: a first load fills big indexes


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once, without waiting, when another one wrote in
    # between. So whoever may write takes the lock at the start.
    reading = connection.get_execution_options().get(READING)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    # No prepared statements: a plan that was made while a table was empty would be kept when it is full, and a first
    # load would go through the whole table for every thousand rows.
    connect = {"connect_timeout": _CONNECT_SECONDS, "prepare_threshold": None}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=connect)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    # As on SQLite, one writes at a time, from the first read on: else a judgement and a contact that arrives meanwhile
    # would each miss what the other has not committed yet. Transactions are short: the network is never inside one.
    if not connection.get_execution_options().get(READING):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'; SELECT pg_advisory_xact_lock({_WRITER_LOCK})"
        )


_SQLITE_SAYS = (
    ("database is locked", "is locked by another process.", "It is tried again; end what holds it if this stays."),
    ("disk is full", "cannot be written: the disk is full.", "Make room; nothing was lost."),
    ("disk i/o error", "cannot be read or written: the disk reports an error.", "Check the disk and the room on it."),
    ("unable to open", "cannot be opened.", "Check that its folder exists and may be written by this user."),
    ("readonly", "may not be written by this user.", "Change the owner or the rights of the file and its folder."),
    ("not a database", "is no SQLite database.", "Check the key `database` in the config."),
    ("malformed", "is damaged.", "Restore a backup with `activity-sync db restore FILE`."),
    ("no such table", "has no tables yet.", "Run `activity-sync db upgrade`."),
)


def _sqlite_failure(engine: Engine, error: DBAPIError) -> StoreFailure | None:
    said = str(error.orig).casefold()
    for sign, what, next_step in _SQLITE_SAYS:
        if sign in said:
            return StoreFailure(f"The database {shown(engine)} {what}", next_step)
    return None


_PG_SAYS = (
    ("28", "refuses this user or password.", "Check the key `database` in the config."),
    ("3D000", "does not exist.", "Create it, or check the key `database` in the config."),
    ("42P01", "has no tables yet.", "Run `activity-sync db upgrade`."),
    ("42501", "does not give this user the rights it needs.", "Let the user own the database."),
    ("53100", "cannot be written: the server's disk is full.", "Make room; nothing was lost."),
    ("53", "has no room for us now (memory or connections).", ""),
    ("40", "was busy with the same rows in another process.", ""),
    ("55P03", "was locked by another process.", ""),
    ("57", "was shut down or broke off.", "It is tried again when it is back."),
    ("25006", "may only be read now.", "Check that this is the primary server."),
)


def _pg_failure(engine: Engine, error: DBAPIError) -> StoreFailure | None:
    state = getattr(error.orig, "sqlstate", None) or ""
    for sign, what, next_step in _PG_SAYS:
        if state.startswith(sign):
            return StoreFailure(f"The database {shown(engine)} {what}", next_step)
    if error.connection_invalidated or not state:
        return _unreachable(engine, error)
    return None


def _unreachable(engine: Engine, error: DBAPIError) -> StoreFailure | None:
    import psycopg

    if not isinstance(error.orig, psycopg.OperationalError):
        return None
    said = str(error.orig)  # a refused connection has no sqlstate, only words
    for sign, state in (("does not exist", "3D000"), ("authentication failed", "28")):
        if sign in said:
            what, next_step = next((what, then) for known, what, then in _PG_SAYS if known == state)
            return StoreFailure(f"The database {shown(engine)} {what}", next_step)
    return StoreFailure(
        f"The database {shown(engine)} cannot be reached.", "Check that the server runs and is allowed."
    )
