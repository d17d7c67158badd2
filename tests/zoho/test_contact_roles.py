"""Contact roles: read when two deals can only be told apart by them, five deals for a credit, kept seven days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from activity_sync.model.decisions import State
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from activity_sync.steps.decide import decide_all
from activity_sync.store import interactions
from tests.builders import a_copy
from tests.store.builders import stored
from tests.zoho.shadowing import Shadowing, a_shadow
from tests.zoho.stage import LONG_AGO, NOW, a_stage


def a_company_with_deals(company: Shadowing, count: int = 2) -> tuple[str, list[str]]:
    """Sam of Globex, and deals of Globex that name nobody."""
    sim = company.sim
    account = sim.add("Accounts", Account_Name="Globex", Modified_Time=LONG_AGO)
    sam = sim.add("Contacts", Last_Name="Sam", Email="sam@globex.example", Account_Name=account, Modified_Time=LONG_AGO)
    deals = [
        sim.add(
            "Deals",
            Deal_Name=f"Deal {one}",
            Account_Name=account,
            Stage="Qualification",
            Created_Time=LONG_AGO - timedelta(days=one),
            Modified_Time=LONG_AGO,
        )
        for one in range(count)
    ]
    sim.add_user("jo@acme.example", "Jo", "Rep")
    company.load()
    return sam, deals


def judge(company: Shadowing, uid: str = "uid-1") -> interactions.Interactions:
    """A meeting with Sam is seen and judged."""
    now = company.now()
    with company.database.transaction() as session:
        [key] = stored(session, a_copy(uid=uid, event_id=uid), now=now)
    decide_all(company.means, 1, now)
    with company.database.reading() as session:
        found = interactions.get(session, key)
    assert found is not None
    return found


def role_reads(company: Shadowing) -> int:
    return sum("Contact_Roles" in f"{one.path} {one.body}" for one in company.stage.asked())


def test_the_deal_in_which_a_participant_has_a_role_is_taken_in_the_same_round(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        sam, deals = a_company_with_deals(company, 7)
        company.sim.set_role(deals[4], sam)
        company.stage.cost()
        assert judge(company).target_id == deals[4]
        assert company.stage.cost() == (2, 2)


def test_roles_are_kept_for_seven_days(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        sam, deals = a_company_with_deals(company)
        company.sim.set_role(deals[1], sam)
        judge(company)
        judge(company, "uid-2")
        assert role_reads(company) == 1
        company.stage.clock.shift(timedelta(days=7, minutes=1))
        judge(company, "uid-3")
        assert role_reads(company) == 2


def test_one_deal_needs_no_roles(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        _, [deal] = a_company_with_deals(company, 1)
        assert judge(company).target_id == deal
        assert role_reads(company) == 0


def test_what_another_strategy_decides_first_needs_no_roles(tmp_path: Path) -> None:
    with a_shadow(tmp_path, matching={"deal_preference": ["created_first", "has_participant"]}) as company:
        _, deals = a_company_with_deals(company)
        assert judge(company).target_id in deals
        assert role_reads(company) == 0


def test_an_interaction_waits_for_roles_that_cannot_be_had_and_says_so(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        sam, deals = a_company_with_deals(company)
        company.sim.set_role(deals[0], sam)
        company.sim.mishaps.plan(Mishap.HTML, times=5)
        found = judge(company)
        assert found.state == State.WAITING
        assert found.reason == "the contact roles of 2 deals are still to be read"
        company.sim.mishaps.clear()
        company.stage.clock.shift(timedelta(minutes=2))
        decide_all(company.means, 1, company.now())
        with company.database.reading() as session:
            again = interactions.get(session, found.key)
        assert again is not None
        assert again.target_id == deals[0]


def test_a_deal_with_many_roles_is_read_whole() -> None:
    with a_stage() as stage:
        deals = [stage.sim.add("Deals", Deal_Name=f"D{one}", Stage="Qualification") for one in range(2)]
        people = [stage.sim.add("Contacts", Last_Name=f"P{one}") for one in range(230)]
        for one in people:
            stage.sim.set_role(deals[0], one)
        assert stage.crm.contact_roles(deals) == {deals[0]: frozenset(people), deals[1]: frozenset()}


@pytest.mark.parametrize("missing", ["composite", "modules.contacts"])
def test_without_the_right_to_roles_a_deal_has_none(missing: str) -> None:
    every = [scope for scope in ALL_SCOPES if missing not in scope and "modules.ALL" not in scope]
    every += [
        f"ZohoCRM.modules.{name}.ALL" for name in ("leads", "accounts", "deals", "contacts") if name not in missing
    ]
    with a_stage(ZohoSimulator(Clock(NOW), scopes=tuple(every))) as stage:
        deals = [stage.sim.add("Deals", Deal_Name=f"D{one}", Stage="Qualification") for one in range(2)]
        sam = stage.sim.add("Contacts", Last_Name="Sam")
        stage.sim.set_role(deals[0], sam)
        expected = frozenset({sam}) if missing == "composite" else frozenset()
        assert stage.crm.contact_roles(deals) == {deals[0]: expected, deals[1]: frozenset()}
