"""What changed in Zoho, against the simulator: everything is seen, and quiet costs one credit."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.ports import Refreshed
from activity_sync.model.records import Module
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from tests.zoho.stage import LONG_AGO, NOW, Stage, a_stage

FIVE_MINUTES = timedelta(minutes=5)


def people(stage: Stage, count: int, module: str = "Contacts") -> list[str]:
    return [
        stage.sim.add(module, Last_Name=f"Person {number}", Email=f"p{number}@globex.example", Modified_Time=LONG_AGO)
        for number in range(count)
    ]


def changed(refreshed: Refreshed, module: Module = Module.CONTACTS) -> set[str]:
    return {row.record.id for row in refreshed.rows.get(module, ())}


def later(stage: Stage, before: Refreshed, by: timedelta = FIVE_MINUTES) -> Refreshed:
    stage.clock.shift(by)
    return stage.refresh(before)


@pytest.mark.parametrize("empty", ["missing", "null", "object", "text"])
def test_a_quiet_round_costs_one_credit_each_time(empty: Literal["missing", "null", "object", "text"]) -> None:
    with a_stage() as stage:
        people(stage, 40)
        stage.sim.switches.composite_empty_body = empty
        state = stage.begin()
        for _ in range(13):  # twice through all lists of the fifth place
            stage.cost()
            state = later(stage, state)
            assert stage.cost() == (1, 1)
            assert not changed(state)
            assert not state.notes


def test_a_changed_contact_is_seen() -> None:
    with a_stage() as stage:
        first, *_ = people(stage, 3)
        state = later(stage, stage.begin())
        stage.clock.shift(FIVE_MINUTES)
        stage.sim.edit("Contacts", first, Phone="020 7946 0123")
        state = later(stage, state, timedelta(seconds=1))
        [row] = state.rows[Module.CONTACTS]
        assert row.record.id == first
        assert "+442079460123" in {address.value for address in row.addresses}


def test_more_changes_than_fit_are_all_seen() -> None:
    with a_stage() as stage:
        known = people(stage, 700)
        state = later(stage, stage.begin())
        for number, one in enumerate(known[:600]):
            stage.clock.shift(timedelta(seconds=number % 3 // 2))
            stage.sim.edit("Contacts", one, Title="Director")
        state = later(stage, state, timedelta(seconds=5))
        assert changed(state) == set(known[:600])


@pytest.mark.parametrize("most", [2000, 200])
def test_many_changes_of_one_moment_are_all_seen_and_then_it_is_quiet_again(most: int) -> None:
    with a_stage() as stage:
        stage.sim.switches.coql_row_limit = most
        known = people(stage, 500)
        state = later(stage, stage.begin())
        for one in known:
            stage.sim.edit("Contacts", one, Title="Director")
        state = later(stage, state, timedelta(seconds=5))
        assert changed(state) == set(known)
        stage.cost()
        state = later(stage, state, timedelta(seconds=30))
        assert stage.cost() == (1, 1)
        state = later(stage, state)  # one last look at the overlap
        state = later(stage, state)
        stage.cost()
        state = later(stage, state)
        assert stage.cost() == (1, 1)


def test_a_change_that_becomes_visible_late_is_seen() -> None:
    with a_stage() as stage:
        first, second = people(stage, 2)
        state = stage.begin()
        stage.clock.shift(FIVE_MINUTES)
        stage.sim.edit("Contacts", first, Title="Director")
        for _ in range(3):
            state = later(stage, state, timedelta(seconds=5))
        late = stage.clock.now() - timedelta(seconds=90)
        stage.sim.world.tables["Contacts"].put(
            {**stage.sim.world.tables["Contacts"].rows[second], "Modified_Time": late}
        )
        state = later(stage, state, timedelta(seconds=30))
        assert second in changed(state)


def rounds(stage: Stage, state: Refreshed, count: int = 18) -> tuple[list[Refreshed], Refreshed]:
    seen = []
    for _ in range(count):
        state = later(stage, state)
        seen.append(state)
    return seen, state


def test_a_deleted_record_is_told_once_the_lists_have_gone_round() -> None:
    with a_stage() as stage:
        first, _ = people(stage, 2)
        _, state = rounds(stage, stage.begin())
        stage.sim.delete("Contacts", first)
        seen, _ = rounds(stage, state)
        assert [one for state in seen for one in state.deleted.get(Module.CONTACTS, ())] == [first]


def test_many_deleted_records_are_all_told() -> None:
    with a_stage() as stage:
        known = people(stage, 450)
        state = stage.begin()
        for one in known:
            stage.sim.delete("Contacts", one, permanent=True)
        seen, _ = rounds(stage, state)
        assert {one for state in seen for one in state.deleted.get(Module.CONTACTS, ())} == set(known)


def test_a_record_that_was_seen_alive_is_not_told_as_deleted() -> None:
    with a_stage() as stage:
        [only] = people(stage, 1)
        state = stage.begin()
        state = later(stage, state)
        stage.sim.delete("Contacts", only)
        stage.sim.world.tables["Contacts"].put(
            {**stage.sim.world.tables["Contacts"].bin[only].row, "Modified_Time": stage.clock.now()}
        )
        seen, _ = rounds(stage, state, 1)
        assert changed(seen[0]) == {only}
        assert seen[0].deleted.get(Module.CONTACTS, []) == []


@pytest.mark.parametrize("hidden", [False, True])
def test_a_converted_lead_leads_to_its_contact(hidden: bool) -> None:
    with a_stage() as stage:
        stage.sim.switches.coql_hides_converted = hidden
        [lead] = people(stage, 1, "Leads")
        _, state = rounds(stage, stage.begin())
        stage.clock.shift(FIVE_MINUTES)
        new = stage.sim.convert_lead(lead)
        seen, _ = rounds(stage, state)
        rows = [row for state in seen for row in state.rows.get(Module.LEADS, ()) if row.record.id == lead]
        assert rows
        assert all(row.record.converted and not row.gone for row in rows)
        assert rows[-1].record.contact_id == new["Contacts"]


def test_a_module_without_a_cursor_is_left_alone() -> None:
    with a_stage() as stage:
        people(stage, 2)
        state = stage.begin()
        cursors = {name: value for name, value in state.cursors.items() if name != "Contacts"}
        after = stage.crm.refresh(cursors, stage.known[0])
        assert Module.CONTACTS not in after.rows
        assert "Contacts" not in after.cursors


def test_without_any_cursor_nothing_is_asked() -> None:
    with a_stage() as stage:
        org = stage.learn()
        stage.cost()
        assert stage.crm.refresh({}, org) == Refreshed()
        assert stage.cost() == (0, 0)


def test_one_closed_module_is_noted_and_the_others_go_on() -> None:
    scopes = [f"ZohoCRM.modules.{name}.ALL" for name in ("contacts", "leads", "accounts")]
    others = [scope for scope in ALL_SCOPES if "modules" not in scope]
    with a_stage(ZohoSimulator(Clock(NOW), scopes=(*scopes, *others))) as stage:
        known = people(stage, 1)
        org = stage.learn()
        cursors = {str(module): LONG_AGO.isoformat() for module in (Module.CONTACTS, Module.DEALS)}
        stage.clock.shift(FIVE_MINUTES)
        stage.sim.edit("Contacts", known[0], Title="Director")
        after = stage.crm.refresh(cursors, org)
        assert changed(after) == {known[0]}
        assert "Contacts" in after.cursors
        assert "Deals" not in after.cursors
        assert any("Deals could not be read" in note for note in after.notes)


def test_without_the_right_to_composites_each_module_is_asked_alone() -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if "composite" not in scope)
    with a_stage(ZohoSimulator(Clock(NOW), scopes=scopes)) as stage:
        first, *_ = people(stage, 2)
        state = later(stage, stage.begin())
        stage.sim.edit("Contacts", first, Title="Director")
        state = later(stage, state)
        assert changed(state) == {first}
        assert len(stage.asked("/__composite_requests")) == 1
        stage.cost()
        state = later(stage, state)
        booked, charged = stage.cost()
        assert booked == charged


@pytest.mark.parametrize("mishap", [Mishap.HTML, Mishap.TRUNCATED, Mishap.DROP_BEFORE, Mishap.BAD_GATEWAY])
def test_an_answer_that_is_none_moves_nothing(mishap: Mishap) -> None:
    with a_stage() as stage:
        first, *_ = people(stage, 2)
        state = later(stage, stage.begin())
        stage.sim.edit("Contacts", first, Title="Director")
        stage.sim.mishaps.plan(mishap, path="__composite", times=9)
        with pytest.raises(ConnectionFailure):
            later(stage, state)
        stage.sim.mishaps.clear()
        assert first in changed(later(stage, state))


def test_users_come_whole_and_the_inactive_ones_with_them() -> None:
    with a_stage() as stage:
        people(stage, 1)
        jo = stage.sim.add_user("Jo@acme.example", "Jo", "Smith", status="disabled", time_zone="Europe/Paris")
        state = later(stage, stage.begin())
        found = {user.id: user for user in state.users or ()}
        assert len(found) == 2
        assert (found[jo].email, found[jo].active, found[jo].time_zone) == ("jo@acme.example", False, "Europe/Paris")


def test_many_users_are_read_again_only_when_one_changed() -> None:
    with a_stage() as stage:
        people(stage, 1)
        known = [stage.sim.add_user(f"u{number}@acme.example", "U", f"{number}") for number in range(40)]
        _, state = rounds(stage, stage.begin(), 36)
        seen, state = rounds(stage, state)
        assert all(one.users is None for one in seen)
        stage.sim.edit_user(known[3], status="inactive")
        seen, state = rounds(stage, state)
        [users] = [one.users for one in seen if one.users is not None]
        assert len(users) == 41
        assert [user.id for user in users if not user.active] == [known[3]]
