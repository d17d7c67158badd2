from __future__ import annotations

from datetime import timedelta

from activity_sync.simulator.clock import Clock
from tests.simulator.zoho.client import Crm, refused, task


def test_a_converted_lead_leaves_the_list_without_being_deleted(crm: Crm) -> None:
    lead = crm.org.add("Leads", Last_Name="Lee", Company="Zylker", Email="l@acme.example")
    deal = {"Deal_Name": "Big", "Stage": "Qualification"}
    answer = crm.post(f"Leads/{lead}/actions/convert", {"data": [{"Deals": deal}]})
    made = answer.json()["data"][0]["details"]
    assert crm.get("Leads", fields="id").status_code == 204
    assert crm.get("Leads/deleted").status_code == 204
    row = crm.get("Leads", fields="Converted__s,Converted_Contact,$converted", converted="both").json()["data"][0]
    assert (row["Converted__s"], row["$converted"]) == (True, True)
    assert row["Converted_Contact"]["id"] == made["Contacts"]["id"]
    assert crm.org.record("Contacts", made["Contacts"]["id"])["Email"] == "l@acme.example"
    assert crm.org.record("Deals", made["Deals"]["id"])["Account_Name"]["name"] == "Zylker"
    assert refused(crm.post(f"Leads/{lead}/actions/convert", {"data": [{}]})) == "ID_ALREADY_CONVERTED"


def test_activities_move_to_what_the_lead_became(crm: Crm, clock: Clock) -> None:
    lead = crm.org.add("Leads", Last_Name="Lee", Company="Zylker")
    crm.org.add("Tasks", **task(What_Id=lead))
    clock.shift(timedelta(minutes=1))
    made = crm.org.convert_lead(lead, deal={"Deal_Name": "Big", "Stage": "Qualification"})
    record = crm.org.records("Tasks")[0]
    assert (record["What_Id"]["id"], record["$se_module"]) == (made["Deals"], "Deals")
    assert record["Who_Id"]["id"] == made["Contacts"]
    assert crm.org.record("Leads", lead)["Modified_Time"] == "2025-06-18T05:01:00-07:00"


def test_a_merge_deletes_the_losers_and_moves_what_hung_on_them(crm: Crm) -> None:
    master = crm.org.add("Contacts", Last_Name="Boyle")
    loser = crm.org.add("Contacts", Last_Name="Boyle", Phone="555-0100")
    crm.org.add("Tasks", **task(Who_Id=loser))
    answer = crm.post(f"Contacts/{master}/actions/merge", {"merge": [{"data": [{"id": loser}]}]})
    assert answer.status_code == 200
    assert crm.org.credits.used() == 50
    assert [row["id"] for row in crm.org.deleted("Contacts")] == [loser]
    assert crm.org.record("Contacts", master)["Phone"] == "555-0100"
    assert crm.org.records("Tasks")[0]["Who_Id"]["id"] == master
