"""Backups: whole or refused, while others work; no number is given twice, and what may be in Zoho is looked for."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from activity_sync.model.writes import WriteState
from activity_sync.store import facts, outbox, runs
from activity_sync.store.backups import back_up, restore
from activity_sync.store.database import Database
from activity_sync.store.failures import StoreFailure
from tests.builders import NOON
from tests.store.builders import a_create, an_update, stored

AHEAD = timedelta(days=14)


def filled(database: Database) -> str:
    """With an interaction and a write that was not sent."""
    with database.transaction() as session:
        (key,) = stored(session)
        runs.start_run(session, "sync", NOON)
        facts.keep_fact(session, "odd", {"text": "a\tb\\N\n\u2028ü"}, NOON)
        outbox.add(session, key, [a_create(), an_update("task:recap")], 1, NOON)
    return key


def test_what_was_backed_up_comes_back_and_what_came_later_is_gone(database: Database, tmp_path: Path) -> None:
    key, file = filled(database), tmp_path / "backup"
    assert back_up(database, file) == file.stat().st_size > 0
    assert file.stat().st_mode & 0o077 == 0
    with database.transaction() as session:
        facts.keep_fact(session, "odd", None, NOON)
        runs.start_run(session, "sync", NOON)
    restore(database, file, NOON, AHEAD)
    with database.transaction() as session:
        assert facts.fact(session, "odd") == {"text": "a\tb\\N\n\u2028ü"}
        assert [row.number for row in runs.latest_runs(session, 9)] == [1]
        assert runs.start_run(session, "sync", NOON) == 2
        states = {row.write.slot: row.state for row in outbox.rows_of(session, key)}
        assert states == {"activity": WriteState.UNCERTAIN, "task:recap": WriteState.READY}
        (fresh,) = outbox.add(session, key, [a_create("task:other"), an_update("task:recap")], 2, NOON).rows
        row = outbox.row(session, fresh.number)
        assert row is not None
        assert row.state is WriteState.UNCERTAIN
        assert not facts.may_be_there(session, NOON + AHEAD + timedelta(days=2))
    assert not [one for one in tmp_path.iterdir() if one.suffix == ".part"]


@pytest.mark.parametrize("cut", [0, 100, 0.5])
def test_a_damaged_backup_is_refused_and_nothing_changes(database: Database, tmp_path: Path, cut: float) -> None:
    key, file = filled(database), tmp_path / "backup"
    back_up(database, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * cut) if cut < 1 else int(cut)])
    with pytest.raises(StoreFailure):
        restore(database, file, NOON, AHEAD)
    with database.reading() as session:
        assert len(outbox.rows_of(session, key)) == 2
    with pytest.raises(StoreFailure, match="no file"):
        restore(database, tmp_path / "elsewhere", NOON, AHEAD)


def test_another_sqlite_file_and_the_database_itself_are_refused(sqlite_database: Database, tmp_path: Path) -> None:
    filled(sqlite_database)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    connection.close()
    with pytest.raises(StoreFailure, match="no backup"):
        restore(sqlite_database, other, NOON, AHEAD)
    assert sqlite_database.file is not None
    with pytest.raises(StoreFailure, match="itself"):
        back_up(sqlite_database, sqlite_database.file)
    with pytest.raises(StoreFailure, match="cannot be written"):
        back_up(sqlite_database, tmp_path / "nowhere" / "backup")


def test_a_damaged_database_is_put_aside_for_the_backup(sqlite_database: Database, tmp_path: Path) -> None:
    key, file = filled(sqlite_database), tmp_path / "backup"
    back_up(sqlite_database, file)
    sqlite_database.dispose()
    assert sqlite_database.file is not None
    sqlite_database.file.write_bytes(b"no database at all" * 100)
    kept = restore(sqlite_database, file, NOON, AHEAD)
    assert kept is not None
    assert kept.read_bytes().startswith(b"no database")
    with sqlite_database.reading() as session:
        assert outbox.rows_of(session, key)
