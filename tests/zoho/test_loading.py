"""The first load of the shadow, against the simulator."""

from __future__ import annotations

import pytest

from activity_sync.model.failures import Refused
from activity_sync.model.records import Module, OrgFacts
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ZohoSimulator
from tests.zoho.stage import LONG_AGO, NOW, Stage, a_stage


def fill(stage: Stage, count: int, module: str = "Contacts") -> list[str]:
    return [
        stage.sim.add(module, Last_Name=f"Person {number}", Email=f"p{number}@globex.example", Modified_Time=LONG_AGO)
        for number in range(count)
    ]


def ids(pages: list) -> list[str]:
    return [row.record.id for page in pages for row in page.rows]


def test_two_thousand_contacts_cost_three_credits() -> None:
    with a_stage() as stage:
        fill(stage, 2000)
        org = stage.learn()
        stage.cost()
        pages = stage.load(Module.CONTACTS, org)
        assert stage.cost() == (3, 3)
        assert [len(page.rows) for page in pages] == [2000]
        assert pages[-1].after == ""


def test_a_load_goes_on_where_it_stopped() -> None:
    with a_stage() as stage:
        wanted = fill(stage, 4100)
        org = stage.learn()
        first = next(iter(stage.crm.load(Module.CONTACTS, org)))
        rest = list(stage.crm.resume(Module.CONTACTS, org, first.after))
        assert ids([first, *rest]) == wanted
        assert [len(page.rows) for page in rest] == [2000, 100]


def test_rows_are_counted_where_ids_cannot_be_compared() -> None:
    with a_stage() as stage:
        stage.sim.switches.coql_compares_ids = False
        wanted = fill(stage, 4100)
        pages = stage.load(Module.CONTACTS, stage.learn())
        assert ids(pages) == wanted
        rest = list(stage.crm.resume(Module.CONTACTS, stage.known[0], pages[1].after))
        assert ids(rest) == wanted[4000:]


def test_smaller_pages_are_taken_where_two_thousand_rows_are_too_many() -> None:
    with a_stage() as stage:
        stage.sim.switches.coql_row_limit = 200
        wanted = fill(stage, 450)
        assert ids(stage.load(Module.CONTACTS, stage.learn())) == wanted


def test_a_column_that_coql_refuses_is_left_out() -> None:
    with a_stage() as stage:
        stage.sim.switches.coql_converted_column = False
        wanted = fill(stage, 3, "Leads")
        assert ids(stage.load(Module.LEADS, stage.learn())) == wanted


def test_a_field_that_the_org_lacks_is_not_asked_for() -> None:
    matching = {"email_fields": {"Contacts": ["Email", "No_Such_Field"]}}
    with a_stage(matching=matching) as stage:
        fill(stage, 1)
        stage.load(Module.CONTACTS, stage.learn())
        [query] = [one for one in stage.asked("/coql") if " from Contacts " in str(one.body)]
        assert "No_Such_Field" not in query.body["select_query"]
        assert "Email" in query.body["select_query"]


def test_a_field_that_the_config_names_is_kept() -> None:
    segments = [{"name": "Big", "module": "Accounts", "when": {"Rating": ["Acquired"]}}]
    types = [{"name": "Any", "then": {"subject": "{{ account.Industry }}: {{ title }}"}}]
    with a_stage(segments=segments, activity_types=types) as stage:
        stage.sim.add("Accounts", Account_Name="Globex", Rating="Acquired", Industry="ERP")
        [page] = stage.load(Module.ACCOUNTS, stage.learn())
        assert page.rows[0].record.fields["Rating"] == "Acquired"
        assert page.rows[0].record.fields["Industry"] == "ERP"


def test_an_empty_module_is_one_empty_page() -> None:
    with a_stage() as stage:
        [page] = stage.load(Module.DEALS, stage.learn())
        assert (list(page.rows), page.after) == ([], "")


def test_a_module_that_may_not_be_read_is_refused_and_the_org_is_read_all_the_same() -> None:
    scopes = ("ZohoCRM.modules.contacts.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.org.READ", "ZohoCRM.coql.READ")
    with a_stage(ZohoSimulator(Clock(NOW), scopes=scopes)) as stage:
        org = stage.learn()
        assert org.edition == "enterprise"
        less = OrgFacts(fields={"Contacts": org.fields["Contacts"]})
        with pytest.raises(Refused, match="Deals cannot be read"):
            stage.load(Module.DEALS, less)


def test_a_page_that_fails_for_a_moment_is_asked_for_again_and_booked_again() -> None:
    with a_stage() as stage:
        wanted = fill(stage, 5)
        org = stage.learn()
        stage.cost()
        for mishap in (Mishap.ERROR_BEFORE, Mishap.TOO_MANY, Mishap.DROP_BEFORE):
            stage.sim.mishaps.plan(mishap, path="/coql")
        assert ids(stage.load(Module.CONTACTS, org)) == wanted
        assert stage.ledger.spent == 4 * 3
        assert len(stage.waits) == 3
