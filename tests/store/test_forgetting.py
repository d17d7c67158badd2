"""What is forgotten is gone, but for the bare fact that it was logged."""

from __future__ import annotations

from datetime import timedelta

from activity_sync.model.decisions import State
from activity_sync.model.records import Module
from activity_sync.model.writes import RowResult, Wanted
from activity_sync.rules.differences import differ
from activity_sync.store import attendance, forgetting, interactions, outbox, sightings, sync_log, written
from activity_sync.store.database import Database
from activity_sync.store.sweeping import sweep
from tests.builders import NOON, a_copy, at
from tests.store.builders import a_create, judged, stored


def logged(session: object, now: object = NOON) -> str:
    """An interaction that is in Zoho."""
    (key,) = stored(session)  # type: ignore[arg-type]
    judged(session, key, State.LOGGED)  # type: ignore[arg-type]
    outbox.add(session, key, [a_create(record_key=key)], 1, NOON)  # type: ignore[arg-type]
    (row,) = outbox.claim(session, 10, NOON)  # type: ignore[arg-type]
    outbox.settle(session, row.number, RowResult(done=True, id="event-1"), NOON)  # type: ignore[arg-type]
    return key


def test_an_old_interaction_leaves_the_fact_that_it_was_logged(database: Database) -> None:
    with database.transaction() as session:
        key = logged(session)
        assert forgetting.old_interactions(session, NOON, 10) == []
        assert forgetting.old_interactions(session, at(days=1), 10) == [key]
        attendance.keep(session, key, (1, 1), 1, NOON)
        gone = forgetting.forget_interactions(session, [key])
        assert {name: count for name, count in gone.items() if name != "interaction_address"} == {
            "interaction": 1, "sighting": 1, "attendance": 1, "outbox": 1, "written": 1
        }  # fmt: skip
    with database.transaction() as session:
        assert interactions.get(session, key) is None
        (left,) = written.written_of(session, key)
        assert (left.id, left.fields, left.gone) == ("event-1", {}, "forgotten")
        again = Wanted(slot="activity", module=Module.EVENTS, record_key=key, fields={"Event_Title": "x"}, because="")
        assert differ([again], [], [left]) == ()
        assert stored(session) == (key,)  # a source may show it again


def test_what_is_under_way_or_was_changed_lately_is_not_old(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        outbox.add(session, key, [a_create()], 1, NOON)
        assert forgetting.old_interactions(session, at(days=1), 10) == []
    with database.transaction() as session:
        stored(session, a_copy(uid="uid-2", event_id="event-2", start=at(days=-900), end=at(days=-900)))
        assert forgetting.old_interactions(session, at(days=-1), 10) == []


def test_what_was_erased_stays_out_and_is_swept_from_every_table(database: Database) -> None:
    with database.transaction() as session:
        key = logged(session)
        sync_log.append(session, NOON, "in", "seen", "Sam@Globex.example rang")
        sync_log.append(session, NOON, "in", "seen", "100%_sure")
        assert forgetting.holding(session, {"sam@globex.example"}) == {key}
        assert forgetting.holding(session, {"sam_globex.example"}) == set()
        forgetting.forget_interactions(session, [key])
        forgetting.keep_out(session, [key], [("Contacts", "1")], NOON)
        assert forgetting.forget_lines(session, [], {"sam@globex.example"}) == 1
        assert stored(session) == ()
        assert sightings.sightings_of(session, key) == ()
        assert +sweep(session, {"globex"}) == {}
        assert [line.text for line in sync_log.lines(session)] == ["(erased)", "100%_sure"]
    database.scrub()


def test_the_log_loses_its_oldest_lines(database: Database) -> None:
    with database.transaction() as session:
        for day in (-2, -1, 0):
            sync_log.append(session, NOON + timedelta(days=day), "in", "seen", str(day))
        assert forgetting.forget_log(session, NOON - timedelta(days=1)) == 1
        assert [line.text for line in sync_log.lines(session)] == ["-1", "0"]
