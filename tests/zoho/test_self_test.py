"""The self-test: what it learns under each answer to an open point, and that it leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from activity_sync.model.learned import Learned, SelfTest
from activity_sync.model.records import Module
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from activity_sync.zoho.self_test import MARKER
from tests.zoho.stage import NOW, Stage, a_stage

MODULES = ("Leads", "Events", "Calls", "Tasks")


@pytest.fixture
def stage() -> Iterator[Stage]:
    with a_stage() as stage:
        stage.sim.add_key_field()
        yield stage


def run_on(stage: Stage) -> SelfTest:
    org = stage.learn()
    return stage.crm.checkup.self_test(org, lambda _: False)


def learned(stage: Stage) -> Learned:
    result = run_on(stage)
    assert result.learned is not None, result.findings
    assert nothing_is_left(stage)
    return result.learned


def nothing_is_left(stage: Stage) -> bool:
    return not any(stage.sim.records(module) for module in MODULES)


def test_an_ordinary_org_teaches_what_was_assumed_and_all_is_well(stage: Stage) -> None:
    result = run_on(stage)
    assert result.learned == Learned(
        at=NOW, call_status_key="Outgoing_Call_Status", key_free_again=True, milliseconds=False, zulu=False
    )
    assert [one.name for one in result.findings if not one.ok] == []
    assert (result.left, nothing_is_left(stage)) == ((), True)


def test_it_costs_less_than_thirty_credits_and_books_what_zoho_charges(stage: Stage) -> None:
    org = stage.learn()
    stage.cost()
    stage.crm.checkup.self_test(org, lambda _: False)
    booked, charged = stage.cost()
    assert booked == charged <= 30


def test_nobody_is_mailed_and_no_workflow_runs(stage: Stage) -> None:
    run_on(stage)
    assert stage.sim.mails == []
    assert {one.trigger for one in stage.sim.triggers} == {()}


SWITCHES: list[tuple[str, Any, dict[str, Any]]] = [
    ("call_duration_unit", "HH:mm", {"duration_unit": "HH:mm", "long_durations": True}),
    ("long_durations", False, {"duration_unit": "mm:ss", "long_durations": False}),
    ("call_status_key", "Outbound_Call_Status", {"call_status_key": "Outbound_Call_Status"}),
    ("events_take_leads", False, {"events_take_leads": False, "quiet_participants": True}),
    ("unique_enforced", False, {"keys_not_enforced": frozenset({"Events", "Calls", "Tasks"})}),
    ("deleted_values_free", False, {"key_free_again": False}),
    ("milliseconds", True, {"milliseconds": True, "zulu": False}),
    ("zulu", True, {"milliseconds": False, "zulu": True}),
    ("composite_writes", "refused", {"composite_writes": False}),
    ("composite_writes", "dropped", {"composite_writes": False}),
    ("composite_empty_body", "text", {"composite_writes": True}),
    ("duplicate_id", False, {"keys_not_enforced": frozenset(), "key_free_again": True}),
    ("mixed_status", 200, {"duration_unit": "mm:ss"}),
    ("unknown_names_refused", True, {"call_status_key": "Outgoing_Call_Status"}),
    ("all_day_times", "midnight", {"zulu": False}),
    ("empty_answers_cost", False, {"zulu": False}),
]


@pytest.mark.parametrize(
    ("switch", "value", "lessons"), SWITCHES, ids=[f"{name}-{value}" for name, value, _ in SWITCHES]
)
def test_each_answer_is_learned(stage: Stage, switch: str, value: Any, lessons: dict[str, Any]) -> None:
    setattr(stage.sim.switches, switch, value)
    known = learned(stage)
    assert {name: getattr(known, name) for name in lessons} == lessons
    assert stage.sim.mails == []


def test_a_participant_who_would_be_invited_is_no_way_out(stage: Stage) -> None:
    stage.sim.switches.events_take_leads = False
    stage.sim.switches.notification_key = "send_notification"
    known = learned(stage)
    assert (known.events_take_leads, known.quiet_participants) == (False, False)
    assert {mail.to for mail in stage.sim.mails} == {"self-test@activity-sync.example"}  # an address of nobody


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("name", ["Outgoing_Call_Status", "Outbound_Call_Status"])
def test_the_status_field_is_found_without_metadata(name: Any, refused: bool) -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if "settings" not in scope)
    with a_stage(ZohoSimulator(Clock(NOW), scopes=scopes)) as stage:
        stage.sim.switches.call_status_key = name
        stage.sim.switches.unknown_names_refused = refused
        assert learned(stage).call_status_key == name


def test_what_the_org_demands_of_every_record_is_given() -> None:
    with a_stage() as stage:
        for module in MODULES:
            stage.sim.add_field(module, "Cost_Centre", mandatory=True)
            stage.sim.add_field(module, "Region", "picklist", picklist=("North", "South"), mandatory=True)
        result = run_on(stage)
        assert [one for one in result.findings if not one.ok] == []


def test_without_a_key_field_nothing_is_said_of_it() -> None:
    with a_stage() as stage:
        result = run_on(stage)
        assert not [one for one in result.findings if "key" in one.name]
        assert result.learned is not None


def test_a_meeting_that_cannot_be_written_is_named_and_the_rest_goes_on(stage: Stage) -> None:
    stage.sim.world.modules["Events"].fields["Venue"].mandatory = True
    org = stage.learn()
    stage.sim.world.modules["Events"].fields["Start_DateTime"].read_only = True
    stage.sim.add_field("Events", "Born_Since", mandatory=True)
    result = stage.crm.checkup.self_test(org, lambda _: False)
    wrong = {one.name: one.detail for one in result.findings if not one.ok}
    assert "Born_Since is mandatory" in wrong["meeting"]
    assert result.learned is not None
    assert result.learned.call_status_key == "Outgoing_Call_Status"
    assert nothing_is_left(stage)


BREAKS = [
    (mishap, method, path)
    for mishap in (Mishap.DROP_AFTER, Mishap.ERROR_AFTER, Mishap.TRUNCATED, Mishap.HTML, Mishap.UNAUTHORIZED)
    for method, path in (("POST", "/Leads"), ("POST", "/Events"), ("POST", "/Calls"), ("POST", "__composite_requests"))
]


@pytest.mark.parametrize(("mishap", "method", "path"), BREAKS, ids=[f"{m}-{p}" for m, _, p in BREAKS])
def test_whatever_breaks_it_off_its_records_are_removed(stage: Stage, mishap: Mishap, method: str, path: str) -> None:
    org = stage.learn()
    stage.sim.mishaps.plan(mishap, method, path, times=2)
    result = stage.crm.checkup.self_test(org, lambda _: False)
    assert (result.learned, result.left) == (None, ())
    assert result.findings[-1].name == "broken off"
    assert nothing_is_left(stage)


def test_what_a_killed_self_test_left_is_removed_by_the_next(stage: Stage) -> None:
    stage.sim.add("Leads", Last_Name=MARKER)
    stage.sim.add("Tasks", Subject=MARKER, Due_Date="2026-03-01")
    stage.sim.add("Tasks", Subject=f"{MARKER} of another kind", Due_Date="2026-03-01")
    assert run_on(stage).removed > 2
    assert [one["Subject"] for one in stage.sim.records("Tasks")] == [f"{MARKER} of another kind"]


def test_what_cannot_be_removed_is_named(stage: Stage) -> None:
    org = stage.learn()
    stage.sim.mishaps.plan(Mishap.ERROR_BEFORE, "DELETE", "", times=100)
    result = stage.crm.checkup.self_test(org, lambda _: False)
    there = {f"{module} {row['id']}" for module in MODULES for row in stage.sim.records(module)}
    assert set(result.left) == there != set()
    stage.sim.mishaps.clear()
    assert run_on(stage).left == ()
    assert nothing_is_left(stage)


def test_it_removes_its_records_when_it_is_interrupted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    org = stage.learn()

    def interrupted(_: object) -> Iterator[Any]:
        raise KeyboardInterrupt
        yield

    from activity_sync.zoho.self_test import probes, running

    monkeypatch.setattr(running, "PROBES", (probes.a_lead, probes.a_meeting, interrupted))
    with pytest.raises(KeyboardInterrupt):
        stage.crm.checkup.self_test(org, lambda _: False)
    assert nothing_is_left(stage)
    assert stage.asked("Leads")


def test_the_org_knows_which_keys_are_not_enforced(stage: Stage) -> None:
    stage.sim.switches.unique_enforced = False
    assert learned(stage).keys_not_enforced == {Module.EVENTS, Module.CALLS, Module.TASKS}


def test_a_record_that_a_refusal_names_is_never_taken_for_its_own(stage: Stage) -> None:
    stage.sim.add_field("Leads", "Sole_Company", unique=True)
    theirs = stage.sim.add("Leads", Last_Name="Lee", Sole_Company=MARKER)
    stage.sim.world.modules["Leads"].fields["Sole_Company"].mandatory = True
    result = run_on(stage)
    assert result.findings[0].name == "lead"
    assert "must be unique" in result.findings[0].detail
    assert [one["id"] for one in stage.sim.records("Leads")] == [theirs]
