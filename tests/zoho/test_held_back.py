"""Too empty to be true, or no answer at all: nothing is removed, it is said, and it mends itself or a person agrees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.records import Module
from activity_sync.reports.status import status
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ZohoSimulator, routes
from activity_sync.simulator.zoho.coql.running import run_coql
from activity_sync.simulator.zoho.refusals import Answer
from activity_sync.steps.agreeing import agree_to
from activity_sync.store import shadow
from tests.dose import dose
from tests.zoho.shadowing import HALF_AN_HOUR, Shadowing, a_shadow
from tests.zoho.stage import LONG_AGO, NOW
from tests.zoho.test_shadowing import WEEK, people


def blind(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """COQL shows nothing of a module, without a word of error."""

    def empty(call: Any) -> Answer:
        return Answer(204) if f" from {module} " in call.body.decode() else run_coql(call)

    changed = [replace(one, handler=empty) if one.handler is run_coql else one for one in routes.ROUTES]
    monkeypatch.setattr(routes, "ROUTES", changed)


_DOWN = [Mishap.TOO_MANY, Mishap.FOREIGN, Mishap.BAD_GATEWAY, Mishap.DROP_BEFORE]


@pytest.mark.torture
@pytest.mark.parametrize("mishap", dose(_DOWN[:2], _DOWN))
def test_a_zoho_that_is_down_for_a_day_loses_nothing_and_few_credits(tmp_path: Path, mishap: Mishap) -> None:
    with a_shadow(tmp_path) as company:
        contacts = people(company.sim, 30)
        company.load()
        before = company.stage.ledger.spent
        company.sim.mishaps.plan(mishap, path="/crm/", times=10**6)
        for _ in range(48):
            with pytest.raises(ConnectionFailure):
                company.round(HALF_AN_HOUR)
            assert company.count(Module.CONTACTS) == 30
        assert company.stage.ledger.spent - before <= 48 * 4
        company.sim.edit("Contacts", contacts[0], Email="new@globex.example")
        company.sim.delete("Contacts", contacts[1])
        company.sim.mishaps.clear()
        assert not company.rounds()
        held = company.record(Module.CONTACTS, contacts[0])
        assert held is not None
        assert (held.email, company.count(Module.CONTACTS)) == ("new@globex.example", 29)


@pytest.mark.parametrize("count", [3, 60])
def test_a_module_that_comes_back_empty_loses_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    with a_shadow(tmp_path) as company:
        people(company.sim, count)
        company.load()
        with monkeypatch.context() as patch:
            blind(patch, "Contacts")
            problems = company.round(WEEK)
            assert company.count(Module.CONTACTS) == count
            assert [(one.what, one.where) for one in problems] == [("held back", "Zoho Contacts")]
            with company.database.reading() as session:
                told = status(session, company.stage.config, company.now())
            assert "Contacts" in told["shadow"]["held"]
            assert any(alert["about"] == "Zoho Contacts" for alert in told["alerts"])
            asked = len(company.stage.asked())
            company.round()
            [composite] = company.stage.asked()[asked:]
            assert "from Contacts" not in str(composite.body)
        assert not company.round(timedelta(hours=7))  # it mends itself
        assert company.count(Module.CONTACTS) == count


def test_a_held_module_whose_records_zoho_lists_as_deleted_is_followed_again(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        leads = people(company.sim, 4, "Leads")
        company.load()
        for one in leads:
            company.sim.delete("Leads", one)
        assert [one.where for one in company.round(WEEK)] == ["Zoho Leads"]
        company.rounds()
        assert company.count(Module.LEADS) == 0
        assert not company.round(timedelta(hours=7))


def test_what_is_deleted_before_deletions_are_asked_for_is_not_hidden_by_later_changes(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        gone, changed = people(company.sim, 2, "Leads")
        company.load()
        company.stage.clock.shift(timedelta(minutes=5))
        company.sim.delete("Leads", gone, permanent=True)
        company.stage.clock.shift(timedelta(minutes=5))
        company.sim.edit("Leads", changed, Phone="+44 20 7946 0958")
        company.round(timedelta(minutes=5))
        company.sim.delete("Leads", changed, permanent=True)  # none is left that could prove what a comparison misses
        company.rounds()
        assert company.count(Module.LEADS) == 0


def test_leads_that_all_became_contacts_are_no_module_that_came_back_empty(tmp_path: Path) -> None:
    sim = ZohoSimulator(Clock(NOW))
    sim.switches.coql_hides_converted, sim.switches.conversion_moves_modified_time = True, False
    with a_shadow(tmp_path, sim) as company:
        leads = people(sim, 3, "Leads")
        company.load()
        for one in leads:
            sim.convert_lead(one)
        assert not company.round(WEEK)
        assert not company.rounds(2)
        held = company.everything()
        assert all(held["Leads", one].converted and held["Leads", one].contact_id for one in leads)


def test_many_deletions_at_once_are_proved_before_they_are_believed(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        contacts = people(company.sim, 60)
        company.load()
        for one in contacts[:50]:
            company.sim.delete("Contacts", one)
        problems = company.rounds()
        assert not problems
        assert company.count(Module.CONTACTS) == 10


def test_a_list_of_deletions_that_the_records_contradict_removes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_shadow(tmp_path) as company:
        contacts = people(company.sim, 60)
        company.load()
        table = company.sim.world.tables["Contacts"]
        rows = [table.rows[one] for one in contacts]
        for one in contacts:
            company.sim.delete("Contacts", one)
        for row in rows:
            table.put(row)
        problems = company.rounds()
        assert {one.what for one in problems} == {"held back"}
        assert company.count(Module.CONTACTS) == 60


def test_users_do_not_vanish_by_an_answer_that_is_too_short(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        users = [company.sim.add_user(f"u{one}@acme.example", "U", str(one)) for one in range(23)]
        company.load()
        kept = {one: company.sim.world.users.pop(one) for one in users}
        company.sim.edit_user(company.sim.token_user, first_name="Adele")
        problems = company.rounds()
        assert any(one.where == "Zoho Users" for one in problems)
        assert active_users(company) == len(kept) + 1
        assert not agree_to(company.means, ["users"], company.now())
        assert not company.round()
        assert active_users(company) == 1


def active_users(company: Shadowing) -> int:
    with company.database.reading() as session:
        return sum(user.active for user in shadow.users_of(session))


@pytest.mark.parametrize("compares", ["weekly", "never"])
@pytest.mark.parametrize("left", [0, 10])
def test_what_has_gone_for_good_goes_when_a_person_agrees(tmp_path: Path, left: int, compares: str) -> None:
    with a_shadow(tmp_path, zoho={"shadow": {"full_compare": compares}}) as company:
        contacts = people(company.sim, 60)
        account = company.sim.add("Accounts", Account_Name="Globex", Modified_Time=LONG_AGO)
        company.load()
        for one in contacts[left:]:
            company.sim.delete("Contacts", one)
        [problem] = company.round(timedelta(days=200))  # no list of Zoho's tells it any more
        assert (problem.where, company.count(Module.CONTACTS)) == ("Zoho Contacts", 60)
        assert problem.next.endswith("`activity-sync sync --agree Contacts`.")
        assert company.round(timedelta(days=3)), "the same picture is not enough"
        assert agree_to(company.means, ["Contacts", "Leads"], company.now()) == ["Leads"]
        assert company.round()
        assert agree_to(company.means, ["contacts"], company.now()) == []
        assert not company.round()
        assert company.count(Module.CONTACTS) == left
        assert company.record(Module.ACCOUNTS, account) is not None
        new = company.sim.add("Contacts", Last_Name="New", Email="new@globex.example")
        assert not company.rounds(2)
        assert company.record(Module.CONTACTS, new) is not None


def test_an_agreement_removes_nothing_that_is_there_and_is_good_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_shadow(tmp_path) as company:
        people(company.sim, 60)
        company.load()
        with monkeypatch.context() as patch:
            blind(patch, "Contacts")
            assert company.round(WEEK)
        assert not agree_to(company.means, ["Contacts"], company.now())
        assert not company.round()
        assert company.count(Module.CONTACTS) == 60
        with monkeypatch.context() as patch:
            blind(patch, "Contacts")
            assert company.round(WEEK)
            assert company.count(Module.CONTACTS) == 60


def test_many_that_went_unseen_are_let_go_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.steps.compare._AT_ONCE", 4)
    with a_shadow(tmp_path) as company:
        contacts = people(company.sim, 60)
        company.load()
        for one in contacts[45:]:
            company.sim.world.tables["Contacts"].remove(one, None)
        assert not company.round(WEEK)
        assert company.count(Module.CONTACTS) == 45
