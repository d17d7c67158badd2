"""What was deleted is found in no byte of the database's files."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from random import Random
from typing import cast

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, col, select

from activity_sync.store import scrubbing, shadow, sync_log
from activity_sync.store.database import Database, open_database
from activity_sync.store.failures import StoreFailure
from activity_sync.store.holders import holders
from activity_sync.store.sync_log import append
from activity_sync.store.tables import SyncLog
from activity_sync.store.upserting import in_portions
from tests.builders import NOON, a_contact
from tests.store.builders import SAM, row_of

_MARK = re.compile(rb"Mark\d+Z")


def files_of(database: Database) -> list[Path]:
    """Where a byte of it may be; of PostgreSQL without the server's own journal."""
    if database.file is not None:
        return sorted(database.file.parent.glob(f"{database.file.name}*"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        ask = "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = :name"
        folder = connection.execute(text(ask), {"name": database.engine.url.database}).scalar_one()
    return sorted(Path(folder).iterdir())


def found(database: Database) -> set[str]:
    return {one.decode() for file in files_of(database) for one in _MARK.findall(file.read_bytes())}


def a_busy_past(database: Database, rows: int = 900) -> set[str]:
    """Lines of all lengths come and change; most lose their words again. The words that are still there."""
    chance, there = Random(5), cast("set[str]", set())
    with database.transaction() as session:
        for number in range(rows):
            words = f"Mark{number}Z " * chance.choice([1, 2, 10, 60, 400])
            append(session, NOON, "in", "seen", words, key=str(number))
    for portion in in_portions(chance.sample(range(rows), rows), 20):
        with database.transaction() as session:
            there |= {kept for number in portion if (kept := _changed(session, number, chance))}
    return there


def _changed(session: Session, number: int, chance: Random) -> str:
    row = update(SyncLog).where(col(SyncLog.key) == str(number))
    session.exec(row.values(text=f"Mark{number}Z " * chance.choice([1, 5, 90])))
    if chance.random() < 0.2:
        return f"Mark{number}Z"
    session.exec(row.values(text=""))
    return ""


def test_tables_that_are_written_anew_hold_only_what_is_there(database: Database) -> None:
    there = a_busy_past(database)
    assert found(database) - there  # or this would show nothing
    database.scrub("sync_log")
    assert found(database) == there


def test_an_emptied_journal_leaves_single_rows_that_were_moved_at_most(sqlite_database: Database) -> None:
    there = a_busy_past(sqlite_database)
    sqlite_database.empty_journal()
    assert len(found(sqlite_database) - there) < 20


def test_a_journal_that_somebody_reads_is_told_and_emptied_later(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "_PATIENCE_MS", 100)
    other = open_database(str(sqlite_database.engine.url))
    with other.reading() as reader:
        assert len(sync_log.lines(reader)) == 0
        with sqlite_database.transaction() as session:
            append(session, NOON, "in", "seen", "Mark1Z")
        with pytest.raises(StoreFailure, match="reads the database"):
            sqlite_database.empty_journal()
    sqlite_database.empty_journal()
    (journal,) = (one for one in files_of(sqlite_database) if one.name.endswith("-wal"))
    assert journal.stat().st_size == 0
    other.dispose()


def test_others_write_and_look_up_while_tables_are_written_anew(database: Database) -> None:
    rows = [row_of(a_contact(str(number), email=f"p{number}@x.example")) for number in range(500)]
    with database.transaction() as session:
        shadow.save_records(session, rows)
    others, over, wrong = open_database(database.engine.url.render_as_string(hide_password=False)), [], []

    def write() -> None:
        for number in range(40):
            with others.transaction() as session:
                append(session, NOON, "in", "seen", "x" * 5_000, key=f"w{number}")
        over.append("writing")

    def look_up() -> None:
        wanted = [f"p{number}@x.example" for number in range(500)]
        while "writing" not in over:
            with others.reading() as session:
                if len(list(holders(session, SAM.kind, wanted))) != len(wanted):
                    wrong.append("a look-up")

    threads = [threading.Thread(target=one) for one in (write, look_up)]
    for one in threads:
        one.start()
    while "writing" not in over and threads[0].is_alive():
        database.scrub("sync_log", "record", "address")  # the file grows and shrinks under who has mapped it
    for one in threads:
        one.join()
    others.dispose()
    with database.reading() as session:
        assert (over, wrong, len(session.exec(select(SyncLog)).all())) == (["writing"], [], 40)
