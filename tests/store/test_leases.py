"""Only one process does the rounds."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from activity_sync.store.database import Database
from activity_sync.store.failures import StoreFailure
from activity_sync.store.leases import alone

_HOLD = """
import sys, time
from activity_sync.store.database import open_database
from activity_sync.store.leases import alone
with alone(open_database(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@contextmanager
def _another_process(database: Database) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", _HOLD, _url(database)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_holder_is_told_who_is_in_the_way(database: Database) -> None:
    with alone(database):
        with pytest.raises(StoreFailure, match="Another Activity Sync is at work on this database"), alone(database):
            pytest.fail("two hold it")
        with alone(database, "something else"):
            pass
    with alone(database):
        pass


def test_the_lease_is_freed_by_an_exception(database: Database) -> None:
    with pytest.raises(RuntimeError), alone(database):
        raise RuntimeError
    with alone(database):
        pass


def test_the_second_waits_for_the_first(database: Database) -> None:
    held, ended = threading.Event(), []

    def first() -> None:
        with alone(database):
            held.set()
            time.sleep(0.3)
            ended.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    held.wait(5)
    with alone(database, wait=timedelta(seconds=10)):
        assert ended == ["first"]
    thread.join()


def test_a_holder_that_is_killed_frees_it(database: Database) -> None:
    with _another_process(database) as holder:
        with pytest.raises(StoreFailure), alone(database):
            pytest.fail("two hold it")
        holder.send_signal(signal.SIGKILL)
        with alone(database, wait=timedelta(seconds=10)) as still_ours:
            still_ours()


def test_work_goes_on_under_the_lease(database: Database) -> None:
    with alone(database) as still_ours, database.transaction(), database.reading():
        still_ours()


def test_a_lease_that_was_lost_says_so(postgresql_database: Database) -> None:
    with alone(postgresql_database) as still_ours:
        with postgresql_database.reading() as session:
            ours = "SELECT oid FROM pg_database WHERE datname = current_database()"
            session.connection().exec_driver_sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = ({ours})"
            )
        with pytest.raises(StoreFailure, match="keeps other processes away was lost"):
            still_ours()
