"""After undo every field that a rep can edit is what it was before the run, human edits excepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, OutboxRow, Wanted, Write, WriteState, Written
from activity_sync.rules.differences import differ, respect
from activity_sync.rules.sameness import same
from activity_sync.rules.undoing import heirs, replaced, sendable, touched, undo
from tests.builders import NOON

SLOTS = {"activity": Module.EVENTS, "task:recap": Module.TASKS}
FIELDS = ("Event_Title", "Venue", "Description")
VALUES = st.sampled_from(("A", "B", "C", None))
PLAN = st.fixed_dictionaries({slot: st.none() | st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES)) for slot in SLOTS})


@dataclass(slots=True)
class Zoho:
    """What Zoho holds, and what we know of it. `edited`: (id, field) that a person changed."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    rows: list[OutboxRow] = field(default_factory=list)
    edited: set[tuple[str, str]] = field(default_factory=set)
    lately: set[tuple[str, str]] = field(default_factory=set)
    run: dict[int, int] = field(default_factory=dict)

    def do(self, run: int, plan: Mapping[str, Mapping[str, Any] | None]) -> None:
        """A run that wants this."""
        wanted = [
            Wanted(slot=slot, module=SLOTS[slot], record_key=f"k/{slot[:4]}", fields=dict(fields), because="")
            for slot, fields in plan.items()
            if fields is not None
        ]
        gone = [slot for slot, fields in plan.items() if fields is None]
        for write in differ(wanted, gone, list(self.written.values())):
            self.send(run, write)

    def send(self, run: int, write: Write) -> None:
        """As the writer does: a look at what people did, then the write, and a note of what it replaced."""
        ours, current = self.written.get(write.slot), self.records.get(write.id)
        before: Mapping[str, Any] | None = None
        if write.op is not Op.CREATE:
            assert ours is not None
            if current is None:
                self.written[write.slot] = replace(ours, gone="person")
                return
            known = {name: value for name, value in current.items() if name in ours.fields}
            left, theirs = respect(write, ours, known)
            self.written[write.slot] = ours = replace(ours, theirs=theirs)
            if left is None or (write.undoes and write.op is Op.DELETE and self.is_touched(write.id)):
                return
            write = left
            before = ours.fields if write.op is Op.DELETE else replaced(write, ours.fields, current)
        number = len(self.rows) + 1
        record_id = write.id or f"id-{number}"
        self.rows.append(
            OutboxRow(number=number, key="k", write=replace(write, id=record_id), state=WriteState.DONE, next_at=NOON,
                before=before, run=run)
        )  # fmt: skip
        self.run[number] = run
        self.apply(replace(write, id=record_id), ours)

    def apply(self, write: Write, ours: Written | None) -> None:
        match write.op:
            case Op.CREATE:
                self.records[write.id] = dict(write.fields)
                self.written[write.slot] = Written(
                    slot=write.slot, module=write.module, record_key=write.record_key, id=write.id, fields=write.fields
                )
            case Op.UPDATE:
                assert ours is not None
                self.records[write.id] |= write.fields
                self.written[write.slot] = replace(ours, fields={**ours.fields, **write.fields})
            case Op.DELETE:
                assert ours is not None
                del self.records[write.id]
                self.written[write.slot] = replace(ours, gone="us")

    def edit(self, slot: str, name: str, value: Any) -> None:
        """A person changes a field of what is there; None as the name: deletes it."""
        ours = self.written.get(slot)
        if ours is None or ours.id not in self.records:
            return
        if not name:
            del self.records[ours.id]
            return
        if not same(self.records[ours.id].get(name), value):
            self.records[ours.id][name] = value
            self.edited.add((ours.id, name))
            self.lately.add((ours.id, name))

    def is_touched(self, record_id: str) -> bool:
        return any(one == record_id for one, _ in self.edited)

    def take_back(self, run: int, by: int) -> list[str]:
        """Undo; why something stays."""
        done = [row for row in self.rows if self.run[row.number] == run]
        before = [row for row in self.rows if row.write.undoes == run]
        found = undo("k", done, list(self.written.values()), before, run, heirs(self.rows))
        for write in found.writes:
            self.send(by, write)
        return [left.why for left in found.left]


EDIT = st.tuples(st.sampled_from(sorted(SLOTS)), st.sampled_from(("", *FIELDS)), st.sampled_from(("mine", "A", None)))
STEP = st.one_of(PLAN, PLAN, EDIT)


@given(st.lists(STEP, max_size=5), PLAN, st.lists(EDIT, max_size=3))
def test_undo_restores_all_that_nobody_has_edited(history: list[Any], plan: Any, later: list[Any]) -> None:
    zoho = Zoho()
    for number, step in enumerate(history):
        zoho.do(number, step) if isinstance(step, dict) else zoho.edit(*step)
    before = {one: dict(fields) for one, fields in zoho.records.items()}
    zoho.do(100, plan)
    made = set(zoho.records) - set(before)
    zoho.lately.clear()
    for edit in later:
        zoho.edit(*edit)
    there = set(zoho.records)
    zoho.take_back(100, 101)
    for record_id, fields in before.items():
        if record_id in zoho.records:
            for name in FIELDS:
                if (record_id, name) not in zoho.lately:
                    assert same(zoho.records[record_id].get(name), fields.get(name)), name
        elif record_id not in there and not any(
            row.write.op is Op.DELETE and row.write.id == record_id and zoho.run[row.number] == 100 for row in zoho.rows
        ):
            continue  # a person deleted it
        elif not any(one in made and zoho.is_touched(one) for one in zoho.records):
            assert any(all(same(one.get(n), fields.get(n)) for n in FIELDS) for one in zoho.records.values())
    for record_id in made & set(zoho.records):
        assert zoho.is_touched(record_id)
    state = {one: dict(fields) for one, fields in zoho.records.items()}
    zoho.take_back(100, 102)  # undo twice
    assert zoho.records == state


@given(st.lists(PLAN, min_size=1, max_size=4))
def test_runs_undone_one_after_the_other_lead_back_to_the_beginning(plans: list[Any]) -> None:
    zoho = Zoho()
    states = []
    for number, plan in enumerate(plans):
        states.append([dict(one) for one in zoho.records.values()])
        zoho.do(number, plan)
    for number in reversed(range(len(plans))):
        zoho.take_back(number, 100 + number)
        assert _bare(zoho.records.values()) == _bare(states[number])


def _bare(records: Any) -> list[Any]:
    return sorted(sorted((name, value) for name, value in one.items() if value) for one in records)


def test_what_a_later_run_changed_again_stays_and_is_told() -> None:
    zoho = Zoho()
    for number, title in enumerate("ABC"):
        zoho.do(number, {"activity": {"Event_Title": title, "Venue": f"V{title}"[: 1 + (number < 2)]}})
    (why,) = zoho.take_back(1, 9)
    assert "later run" in why
    assert [one["Event_Title"] for one in zoho.records.values()] == ["C"]


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
