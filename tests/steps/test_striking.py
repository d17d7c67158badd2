"""How often files are written anew when meetings become private one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from activity_sync.model.interactions import Privacy
from activity_sync.steps.means import Means
from activity_sync.steps.striking import strike_out
from activity_sync.store import forgetting, privacy, sightings, sync_log
from activity_sync.store.database import Database
from tests.builders import NOON, a_copy, at

JO = "jo@acme.example"


def becomes_private(database: Database, uid: str, now: datetime) -> None:
    """An open meeting becomes private; beside it, something is deleted that leaves free pages."""
    with database.transaction() as session:
        sightings.save_sightings(session, JO, [a_copy(uid=uid, event_id=uid, title="Merger")], now)
        secret = a_copy(uid=uid, event_id=uid, title="", privacy=Privacy.PRIVATE)
        sightings.save_sightings(session, JO, [secret], now)
        sync_log.append(session, now - timedelta(days=9), "in", "seen", "x" * 100_000)
        forgetting.forget_log(session, now - timedelta(days=5))


def struck_out(database: Database, now: datetime, took: float) -> bool:
    """Was the file written anew? `took`: so many seconds of the clock, if it was."""
    clock, given = iter([now, now + timedelta(seconds=took)]), _nothing_else()
    strike_out(Means(database=database, now=lambda: next(clock), **given), now)
    with database.reading() as session:
        assert not privacy.noted(session)
        return bool(session.connection().exec_driver_sql("PRAGMA freelist_count").scalar_one() == 0)


def _nothing_else() -> dict[str, Any]:
    return {"settings": None, "crm": None, "sources": (), "pause": None, "tell": None}


def test_a_small_file_is_written_anew_each_time(sqlite_database: Database) -> None:
    for minute in range(3):
        becomes_private(sqlite_database, str(minute), at(minute))
        assert struck_out(sqlite_database, at(minute), took=0.2)


def test_a_big_file_rests_before_it_is_written_anew_and_is_not_forgotten(sqlite_database: Database) -> None:
    becomes_private(sqlite_database, "one", NOON)
    assert struck_out(sqlite_database, NOON, took=4)
    becomes_private(sqlite_database, "two", at(5))
    assert not struck_out(sqlite_database, at(5), took=4)
    assert not struck_out(sqlite_database, at(19), took=4)
    assert struck_out(sqlite_database, at(20), took=4)
    becomes_private(sqlite_database, "three", at(21))
    assert not struck_out(sqlite_database, at(21), took=4)
