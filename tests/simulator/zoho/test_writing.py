from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activity_sync.simulator.clock import Clock
from tests.simulator.zoho.client import Crm, call, event, new_id, refused, task


def test_a_written_row_is_read_back_with_the_modified_time_of_its_result(crm: Crm) -> None:
    row = crm.insert("Events", event()).json()["data"][0]
    assert row["message"] == "record added"
    read = crm.get(f"Events/{row['details']['id']}").json()["data"][0]
    assert read["Modified_Time"] == row["details"]["Modified_Time"]
    assert read["Start_DateTime"] == "2025-06-20T00:00:00-07:00"
    assert read["Owner"]["id"] == crm.org.token_user


def test_each_row_of_a_batch_stands_for_itself(crm: Crm) -> None:
    answer = crm.insert("Tasks", task(), {"Due_Date": "2025-06-25"}, task(Subject="Third"))
    rows = answer.json()["data"]
    assert answer.status_code == 207
    assert [row["status"] for row in rows] == ["success", "error", "success"]
    assert rows[1]["code"] == "MANDATORY_NOT_FOUND"
    assert rows[1]["details"] == {"api_name": "Subject", "json_path": "$.data[1].Subject"}
    assert len(crm.org.records("Tasks")) == 2


def test_several_reasons_are_gathered(crm: Crm) -> None:
    row = crm.insert("Tasks", task(Subject="x" * 256, Due_Date="25.06.2025")).json()["data"][0]
    assert row["code"] == "MULTIPLE_OR_MULTI_ERRORS"
    assert [error["details"]["api_name"] for error in row["details"]["errors"]] == ["Subject", "Due_Date"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"rows": []}, "MANDATORY_NOT_FOUND"),
        ({"data": []}, "INVALID_DATA"),
        ({"data": [{}] * 101}, "LIMIT_EXCEEDED"),
        ([], "INVALID_DATA"),
    ],
)
def test_a_fault_of_the_whole_request_is_a_top_level_object(crm: Crm, body: Any, code: str) -> None:
    answer = crm.post("Tasks", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_broken_json_is_refused(crm: Crm) -> None:
    answer = crm.http.post("/crm/v8/Tasks", content=b'{"data":')
    assert (answer.status_code, answer.json()["status"]) == (400, "error")


@pytest.mark.parametrize(
    ("field", "value", "accepted"),
    [
        ("Last_Name", "x" * 80, True),
        ("Last_Name", "x" * 81, False),
        ("Last_Name", 7, False),
        ("Email", "b@acme.example", True),
        ("Email", "not an address", False),
        ("Phone", "+1 (555) 010-0100", True),
        ("Phone", "555.0100;12", True),
        ("Phone", "555/0100", False),
        ("Phone", "n/a", False),
        ("Phone", "unknown", False),
        ("Phone", "5" * 31, False),
        ("Date_of_Birth", "1990-02-28", True),
        ("Date_of_Birth", "1990-02-30", False),
        ("Lead_Source", "Never heard of", True),
        ("Email_Opt_Out", True, True),
        ("Email_Opt_Out", "true", False),
        ("Owner", "5725767000000000252", False),
        ("Account_Name", {"id": "5725767000000999999"}, False),
        ("Account_Name", "Zylker", False),
        ("Nonsense", "x", True),
        ("Created_Time", "2020-01-01T00:00:00+00:00", True),
    ],
)
def test_values_must_fit_their_field(crm: Crm, field: str, value: Any, accepted: bool) -> None:
    answer = crm.insert("Contacts", {"Last_Name": "Boyle", field: value})
    if accepted:
        assert new_id(answer)
    else:
        assert refused(answer, field) == "INVALID_DATA"


def test_read_only_and_unknown_names_are_ignored(crm: Crm) -> None:
    key = new_id(crm.insert("Contacts", {"Last_Name": "Boyle", "Created_Time": "2020-01-01T00:00:00+00:00", "Nope": 1}))
    assert crm.org.record("Contacts", key)["Created_Time"].startswith("2025-06-18")
    assert "Nope" not in crm.org.record("Contacts", key)
    crm.org.switches.unknown_names_refused = True
    assert refused(crm.insert("Contacts", {"Last_Name": "Boyle", "Nope": 1}), "Nope") == "INVALID_DATA"


@pytest.mark.parametrize(
    ("text", "switches", "accepted"),
    [
        ("2025-06-20T09:00:00+02:00", {}, True),
        ("2025-06-20T09:00:00Z", {}, False),
        ("2025-06-20T09:00:00Z", {"zulu": True}, True),
        ("2025-06-20T09:00:00.000+02:00", {}, False),
        ("2025-06-20T09:00:00.000+02:00", {"milliseconds": True}, True),
        ("2025-06-20T09:00:00", {"zulu": True, "milliseconds": True}, False),
        ("2025-06-20T09:00+02:00", {}, False),
        ("2025-06-20 09:00:00+02:00", {}, False),
        ("2025-02-30T09:00:00+02:00", {}, False),
    ],
)
def test_date_times_have_one_form(crm: Crm, text: str, switches: dict[str, bool], accepted: bool) -> None:
    for name, value in switches.items():
        setattr(crm.org.switches, name, value)
    answer = crm.insert("Events", event(Start_DateTime=text, End_DateTime="2025-06-21T10:00:00+02:00"))
    assert (answer.status_code == 201) is accepted


def test_owners_must_be_active_users(crm: Crm) -> None:
    rep, gone = (crm.org.add_user(f"{s}@acme.example", s, "Rep", status=s) for s in ("active", "inactive"))
    key = new_id(crm.insert("Tasks", task(Owner={"id": rep})))
    assert crm.org.record("Tasks", key)["Owner"]["id"] == rep
    assert refused(crm.insert("Tasks", task(Owner={"id": "1"})), "Owner") == "INVALID_DATA"
    assert refused(crm.insert("Tasks", task(Owner={"id": gone})), "Owner") == "INVALID_DATA"
    crm.org.switches.inactive_owner = "accept"
    assert crm.org.record("Tasks", new_id(crm.insert("Tasks", task(Owner={"id": gone}))))["Owner"]["id"] == gone
    crm.org.switches.inactive_owner = "token_user"
    key = new_id(crm.insert("Tasks", task(Owner={"id": gone})))
    assert crm.org.record("Tasks", key)["Owner"]["id"] == crm.org.token_user


def test_unique_values_point_to_their_holder(crm: Crm) -> None:
    crm.org.add_key_field()
    first = new_id(crm.insert("Calls", call(Activity_Sync_Key="call-41")))
    row = crm.insert("Calls", call(Activity_Sync_Key="CALL-41")).json()["data"][0]
    assert row["code"] == "DUPLICATE_DATA"
    assert row["details"]["id"] == row["details"]["duplicate_record"]["id"] == first
    assert row["details"]["api_name"] == "Activity_Sync_Key"
    crm.org.switches.duplicate_record_details = False
    assert "duplicate_record" not in crm.insert("Calls", call(Activity_Sync_Key="call-41")).json()["data"][0]["details"]
    assert crm.put(f"Calls/{first}", {"Activity_Sync_Key": "call-41", "Subject": "x"}).status_code == 200
    both = crm.insert("Calls", call(Activity_Sync_Key="call-42"), call(Activity_Sync_Key="call-42"))
    assert [row["code"] for row in both.json()["data"]] == ["SUCCESS", "DUPLICATE_DATA"]
    assert len(crm.org.records("Calls")) == 2
    crm.delete(f"Calls/{first}")
    assert new_id(crm.insert("Calls", call(Activity_Sync_Key="call-41")))


def test_updates_touch_only_what_is_given(crm: Crm, clock: Clock) -> None:
    key = new_id(crm.insert("Tasks", task(Description="Keep")))
    clock.shift(timedelta(minutes=1))
    answer = crm.put(f"Tasks/{key}", {"Subject": "New", "Due_Date": None})
    assert answer.json()["data"][0]["details"]["Modified_Time"] == "2025-06-18T05:01:00-07:00"
    record = crm.org.record("Tasks", key)
    assert (record["Subject"], record["Due_Date"], record["Description"]) == ("New", None, "Keep")
    assert refused(crm.put(f"Tasks/{key}", {"Subject": ""}), "Subject") == "MANDATORY_NOT_FOUND"
    mixed = crm.put("Tasks", {"id": key, "Subject": "A"}, {"id": "1", "Subject": "B"}, {"Subject": "C"})
    assert mixed.status_code == 207
    assert [row["code"] for row in mixed.json()["data"]] == ["SUCCESS", "INVALID_DATA", "MANDATORY_NOT_FOUND"]


def test_a_record_changed_since_is_not_overwritten(crm: Crm, clock: Clock) -> None:
    deal = crm.org.add("Deals", Deal_Name="Big", Stage="Qualification", Pipeline="Standard (Standard)")
    seen = crm.org.record("Deals", deal)["Modified_Time"]
    clock.shift(timedelta(minutes=1))
    crm.org.edit("Deals", deal, Next_Step="Call")
    answer = crm.put(f"Deals/{deal}", {"Stage": "Closed Won"}, headers={"If-Unmodified-Since": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "ALREADY_MODIFIED")
    now = {"If-Unmodified-Since": crm.org.record("Deals", deal)["Modified_Time"]}
    assert crm.put(f"Deals/{deal}", {"Stage": "Closed Won"}, headers=now).status_code == 200
    assert crm.org.record("Deals", deal)["Probability"] == 100


def test_stages_must_belong_to_the_pipeline(crm: Crm) -> None:
    crm.org.add_pipeline("Small", ["Qualification", "Closed Won"])
    deal = {"Deal_Name": "Big", "Stage": "Needs Analysis"}
    assert refused(crm.insert("Deals", deal), "Pipeline") == "MANDATORY_NOT_FOUND"
    answer = crm.insert("Deals", {**deal, "Pipeline": "Small"})
    assert refused(answer, "Stage") == "MAPPING_MISMATCH"
    assert answer.json()["data"][0]["details"]["mapped_field"] == "Pipeline"
    key = new_id(crm.insert("Deals", {**deal, "Stage": "Qualification", "Pipeline": "Small"}))
    assert refused(crm.put(f"Deals/{key}", {"Stage": "Needs Analysis"}), "Stage") == "MAPPING_MISMATCH"
    crm.org.world.blueprint_stages = True
    assert refused(crm.put(f"Deals/{key}", {"Stage": "Closed Won"}), "Stage") == "NOT_ALLOWED"


def test_upsert_finds_by_key_and_is_no_way_for_activities(crm: Crm) -> None:
    first = crm.post("Contacts/upsert", {"data": [{"Last_Name": "Boyle", "Email": "b@acme.example"}]}).json()["data"][0]
    assert (first["action"], first["duplicate_field"]) == ("insert", None)
    again = crm.post("Contacts/upsert", {"data": [{"Last_Name": "Doyle", "Email": "B@acme.example"}]}).json()["data"][0]
    assert (again["action"], again["duplicate_field"]) == ("update", "Email")
    assert again["details"]["id"] == first["details"]["id"]
    for module in ("Events", "Calls", "Tasks", "Notes"):
        answer = crm.post(f"{module}/upsert", {"data": [{}]})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_MODULE")
    bad = crm.post("Contacts/upsert", {"data": [{"Last_Name": "x"}], "duplicate_check_fields": ["Phone"]})
    assert bad.json()["code"] == "INVALID_DATA"


def test_deleting_twice_tells_that_it_is_gone(crm: Crm) -> None:
    one, other = (crm.org.add("Tasks", **task()) for _ in range(2))
    answer = crm.delete("Tasks", ids=f"{one},{other},1")
    assert answer.status_code == 207
    assert [row["code"] for row in answer.json()["data"]] == ["SUCCESS", "SUCCESS", "INVALID_DATA"]
    again = crm.delete(f"Tasks/{one}")
    assert (again.status_code, again.json()["data"][0]["message"]) == (400, "record not deleted")


def test_triggers_are_noted_and_workflows_mail(crm: Crm) -> None:
    crm.insert("Tasks", task())
    assert (crm.org.triggers[-1].trigger, crm.org.mails) == ((), [])
    crm.post("Tasks", {"data": [task()]})
    assert crm.org.triggers[-1].trigger is None
    assert [mail.kind for mail in crm.org.mails] == ["workflow"]


def test_notes_hang_on_a_record_through_an_object(crm: Crm) -> None:
    deal = crm.org.add("Deals", Deal_Name="Big", Stage="Qualification")
    parent = {"module": {"api_name": "Deals"}, "id": deal}
    key = new_id(crm.insert("Notes", {"Parent_Id": parent, "Note_Title": "Summary", "Note_Content": "Text"}))
    assert crm.org.record("Notes", key)["Parent_Id"]["module"]["api_name"] == "Deals"
    assert new_id(crm.insert(f"Deals/{deal}/Notes", {"Note_Content": "More"}))
    assert len(crm.get(f"Deals/{deal}/Notes", fields="Note_Content").json()["data"]) == 2
    assert refused(crm.insert("Notes", {"Parent_Id": deal, "Note_Content": "Text"}), "Parent_Id") == "INVALID_DATA"
    assert refused(crm.insert("Notes", {"Parent_Id": parent, "Note_Content": "Text", "Note_Title": "x" * 121}))


def test_a_layout_enforces_its_own_mandatory_fields(crm: Crm) -> None:
    assert new_id(crm.insert("Leads", {"Last_Name": "Lee"}))
    layout = {"id": crm.org.world.modules["Leads"].layout_id}
    assert refused(crm.insert("Leads", {"Last_Name": "Lee", "Layout": layout}), "Company") == "MANDATORY_NOT_FOUND"


def test_owners_change_in_bulk(crm: Crm) -> None:
    rep = crm.org.add_user("rep@acme.example", "Rep", "One")
    lead = crm.org.add("Leads", Last_Name="Lee")
    body = {"ids": [lead], "owner": {"id": rep}, "notify": False}
    assert crm.post("Leads/actions/change_owner", body).status_code == 200
    assert crm.org.record("Leads", lead)["Owner"]["id"] == rep
    assert crm.org.mails == []
