"""Databases for tests: a SQLite file or a PostgreSQL database of its own for every test that asks.

One PostgreSQL cluster serves the whole run, all xdist workers together: started when the first test wants it, in a
temporary folder, stopped by the process that started the run. Without a server binary those tests are skipped.
"""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from activity_sync.store.database import Database, open_database

_CLUSTER = "ACTIVITY_SYNC_TEST_CLUSTER"
_MEMORY, _ROOM = Path("/dev/shm"), 4 * 2**30

# To make a database for each test is five times as dear: the server copies a thousand files.
_EMPTIED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica; -- the order of the tables does not matter
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', one.tablename);
    END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', one.sequencename);
    END LOOP;
END $$
"""


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts the run names the cluster's folder; workers inherit the name."""
    if not hasattr(config, "workerinput"):
        os.environ[_CLUSTER] = tempfile.mkdtemp(prefix="as-pg-", dir=_MEMORY if _has_room() else None)
        if _has_room():  # nobody waits for a disk
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def _has_room() -> bool:
    return _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that started the run stops the cluster."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ.pop(_CLUSTER))
    if (folder / "data").exists():
        _run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_cluster() -> str:
    """A running PostgreSQL server: the URL of its maintenance database."""
    if _binary("initdb") is None:
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    folder = Path(os.environ[_CLUSTER])
    with _one_at_a_time(folder / "lock"):
        if not (folder / "started").exists():
            _start_cluster(folder)
            (folder / "started").touch()
    return f"postgresql+psycopg://postgres@/postgres?host={folder}"


@pytest.fixture
def postgresql_url(postgresql_cluster: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = f"t{uuid.uuid4().hex}"
    _statement(postgresql_cluster, f"CREATE DATABASE {name}")
    yield postgresql_cluster.replace("/postgres?", f"/{name}?")
    _statement(postgresql_cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """A database without tables: the test runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def empty_database(empty_url: str) -> Iterator[Database]:
    """A database without tables, opened: on SQLite and on PostgreSQL."""
    with _opened(empty_url) as database:
        yield database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    file = tmp_path_factory.mktemp("template") / "store.db"
    with _opened(f"sqlite:///{file}") as database:
        database.upgrade()
    return file


@pytest.fixture(scope="session")
def postgresql_with_tables(postgresql_cluster: str) -> str:
    """The URL of a PostgreSQL database with all tables: one for each worker, whom none disturbs."""
    name = f"worker_{uuid.uuid4().hex}"
    _statement(postgresql_cluster, f"CREATE DATABASE {name}")
    url = postgresql_cluster.replace("/postgres?", f"/{name}?")
    with _opened(url) as database:
        database.upgrade()
    return url


@pytest.fixture
def sqlite_database(sqlite_template: Path, sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with all tables."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    with _opened(sqlite_url) as database:
        yield database


@pytest.fixture
def postgresql_database(postgresql_with_tables: str) -> Iterator[Database]:
    """A PostgreSQL database with all tables and nothing in them."""
    with _opened(postgresql_with_tables) as database:
        yield database
    _statement(postgresql_with_tables, _EMPTIED)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A database with all tables: the test runs on SQLite and on PostgreSQL."""
    found = request.getfixturevalue(f"{request.param}_database")
    assert isinstance(found, Database)
    return found


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def _one_at_a_time(file: Path) -> Iterator[None]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _start_cluster(folder: Path) -> None:
    if user := _server_user():
        shutil.chown(folder, user)
    _run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
    _run("pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "-o", options, "start")


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    return "postgres" if "postgres:" in Path("/etc/passwd").read_text() else "nobody"


def _run(program: str, *arguments: str) -> None:
    binary = _binary(program)
    assert binary is not None
    subprocess.run(
        [binary, *arguments], user=_server_user(), cwd="/", check=True, stdout=subprocess.DEVNULL, timeout=60
    )


def _binary(program: str) -> str | None:
    newest_first = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)  # noqa: PTH207
    return shutil.which(program) or next(iter(newest_first), None)


def _statement(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())
