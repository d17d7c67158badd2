"""Writes, against the simulator: every row judged alone, nothing sent twice, nobody mailed."""

from __future__ import annotations

import pytest

from activity_sync.model.records import Module, OrgFacts
from activity_sync.model.writes import Op
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from tests.zoho.stage import NOW, Stage, a_row, a_stage, sound_fields

KEY = "Activity_Sync_Key"


def keyed(stage: Stage) -> None:
    stage.sim.add_key_field()
    stage.learn()


def posts(stage: Stage) -> int:
    return len([one for one in stage.asked() if one.method == "POST"])


def test_twenty_five_meetings_cost_three_credits_and_mail_nobody() -> None:
    with a_stage() as stage:
        keyed(stage)
        stage.cost()
        results = stage.crm.send([a_row(number) for number in range(25)])
        assert stage.cost() == (3, 3)
        assert all(result.done and result.id and result.modified for result in results.values())
        assert stage.sim.record("Events", results[7].id)[KEY] == "meeting/7"
        assert stage.sim.record("Events", results[7].id)["Event_Title"] == "Demo 7"
        assert {trigger.trigger for trigger in stage.sim.triggers} == {()}
        assert stage.sim.mails == []


def test_workflows_run_only_when_the_admin_allows_them() -> None:
    with a_stage(zoho={"run_workflows": True}) as stage:
        keyed(stage)
        stage.crm.send([a_row()])
        assert [trigger.trigger for trigger in stage.sim.triggers] == [None]


def test_a_new_owner_of_a_task_is_not_mailed() -> None:
    with a_stage() as stage:
        keyed(stage)
        jo = stage.sim.add_user("jo@acme.example", "Jo", "Smith")
        fields = {**sound_fields(Module.TASKS), "Owner": {"id": jo}}
        [result] = stage.crm.send([a_row(module=Module.TASKS, **fields)]).values()
        assert result.done
        assert stage.sim.mails == []


def test_nobody_is_invited_and_every_task_says_so() -> None:
    with a_stage() as stage:
        keyed(stage)
        guest = {"type": "email", "Email": "sam@globex.example", "participant": "sam@globex.example"}
        fields = {**sound_fields(Module.EVENTS), "Participants": [guest]}
        assert stage.crm.send([a_row(1, **fields)])[1].done
        assert stage.crm.send([a_row(2, Module.TASKS)])[2].done
        assert stage.sim.mails == []
        assert stage.asked("/Tasks")[0].body["data"][0]["Send_Notification_Email"] is False


def test_the_key_is_not_sent_where_the_org_has_no_field_for_it() -> None:
    with a_stage() as stage:
        stage.learn()
        stage.crm.send([a_row()])
        assert KEY not in stage.asked("/Events")[0].body["data"][0]


@pytest.mark.parametrize(("details", "named"), [(True, True), (False, True), (True, False), (False, False)])
def test_a_repeated_insert_counts_as_done_and_names_the_record(details: bool, named: bool) -> None:
    with a_stage() as stage:
        keyed(stage)
        first = stage.crm.send([a_row(1)])[1]
        stage.sim.switches.duplicate_record_details, stage.sim.switches.duplicate_id = details, named
        results = stage.crm.send([a_row(1), a_row(2)])
        assert (results[1].done, results[1].id) == (True, first.id)
        assert results[2].done
        assert len(stage.sim.records("Events")) == 2


def test_a_clash_on_another_unique_field_is_refused() -> None:
    with a_stage() as stage:
        stage.sim.add_field("Tasks", "Ticket", unique=True)
        keyed(stage)
        stage.crm.send([a_row(1, Module.TASKS, Subject="One", Ticket="T-1")])
        result = stage.crm.send([a_row(2, Module.TASKS, Subject="Two", Ticket="T-1")])[2]
        assert (result.done, result.again, result.code) == (False, False, "DUPLICATE_DATA")
        assert "Ticket must be unique" in result.why


@pytest.mark.parametrize("together", [False, True])
def test_a_person_who_is_there_already_is_named(together: bool) -> None:
    with a_stage() as stage:
        stage.sim.add_field("Leads", "Customer_No", unique=True)
        keyed(stage)
        own = stage.sim.add("Leads", Last_Name="Fox", Customer_No="77")
        beside = [a_row(2, Module.TASKS)] if together else []
        result = stage.crm.send([a_row(1, Module.LEADS, Last_Name="Vos", Customer_No="77"), *beside])[1]
        assert (result.done, result.there) == (False, (Module.LEADS, own))
        stage.sim.switches.duplicate_id = False
        assert stage.crm.send([a_row(1, Module.LEADS, Last_Name="Vos", Customer_No="77")])[1].there is None


@pytest.mark.parametrize("together", [False, True])
def test_one_bad_row_fails_alone_and_says_why(together: bool) -> None:
    with a_stage() as stage:
        keyed(stage)
        good = a_row(1, Module.CALLS) if together else a_row(1)
        bad = a_row(
            2,
            Event_Title="x" * 300,
            **{name: value for name, value in sound_fields(Module.EVENTS).items() if name != "Event_Title"},
        )
        results = stage.crm.send([good, bad])
        assert results[1].done
        assert (results[2].done, results[2].again, results[2].uncertain) == (False, False, False)
        assert results[2].why == "Event_Title is longer than the 255 characters that Zoho keeps (INVALID_DATA)"


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("op", [Op.UPDATE, Op.DELETE])
def test_a_record_that_a_person_deleted_is_gone(op: Op, together: bool) -> None:
    with a_stage() as stage:
        keyed(stage)
        kept, lost = (stage.sim.add("Events", **sound_fields(Module.EVENTS)) for _ in range(2))
        stage.sim.delete("Events", lost)
        rows = [
            a_row(number, op=op, record_id=one, **({} if op is Op.DELETE else {"Venue": "Rome"}))
            for number, one in ((1, kept), (2, lost))
        ]
        rows += [a_row(3, Module.TASKS)] if together else []
        results = stage.crm.send(rows)
        assert results[1].done
        assert (results[2].gone, results[2].done) == (True, False)


def test_a_wrong_parent_is_no_record_that_has_gone() -> None:
    with a_stage() as stage:
        keyed(stage)
        event = stage.sim.add("Events", **sound_fields(Module.EVENTS))
        fields = {"What_Id": {"id": "5725767000009999999"}, "$se_module": "Deals"}
        result = stage.crm.send([a_row(1, op=Op.UPDATE, record_id=event, **fields)])[1]
        assert (result.done, result.gone) == (False, False)
        assert "What_Id" in result.why


def test_an_update_changes_the_record_in_place_and_leaves_the_key() -> None:
    with a_stage() as stage:
        keyed(stage)
        made = stage.crm.send([a_row(1)])[1]
        result = stage.crm.send([a_row(1, op=Op.UPDATE, record_id=made.id, Venue="Rome")])[1]
        assert (result.done, result.id) == (True, made.id)
        assert stage.sim.record("Events", made.id)["Venue"] == "Rome"
        assert KEY not in stage.asked("/Events")[-1].body["data"][0]


def test_a_hundred_deletions_are_one_silent_credit() -> None:
    with a_stage() as stage:
        keyed(stage)
        known = [stage.sim.add("Tasks", Subject=f"Task {number}") for number in range(100)]
        stage.cost()
        rows = [a_row(number, Module.TASKS, Op.DELETE, one) for number, one in enumerate(known)]
        assert all(result.done for result in stage.crm.send(rows).values())
        assert stage.cost() == (1, 1)
        assert stage.sim.records("Tasks") == []
        assert {trigger.trigger for trigger in stage.sim.triggers} == {()}


def test_five_writes_of_several_kinds_are_one_credit() -> None:
    with a_stage() as stage:
        keyed(stage)
        deal = stage.sim.add("Deals", Deal_Name="Big", Stage="Qualification", Pipeline="Standard (Standard)")
        old = stage.sim.add("Tasks", Subject="Old")
        stage.cost()
        rows = [
            a_row(1),
            a_row(2, Module.CALLS),
            a_row(3, Module.TASKS),
            a_row(4, Module.DEALS, Op.UPDATE, deal, Stage="Needs Analysis"),
            a_row(5, Module.TASKS, Op.DELETE, old),
        ]
        results = stage.crm.send(rows)
        assert stage.cost() == (1, 1)
        assert all(result.done for result in results.values())
        assert stage.sim.record("Calls", results[2].id)["Subject"] == "Call 2"
        assert stage.sim.record("Deals", deal)["Stage"] == "Needs Analysis"
        assert {trigger.trigger for trigger in stage.sim.triggers} == {()}
        assert stage.sim.mails == []


def test_a_repeated_composite_makes_nothing_twice() -> None:
    with a_stage() as stage:
        keyed(stage)
        rows = [a_row(1), a_row(2, Module.CALLS)]
        first, second = stage.crm.send(rows), stage.crm.send(rows)
        assert [second[number].id for number in (1, 2)] == [first[number].id for number in (1, 2)]
        assert len(stage.sim.records("Events")) == len(stage.sim.records("Calls")) == 1


def test_without_the_right_to_composites_each_kind_goes_alone() -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if "composite" not in scope)
    with a_stage(ZohoSimulator(Clock(NOW), scopes=scopes)) as stage:
        keyed(stage)
        results = stage.crm.send([a_row(1), a_row(2, Module.CALLS), a_row(3)])
        assert all(result.done for result in results.values())
        assert len(stage.sim.records("Events")) == 2


def test_more_than_one_request_can_carry_is_a_mistake_of_the_caller() -> None:
    with a_stage() as stage:
        for rows in ([], [a_row(number) for number in range(101)], [*map(a_row, range(5)), a_row(9, Module.CALLS)]):
            with pytest.raises(ValueError, match="up to 100"):
                stage.crm.send(rows)


def test_before_the_org_is_known_the_careful_choice_is_made() -> None:
    with a_stage() as stage:
        stage.sim.add_key_field()
        assert stage.known == [OrgFacts()]
        assert stage.crm.send([a_row(1)])[1].done
        assert stage.sim.records("Events")[0][KEY] is None
