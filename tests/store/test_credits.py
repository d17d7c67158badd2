"""The ledger: booked before it is spent, never over what is allowed, corrected by what Zoho says."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from activity_sync.model.failures import OutOfCredits
from activity_sync.store import credits
from activity_sync.store.credits import Ledger, Spent
from activity_sync.store.database import Database
from tests.builders import NOON, at


class _Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def _up_to(limit: int) -> credits.May:
    return lambda purpose, amount, spent: (
        "" if spent.total + amount <= limit else f"{purpose}: {spent.total} of {limit}"
    )


def test_a_booking_is_on_disk_when_it_returns(database: Database) -> None:
    clock = _Clock()
    ledger = Ledger(database, clock, _up_to(10))
    ledger.book("reading", 3, "Composite")
    clock.now = at(1)
    ledger.book("writing", 2, "insert Events")
    with database.reading() as session:
        assert credits.spent(session, at(2)) == Spent(by_purpose={"reading": 3, "writing": 2}, oldest=NOON)
        assert credits.used_between(session, at(1), at(2)).by_purpose == {"writing": 2}
    assert ledger.spent().total == 5


def test_what_is_not_allowed_is_not_booked(database: Database) -> None:
    ledger = Ledger(database, _Clock(), _up_to(4))
    ledger.book("reading", 3, "x")
    with pytest.raises(OutOfCredits, match="writing: 3 of 4"):
        ledger.book("writing", 2, "y")
    ledger.book("writing", 1, "y")
    assert ledger.spent().total == 4


def test_bookings_leave_the_window_after_a_day(database: Database) -> None:
    clock = _Clock()
    ledger = Ledger(database, clock, _up_to(3))
    ledger.book("reading", 3, "x")
    clock.now = NOON + timedelta(hours=24) - timedelta(seconds=1)
    with pytest.raises(OutOfCredits):
        ledger.book("reading", 1, "x")
    clock.now = NOON + timedelta(hours=24)
    ledger.book("reading", 3, "x")
    assert ledger.spent() == Spent(by_purpose={"reading": 3}, oldest=clock.now)


def test_what_zoho_says_is_left_shrinks_with_what_is_booked_since(database: Database) -> None:
    clock = _Clock()
    ledger = Ledger(database, clock, _up_to(100))
    ledger.book("reading", 5, "x")
    assert ledger.spent().remaining is None
    ledger.reported(50)
    ledger.book("reading", 10, "x")
    assert ledger.spent().remaining == 40
    ledger.book("writing", 45, "x")
    assert ledger.spent().remaining == 0
    ledger.reported(70)
    assert ledger.spent().remaining == 70
    clock.now = NOON + timedelta(hours=24)
    assert ledger.spent().remaining is None


def test_another_process_knows_what_zoho_said(database: Database) -> None:
    ledger = Ledger(database, _Clock(), _up_to(100))
    ledger.reported(50)
    ledger.book("reading", 1, "x")
    assert Ledger(database, _Clock(), _up_to(100)).spent().remaining == 49


def test_what_zoho_said_is_kept_when_a_booking_is_refused_and_at_the_end(database: Database) -> None:
    ledger = Ledger(database, _Clock(), lambda purpose, credits, spent: "too few" if spent.remaining == 5 else "")
    ledger.reported(5)
    for _ in range(2):
        with pytest.raises(OutOfCredits):
            ledger.book("reading", 1, "x")
    ledger.reported(70)
    ledger.keep()
    assert Ledger(database, _Clock(), _up_to(100)).spent().remaining == 70


def test_an_hour_after_zoho_said_that_little_is_left_one_call_may_ask_again(database: Database) -> None:
    clock = _Clock()
    ledger = Ledger(database, clock, lambda purpose, credits, spent: "too few" if spent.remaining == 5 else "")
    ledger.reported(5)
    clock.now = NOON + timedelta(minutes=59)
    with pytest.raises(OutOfCredits):
        ledger.book("reading", 1, "x")
    clock.now = NOON + timedelta(hours=1)
    ledger.book("reading", 1, "x")


def test_a_process_that_has_not_heard_from_zoho_yet_may_ask(database: Database) -> None:
    before, after = (
        Ledger(database, _Clock(), lambda purpose, credits, spent: "too few" if spent.remaining == 5 else "")
        for _ in range(2)
    )
    before.reported(5)
    before.keep()
    after.book("reading", 1, "x")


def test_many_at_once_never_book_more_than_is_allowed(database: Database) -> None:
    ledgers = [Ledger(database, _Clock(), _up_to(10)) for _ in range(3)]
    refused: list[OutOfCredits] = []

    def spend(ledger: Ledger) -> None:
        for _ in range(5):
            try:
                ledger.book("reading", 1, "x")
            except OutOfCredits as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=spend, args=[ledger]) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (ledgers[0].spent().total, len(refused)) == (10, 5)


def test_old_bookings_can_be_forgotten(database: Database) -> None:
    ledger = Ledger(database, _Clock(), _up_to(10))
    ledger.book("reading", 1, "x")
    with database.transaction() as session:
        credits.forget_bookings(session, NOON)
        assert credits.spent(session, NOON).total == 1
        credits.forget_bookings(session, at(1))
        assert credits.spent(session, NOON) == Spent()
