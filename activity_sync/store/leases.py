"""Who does the rounds: one process at a time, so that two daemons started by mistake do no harm."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from activity_sync.store.database import Database
from activity_sync.store.engines import READING, plain_complaints, shown
from activity_sync.store.failures import StoreFailure

_PAUSE_SECONDS = 0.1


@contextmanager
def alone(database: Database, name: str = "rounds", wait: timedelta = timedelta()) -> Iterator[Callable[[], None]]:
    """Hold the lease `name` in the block. It is freed at its end, or when the process dies in whatever way.

    Waits up to `wait` for another holder, then raises StoreFailure. Hands over a function that raises StoreFailure
    when the lease was lost meanwhile (PostgreSQL was restarted): call it before every write to Zoho.
    """
    file = database.file
    if file is not None:
        with _locked_file(file.with_name(f"{file.name}.{name}.lock"), wait):
            yield _never_lost
    elif database.kind == "postgresql":
        with _advisory_lock(database, name, wait) as still_ours:
            yield still_ours
    else:
        yield _never_lost  # in memory: nobody else can see it


def _never_lost() -> None:
    """A file lock lives as long as its process."""


@contextmanager
def _locked_file(path: Path, wait: timedelta) -> Iterator[None]:
    import fcntl

    def lock() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreFailure(f"The lock file {path} cannot be opened: {error.strerror}.", "Check its folder.") from error
    try:
        _until(lock, wait, str(path))
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _advisory_lock(database: Database, name: str, wait: timedelta) -> Iterator[Callable[[], None]]:
    number = int.from_bytes(hashlib.sha256(f"activity-sync {name}".encode()).digest()[:8], signed=True)

    with plain_complaints(database.engine):
        # Not one of the pool's: the lock belongs to the connection, and is gone with it.
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT", **{READING: True})
        connection.detach()
    with connection:
        with plain_complaints(database.engine):
            _until(lambda: _answers(connection, f"SELECT pg_try_advisory_lock({number})"), wait, shown(database.engine))
        try:
            yield lambda: _still_there(connection)
        finally:
            with suppress(SQLAlchemyError):  # a connection that was lost has freed it already
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({number})")


def _answers(connection: Connection, question: str) -> bool:
    return bool(connection.exec_driver_sql(question).scalar())


def _still_there(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("SELECT 1")
    except DBAPIError as error:
        raise StoreFailure(
            "The connection that keeps other processes away was lost.", "The next round starts anew."
        ) from error


def _until(try_it: Callable[[], bool], wait: timedelta, place: str) -> None:
    deadline = time.monotonic() + wait.total_seconds()
    while not try_it():
        if time.monotonic() >= deadline:
            raise StoreFailure(
                f"Another Activity Sync is at work on this database ({place}).", "Let it finish, or end it."
            )
        time.sleep(_PAUSE_SECONDS)
