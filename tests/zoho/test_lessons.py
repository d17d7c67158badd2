"""Orgs that take our writes otherwise: the program behaves right with a self-test before, and without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from activity_sync.model.failures import Uncertain
from activity_sync.model.learned import Learned
from activity_sync.model.records import Module
from activity_sync.model.writes import Op
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ZohoSimulator
from tests.zoho.stage import NOW, Stage, a_row, a_stage, sound_fields

BOTH = pytest.mark.parametrize("self_test", [True, False], ids=["after a self-test", "without one"])


@contextmanager
def an_org(*, self_test: bool, **switches: Any) -> Iterator[Stage]:
    """With these switches; what a self-test learned is known when it was run."""
    sim = ZohoSimulator(Clock(NOW))
    for name, value in switches.items():
        setattr(sim.switches, name, value)
    sim.add_key_field()
    with a_stage(sim) as stage:
        org = stage.learn()
        if self_test:
            found = stage.crm.checkup.self_test(org, lambda _: False)
            assert found.learned is not None
            stage.known[:] = [replace(org, learned=found.learned)]
        stage.cost()
        yield stage


def a_meeting_on(lead: str, number: int = 1, **more: Any) -> Any:
    parent = {"What_Id": {"id": lead}, "$se_module": "Leads"}
    return a_row(number, Module.EVENTS, **{**sound_fields(Module.EVENTS, number), **parent, **more})


@BOTH
def test_a_meeting_that_may_not_be_on_a_lead_is_written_without(self_test: bool) -> None:
    with an_org(self_test=self_test, events_take_leads=False) as stage:
        lead = stage.sim.add("Leads", Last_Name="Lee", Email="lee@prospect.example")
        results = stage.crm.send([a_meeting_on(lead, 1), a_row(2), a_meeting_on(lead, 3)])
        assert [results[number].done for number in (1, 2, 3)] == [True, True, True]
        assert "What_Id" not in (results[1].fields or {"What_Id": 1})
        assert results[2].fields is None
        people = [one.get("participant") for event in stage.sim.records("Events") for one in event["Participants"]]
        assert people == ([lead, lead] if self_test else [])
        assert stage.sim.mails == []


def test_that_meetings_take_no_leads_is_learned_once_and_kept() -> None:
    kept: list[Learned] = []
    with an_org(self_test=False, events_take_leads=False) as stage:
        stage.crm._writer._lessons._keep = kept.append
        lead = stage.sim.add("Leads", Last_Name="Lee")
        stage.crm.send([a_meeting_on(lead, 1)])
        first, _ = stage.cost()
        stage.crm.send([a_meeting_on(lead, 2)])
        assert [one.events_take_leads for one in kept] == [False]
        assert (first, stage.cost()[0]) == (3, 1)


@pytest.mark.parametrize("column", [True, False])
def test_a_lead_that_was_converted_meanwhile_teaches_nothing(column: bool) -> None:
    with an_org(self_test=False, coql_converted_column=column, coql_hides_converted=not column) as stage:
        lead = stage.sim.add("Leads", Last_Name="Lee", Company="Big")
        stage.sim.convert_lead(lead)
        result = stage.crm.send([a_meeting_on(lead)])[1]
        assert (result.done, result.code) == (False, "INVALID_DATA")
        assert stage.crm._writer._lessons.known().events_take_leads


@BOTH
def test_a_link_in_a_composite_falls_back_too(self_test: bool) -> None:
    with an_org(self_test=self_test, events_take_leads=False) as stage:
        lead = stage.sim.add("Leads", Last_Name="Lee")
        results = stage.crm.send([a_meeting_on(lead, 1), a_row(2, Module.TASKS), a_row(3, Module.CALLS)])
        assert all(result.done for result in results.values())
        assert [event["What_Id"] for event in stage.sim.records("Events")] == [None]


@BOTH
def test_writes_that_a_composite_refuses_go_one_kind_at_a_time(self_test: bool) -> None:
    with an_org(self_test=self_test, composite_writes="refused") as stage:
        rows = [a_row(1), a_row(2, Module.TASKS), a_row(3, Module.CALLS)]
        assert all(result.done for result in stage.crm.send(rows).values())
        assert stage.cost()[0] == (3 if self_test else 4)
        more = [a_row(number, module) for number, module in ((4, Module.EVENTS), (5, Module.TASKS))]
        assert all(result.done for result in stage.crm.send(more).values())
        assert stage.cost()[0] == 2


@BOTH
def test_writes_that_a_composite_drops_are_uncertain_once_at_most(self_test: bool) -> None:
    with an_org(self_test=self_test, composite_writes="dropped") as stage:
        rows = [a_row(1), a_row(2, Module.TASKS)]
        if not self_test:
            with pytest.raises(Uncertain):
                stage.crm.send(rows)
        assert all(result.done for result in stage.crm.send(rows).values())
        assert len(stage.sim.records("Events")) == 1


def test_an_update_that_puts_a_meeting_on_a_lead_falls_back() -> None:
    with an_org(self_test=False, events_take_leads=False) as stage:
        lead = stage.sim.add("Leads", Last_Name="Lee")
        event = stage.crm.send([a_row(1)])[1].id
        parent = {"What_Id": {"id": lead}, "$se_module": "Leads"}
        change = a_row(2, Module.EVENTS, Op.UPDATE, event, Event_Title="Moved", **parent)
        result = stage.crm.send([change])[2]
        assert (result.done, result.fields) == (True, {"Event_Title": "Moved"})
        assert stage.sim.record("Events", event)["Event_Title"] == "Moved"


@pytest.mark.parametrize("unit", ["mm:ss", "HH:mm"])
def test_existing_calls_tell_the_unit_of_durations_without_a_self_test(unit: Any) -> None:
    with an_org(self_test=False, call_duration_unit=unit) as stage:
        times = {"Call_Start_Time": NOW - timedelta(days=1), "Call_Type": "Inbound"}
        for text in ("10:00", "01:30", "00:00:30", "", "long"):
            stage.sim.add("Calls", Subject="Call", Call_Duration=text, **times)
        assert stage.learn().learned.duration_unit == unit


def test_what_a_self_test_learned_is_not_asked_of_the_calls_again() -> None:
    with an_org(self_test=True) as stage:
        stage.learn()
        assert stage.cost() == (11, 11)
