"""The other side of the switches that no other test turns."""

from __future__ import annotations

from datetime import timedelta

from activity_sync.simulator.clock import Clock
from tests.simulator.zoho.client import Crm, call, new_id, refused, task

PIPELINE = "Standard (Standard)"


def test_refusals_may_be_free(crm: Crm) -> None:
    crm.get("Contacts")
    assert crm.org.credits.used() == 1
    crm.org.switches.refusals_cost = False
    crm.get("Contacts")
    assert crm.org.credits.used() == 1


def test_429_may_say_how_long_to_wait(crm: Crm) -> None:
    crm.org.credits.limit = 0
    assert "Retry-After" not in crm.get("users").headers
    crm.org.switches.retry_after = 30
    assert crm.get("users").headers["Retry-After"] == "30"


def test_lists_by_id_have_a_limit(crm: Crm) -> None:
    crm.org.switches.ids_limit = 2
    assert crm.get("Contacts", fields="id", ids="1,2").status_code == 204
    assert crm.get("Contacts", fields="id", ids="1,2,3").json()["code"] == "LIMIT_EXCEEDED"


def test_search_may_be_quick(crm: Crm) -> None:
    crm.org.switches.search_delay = 0
    crm.insert("Contacts", {"Last_Name": "Boyle"})
    assert crm.get("Contacts/search", word="boyle").status_code == 200


def test_a_role_may_move_the_deals_modified_time(crm: Crm, clock: Clock) -> None:
    contact = crm.org.add("Contacts", Last_Name="Boyle")
    deal = crm.org.add("Deals", Deal_Name="Big", Stage="Qualification")
    clock.shift(timedelta(minutes=1))
    before = crm.org.record("Deals", deal)["Modified_Time"]
    crm.org.set_role(deal, contact)
    assert crm.org.record("Deals", deal)["Modified_Time"] == before
    crm.org.switches.role_change_moves_modified_time = True
    crm.org.set_role(deal, contact)
    assert crm.org.record("Deals", deal)["Modified_Time"] != before


def test_a_conversion_may_leave_the_modified_time(crm: Crm, clock: Clock) -> None:
    lead = crm.org.add("Leads", Last_Name="Lee")
    before = crm.org.record("Leads", lead)["Modified_Time"]
    clock.shift(timedelta(minutes=1))
    crm.org.switches.conversion_moves_modified_time = False
    crm.org.convert_lead(lead)
    assert crm.org.record("Leads", lead)["Modified_Time"] == before


def test_mixed_batches_and_inserting_upserts_may_have_other_statuses(crm: Crm) -> None:
    crm.org.switches.mixed_status = 200
    crm.org.switches.upsert_insert_status = 201
    assert crm.insert("Tasks", task(), {}).status_code == 200
    assert crm.post("Accounts/upsert", {"data": [{"Account_Name": "Zylker"}]}).status_code == 201
    assert crm.post("Accounts/upsert", {"data": [{"Account_Name": "Zylker"}]}).status_code == 200


def test_a_duplicate_may_keep_its_holder_to_itself(crm: Crm) -> None:
    crm.org.add_key_field()
    crm.insert("Calls", call(Activity_Sync_Key="call-41"))
    crm.org.switches.duplicate_id = False
    row = crm.insert("Calls", call(Activity_Sync_Key="call-41")).json()["data"][0]
    assert row["code"] == "DUPLICATE_DATA"
    assert not {"id", "duplicate_record"} & set(row["details"])


def test_closing_a_deal_may_set_its_date(crm: Crm) -> None:
    wish = {"Deal_Name": "Big", "Stage": "Qualification", "Pipeline": PIPELINE, "Closing_Date": "2030-01-01"}
    deal = new_id(crm.insert("Deals", wish))
    crm.org.switches.closing_date_follows_stage = True
    crm.put(f"Deals/{deal}", {"Stage": "Closed Won"})
    assert crm.org.record("Deals", deal)["Closing_Date"] == "2025-06-18"


def test_codes_that_nobody_confirmed_have_two_spellings(crm: Crm) -> None:
    lead = crm.org.add("Leads", Last_Name="Lee")
    crm.org.convert_lead(lead)
    crm.org.switches.converted_lead_write = "INVALID_DATA"
    assert refused(crm.put(f"Leads/{lead}", {"Company": "x"})) == "INVALID_DATA"
    deal = crm.org.add("Deals", Deal_Name="Big", Stage="Qualification", Pipeline=PIPELINE)
    crm.org.world.blueprint_stages = True
    crm.org.switches.blueprint_code = "RECORD_LOCKED"
    assert refused(crm.put(f"Deals/{deal}", {"Stage": "Closed Won"}), "Stage") == "RECORD_LOCKED"
