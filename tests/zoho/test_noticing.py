"""What people do in Zoho to activities of ours is noticed without a write of ours."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from activity_sync.model.records import Module
from activity_sync.simulator.mishaps import Mishap
from tests.zoho.shadowing import HALF_AN_HOUR, Shadowing, a_shadow
from tests.zoho.stage import sound_fields

SIX_HOURS = 12
"""Rounds of half an hour, the daemon's pace outside business hours."""


def half_days(company: Shadowing) -> None:
    company.rounds(SIX_HOURS, HALF_AN_HOUR)


@pytest.mark.parametrize("module", [Module.EVENTS, Module.CALLS, Module.TASKS])
def test_an_edit_is_seen_within_six_hours_and_the_field_is_theirs(tmp_path: Path, module: Module) -> None:
    with a_shadow(tmp_path) as company:
        company.load()
        made = company.log(module=module)
        company.stage.clock.shift(timedelta(minutes=9))
        company.sim.edit(module, made, Description="By hand")
        title = "Event_Title" if module is Module.EVENTS else "Subject"
        company.sim.edit(module, made, **{title: "As I like it"})
        half_days(company)
        assert company.written().theirs == {title}
        assert company.events() == ["edited"]


@pytest.mark.parametrize("module", [Module.EVENTS, Module.CALLS, Module.TASKS])
@pytest.mark.parametrize("permanent", [False, True])
def test_a_deletion_is_seen_within_six_hours(tmp_path: Path, module: Module, permanent: bool) -> None:
    with a_shadow(tmp_path) as company:
        company.load()
        made = company.log(module=module)
        company.stage.clock.shift(timedelta(minutes=9))
        company.sim.delete(module, made, permanent=permanent)
        half_days(company)
        assert company.written().gone == "person"
        assert company.events() == ["gone"]


def test_our_own_writes_are_no_edit_and_are_not_even_looked_at(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        company.load()
        company.log()
        company.rounds(16)  # over the first hour, when modules that were empty are looked at again
        company.stage.cost()
        half_days(company)
        assert company.written().theirs == frozenset()
        assert company.events() == []
        booked, charged = company.stage.cost()
        assert booked == charged == SIX_HOURS


def test_many_changed_activities_cost_a_credit_for_two_hundred(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        company.load()
        made = company.log()
        company.rounds(16)
        others = [company.sim.add("Events", Event_Title=f"Theirs {number}") for number in range(390)]
        company.sim.edit("Events", made, Event_Title="Ours, edited")
        company.stage.cost()
        half_days(company)
        assert company.written().theirs == {"Event_Title"}
        _, charged = company.stage.cost()
        assert len(others) == 390
        assert charged <= SIX_HOURS + 2 * 2 + 1  # the list twice (its overlap), and one look at ours


@pytest.mark.parametrize("moves", [True, False])
def test_a_restored_activity_is_ours_again(tmp_path: Path, moves: bool) -> None:
    with a_shadow(tmp_path) as company:
        company.sim.switches.restore_moves_modified_time = moves
        company.load()
        made = company.log()
        company.sim.delete("Events", made)
        half_days(company)
        assert company.written().gone == "person"
        company.sim.restore("Events", made)
        company.rounds(SIX_HOURS * 5, HALF_AN_HOUR)
        assert company.written().gone == ""
        assert company.events() == ["gone", "restored"]


def test_an_edit_that_could_not_be_looked_at_is_looked_at_later(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        company.load()
        made = company.log()
        company.stage.clock.shift(timedelta(minutes=9))
        company.sim.edit("Events", made, Event_Title="As I like it")
        company.sim.mishaps.plan(Mishap.HTML, path="/coql", times=3)
        problems = company.rounds(18, HALF_AN_HOUR)
        assert any("could not be looked at" in one.why for one in problems)
        half_days(company)
        assert company.written().theirs == {"Event_Title"}


@pytest.mark.parametrize("dated", [False, True])
def test_links_that_zoho_moved_with_a_conversion_are_not_a_persons(tmp_path: Path, dated: bool) -> None:
    with a_shadow(tmp_path) as company:
        lead = company.sim.add("Leads", Last_Name="New", Company="Globex", Email="new@globex.example")
        company.load()
        made = company.log(What_Id={"id": lead}, **{"$se_module": "Leads"})
        company.stage.clock.shift(timedelta(minutes=9))
        company.sim.convert_lead(lead)
        if dated:
            company.sim.edit("Events", made)
        company.rounds(20)
        assert company.written().theirs == frozenset()


def test_what_bears_our_key_is_never_somebody_elses_even_when_our_database_has_forgotten_it(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        company.sim.add_key_field()
        company.load()
        made = company.log()
        theirs = company.sim.add("Events", **sound_fields(Module.EVENTS))
        with company.database.transaction() as session:  # as an older database would know it, which was restored
            session.connection().exec_driver_sql("DELETE FROM written")
        company.rounds()
        with company.database.reading() as session:
            told = {row[0] for row in session.connection().exec_driver_sql("SELECT zoho_id FROM other_activity")}
        assert theirs in told
        assert made not in told
