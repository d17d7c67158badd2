"""The shadow through conversions, merges, absences, mishaps: by the real steps, against the made-up Zoho."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from activity_sync.model.decisions import Candidates, Lookup, State, Target
from activity_sync.model.records import AddressKind, Module
from activity_sync.reports.status import status
from activity_sync.simulator.zoho.simulator import ZohoSimulator
from activity_sync.steps.compare import comparing, want
from activity_sync.steps.progress import Progress, keep_progress
from activity_sync.store import interactions, shadow
from activity_sync.zoho import telephone
from tests.builders import a_copy
from tests.store.builders import SAM, judged, stored
from tests.zoho.shadowing import Shadowing, a_shadow
from tests.zoho.stage import LONG_AGO

WEEK = timedelta(days=7, hours=1)


def people(sim: ZohoSimulator, count: int, module: str = "Contacts") -> list[str]:
    return [
        sim.add(module, Last_Name=f"P{one}", Email=f"p{one}@globex.example", Modified_Time=LONG_AGO)
        for one in range(count)
    ]


def under(company: Shadowing, email: str) -> Candidates:
    with company.database.reading() as session:
        return shadow.candidates(session, [Lookup(AddressKind.EMAIL, email)])


# --- conversions and merges


def test_a_converted_lead_leads_to_the_contact_that_took_it_over(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        lead = company.sim.add("Leads", Last_Name="New", Company="Globex", Email="old@globex.example")
        contact = company.sim.add("Contacts", Last_Name="New", Email="other@globex.example")
        company.load()
        company.sim.convert_lead(lead, contact=contact)
        company.rounds()
        found = under(company, "old@globex.example")
        assert contact in found.contacts
        assert [one.id for records in found.by_address.values() for one in records] == [lead]


@pytest.mark.parametrize("module", ["Accounts", "Contacts"])
def test_what_hung_on_a_merged_record_hangs_on_the_survivor(tmp_path: Path, module: str) -> None:
    with a_shadow(tmp_path) as company:
        sim = company.sim
        name = "Account_Name" if module == "Accounts" else "Last_Name"
        master, loser = sim.add(module, **{name: "Globex"}), sim.add(module, **{name: "Globex Ltd"})
        link = "Account_Name" if module == "Accounts" else "Contact_Name"
        deal = sim.add("Deals", Deal_Name="Big", **{link: loser}, Modified_Time=LONG_AGO)
        company.load()
        company.stage.clock.shift(timedelta(minutes=5))
        sim.merge(module, master, [loser])
        company.rounds()
        held = company.record(Module.DEALS, deal)
        assert held is not None
        assert master in (held.account_id, held.contact_id)
        assert company.record(Module(module), loser) is None


def test_logged_and_waiting_interactions_of_a_converted_lead_are_looked_at_again(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        lead = company.sim.add("Leads", Last_Name="Sam", Company="Globex", Email="sam@globex.example")
        company.load()
        with company.database.transaction() as session:
            [logged] = stored(session, a_copy(uid="logged"))
            record = shadow.record(session, Module.LEADS, lead)
            judged(session, logged, State.LOGGED, target=Target(state=State.LOGGED, record=record))
        company.sim.convert_lead(lead)
        company.rounds()
        with company.database.reading() as session:
            assert logged in interactions.due(session, company.now(), 10)


def test_an_interaction_on_no_record_is_looked_at_again_when_somebody_appears(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        company.load()
        with company.database.transaction() as session:
            [key] = stored(session, a_copy())
            judged(session, key, State.LOGGED, addresses=[SAM])
        company.sim.add("Contacts", Last_Name="Sam", Email="sam@globex.example")
        company.round()
        with company.database.reading() as session:
            assert interactions.due(session, company.now(), 10) == [key]


# --- comparing


def test_a_week_later_everything_is_compared_and_what_no_list_showed_is_mended(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        contacts = people(company.sim, 30)
        company.load()
        table = company.sim.world.tables["Contacts"]
        table.put({**table.rows[contacts[3]], "Email": "silently@globex.example"})
        hidden = table.rows[contacts[5]]
        table.remove(contacts[5], None)
        company.round(WEEK)
        changed = company.record(Module.CONTACTS, contacts[3])
        assert changed is not None
        assert changed.email == "silently@globex.example"
        assert company.record(Module.CONTACTS, contacts[5]) is None
        table.put(hidden)
        company.round(WEEK)
        assert company.record(Module.CONTACTS, contacts[5]) is not None
        with company.database.reading() as session:
            assert status(session, company.stage.config, company.now())["shadow"]["compared"] is not None


def test_comparing_can_be_switched_off(tmp_path: Path) -> None:
    with a_shadow(tmp_path, zoho={"shadow": {"full_compare": "never"}}) as company:
        people(company.sim, 3)
        company.load()
        asked = len(company.stage.asked())
        company.round(WEEK)
        queries = [one.body["select_query"] for one in company.stage.asked()[asked:] if one.path.endswith("/coql")]
        assert not [query for query in queries if "from Contacts" in query]


def test_comparing_waits_for_idle_credits(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        contacts = people(company.sim, 3)
        company.load()
        table = company.sim.world.tables["Contacts"]
        table.put({**table.rows[contacts[0]], "Email": "silently@globex.example"})
        company.stage.ledger.limit = company.stage.ledger.spent + 20
        assert not company.round(WEEK)
        company.stage.ledger.limit += 1000
        company.round()
        held = company.record(Module.CONTACTS, contacts[0])
        assert held is not None
        assert held.email == "silently@globex.example"


def test_a_field_that_the_config_names_later_is_read_of_all_records(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        contact = company.sim.add("Contacts", Last_Name="Sam", Assistant="+44 20 7946 0123", Modified_Time=LONG_AGO)
        company.load()
        company.round()
    matching = {"phone_fields": {"Contacts": ["Phone", "Assistant"]}}
    with a_shadow(tmp_path, company.sim, matching=matching) as later:
        later.round()
        with later.database.reading() as session:
            found = shadow.candidates(session, [Lookup(AddressKind.NUMBER, "+442079460123")])
        assert [one.id for records in found.by_address.values() for one in records] == [contact]


def test_a_module_whose_first_load_is_under_way_is_read_again_for_a_new_field(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        with company.database.transaction() as session:
            keep_progress(session, Progress(loading={"Contacts": "id:1:1:0:0:1:0"}), company.now())
        want(company.means, [Module.CONTACTS, Module.LEADS], company.now())
        with company.database.reading() as session:
            assert list(comparing(session).wanted) == ["Contacts"]


def test_another_way_of_finding_records_is_worked_out_from_what_is_stored(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        company.sim.add("Contacts", Last_Name="Sam", Phone="030 901820", Other_Phone="", Modified_Time=LONG_AGO)
        company.sim.add("Accounts", Account_Name="Globex", Website="globex.example", Modified_Time=LONG_AGO)
        company.load()
        company.round()
    changes = {
        "default_region": "DE",
        "matching": {"domain_fields": {"Accounts": []}, "email_fields": {"Contacts": ["Email"], "Leads": ["Email"]}},
    }
    with a_shadow(tmp_path, company.sim, **changes) as later:
        asked = len(later.stage.asked())
        with later.database.transaction() as session:
            [key] = stored(session, a_copy())
            judged(session, key, State.LOGGED, addresses=[Lookup(AddressKind.NUMBER, "+4930901820")])
        later.round()
        assert [one.path for one in later.stage.asked()[asked:]] == ["/crm/v8/__composite_requests"]
        assert later.under(AddressKind.NUMBER, "+4930901820") == ["Sam"]
        assert later.under(AddressKind.DOMAIN, "globex.example") == []
        with later.database.reading() as session:
            assert interactions.due(session, later.now(), 10) == [key]


def test_rules_that_read_numbers_otherwise_are_for_what_is_stored_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_shadow(tmp_path) as company:
        company.sim.add("Contacts", Last_Name="Sam", Phone="+49 30 901820", Modified_Time=LONG_AGO)
        company.load()
        with company.database.transaction() as session:  # as if the rules of before had found no number there
            session.connection().exec_driver_sql("DELETE FROM address")
        company.round()
        assert company.under(AddressKind.NUMBER, "+4930901820") == []
        monkeypatch.setattr(telephone, "RULES", telephone.RULES + 1)
        company.round()
        assert company.under(AddressKind.NUMBER, "+4930901820") == ["Sam"]


def test_after_months_away_all_is_compared_at_once(tmp_path: Path) -> None:
    with a_shadow(tmp_path, zoho={"shadow": {"full_compare": "never"}}) as company:
        contacts = people(company.sim, 30)
        company.load()
        company.sim.delete("Contacts", contacts[0])
        company.sim.edit("Contacts", contacts[1], Email="new@globex.example")
        company.round(timedelta(days=200))
        assert company.record(Module.CONTACTS, contacts[0]) is None
        held = company.record(Module.CONTACTS, contacts[1])
        assert held is not None
        assert held.email == "new@globex.example"
