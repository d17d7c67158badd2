"""The plan against what was written and what people changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.interactions import Direction, Outcome
from activity_sync.model.records import Module
from activity_sync.model.writes import Op, Wanted, Write, Written
from activity_sync.rules.differences import SOMETHING, differ, respect
from tests import builders as b
from tests.rules.plans import a_plan, carried_out, on, unhurried


def wanted(slot: str = "activity", module: Module = Module.EVENTS, **fields: Any) -> Wanted:
    key = "m-1" if slot == "activity" else f"m-1/{slot[5:]}"
    return Wanted(slot=slot, module=module, record_key=key, fields=fields, because="a test")


def written(slot: str = "activity", module: Module = Module.EVENTS, **changes: Any) -> Written:
    known = {"record_key": "m-1", "id": "id-1", "fields": {"Event_Title": "Demo"}, **changes}
    return Written(slot=slot, module=module, **known)


def an_update(**fields: Any) -> Write:
    return Write(slot="activity", module=Module.EVENTS, op=Op.UPDATE, record_key="m-1", id="id-1", fields=fields)


A_DELETE = Write(slot="activity", module=Module.EVENTS, op=Op.DELETE, record_key="m-1", id="id-1")


def ops(writes: Sequence[Write]) -> list[tuple[Op, str]]:
    return [(write.op, write.record_key) for write in writes]


# --- differ


def test_what_was_never_written_is_created() -> None:
    (write,) = differ([wanted(Event_Title="Demo")], [], [])
    assert (write.op, write.record_key, write.id, write.fields) == (Op.CREATE, "m-1", "", {"Event_Title": "Demo"})


def test_only_the_fields_that_differ_are_updated() -> None:
    sent = written(fields={"Event_Title": "Demo", "Venue": "Room 5", "Start_DateTime": "2026-03-02T13:00:00+01:00"})
    now = wanted(Event_Title="Demo", Venue="Room 6", Start_DateTime="2026-03-02T12:00:00+00:00")
    (write,) = differ([now], [], [sent])
    assert (write.op, write.id, write.fields) == (Op.UPDATE, "id-1", {"Venue": "Room 6"})
    assert write.because == "a test: Venue changed"


def test_a_field_that_is_no_longer_wanted_is_emptied() -> None:
    sent = written(fields={"Event_Title": "Demo", "Who_Id": {"id": "7"}, "All_day": True, "Tag": [{"name": "x"}]})
    (write,) = differ([wanted(Event_Title="Demo")], [], [sent])
    assert write.fields == {"Who_Id": None, "All_day": False, "Tag": []}


def test_a_new_parent_is_sent_with_its_module() -> None:
    sent = written(fields={"What_Id": {"id": "1"}, "$se_module": "Accounts"})
    (write,) = differ([wanted(What_Id={"id": "2"}, **{"$se_module": "Deals"})], [], [sent])
    assert write.fields == {"What_Id": {"id": "2"}, "$se_module": "Deals"}


def test_a_parent_that_goes_leaves_no_module_behind() -> None:
    sent = written(fields={"What_Id": {"id": "1"}, "$se_module": "Leads"})
    (write,) = differ([wanted(Who_Id={"id": "2"})], [], [sent])
    assert write.fields == {"Who_Id": {"id": "2"}, "What_Id": None}


@pytest.mark.parametrize(
    ("theirs", "left"),
    [
        ({"Event_Title"}, {"Start_DateTime", "End_DateTime", "What_Id", "$se_module", "Who_Id"}),
        ({"Who_Id"}, {"Event_Title", "Start_DateTime", "End_DateTime"}),
        ({"End_DateTime"}, {"Event_Title", "What_Id", "$se_module", "Who_Id"}),
    ],
)
def test_what_a_person_changed_is_left_alone_and_what_belongs_to_it_too(theirs: set[str], left: set[str]) -> None:
    moved = wanted(Event_Title="B", Start_DateTime="2026-03-03T12:00:00+00:00", What_Id={"id": "2"}, Who_Id={"id": "3"},
                   End_DateTime="2026-03-03T13:00:00+00:00", **{"$se_module": "Deals"})  # fmt: skip
    (write,) = differ([moved], [], [written(theirs=frozenset(theirs))])
    assert set(write.fields) == left


def test_what_a_person_removed_is_never_made_again() -> None:
    assert differ([wanted(Event_Title="New")], ["task:x"], [written(gone="person")]) == ()


def test_what_we_removed_is_made_again_under_the_next_key() -> None:
    gone = [written(gone="us")]
    assert ops(differ([wanted(Event_Title="Demo")], [], gone)) == [(Op.CREATE, "m-1/2")]
    gone = [written(record_key="m-1/2", id="id-2", gone="us")]  # the latest of a slot is all that is kept
    assert ops(differ([wanted(Event_Title="Demo")], [], gone)) == [(Op.CREATE, "m-1/3")]


def test_a_cancelled_meeting_that_was_deleted_is_not_made_again_to_be_marked() -> None:
    marked = replace(wanted(Event_Title="Cancelled: Demo"), only_if_there=True)
    assert differ([marked], [], [written(gone="us")]) == ()
    assert differ([marked], [], []) == ()
    assert differ([marked], [], [written()])[0].fields == {"Event_Title": "Cancelled: Demo"}


def test_what_is_withdrawn_is_deleted_if_it_is_there() -> None:
    rows = [written("task:a", Module.TASKS, id="1"), written("task:b", Module.TASKS, id="2", gone="us")]
    assert [(write.op, write.id) for write in differ([], ["task:a", "task:b", "task:c"], rows)] == [(Op.DELETE, "1")]


def test_a_touched_meeting_is_marked_and_a_touched_task_is_left() -> None:
    task = written("task:a", Module.TASKS, id="2", fields={"Subject": "x"}, theirs=frozenset({"Status"}))
    event = written(theirs=frozenset({"Venue"}))
    (write,) = differ([], ["activity", "task:a"], [event, task])
    assert (write.op, write.fields) == (Op.UPDATE, {"Event_Title": "Cancelled: Demo"})
    assert differ([], ["activity"], carried_out([write], [event])) == ()
    assert differ([], ["activity"], [replace(event, theirs=frozenset({"Event_Title"}))]) == ()


def test_a_call_whose_type_changes_is_replaced() -> None:
    row = written(module=Module.CALLS, fields={"Call_Type": "Missed", "Subject": "x"})
    now = wanted(module=Module.CALLS, Call_Type="Inbound", Subject="x")
    writes = differ([now], [], [row])
    assert ops(writes) == [(Op.DELETE, "m-1"), (Op.CREATE, "m-1/2")]
    assert "call type" in writes[0].because
    assert differ([now], [], carried_out(writes, [row])) == ()


def test_a_call_that_a_person_edited_is_not_replaced_but_told_the_news() -> None:
    row = written(module=Module.CALLS, fields={"Call_Type": "Missed", "Description": "old", "Owner": {"id": "1"}},
                  theirs=frozenset({"Subject"}))  # fmt: skip
    now = wanted(module=Module.CALLS, Call_Type="Inbound", Description="new", Owner={"id": "2"}, Subject="y")
    (write,) = differ([now], [], [row])
    assert write.fields == {"Description": "new\n\nSince logged: the call type is now Inbound."}
    assert "cannot be changed" in write.because
    assert differ([now], [], carried_out([write], [row])) == ()


def test_the_owner_of_a_meeting_or_task_can_change() -> None:
    row = written(fields={"Owner": {"id": "1"}})
    assert differ([wanted(Owner={"id": "2"})], [], [row])[0].fields == {"Owner": {"id": "2"}}


# --- plan and differ together

RECAP = {
    "recap": {"subject": "Recap {{ title }}", "when": {"outcome": ["held", "answered"]}},
    "back": {"subject": "Call back", "when": {"outcome": ["missed", "voicemail"]}, "remind": True},
}
TARGETS = [
    on(b.a_deal(), who=b.a_contact(), account=b.an_account()),
    on(b.an_account()),
    on(b.a_contact()),
    on(b.a_lead()),
    on(None),
]
meetings = st.builds(
    lambda title, notes, minutes, location, all_day: b.a_meeting(
        title=title, notes=notes, end=b.at(minutes), location=location, all_day=all_day
    ),
    st.text(max_size=300), st.text(max_size=50), st.integers(0, 3_000), st.sampled_from(["", "Room 5"]), st.booleans(),
)  # fmt: skip
calls = st.builds(
    lambda direction, outcome, talk, notes: b.a_call(
        direction=direction, outcome=outcome, talk_seconds=talk, notes=tuple(notes)
    ),
    st.sampled_from([Direction.INBOUND, Direction.OUTBOUND]),
    st.sampled_from([Outcome.ANSWERED, Outcome.MISSED, Outcome.VOICEMAIL, Outcome.BUSY]),
    st.integers(0, 10_000), st.lists(st.text(max_size=20), max_size=2),
)  # fmt: skip


def planned(interaction: Any, target: Any, now: Any, outcome: Outcome | None = None) -> Any:
    settings = b.settings(follow_ups=RECAP)
    return a_plan(interaction, target=target, now=now, settings=settings, outcome=outcome,
                  then={"follow_ups": ["recap", "back"], "tags": ["x"]})  # fmt: skip


@unhurried
@given(before=meetings | calls, after=meetings | calls, first=st.sampled_from(TARGETS), then=st.sampled_from(TARGETS),
       days=st.integers(-1, 3))  # fmt: skip
def test_the_same_plan_twice_writes_nothing_the_second_time(
    before: Any, after: Any, first: Any, then: Any, days: int
) -> None:
    rows: list[Written] = []
    for interaction, target in ((before, first), (before, first), (after, then)):
        if interaction.kind != before.kind:
            continue
        plan = planned(interaction, target, b.at(days=days))
        writes = differ(plan.wanted, plan.withdraw, rows)
        rows = carried_out(writes, rows)
        assert differ(plan.wanted, plan.withdraw, rows) == ()
    keys = [row.record_key for row in rows]
    assert len(set(keys)) == len(keys)
    assert sum(row.slot == "activity" and not row.gone for row in rows) <= 1


@unhurried
@given(meetings, st.randoms(use_true_random=False))
def test_the_order_of_fields_makes_no_difference(meeting: Any, random: Any) -> None:
    plan = planned(meeting, TARGETS[0], b.at(days=3))
    rows = carried_out(differ(plan.wanted, plan.withdraw, []))
    mixed = [replace(row, fields=dict(random.sample(list(row.fields.items()), len(row.fields)))) for row in rows]
    assert differ(plan.wanted, plan.withdraw, mixed) == ()


def test_a_cancelled_meeting_is_deleted_once_and_stays_away() -> None:
    plan = planned(b.a_meeting(), TARGETS[0], b.at(-60))
    rows = carried_out(differ(plan.wanted, plan.withdraw, []))
    for now in (b.at(-30), b.at(-20), b.at(30), b.at(days=2)):
        plan = planned(b.a_meeting(cancelled=True), TARGETS[0], now, Outcome.CANCELLED)
        rows = carried_out(differ(plan.wanted, plan.withdraw, rows), rows)
        assert [(row.record_key, row.gone) for row in rows] == [("m-1", "us")]


def test_a_meeting_that_comes_back_after_its_cancellation_is_made_again() -> None:
    rows = [written(gone="us")]
    plan = planned(b.a_meeting(), TARGETS[0], b.at(-60))
    assert ops(differ(plan.wanted, plan.withdraw, rows)) == [(Op.CREATE, "m-1/2")]


def test_a_missed_call_that_turns_out_answered_loses_its_call_back() -> None:
    missed = b.a_call(outcome=Outcome.MISSED, talk_seconds=0)
    plan = planned(missed, TARGETS[0], b.at(days=1))
    rows = carried_out(differ(plan.wanted, plan.withdraw, []))
    plan = planned(b.a_call(), TARGETS[0], b.at(days=1))
    writes = differ(plan.wanted, plan.withdraw, rows)
    assert ops(writes) == [
        (Op.DELETE, "c-1"),
        (Op.CREATE, "c-1/2"),
        (Op.CREATE, "c-1/recap"),
        (Op.DELETE, "c-1/back"),
    ]


def test_a_record_that_a_person_touched_anywhere_is_not_deleted():
    row = written()
    left, theirs = respect(A_DELETE, row, {"Event_Title": "Demo"}, touched=True)
    assert theirs == {SOMETHING}
    assert left is not None
    assert (left.op, left.fields) == (Op.UPDATE, {"Event_Title": "Cancelled: Demo"})
    task = replace(A_DELETE, module=Module.TASKS)
    assert respect(task, written(module=Module.TASKS, fields={"Subject": "Recap"}), {}, touched=True)[0] is None
