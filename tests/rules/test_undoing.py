"""After undo every field that a rep can edit is what it was before the run, human edits excepted."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from activity_sync.model.records import Module
from activity_sync.model.writes import WriteState
from activity_sync.rules.sameness import same
from activity_sync.rules.undoing import left_to_people, sendable, touched
from tests.builders import NOON
from tests.rules.undone import ACTIVITY, FIELDS, FOREIGN, OWN, Zoho, values_of

LATER = 200
"""The run after the one that is undone."""


def _fields_of(module: Module) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({name: st.sampled_from(values_of(name)) for name in FIELDS[module]})


def _plans(activity: Module) -> st.SearchStrategy[Any]:
    """What a run wants; people and what others made are not withdrawn."""
    own = {slot: activity if slot == ACTIVITY else module for slot, module in OWN.items()}
    wanted = {slot: st.none() | _fields_of(module) for slot, module in own.items()}
    return st.fixed_dictionaries(
        {}, optional=wanted | {slot: _fields_of(module) for slot, (module, _) in FOREIGN.items()}
    )


def _edits(activity: Module) -> st.SearchStrategy[Any]:
    names = {slot: FIELDS[module] for slot, module in {**OWN, ACTIVITY: activity}.items()}
    names |= {slot: FIELDS[module] for slot, (module, _) in FOREIGN.items()}
    places = st.sampled_from([(slot, name) for slot, fields in names.items() for name in ("", *fields)])
    return places.flatmap(lambda place: st.tuples(*map(st.just, place), st.sampled_from(_by_hand(place[1]))))


def _by_hand(name: str) -> Sequence[Any]:
    own = () if name.endswith("_Id") or name == "Owner" else ("mine", "A\nmine")
    return (*own, *values_of(name))


@st.composite
def stories(draw: st.DrawFn) -> tuple[Zoho, list[Any], list[Any], list[Any]]:
    """A Zoho with a past of runs and edits; what a run wanted in turn; what people did then; what later runs wanted."""
    activity = draw(st.sampled_from([Module.EVENTS, Module.CALLS]))
    plans, edits = _plans(activity), _edits(activity)
    zoho = Zoho(activity)
    for number, step in enumerate(draw(st.lists(plans | edits, max_size=4))):
        zoho.do(number, step) if isinstance(step, dict) else zoho.edit(*step)
    later = draw(st.lists(plans, max_size=1)) if draw(st.booleans()) else []
    return zoho, draw(st.lists(plans, min_size=1, max_size=2)), draw(st.lists(edits, max_size=3)), later


@settings(max_examples=150 if os.environ.get("TORTURE") is None else 5_000)
@given(stories())
def test_undo_restores_all_that_nobody_has_edited(story: Any) -> None:
    zoho, wanted, edits, later = story
    before = {one: dict(fields) for one, fields in zoho.records.items()}
    for plan in wanted:
        zoho.do(100, plan)
    made, deleted = set(zoho.records) - set(before), set(before) - set(zoho.records)
    zoho.lately.clear()
    for edit in edits:
        zoho.edit(*edit)
    for one in later:
        zoho.do(LATER, one)
    there = set(zoho.records)
    zoho.stayed.clear()
    found = zoho.take_back(100, 300)
    told = {left.id for left in found.left} | zoho.stayed

    wanted_later = {what for what, run in zoho.by_runs.items() if run == LATER}
    for record_id in set(before) & set(zoho.records):
        for name, value in before[record_id].items():
            if not zoho.is_a_persons(record_id, name) and (record_id, name) not in wanted_later:
                assert same(zoho.records[record_id].get(name), value), (record_id, name)
    for (record_id, name), value in zoho.lately.items():
        if record_id in zoho.records and (record_id, name) not in wanted_later | zoho.as_we_left:
            assert _still_says(zoho.records[record_id].get(name), value), (record_id, name)
    for record_id in made & set(zoho.records):
        assert zoho.has_words_of_a_person(record_id) or later
        assert record_id in told
    for record_id in deleted - told:
        again = [one for one in set(zoho.records) - there if _alike(zoho.records[one], before[record_id])]
        assert again or later, record_id
    state = {one: dict(fields) for one, fields in zoho.records.items()}
    zoho.take_back(100, 301)  # undo twice
    assert zoho.records == state


def _still_says(now: Any, value: Any) -> bool:
    """Whether what a person wrote is there; around our block of a description it may have moved on."""
    return same(now, value) or ("mine" in str(value) and "mine" in str(now))


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(same(one.get(name), other.get(name)) for name in {*one, *other})


@st.composite
def runs_and_undos(draw: st.DrawFn) -> tuple[Module, list[Any]]:
    """Plans of runs in turn; None: the latest run that stands is undone."""
    activity = draw(st.sampled_from([Module.EVENTS, Module.CALLS]))
    return activity, draw(st.lists(_plans(activity) | st.none(), min_size=1, max_size=6))


_MADE = {ACTIVITY: {"Event_Title": "A", "What_Id": {"id": "deal-1"}}}
_RANG = {ACTIVITY: {"Subject": "A", "Call_Type": "A"}}
_GONE = {ACTIVITY: None}


@example((Module.EVENTS, [_MADE, _GONE, None, _GONE, None]))
@example((Module.CALLS, [_RANG, {ACTIVITY: {**_RANG[ACTIVITY], "Call_Type": "B"}}, _GONE]))
@given(runs_and_undos())
def test_runs_and_undos_in_turn_lead_back_to_the_beginning(told: tuple[Module, list[Any]]) -> None:
    zoho, steps = Zoho(told[0]), told[1]
    stand: list[tuple[int, Any]] = []
    for number, plan in enumerate([*steps, *[None] * len(steps)]):
        if plan is not None:
            stand.append((number, _bare(zoho.records.values())))
            zoho.do(number, plan)
        elif stand:
            run, state = stand.pop()
            zoho.take_back(run, 100 + number)
            assert _bare(zoho.records.values()) == state


def _bare(records: Any) -> list[Any]:
    return sorted(sorted((name, str(value)) for name, value in one.items() if value) for one in records)


def test_what_a_later_run_changed_again_stays_and_is_told() -> None:
    zoho = Zoho()
    for number, title in enumerate("ABC"):
        zoho.do(number, {"activity": {"Event_Title": title, "Venue": f"V{title}"[: 1 + (number < 2)]}})
    (left,) = zoho.take_back(1, 9).left
    assert "later run" in left.why
    assert [one["Event_Title"] for one in zoho.records.values() if "Event_Title" in one] == ["C"]


def test_what_a_person_had_put_there_before_we_wrote_the_same_is_what_comes_back() -> None:
    zoho = Zoho()
    deal = {"id": "deal-1"}
    zoho.do(1, {ACTIVITY: {"Event_Title": "A", "What_Id": None}})
    zoho.edit(ACTIVITY, "Event_Title", "B")
    zoho.edit(ACTIVITY, "What_Id", deal)
    zoho.do(2, {ACTIVITY: {"Event_Title": "B", "What_Id": deal}})
    zoho.take_back(2, 3)
    (event,) = (one for one in zoho.records.values() if "Event_Title" in one)
    assert (event["Event_Title"], event["What_Id"]) == ("B", deal)


def test_what_was_changed_and_then_deleted_by_one_run_comes_back_as_it_was_before() -> None:
    zoho = Zoho()
    zoho.do(1, {ACTIVITY: {"Event_Title": "A", "Venue": "A"}})
    zoho.do(2, {ACTIVITY: {"Event_Title": "B", "Venue": "A"}})
    zoho.do(2, {ACTIVITY: None})
    zoho.take_back(2, 3)
    (event,) = (one for one in zoho.records.values() if "Event_Title" in one)
    assert (event["Event_Title"], event["Venue"]) == ("A", "A")


def test_what_sending_left_to_people_is_told_field_by_field() -> None:
    zoho = Zoho()
    zoho.do(1, {"stage": {"Stage": "B"}, "update:lead-1": {"Phone": "B", "Description": "B"}})
    zoho.edit("update:lead-1", "Phone", "mine")
    zoho.edit("stage", "Stage", "mine")
    asked = zoho.take_back(1, 2).writes
    rows = [row for row in zoho.rows if row.write.undoes == 1]
    dropped = [replace(rows[0], write=asked[0], state=WriteState.DROPPED, error="first")]
    left = left_to_people([*rows, *dropped], asked, "first")
    assert [(one.id, one.why) for one in left] == [
        ("lead-1", "a person has changed Phone since"), (asked[0].id, "a person has edited it since"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ({"Created_By": {"id": "1"}, "Modified_By": {"id": "1"}, "Modified_Time": NOON.isoformat()}, False),
        ({"Created_By": {"id": "1"}, "Modified_By": {"id": "2"}, "Modified_Time": NOON.isoformat()}, True),
        ({"Modified_Time": (NOON + timedelta(minutes=1)).isoformat()}, True),
        ({"Modified_Time": "never"}, False),
        ({}, False),
    ],
)
def test_who_had_a_hand_in_it(current: dict[str, Any], expected: bool) -> None:
    assert touched(current, NOON) is expected
    assert touched({"Modified_Time": NOON.isoformat()}, None) is False


def test_what_was_read_can_be_sent_again() -> None:
    assert sendable({"id": "1", "name": "Sam"}) == {"id": "1"}
    assert sendable([{"name": "hot", "id": "1"}, "x"]) == [{"name": "hot"}, "x"]
    assert sendable("text") == "text"
