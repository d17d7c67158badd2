"""The outbox: what a plan may replace, what a claim takes, what Zoho's answer leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.records import Module
from activity_sync.model.writes import Op, OutboxRow, RowResult, Write, WriteState, Written
from activity_sync.store import interactions, outbox, written
from activity_sync.store.database import Database
from activity_sync.store.tables import Outbox
from tests.builders import NOON, at
from tests.store.builders import a_create, an_update, judged, stored

DONE = RowResult(done=True, id="event-1")
KEY = "m-1"


def on_its_way(session: Session, write: Write, key: str = KEY) -> int:
    """The number of a row that is on its way."""
    (row,) = outbox.add(session, key, [write], 7, NOON).rows
    assert row.number in {claimed.number for claimed in outbox.claim(session, 100, NOON)}
    return row.number


def a_record_made(session: Session, key: str = KEY) -> None:
    outbox.settle(session, on_its_way(session, a_create(), key), DONE, NOON)


def numbers_of(rows: Sequence[OutboxRow]) -> list[int]:
    return [row.number for row in rows]


def state_of(session: Session, number: int) -> WriteState:
    row = outbox.row(session, number)
    assert row is not None
    return row.state


def test_a_planned_write_stands_ready(database: Database) -> None:
    write = a_create(fields={"Owner": {"id": "1"}, "Participants": [{"participant": "2"}]})
    with database.transaction() as session:
        (row,) = outbox.add(session, KEY, [write], 7, NOON).rows
    with database.reading() as session:
        assert outbox.row(session, row.number) == row
        assert row == OutboxRow(number=row.number, key=KEY, write=write, state=WriteState.READY, next_at=NOON)
        assert outbox.rows_of(session, KEY) == outbox.rows_of_run(session, 7) == outbox.open_rows(session) == [row]
        assert outbox.row(session, row.number + 1) is None


def test_the_same_plan_again_adds_nothing(database: Database) -> None:
    with database.transaction() as session:
        first = outbox.add(session, KEY, [a_create()], 1, NOON)
        again = outbox.add(session, KEY, [a_create(because="in other words")], 2, at(1))
        assert (again.rows, again.kept, again.dropped, again.held) == ((), first.rows, (), ())


def test_a_newer_plan_replaces_what_was_not_sent(database: Database) -> None:
    with database.transaction() as session:
        (old,) = outbox.add(session, KEY, [a_create()], 1, NOON).rows
        newer = outbox.add(session, KEY, [a_create(fields={"Event_Title": "New"}), a_create("task:call")], 2, at(1))
        assert numbers_of(newer.dropped) == [old.number]
        assert state_of(session, old.number) is WriteState.DROPPED
        assert outbox.open_rows(session) == list(newer.rows)


def test_what_the_newer_plan_does_not_call_for_is_dropped(database: Database) -> None:
    with database.transaction() as session:
        outbox.add(session, KEY, [an_update()], 1, NOON)
        outbox.add(session, "m-2", [an_update()], 1, NOON)
        assert len(outbox.add(session, KEY, [], 2, at(1)).dropped) == 1
        assert [row.key for row in outbox.open_rows(session)] == ["m-2"]


@pytest.mark.parametrize("state", [WriteState.SENDING, WriteState.UNCERTAIN, WriteState.PARKED])
def test_what_may_have_reached_zoho_is_never_touched_by_a_plan(database: Database, state: WriteState) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        number = on_its_way(session, a_create(), key)
        if state is WriteState.UNCERTAIN:
            outbox.uncertain(session, [number], at(5), "The answer was lost.")
        if state is WriteState.PARKED:
            outbox.park(session, number, "Two records fit.")
        newer = a_create(fields={"Event_Title": "New"})
        task = a_create("task:call")
        added = outbox.add(session, key, [newer, task], 2, at(1))
        assert (added.held, [row.write for row in added.rows]) == ((newer,), [task])
        assert state_of(session, number) is state
        assert outbox.add(session, key, [], 2, at(1)).held == ()
        assert state_of(session, number) is state


@pytest.mark.parametrize("result", [DONE, RowResult(done=False, why="no"), RowResult(done=False, again=True)])
def test_a_plan_that_had_to_wait_is_made_again_when_the_row_is_settled(database: Database, result: RowResult) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        number = on_its_way(session, a_create(), key)
        outbox.add(session, key, [a_create(fields={})], 2, at(1))
        judged(session, key, State.LOGGED)
        assert interactions.due(session, at(9), 10) == []
        outbox.settle(session, number, result, at(2))
        assert interactions.due(session, at(9), 10) == [key]
        judged(session, key, State.LOGGED)
        outbox.fail(session, number, "later", at(3))
        assert interactions.due(session, at(9), 10) == []


def test_an_uncertain_answer_keeps_the_plan_waiting(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        number = on_its_way(session, a_create(), key)
        outbox.add(session, key, [a_create(fields={})], 2, at(1))
        judged(session, key, State.LOGGED)
        assert (
            outbox.settle(session, number, RowResult(done=False, uncertain=True), at(2), at(4)) is WriteState.UNCERTAIN
        )
        assert interactions.due(session, at(9), 10) == []
        assert numbers_of(outbox.open_rows(session, [WriteState.UNCERTAIN], due_at=at(3))) == []
        assert numbers_of(outbox.open_rows(session, [WriteState.UNCERTAIN], due_at=at(4))) == [number]


def test_the_database_itself_refuses_a_second_open_create_of_one_record(database: Database) -> None:
    with database.transaction() as session:
        outbox.add(session, KEY, [a_create(record_key="one")], 1, NOON)
    with pytest.raises(IntegrityError), database.transaction() as session:
        outbox.add(session, "m-2", [a_create(record_key="one")], 1, NOON)
    with database.transaction() as session:
        outbox.add(session, "m-2", [an_update(record_key="one")], 1, NOON)


def test_a_create_that_is_done_is_written(database: Database) -> None:
    write = a_create(fields={"Event_Title": "Intro", "Owner": {"id": "1"}})
    with database.transaction() as session:
        number = on_its_way(session, write)
        assert outbox.settle(session, number, DONE, at(1)) is WriteState.DONE
        row = outbox.row(session, number)
        assert row is not None
        assert (row.state, row.write.id, row.error) == (WriteState.DONE, "event-1", "")
        ours = Written(
            slot="activity", module=Module.EVENTS, record_key="key-activity", id="event-1", fields=write.fields
        )
        assert written.written_of(session, KEY) == [ours]
        assert written.written_as(session, Module.EVENTS, ["event-1", "x"]) == {"event-1": written.Ours(KEY, ours)}
        assert written.written_as(session, Module.CALLS, ["event-1"]) == {}
        assert written.written_in(session, 7) == [written.Ours(KEY, ours)]
        assert written.written_in(session, 8) == []


def test_an_update_that_is_done_adds_to_what_is_written(database: Database) -> None:
    with database.transaction() as session:
        a_record_made(session)
        outbox.settle(session, on_its_way(session, an_update(fields={"Venue": "Here"})), RowResult(done=True), at(1))
        (ours,) = written.written_of(session, KEY)
        assert (ours.id, ours.fields) == ("event-1", {"Event_Title": "Intro call", "Venue": "Here"})


def test_a_deletion_that_is_done_is_ours(database: Database) -> None:
    with database.transaction() as session:
        a_record_made(session)
        outbox.settle(session, on_its_way(session, an_update(op=Op.DELETE, fields={})), RowResult(done=True), at(1))
        (ours,) = written.written_of(session, KEY)
        assert (ours.gone, ours.fields) == ("us", {"Event_Title": "Intro call"})


def test_an_id_that_zoho_does_not_know_was_deleted_by_a_person(database: Database) -> None:
    with database.transaction() as session:
        a_record_made(session)
        number = on_its_way(session, an_update())
        result = RowResult(done=False, gone=True, code="INVALID_DATA", why="the id is unknown")
        assert outbox.settle(session, number, result, at(1)) is WriteState.DROPPED
        assert [ours.gone for ours in written.written_of(session, KEY)] == ["person"]


def test_a_record_that_is_made_anew_takes_the_slot_and_the_old_ones_deletion_leaves_it_alone(
    database: Database,
) -> None:
    with database.transaction() as session:
        a_record_made(session)
        both = [a_create(record_key="key/2"), an_update(op=Op.DELETE, fields={})]
        anew, old = outbox.add(session, KEY, both, 1, NOON).rows
        outbox.claim(session, 10, NOON)
        outbox.settle(session, anew.number, RowResult(done=True, id="event-2"), at(1))
        outbox.claim(session, 10, NOON)
        outbox.settle(session, old.number, RowResult(done=True), at(1))
        (ours,) = written.written_of(session, KEY)
        assert (ours.id, ours.record_key, ours.gone) == ("event-2", "key/2", "")


def test_a_refusal_that_will_pass_is_tried_at_its_time(database: Database) -> None:
    with database.transaction() as session:
        number = on_its_way(session, a_create())
        refused = RowResult(done=False, again=True, code="LOCKED", why="It is locked.")
        assert outbox.settle(session, number, refused, at(1), at(10)) is WriteState.READY
        assert outbox.claim(session, 10, at(9)) == []
        (again,) = outbox.claim(session, 10, at(10))
        assert (again.number, again.attempts, again.error) == (number, 2, "It is locked.")


def test_a_refusal_for_good_fails_with_its_reason_and_harms_nobody_else(database: Database) -> None:
    with database.transaction() as session:
        number, other = (
            on_its_way(session, a_create()),
            on_its_way(session, a_create(record_key="other"), "m-2"),
        )
        assert outbox.settle(session, number, RowResult(done=False, why="Bad owner."), at(1)) is WriteState.FAILED
        outbox.settle(session, other, DONE, at(1))
        row = outbox.row(session, number)
        assert row is not None
        assert row.error == "Bad owner."
        assert outbox.counts(session)[WriteState.FAILED] == 1
        assert written.written_of(session, KEY) == ()


def test_what_a_crash_left_on_its_way_is_uncertain(database: Database) -> None:
    with database.transaction() as session:
        number = on_its_way(session, a_create())
        ready = outbox.add(session, "m-2", [a_create(record_key="r")], 1, NOON).rows[0].number
    with database.transaction() as session:
        assert numbers_of(outbox.recover(session, at(1), timedelta(minutes=2))) == [number]
        assert [state_of(session, each) for each in (number, ready)] == [WriteState.UNCERTAIN, WriteState.READY]
        assert numbers_of(outbox.open_rows(session, [WriteState.UNCERTAIN], due_at=at(1))) == []
        assert numbers_of(outbox.open_rows(session, [WriteState.UNCERTAIN], due_at=at(2))) == [number]
        assert outbox.recover(session, at(1)) == []


def test_a_row_that_does_not_exist_is_an_error(database: Database) -> None:
    with pytest.raises(KeyError), database.transaction() as session:
        outbox.settle(session, 99, DONE, NOON)


def test_numbers_are_never_given_twice(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        number = on_its_way(session, a_create())
        session.delete(session.get(Outbox, number))
    with sqlite_database.transaction() as session:
        assert outbox.add(session, KEY, [a_create()], 1, NOON).rows[0].number > number


def test_a_persons_fields_add_up(database: Database) -> None:
    with database.transaction() as session:
        a_record_made(session)
        written.leave_to_person(session, KEY, "activity", ["Venue"])
        written.leave_to_person(session, KEY, "activity", ["Event_Title", "Venue"])
        written.leave_to_person(session, KEY, "no such slot", ["Venue"])
        outbox.settle(session, on_its_way(session, an_update(fields={"Other": 1})), RowResult(done=True), at(1))
        assert [ours.theirs for ours in written.written_of(session, KEY)] == [frozenset({"Venue", "Event_Title"})]


def test_who_removed_a_record_first_stays_the_one(database: Database) -> None:
    with database.transaction() as session:
        a_record_made(session)
        assert written.mark_removed(session, Module.EVENTS, ["event-1", "foreign"], "person", at(1)) == [KEY]
        assert written.mark_removed(session, Module.EVENTS, ["event-1"], "us", at(2)) == []
        assert written.written_by_key(session, [KEY, "m-2"])[KEY][0].gone == "person"
