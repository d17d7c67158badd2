"""Looking for a write whose answer was lost."""

from __future__ import annotations

import pytest

from activity_sync.model.failures import Uncertain
from activity_sync.model.records import Module
from activity_sync.model.writes import OutboxRow
from activity_sync.simulator.mishaps import Mishap
from tests.zoho.stage import Stage, a_row, a_stage, sound_fields


def lose_answer(stage: Stage, row: OutboxRow) -> None:
    stage.sim.mishaps.plan(Mishap.DROP_AFTER, "POST", f"/{row.write.module}")
    with pytest.raises(Uncertain):
        stage.crm.send([row])


@pytest.mark.parametrize("module", [Module.EVENTS, Module.CALLS, Module.TASKS])
@pytest.mark.parametrize("keyed", [True, False])
def test_a_write_that_arrived_is_found_for_one_credit(module: Module, keyed: bool) -> None:
    with a_stage() as stage:
        if keyed:
            stage.sim.add_key_field()
        stage.learn()
        row = a_row(1, module)
        lose_answer(stage, row)
        stage.cost()
        [found] = stage.crm.find(row)
        assert stage.cost() == (1, 1)
        [there] = stage.sim.records(module)
        assert found.id == there["id"]
        assert found.record_key == ("meeting/1" if keyed else "")
        title = "Event_Title" if module is Module.EVENTS else "Subject"
        assert found.fields[title] == row.write.fields[title]


@pytest.mark.parametrize("keyed", [True, False])
def test_a_write_that_did_not_arrive_is_not_found(keyed: bool) -> None:
    with a_stage() as stage:
        if keyed:
            stage.sim.add_key_field()
        stage.learn()
        stage.crm.send([a_row(2)])
        assert list(stage.crm.find(a_row(1))) == []


def test_a_quote_in_the_title_is_no_way_out_of_it() -> None:
    with a_stage() as stage:
        stage.learn()
        title = "Jo's demo') or (id is not null"
        row = a_row(1, **{**sound_fields(Module.EVENTS), "Event_Title": title})
        stage.crm.send([a_row(2)])
        assert list(stage.crm.find(row)) == []
        lose_answer(stage, row)
        [found] = stage.crm.find(row)
        assert found.fields["Event_Title"] == title


def test_a_title_that_no_query_can_hold_is_compared_after_reading() -> None:
    with a_stage() as stage:
        stage.learn()
        row = a_row(1, **{**sound_fields(Module.EVENTS), "Event_Title": "Demo \\ round 2"})
        stage.crm.send([a_row(2, **{**sound_fields(Module.EVENTS), "Event_Title": "Another"})])
        lose_answer(stage, row)
        [found] = stage.crm.find(row)
        assert found.fields["Event_Title"] == "Demo \\ round 2"


def test_the_same_meeting_on_another_deal_is_another_one() -> None:
    with a_stage() as stage:
        stage.learn()
        deals = [stage.sim.add("Deals", Deal_Name=name, Stage="Qualification") for name in ("One", "Two")]
        rows = [
            a_row(number, **{**sound_fields(Module.EVENTS), "What_Id": {"id": deal}, "$se_module": "Deals"})
            for number, deal in enumerate(deals)
        ]
        made = stage.crm.send(rows)
        assert [found.id for found in stage.crm.find(rows[0])] == [made[0].id]


def test_a_key_field_that_has_been_removed_since_is_no_obstacle() -> None:
    with a_stage() as stage:
        stage.sim.add_key_field()
        stage.learn()
        row = a_row(1)
        lose_answer(stage, row)
        del stage.sim.world.modules["Events"].fields["Activity_Sync_Key"]
        [found] = stage.crm.find(row)
        assert found.record_key == ""
