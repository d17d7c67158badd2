"""Transactions, times, and what goes wrong with a database, in one sentence."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from activity_sync.store import facts
from activity_sync.store.database import Database, open_database
from activity_sync.store.failures import StoreFailure
from activity_sync.store.tables import Facts
from tests.builders import NOON


def _kept(database: Database, name: str = "it") -> object:
    with database.reading() as session:
        return facts.fact(session, name)


def test_a_transaction_is_kept_at_its_end(database: Database) -> None:
    with database.transaction() as session:
        facts.keep_fact(session, "it", {"a": [1, None]}, NOON)
    assert _kept(database) == {"a": [1, None]}


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def half_way() -> None:
        with database.transaction() as session:
            facts.keep_fact(session, "it", 1, NOON)
            raise RuntimeError("our own bug")

    with pytest.raises(RuntimeError, match="our own bug"):
        half_way()
    assert _kept(database) is None


def test_what_a_reading_changes_is_thrown_away(database: Database) -> None:
    with database.reading() as session:
        facts.keep_fact(session, "it", 1, NOON)
    assert _kept(database) is None


def test_a_reading_does_not_wait_for_the_one_who_writes(database: Database) -> None:
    with database.transaction() as session:
        facts.keep_fact(session, "it", 1, NOON)
        session.flush()
        assert _kept(database) is None
    assert _kept(database) == 1


def test_a_transaction_inside_another_is_our_own_bug_and_said_at_once(database: Database) -> None:
    with database.transaction(), pytest.raises(RuntimeError, match="inside another one"), database.transaction():
        pytest.fail("it would wait for itself")
    with database.transaction() as session:
        facts.keep_fact(session, "it", 1, NOON)
    assert _kept(database) == 1


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    there = datetime(2026, 7, 1, 14, 30, 0, 123456, timezone(timedelta(hours=5, minutes=30)))
    with database.transaction() as session:
        facts.keep_fact(session, "it", None, there)
    with database.reading() as session:
        at = facts.fact_at(session, "it")
        assert at == there
        assert at is not None
        assert at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(TypeError, match="without a time zone"), database.transaction() as session:
        facts.keep_fact(session, "it", None, datetime(2026, 7, 1))  # noqa: DTZ001


def test_sqlite_keeps_what_it_promised(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert found == ["wal", 2, 1, 30_000]


def test_a_new_file_is_for_its_owner_only(sqlite_url: str, tmp_path: Path) -> None:
    database = open_database(sqlite_url)
    database.upgrade()
    database.dispose()
    assert stat.S_IMODE((tmp_path / "store.db").stat().st_mode) == 0o600


def test_a_database_in_memory_is_one_for_all_its_sessions() -> None:
    database = open_database("sqlite://")
    database.upgrade()
    with database.transaction() as session:
        facts.keep_fact(session, "it", 1, NOON)
    assert (_kept(database), database.file) == (1, None)
    database.dispose()


def test_parameters_never_stand_in_an_error(database: Database) -> None:
    with database.transaction() as session:
        facts.keep_fact(session, "it", 1, NOON)
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.add(Facts(name="it", value="top secret", at=NOON))
    assert "top secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://u:hush@h/x", "of the kind mysql cannot be used"),
        ("not a url", "cannot be read"),
        ("sqlite:////nowhere/at/all/x.db", "cannot be opened. Check that its folder exists"),
        ("postgresql://u:hush@127.0.0.1:1/x", "127.0.0.1/x cannot be reached"),
    ],
)
def test_an_unusable_url_gives_one_sentence_without_the_password(url: str, says: str) -> None:
    with pytest.raises(StoreFailure, match=says) as caught:
        open_database(url).upgrade()
    assert "hush" not in str(caught.value)
    assert caught.value.why
    assert caught.value.next_step


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.write_text("These are the wrong notes, and there are enough of them to fill a header.\n" * 20)
    with pytest.raises(StoreFailure, match="is no SQLite database"):
        open_database(f"sqlite:///{file}").upgrade()


def test_a_damaged_database_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.transaction() as session:
        facts.keep_fact(session, "it", "x" * 200_000, NOON)
    sqlite_database.dispose()
    file = tmp_path / "store.db"
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xff" * 40_960)
    with pytest.raises(StoreFailure, match=r"is damaged\. Restore a backup"):
        _kept(sqlite_database)


def test_a_locked_database_is_named_after_the_wait(sqlite_database: Database, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with sqlite_database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[union-attr]
    with pytest.raises(StoreFailure, match="is locked by another process"), sqlite_database.transaction():
        pass
    holder.close()
    with sqlite_database.transaction() as session:
        facts.keep_fact(session, "it", 1, NOON)


def test_a_full_disk_is_named_and_nothing_is_half_written(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA max_page_count = 60")  # type: ignore[union-attr]

    def too_much() -> None:
        with sqlite_database.transaction() as session:
            facts.keep_fact(session, "small", 1, NOON)
            facts.keep_fact(session, "it", "x" * 2_000_000, NOON)

    with pytest.raises(StoreFailure, match=r"the disk is full\. Make room"):
        too_much()
    assert _kept(sqlite_database, "small") is None


def test_a_file_that_may_not_be_written_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    sqlite_database.upgrade()
    readonly = open_database(f"sqlite:///file:{tmp_path / 'store.db'}?mode=ro&uri=true")
    with pytest.raises(StoreFailure, match="may not be written by this user"), readonly.transaction() as session:
        facts.keep_fact(session, "it", 1, NOON)
    readonly.dispose()


def test_a_postgresql_that_breaks_off_is_named_and_used_again_when_it_is_back(postgresql_database: Database) -> None:
    def broken_off() -> None:
        with postgresql_database.transaction() as session:
            mine = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with postgresql_database.reading() as other:
                other.connection().exec_driver_sql(f"SELECT pg_terminate_backend({mine})")
            facts.keep_fact(session, "it", 1, NOON)

    with pytest.raises(StoreFailure, match=r"was shut down or broke off|cannot be reached"):
        broken_off()
    assert _kept(postgresql_database) is None
    with postgresql_database.transaction() as session:
        facts.keep_fact(session, "it", 2, NOON)
    assert _kept(postgresql_database) == 2


def test_a_postgresql_database_that_is_not_there_is_named(postgresql_cluster: str) -> None:
    missing = open_database(postgresql_cluster.replace("/postgres?", "/nothing_here?"))
    with pytest.raises(StoreFailure, match=r"nothing_here does not exist\. Create it"):
        missing.upgrade()


def test_opening_is_light_until_it_is_used() -> None:
    code = (
        "import sys; import activity_sync.store.database, activity_sync.store.failures; "
        "print([m for m in ('sqlmodel', 'sqlalchemy', 'alembic', 'psycopg', 'pydantic') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
