"""Sightings: what is unchanged stops here; what changed opens its interaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.interactions import MeetingCopy, own_uid
from activity_sync.store import interactions, nameless, sightings
from activity_sync.store.database import Database
from tests.builders import NOON, a_copy, a_leg, a_meeting, at
from tests.store.builders import JO, judged, stored


def test_a_new_sighting_makes_its_interaction_and_opens_it(database: Database) -> None:
    copy = a_copy()
    with database.transaction() as session:
        saved = sightings.save_sightings(session, JO, [copy], NOON)
        assert saved == sightings.Saved(new=1, keys=(copy.key,))
    with database.reading() as session:
        row = interactions.get(session, copy.key)
        assert row is not None
        assert (row.kind, row.source, row.starts, row.ends) == ("meeting", copy.source, copy.start, copy.end)
        assert (row.state, row.judge_at, row.first_seen) == ("", NOON, NOON)
        assert sightings.sightings_of(session, copy.key) == [copy]


def test_the_same_again_opens_nothing(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        judged(session, key)
        again = sightings.save_sightings(session, JO, [a_copy(updated=at(5))], at(10))
        assert again == sightings.Saved(unchanged=1)
        assert interactions.due(session, at(20), 10) == []


def test_a_change_opens_the_interaction_again(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        judged(session, key)
        moved = a_copy(start=at(60), end=at(120))
        assert sightings.save_sightings(session, JO, [moved], at(10)) == sightings.Saved(changed=1, keys=(key,))
        assert interactions.due(session, at(10), 10) == [key]
        assert sightings.sightings_of(session, key) == [moved]
        found = interactions.get(session, key)
        assert found is not None
        assert found.first_seen == NOON


def test_of_two_sightings_with_one_id_the_last_counts(database: Database) -> None:
    first, last = a_copy(title="First"), a_copy(title="Last")
    with database.transaction() as session:
        assert sightings.save_sightings(session, JO, [first, last], NOON).new == 1
        assert sightings.sightings_of(session, last.key) == [last]


def test_copies_in_several_calendars_are_one_interaction(database: Database) -> None:
    mine, hers = a_copy(), a_copy(calendar="max@acme.example", event_id="event-9")
    with database.transaction() as session:
        sightings.save_sightings(session, JO, [mine], NOON)
        sightings.save_sightings(session, "max@acme.example", [hers], NOON)
        assert sightings.sightings_by_key(session, [mine.key, "m-none"]) == {mine.key: [mine, hers]}
        assert interactions.due(session, NOON, 10) == [mine.key]


def test_one_event_id_in_two_calendars_is_two_sightings(database: Database) -> None:
    with database.transaction() as session:
        sightings.save_sightings(session, JO, [a_copy(uid="a")], NOON)
        assert sightings.save_sightings(session, "max@acme.example", [a_copy(uid="b")], NOON).new == 1


def test_a_sighting_that_moves_to_another_key_opens_both(database: Database) -> None:
    before, after = a_copy(uid="old"), a_copy(uid="new")
    with database.transaction() as session:
        (old,) = stored(session, before)
        judged(session, old)
        assert set(stored(session, after, now=at(5))) == {old, after.key}
        assert set(interactions.due(session, at(5), 10)) == {old, after.key}
        assert sightings.sightings_of(session, old) == ()


def test_what_is_gone_says_so_and_opens_its_interaction_once(database: Database) -> None:
    copy = a_copy()
    with database.transaction() as session:
        (key,) = stored(session, copy)
        judged(session, key)
        assert sightings.mark_gone(session, copy.source, JO, ["event-1", "never seen"], at(5)) == (key,)
        assert [seen.gone for seen in sightings.sightings_of(session, key)] == [True]  # type: ignore[union-attr]
        judged(session, key)
        assert sightings.mark_gone(session, copy.source, JO, ["event-1"], at(6)) == ()
        assert sightings.live_count(session, copy.source, JO) == 0


def test_what_was_gone_and_comes_back_counts_as_changed(database: Database) -> None:
    copy = a_copy()
    with database.transaction() as session:
        (key,) = stored(session, copy)
        sightings.mark_gone(session, copy.source, JO, ["event-1"], at(5))
        assert sightings.save_sightings(session, JO, [copy], at(6)) == sightings.Saved(changed=1, keys=(key,))
        assert sightings.live_count(session, copy.source, JO) == 1


def test_a_call_that_is_gone_is_withdrawn(database: Database) -> None:
    leg = a_leg()
    with database.transaction() as session:
        sightings.save_sightings(session, "", [leg], NOON)
        assert sightings.mark_gone(session, leg.source, "", [leg.record_id], at(1)) == (leg.key,)
        assert [seen.withdrawn for seen in sightings.sightings_of(session, leg.key)] == [True]  # type: ignore[union-attr]


def test_only_live_sightings_that_start_within_the_window_can_be_missing_from_it(database: Database) -> None:
    views = [
        a_copy(event_id=str(hour), uid=str(hour), start=at(hour * 60), end=at(hour * 60 + 30)) for hour in range(6)
    ]
    with database.transaction() as session:
        sightings.save_sightings(session, JO, views, NOON)
        sightings.mark_gone(session, views[0].source, JO, ["2"], NOON)
        assert sightings.native_ids_between(session, views[0].source, JO, at(60), at(240)) == ["1", "3"]
        assert sightings.native_ids_between(session, views[0].source, "max@acme.example", at(60), at(240)) == []


def test_what_was_logged_and_moved_far_ahead_is_known_by_its_calendar(database: Database) -> None:
    views = [a_copy(event_id=str(number), uid=str(number), start=at(number), end=at(60)) for number in range(5)]
    with database.transaction() as session:
        sightings.save_sightings(session, JO, views, NOON)
        sightings.save_sightings(session, "max@acme.example", views[2:3], NOON)
        for number in (0, 2, 3, 4):
            meeting = a_meeting(key=views[number].key, start=at(number))
            judged(session, views[number].key, State.LOGGED, interaction=meeting)
        sightings.mark_gone(session, views[0].source, JO, ["4"], NOON)
        jo, other = (views[0].source, JO), (views[0].source, "max@acme.example")
        assert sightings.logged_from(session, at(1)) == {jo: ["2", "3"], other: ["2"]}  # 1: nobody is known
        assert sightings.logged_from(session, at(3)) == {jo: ["3"]}


def test_more_sightings_than_one_statement_may_hold_are_stored(database: Database) -> None:
    views = [a_copy(event_id=str(number), uid=str(number)) for number in range(2500)]
    with database.transaction() as session:
        assert sightings.save_sightings(session, JO, views, NOON).new == 2500
        again = sightings.save_sightings(session, JO, [*views, a_copy(event_id="one more", uid="x")], NOON)
        assert (again.new, again.changed, again.unchanged) == (1, 0, 2500)
        gone = [str(number) for number in range(2400)]
        assert len(sightings.mark_gone(session, views[0].source, JO, gone, NOON)) == 2400


def test_an_id_that_no_database_takes_is_stored_and_known_again(database: Database) -> None:
    odd = a_leg(record_id="a\0b", outside_name="Zo\0e")
    with database.transaction() as session:
        assert sightings.save_sightings(session, "", [odd], NOON).new == 1
        assert sightings.save_sightings(session, "", [odd], NOON).unchanged == 1
        assert sightings.sightings_of(session, odd.key) == [odd]


def test_nothing_to_store_is_fine(database: Database) -> None:
    with database.transaction() as session:
        assert sightings.save_sightings(session, JO, [], NOON) == sightings.Saved()
        assert sightings.mark_gone(session, "workspace", JO, [], NOON) == ()


def test_a_summary_that_was_not_asked_for_stays_as_it_was_told(database: Database) -> None:
    told, silent = a_leg(summary="Wants a quote"), a_leg(summary=None)
    with database.transaction() as session:
        sightings.save_sightings(session, "", [silent], NOON)
        assert sightings.sightings_of(session, told.key) == [a_leg(summary="")]
        assert sightings.save_sightings(session, "", [told], NOON).changed == 1
        assert sightings.save_sightings(session, "", [silent], NOON).unchanged == 1
        sightings.save_sightings(session, "", [a_leg(summary=None, tags=("Demo",))], NOON)
        assert sightings.sightings_of(session, told.key) == [a_leg(summary="Wants a quote", tags=("Demo",))]


def nameless_copy(calendar: str = JO, event_id: str = "n-1", **changes: Any) -> MeetingCopy:
    return a_copy(calendar=calendar, event_id=event_id, uid=own_uid(calendar, event_id), **changes)


def keys_of(session: Session, *copies: MeetingCopy) -> list[str]:
    """What each is kept under when one calendar after the other is read."""
    found = [nameless.named(session, [copy]) for copy in copies]
    for copy in copies:
        sightings.save_sightings(session, copy.calendar, nameless.named(session, [copy]), NOON)
    return [one.key for named in found for one in named]


def test_copies_that_came_without_a_uid_are_one_meeting_and_stay_so_when_it_moves(database: Database) -> None:
    with database.transaction() as session:
        first, second = nameless_copy(), nameless_copy("max@acme.example", "n-2")
        keys_of(session, first, second)
        assert sightings.sightings_by_key(session, [first.key]) == {first.key: [first, replace(second, uid=first.uid)]}
        moved = [replace(one, start=at(60), end=at(120)) for one in (second, first)]
        assert keys_of(session, *moved) == [first.key, first.key]
        named = a_copy(calendar="kim@acme.example", event_id="n-3", start=at(300), end=at(330), occurrence="o")
        without = nameless_copy("lee@acme.example", "n-4", start=at(300), end=at(330))
        sightings.save_sightings(session, named.calendar, [named], NOON)
        assert keys_of(session, without) == [named.key]


@pytest.mark.parametrize("other", [{"title": "Another"}, {"end": at(30)}, {"participants": ()}, {"start": at(-5)}])
def test_another_meeting_without_a_uid_stays_another(database: Database, other: dict[str, Any]) -> None:
    with database.transaction() as session:
        keys_of(session, first := nameless_copy(), second := nameless_copy("max@acme.example", "n-2", **other))
        assert set(sightings.sightings_by_key(session, [first.key, second.key])) == {first.key, second.key}
