"""Interactions: whose turn it is, what was judged, and what a change in Zoho opens again."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from activity_sync.model.decisions import Lookup, Owner, State, Target
from activity_sync.model.interactions import Outcome
from activity_sync.model.records import AddressKind
from activity_sync.store import call_backs, interactions, sightings, twins
from activity_sync.store.database import Database
from tests.builders import NOON, a_contact, a_copy, a_deal, a_leg, a_meeting, a_user, at
from tests.store.builders import JO, SAM, judged, stored


def test_the_longest_overdue_comes_first_and_later_ones_wait(database: Database) -> None:
    with database.transaction() as session:
        first, second, third = (stored(session, a_copy(uid=uid, event_id=uid))[0] for uid in "abc")
        interactions.put_off(session, first, at(30))
        interactions.put_off(session, second, at(10))
        interactions.put_off(session, third, at(90))
        assert interactions.due(session, at(60), 10) == [second, first]
        assert interactions.due(session, at(60), 1) == [second]
        assert interactions.due(session, at(90), 10) == [second, first, third]


def test_a_judgement_is_kept_whole_and_closes_the_interaction(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        meeting = a_meeting(key=key, start=at(15), end=at(45))
        owner = Owner(rep=JO, user=a_user(JO))
        target = Target(state=State.LOGGED, record=a_deal("big"))
        said = {"trace": ["because"], "at": "2026-03-02T12:00:00+00:00"}
        judged(session, key, State.LOGGED, interaction=meeting, owner=owner, target=target, type_name="Demo",
               reason="certain", outcome=Outcome.HELD, decided=said, run=3, now=at(1))  # fmt: skip
    with database.reading() as session:
        row = interactions.get(session, key)
        assert row is not None
        assert (row.state, row.reason, row.outcome, row.type_name) == ("logged", "certain", "held", "Demo")
        assert (row.starts, row.ends, row.rep, row.owner_id) == (at(15), at(45), JO, "user-jo")
        assert (row.target_module, row.target_id, row.run) == ("Deals", "big", 3)
        assert (row.decided, row.judge_at, row.first_seen, row.updated_at) == (said, None, NOON, at(1))
        assert interactions.due(session, at(9999), 10) == []


def test_a_judgement_may_ask_for_its_next_turn(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        judged(session, key, State.WAITING, judge_again_at=at(15))
        assert interactions.due(session, at(14), 10) == []
        assert interactions.due(session, at(15), 10) == [key]


def test_judging_what_is_not_stored_is_an_error(database: Database) -> None:
    with pytest.raises(KeyError, match="m-unknown"), database.transaction() as session:
        judged(session, "m-unknown")


def test_opening_never_puts_a_turn_off(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        interactions.reopen(session, [key, "unknown"], at(60))
        assert interactions.due(session, NOON, 10) == [key]


@pytest.mark.parametrize(
    ("state", "with_logged", "opened"),
    [
        (State.UNMATCHED, False, True),
        (State.WAITING, False, True),
        (State.LOGGED, False, False),
        (State.LOGGED, True, True),
        (State.ADOPTED, True, True),
        (State.SCREENED, True, False),
        (State.FAILED, True, False),
    ],
)
def test_an_address_opens_what_waits_for_it(database: Database, state: State, with_logged: bool, opened: bool) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        judged(session, key, state, target=Target(state=State.LOGGED, record=a_contact()))
        found = interactions.reopen_by_addresses(session, [SAM], at(days=-1), at(5), logged=with_logged)
        assert (list(found), list(interactions.due(session, at(5), 10))) == (([key], [key]) if opened else ([], []))


def test_an_address_opens_what_was_logged_on_no_record(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        judged(session, key, State.LOGGED)
        assert interactions.reopen_by_addresses(session, [SAM], at(days=-1), at(5)) == [key]


def test_only_the_same_kind_of_address_opens_and_only_back_to_a_moment(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        judged(session, key)
        other_kind = Lookup(AddressKind.FOLDED, SAM.value)
        assert interactions.reopen_by_addresses(session, [other_kind], at(days=-1), NOON) == []
        assert interactions.reopen_by_addresses(session, [SAM], at(1), NOON) == []
        many = [Lookup(AddressKind.EMAIL, f"p{number}@globex.example") for number in range(2500)]
        assert interactions.reopen_by_addresses(session, [*many, SAM], NOON, NOON) == [key]


def test_a_new_judgement_replaces_the_addresses(database: Database) -> None:
    lee = Lookup(AddressKind.EMAIL, "lee@initech.example")
    with database.transaction() as session:
        (key,) = stored(session)
        judged(session, key, addresses=[SAM, SAM, Lookup(SAM.kind, SAM.value, "7")])
        assert interactions.addresses_of(session, key) == [("email", SAM.value)]
        judged(session, key, addresses=[lee, Lookup(AddressKind.EMAIL, "x" * 5000), Lookup(AddressKind.EMAIL, "")])
        assert interactions.addresses_of(session, key) == [("email", lee.value)]
        assert interactions.reopen_by_addresses(session, [SAM], at(days=-1), NOON) == []


def test_a_call_back_is_found_by_the_number(database: Database) -> None:
    number = Lookup(AddressKind.NUMBER, "+442079460958")
    with database.transaction() as session:
        missed, later = a_leg(conversation_id="1"), a_leg(record_id="2", conversation_id="2", started=at(30))
        stored(session, missed, later)
        for leg in (missed, later):
            judged(session, leg.key, addresses=[number], interaction=None)
        session.flush()
        row = interactions.get(session, later.key)
        assert row is not None
        row.starts = at(30)
        session.flush()
        assert call_backs.reached_at(session, [number], NOON) is None
        row.outcome = "answered"
        session.flush()
        assert call_backs.reached_at(session, [number], NOON) == at(30)
        assert call_backs.reached_at(session, [number], at(30)) is None
        assert call_backs.reached_at(session, [SAM], NOON) is None


def test_listings_filter_by_what_is_given(database: Database) -> None:
    with database.transaction() as session:
        meeting, early = a_copy(uid="a", event_id="a"), a_copy(uid="b", event_id="b")
        leg = a_leg()
        stored(session, meeting, early)
        sightings.save_sightings(session, "", [leg], NOON)
        judged(session, meeting.key, State.LOGGED, interaction=a_meeting(key=meeting.key, start=at(60), end=at(90)),
               owner=Owner(rep=JO), run=1)  # fmt: skip
        judged(session, early.key, State.SCREENED, interaction=a_meeting(key=early.key, start=at(-60)), run=2)

        def keys(**filters: object) -> list[str]:
            return [row.key for row in interactions.listing(session, **filters)]  # type: ignore[arg-type]

        assert keys() == [early.key, leg.key, meeting.key]
        assert keys(since=NOON) == [leg.key, meeting.key]
        assert keys(until=NOON) == [early.key]
        assert keys(states=[State.LOGGED, ""]) == [leg.key, meeting.key]
        assert keys(kind="call") == [leg.key]
        assert keys(rep=JO) == [meeting.key]
        assert keys(run=2) == [early.key]
        assert keys(limit=1) == [early.key]
        assert interactions.counts(session) == {"": 1, "logged": 1, "screened": 1}
        assert interactions.counts(session, since=NOON) == {"": 1, "logged": 1}


def test_a_source_that_speaks_while_its_interaction_is_judged_opens_it_again(database: Database) -> None:
    """The change is neither lost nor overwritten: it waits for the judgement, then opens the interaction once more."""
    with database.transaction() as session:
        (key,) = stored(session)

    def change() -> None:
        with database.transaction() as other:
            stored(other, a_copy(title="Changed"), now=at(5))

    source = threading.Thread(target=change)
    with database.transaction() as session:
        assert interactions.due(session, NOON, 10) == [key]
        source.start()
        source.join(0.3)
        judged(session, key)
    source.join(10)
    with database.reading() as session:
        assert interactions.due(session, at(5), 10) == [key]


def test_no_question_of_a_judgement_looks_through_all_that_was_logged(sqlite_database: Database) -> None:
    """With half a million calls that would be a round that never ends: each is found by address, owner or turn."""
    number = Lookup(AddressKind.NUMBER, "+442079460958")
    asked: list[tuple[str, Any]] = []
    with sqlite_database.transaction() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        interactions.due(session, NOON, 100)
        call_backs.reopen_missed(session, [number], NOON, NOON)
        call_backs.reached_at(session, [number], NOON)
        interactions.reopen_by_addresses(session, [number], at(days=-30), NOON)
        interactions.logged_near(session, "call", "7", NOON)
        twins.earlier_call(session, "key", "pbx", "7", NOON, [number.value])
        twins.entries_around(session, "7", NOON, timedelta(minutes=10))
        twins.call_within(session, "7", NOON, at(30), frozenset())
        plans = [session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", told) for one, told in list(asked)]
        ways = {row[3] for plan in plans for row in plan if "interaction" in row[3]}
    assert {way.partition(" USING ")[2].partition(" (")[0] for way in ways} == {
        "INDEX interaction_turn", "INDEX interaction_owner", "INDEX sqlite_autoindex_interaction_1",
        "COVERING INDEX interaction_address_value",
    }  # fmt: skip
