"""The outbox: what a claim takes, and who waits for whom."""

from __future__ import annotations

import threading

from activity_sync.model.decisions import State
from activity_sync.model.records import Module
from activity_sync.model.writes import Op, RowResult, WriteState
from activity_sync.store import interactions, outbox, written
from activity_sync.store.database import Database
from activity_sync.store.tables import Interactions
from tests.builders import NOON, at
from tests.store.builders import a_create, an_update, judged, stored
from tests.store.test_outbox import DONE, KEY, a_record_made, numbers_of, on_its_way, state_of


def test_a_claim_takes_up_to_five_of_any_kind(database: Database) -> None:
    with database.transaction() as session:
        writes = [a_create(), an_update("b"), a_create("task:c", module=Module.TASKS), an_update("d", op=Op.DELETE)]
        outbox.add(session, KEY, writes, 1, NOON)
        outbox.add(session, "m-2", [a_create(record_key="e")], 1, NOON)
        claimed = outbox.claim(session, 100, at(3))
        assert [row.key for row in claimed] == [KEY] * 4 + ["m-2"]
        assert {(row.state, row.sent_at, row.attempts) for row in claimed} == {(WriteState.SENDING, at(3), 1)}
        assert outbox.claim(session, 100, at(3)) == []


def test_a_claim_of_many_takes_one_module_and_operation_up_to_the_limit(database: Database) -> None:
    with database.transaction() as session:
        for number in range(4):
            writes = [a_create(record_key=f"e{number}"), a_create("t", record_key=f"t{number}", module=Module.TASKS)]
            outbox.add(session, f"m-{number}", writes, 1, NOON)
        taken = [[(row.write.module, row.key) for row in outbox.claim(session, 3, NOON)] for _ in range(4)]
    events, tasks = Module.EVENTS, Module.TASKS
    assert taken[0] == [(events, "m-0"), (events, "m-1"), (events, "m-2")]
    assert taken[1] == [(tasks, "m-0"), (tasks, "m-1"), (tasks, "m-2")]  # five are left: any kind, but three at most
    assert taken[2:] == [[(events, "m-3"), (tasks, "m-3")], []]


def test_a_row_waits_for_its_time_and_for_an_older_one_of_its_slot(database: Database) -> None:
    with database.transaction() as session:
        rows = outbox.add(session, KEY, [a_create(record_key="key/2"), an_update(op=Op.DELETE)], 1, NOON).rows
        assert outbox.claim(session, 10, at(-1)) == []
        assert numbers_of(outbox.claim(session, 10, NOON)) == [rows[0].number]
        outbox.uncertain(session, [rows[0].number], at(5), "lost")
        assert outbox.claim(session, 10, NOON) == []
        outbox.settle(session, rows[0].number, DONE, NOON)
        assert numbers_of(outbox.claim(session, 10, NOON)) == [rows[1].number]


def test_two_at_once_never_claim_the_same_row(database: Database) -> None:
    with database.transaction() as session:
        for number in range(40):
            outbox.add(session, f"m-{number}", [a_create(record_key=str(number))], 1, NOON)
    claimed: list[int] = []

    def take() -> None:
        for _ in range(5):
            with database.transaction() as session:
                claimed.extend(numbers_of(outbox.claim(session, 4, NOON)))

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 40


def test_looking_for_a_record_is_counted_until_it_is_sent_again(database: Database) -> None:
    with database.transaction() as session:
        number = on_its_way(session, a_create())
        outbox.uncertain(session, [number], at(2), "lost")
        assert [outbox.looked(session, number, at(4)), outbox.looked(session, number, at(6))] == [1, 2]
        assert outbox.open_rows(session, due_at=at(5)) == []
        outbox.send_again(session, number, at(6))
        (row,) = outbox.claim(session, 10, at(6))
        assert (row.looked, row.attempts) == (0, 2)


def test_what_was_not_done_at_all_is_ready_again(database: Database) -> None:
    with database.transaction() as session:
        number = on_its_way(session, a_create())
        outbox.release(session, [number], at(30), "Zoho is busy.")
        assert outbox.claim(session, 10, at(29)) == []
        assert outbox.next_turn(session) == at(30)
        assert numbers_of(outbox.claim(session, 10, at(30))) == [number]
        assert outbox.next_turn(session) is None


def test_what_a_backfill_brought_in_rests_as_a_whole_and_nobody_waits_for_it(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        session.get_one(Interactions, key).backfilled = 1
        rows = outbox.add(session, key, [a_create(), a_create("task:x")], 1, NOON).rows
        assert (outbox.next_turn(session), outbox.next_turn(session, backfill=False)) == (NOON, None)
        outbox.rest_backfill(session, at(15))
        assert outbox.claim(session, 10, at(14)) == []
        live = on_its_way(session, a_create(record_key="live"), "m-2")
        outbox.release(session, [live], at(30), "Zoho is busy.")
        assert (outbox.next_turn(session), outbox.next_turn(session, backfill=False)) == (at(15), at(30))
        assert numbers_of(outbox.claim(session, 10, at(15))) == [row.number for row in rows]


def test_retrying_judges_failed_writes_again_and_looks_for_parked_ones(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        failed, parked = on_its_way(session, a_create(), key), on_its_way(session, a_create("task:x"), key)
        other = on_its_way(session, a_create(record_key="other"), "m-2")
        outbox.fail(session, failed, "no", NOON, "BAD")
        outbox.park(session, parked, "two fit")
        outbox.fail(session, other, "no", NOON)
        judged(session, key, State.FAILED)
        assert outbox.retry(session, at(5), [key]) == [key]
        states = [state_of(session, number) for number in (failed, parked, other)]
        assert states == [WriteState.DROPPED, WriteState.UNCERTAIN, WriteState.FAILED]
        assert interactions.due(session, at(5), 10) == [key]
        assert outbox.retry(session, at(6)) == ["m-2"]
        assert outbox.retry(session, at(6)) == []


def test_a_dropped_row_is_no_longer_open(database: Database) -> None:
    with database.transaction() as session:
        number = on_its_way(session, a_create())
        outbox.drop(session, number, "A person changed it first.", at(1))
        assert outbox.open_rows(session) == []
        assert outbox.add(session, KEY, [a_create()], 1, at(2)).rows != ()


def test_every_state_is_counted(database: Database) -> None:
    with database.transaction() as session:
        assert outbox.counts(session) == dict.fromkeys(WriteState, 0)
        a_record_made(session)
        outbox.add(session, "m-2", [a_create(record_key="x")], 1, NOON)
        assert outbox.counts(session) == {**dict.fromkeys(WriteState, 0), WriteState.DONE: 1, WriteState.READY: 1}


def test_a_look_at_zoho_may_narrow_what_is_sent(database: Database) -> None:
    with database.transaction() as session:
        a_record_made(session)
        number = on_its_way(session, an_update(fields={"Venue": "Here", "Event_Title": "Theirs"}))
        outbox.narrow(session, number, an_update(fields={"Venue": "Here"}))
        outbox.settle(session, number, RowResult(done=True), at(1))
        (ours,) = written.written_of(session, KEY)
        assert ours.fields == {"Event_Title": "Intro call", "Venue": "Here"}
