"""Did an uncertain write happen?"""

from __future__ import annotations

from activity_sync.model.records import Module
from activity_sync.model.writes import Found, Op, OutboxRow, Write, WriteState
from activity_sync.rules.proof import Answer, Verdict, settle_uncertain
from tests.builders import NOON

HAPPENED, NOT_FOUND, CANNOT_TELL = Answer.HAPPENED, Verdict(Answer.NOT_FOUND), Verdict(Answer.CANNOT_TELL)


def a_row(number: int, op: Op = Op.CREATE) -> OutboxRow:
    write = Write(slot="activity", module=Module.EVENTS, op=op, record_key=f"m-{number}")
    return OutboxRow(number=number, key=f"m-{number}", write=write, state=WriteState.UNCERTAIN, next_at=NOON)


def test_a_record_with_our_key_is_proof_and_one_with_another_is_none() -> None:
    found = {
        1: [Found(id="8", record_key="m-2"), Found(id="9", record_key="m-1")],
        2: [Found(id="7", record_key="m-3")],
    }
    assert settle_uncertain([a_row(1), a_row(2)], found, set()) == {1: Verdict(HAPPENED, "9"), 2: NOT_FOUND}


def test_a_key_counts_even_when_the_id_is_known() -> None:
    assert settle_uncertain([a_row(1)], {1: [Found(id="9", record_key="m-1")]}, {"9"}) == {1: Verdict(HAPPENED, "9")}


def test_without_a_key_a_record_that_belongs_to_another_row_is_not_counted() -> None:
    assert settle_uncertain([a_row(1)], {1: [Found(id="8")]}, {"8"}) == {1: NOT_FOUND}
    assert settle_uncertain([a_row(1)], {1: [Found(id="8"), Found(id="9")]}, {"8"}) == {1: Verdict(HAPPENED, "9")}


def test_rows_that_look_alike_share_what_was_found_one_by_one() -> None:
    alike = [Found(id="8"), Found(id="9")]
    rows = [a_row(3), a_row(1), a_row(2)]
    assert settle_uncertain(rows, dict.fromkeys((1, 2, 3), alike), set()) == {
        1: Verdict(HAPPENED, "8"),
        2: Verdict(HAPPENED, "9"),
        3: NOT_FOUND,
    }


def test_more_found_than_rows_means_that_nobody_can_tell() -> None:
    alike = [Found(id="7"), Found(id="8"), Found(id="9")]
    found = {1: alike, 2: alike, 3: [Found(id="5")]}
    assert settle_uncertain([a_row(1), a_row(2), a_row(3)], found, set()) == {
        1: CANNOT_TELL,
        2: CANNOT_TELL,
        3: Verdict(HAPPENED, "5"),
    }


def test_a_record_claimed_by_its_key_is_not_given_to_another_row() -> None:
    found = {1: [Found(id="9", record_key="m-1")], 2: [Found(id="9")]}
    assert settle_uncertain([a_row(1), a_row(2)], found, set()) == {1: Verdict(HAPPENED, "9"), 2: NOT_FOUND}


def test_the_order_of_rows_and_records_makes_no_difference() -> None:
    alike = [Found(id="8"), Found(id="9")]
    one = settle_uncertain([a_row(1), a_row(2)], {1: alike, 2: alike}, set())
    assert one == settle_uncertain([a_row(2), a_row(1)], {2: alike[::-1], 1: alike[::-1]}, set())


def test_updates_and_deletions_may_be_sent_again_and_rows_not_looked_for_stay_open() -> None:
    rows = [a_row(1, Op.UPDATE), a_row(2, Op.DELETE), a_row(3)]
    assert settle_uncertain(rows, {1: [], 2: []}, set()) == {1: NOT_FOUND, 2: NOT_FOUND}
