from __future__ import annotations

from datetime import timedelta

import pytest

from activity_sync.simulator.clock import Clock
from tests.simulator.zoho.client import Crm, sign_in, task


def _code(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]


def test_fields_are_mandatory_fifty_at_most_and_unknown_ones_left_out(crm: Crm) -> None:
    crm.org.add("Contacts", Last_Name="Boyle")
    missing = crm.get("Contacts")
    assert missing.json()["details"] == {"param_name": "fields"}
    assert _code(missing) == (400, "REQUIRED_PARAM_MISSING")
    assert _code(crm.get("Contacts", fields=",".join(["id"] * 51))) == (400, "LIMIT_EXCEEDED")
    row = crm.get("Contacts", fields="Last_Name,Nonsense,Email").json()["data"][0]
    assert set(row) == {"id", "Last_Name", "Email"}
    assert row["Email"] is None


def test_lookups_and_times_come_as_zoho_gives_them(crm: Crm) -> None:
    account = crm.org.add("Accounts", Account_Name="Zylker")
    crm.org.add("Contacts", Last_Name="Boyle", Account_Name=account)
    row = crm.get("Contacts", fields="Account_Name,Owner,Modified_Time").json()["data"][0]
    assert row["Account_Name"] == {"name": "Zylker", "id": account}
    assert row["Owner"] == {"name": "Ada Admin", "id": crm.org.token_user, "email": "admin@acme.example"}
    assert row["Modified_Time"] == "2025-06-18T05:00:00-07:00"


def test_pages_go_to_row_2000_and_then_by_token(crm: Crm) -> None:
    ids = [crm.org.add("Contacts", Last_Name=f"L{number}") for number in range(2300)]
    tenth = crm.get("Contacts", fields="id", page=10).json()
    assert tenth["info"]["more_records"]
    assert tenth["info"]["count"] == 200
    assert _code(crm.get("Contacts", fields="id", page=11)) == (400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED")
    token = tenth["info"]["next_page_token"]
    eleventh = crm.get("Contacts", fields="id", page_token=token).json()
    assert eleventh["data"][0]["id"] == ids[::-1][2000]
    last = crm.get("Contacts", fields="id", page_token=eleventh["info"]["next_page_token"]).json()
    assert (last["info"]["count"], last["info"]["more_records"]) == (100, False)


def test_a_page_token_is_bound_to_its_parameters_and_lives_for_a_day(crm: Crm, clock: Clock) -> None:
    for number in range(3):
        crm.org.add("Contacts", Last_Name=f"L{number}")
    token = crm.get("Contacts", fields="id", per_page=2).json()["info"]["next_page_token"]
    other = crm.get("Contacts", fields="id,Email", per_page=2, page_token=token)
    assert _code(other) == (400, "TOKEN_BOUND_DATA_MISMATCH")
    assert _code(crm.get("Contacts", fields="id", per_page=2, page_token="x")) == (400, "INVALID_DATA")
    both = crm.get("Contacts", fields="id", per_page=2, page=1, page_token=token)
    assert _code(both) == (400, "AMBIGUITY_DURING_PROCESSING")
    crm.org.world.page_tokens[token] = (clock.now() - timedelta(seconds=1), *crm.org.world.page_tokens[token][1:])
    assert _code(crm.get("Contacts", fields="id", per_page=2, page_token=token)) == (400, "EXPIRED_VALUE")


def test_if_modified_since_gives_only_newer_rows_or_304(crm: Crm, clock: Clock) -> None:
    crm.org.add("Contacts", Last_Name="Old")
    clock.shift(timedelta(minutes=1))
    since = {"If-Modified-Since": "2025-06-18T14:00:00+02:00"}
    assert crm.get("Contacts", headers=since, fields="id").status_code == 304
    new = crm.org.add("Contacts", Last_Name="New")
    assert [row["id"] for row in crm.get("Contacts", headers=since, fields="id").json()["data"]] == [new]


def test_lists_are_sorted_by_id_downwards_unless_told_otherwise(crm: Crm, clock: Clock) -> None:
    first = crm.org.add("Contacts", Last_Name="A")
    second = crm.org.add("Contacts", Last_Name="B")
    clock.shift(timedelta(minutes=1))
    crm.org.edit("Contacts", first, Last_Name="C")

    def ids(**params: str) -> list[str]:
        return [row["id"] for row in crm.get("Contacts", fields="id", **params).json()["data"]]

    assert ids() == [second, first]
    assert ids(sort_by="Modified_Time") == [first, second]
    assert ids(sort_by="Modified_Time", sort_order="asc") == [second, first]
    assert ids(ids=f"{first},{second},1") == [first, second]
    assert _code(crm.get("Contacts", fields="id", sort_by="Last_Name")) == (400, "INVALID_DATA")


@pytest.mark.parametrize("status", [204, 400, 404])
def test_an_unknown_record_is_answered_in_one_of_three_ways(crm: Crm, status: int) -> None:
    crm.org.switches.unknown_record = status  # type: ignore[assignment]
    assert crm.get("Contacts/5725767000000999999").status_code == status


def test_wrong_addresses_are_refused(crm: Crm) -> None:
    assert _code(crm.get("Nonsense", fields="id")) == (400, "INVALID_MODULE")
    assert _code(crm.get("Contacts/1/2/3")) == (404, "INVALID_URL_PATTERN")
    assert _code(crm.post("users", {})) == (400, "INVALID_REQUEST_METHOD")


def test_deleted_records_are_listed_for_their_time(crm: Crm, clock: Clock) -> None:
    person = crm.org.add_user("pat@acme.example", "Pat", "Boyle")
    binned, gone = (crm.org.add("Contacts", Last_Name=name) for name in ("Bin", "Gone"))
    crm.org.delete("Contacts", binned, by=person)
    crm.org.delete("Contacts", gone, permanent=True)
    rows = {row["id"]: row for row in crm.get("Contacts/deleted").json()["data"]}
    assert rows[binned]["deleted_by"] == {"name": "Pat Boyle", "id": person}
    assert (rows[binned]["type"], rows[binned]["display_name"]) == ("recycle", "Bin")
    assert (rows[gone]["type"], rows[gone]["display_name"], rows[gone]["deleted_by"]) == ("permanent", None, None)
    assert [row["id"] for row in crm.get("Contacts/deleted", type="permanent").json()["data"]] == [gone]
    assert _code(crm.get("Contacts/deleted", type="x")) == (400, "PATTERN_NOT_MATCHED")
    assert crm.get("Contacts", fields="id").status_code == 204
    clock.shift(timedelta(days=61))
    crm.http.headers["Authorization"] = f"Zoho-oauthtoken {sign_in(crm.http, crm.org)}"
    assert [row["id"] for row in crm.get("Contacts/deleted").json()["data"]] == [gone]
    assert len(crm.org.deleted("Contacts")) == 2


def test_a_restored_record_is_back(crm: Crm, clock: Clock) -> None:
    contact = crm.org.add("Contacts", Last_Name="Boyle")
    crm.org.delete("Contacts", contact)
    clock.shift(timedelta(minutes=5))
    crm.org.restore("Contacts", contact)
    assert crm.org.record("Contacts", contact)["Modified_Time"] == "2025-06-18T05:05:00-07:00"
    crm.org.delete("Contacts", contact)
    crm.org.switches.restore_moves_modified_time = False
    clock.shift(timedelta(minutes=5))
    crm.org.restore("Contacts", contact)
    assert crm.org.record("Contacts", contact)["Modified_Time"] == "2025-06-18T05:05:00-07:00"
    assert crm.org.deleted("Contacts") == []


def test_search_lags_and_equals_means_contains(crm: Crm, clock: Clock) -> None:
    crm.insert("Contacts", {"Last_Name": "Boyle (Sr.)", "Email": "b@acme.example", "Phone": "+1 555-0100"})
    assert crm.get("Contacts/search", criteria="(Last_Name:equals:boyle)").status_code == 204
    clock.shift(timedelta(seconds=60))
    for params in (
        {"criteria": "(Last_Name:equals:boyle)"},
        {"criteria": r"((Last_Name:equals:Boyle \(Sr.\))and(Email:starts_with:b))"},
        {"email": "B@acme.example"},
        {"phone": "0100"},
        {"word": "boyle"},
    ):
        assert len(crm.get("Contacts/search", **params).json()["data"]) == 1, params
    assert _code(crm.get("Contacts/search")) == (400, "EXPECTED_PARAM_MISSING")
    assert crm.get("Contacts/actions/count").json() == {"count": 1}


def test_users_by_type_and_since(crm: Crm, clock: Clock) -> None:
    clock.shift(timedelta(minutes=1))
    crm.org.add_user("gone@acme.example", "Gone", "Girl", status="inactive")
    crm.org.add_user("del@acme.example", "Del", "Eted", status="deleted")

    def emails(**params: str) -> list[str]:
        return [user["email"].split("@")[0] for user in crm.get("users", **params).json()["users"]]

    assert emails() == ["admin", "gone"]
    assert emails(type="ActiveUsers") == ["admin"]
    assert emails(type="DeletedUsers") == ["del"]
    assert emails(type="CurrentUser") == ["admin"]
    since = crm.get("users", headers={"If-Modified-Since": "2025-06-18T12:00:00+00:00"}).json()["users"]
    assert [user["email"] for user in since] == ["gone@acme.example"]
    assert crm.get("users", headers={"If-Modified-Since": "2025-06-19T12:00:00+00:00"}).status_code == 304


def test_the_organisation_tells_its_edition(crm: Crm) -> None:
    licence = crm.get("org").json()["org"][0]["license_details"]
    assert (licence["paid_type"], licence["users_license_purchased"]) == ("enterprise", 10)


def test_fields_tell_type_length_and_values(crm: Crm) -> None:
    crm.org.add_key_field("Activity_Sync_Key")
    fields = {field["api_name"]: field for field in crm.get("settings/fields", module="Calls").json()["fields"]}
    assert fields["Subject"]["length"] == 255
    assert fields["Subject"]["system_mandatory"]
    assert fields["Activity_Sync_Key"]["unique"] == {"case_sensitive": False}
    assert fields["Activity_Sync_Key"]["custom_field"]
    assert [value["actual_value"] for value in fields["Call_Type"]["pick_list_values"]] == [
        "Inbound",
        "Outbound",
        "Missed",
    ]
    assert "Outgoing_Call_Status" in fields
    crm.org.switches.call_status_key = "Outbound_Call_Status"
    names = {field["api_name"] for field in crm.get("settings/fields", module="Calls").json()["fields"]}
    assert "Outbound_Call_Status" in names
    assert "Outgoing_Call_Status" not in names


def test_a_field_can_be_made_and_at_most_two_are_unique(crm: Crm) -> None:
    def make(label: str) -> dict[str, object]:
        wish = {"field_label": label, "data_type": "text", "length": 64, "unique": {"case_sensitive": False}}
        row: dict[str, object] = crm.post("settings/fields?module=Events", {"fields": [wish]}).json()["fields"][0]
        return row

    assert [make(label)["code"] for label in ("Key One", "Key Two", "Key Three")] == [
        "SUCCESS",
        "SUCCESS",
        "LIMIT_EXCEEDED",
    ]
    assert crm.org.world.modules["Events"].fields["Key_One"].length == 64
    crm.org.switches.unique_activity_fields = False
    assert make("Key Four")["code"] == "NOT_SUPPORTED"


def test_pipelines_and_layouts(crm: Crm) -> None:
    layout = crm.get("settings/layouts", module="Deals").json()["layouts"][0]
    pipeline = crm.get("settings/pipeline", layout_id=layout["id"]).json()["pipeline"][0]
    stages = {stage["actual_value"]: stage["display_value"] for stage in pipeline["maps"]}
    assert stages["Id. Decision Makers"] == "Identify Decision Makers"
    assert _code(crm.get("settings/pipeline")) == (400, "REQUIRED_PARAM_MISSING")
    stage = next(field for field in layout["sections"][0]["fields"] if field["api_name"] == "Stage")
    assert stage["pick_list_values"][0]["probability"] == 10
    modules = {module["api_name"]: module["plural_label"] for module in crm.get("settings/modules").json()["modules"]}
    assert modules["Events"] == "Meetings"


def test_related_lists_and_contact_roles(crm: Crm) -> None:
    account = crm.org.add("Accounts", Account_Name="Zylker")
    contact = crm.org.add("Contacts", Last_Name="Boyle", Email="b@acme.example", Account_Name=account)
    deal = crm.org.add("Deals", Deal_Name="Big", Stage="Qualification")
    crm.org.add("Tasks", **task(Who_Id=contact))
    assert len(crm.get(f"Accounts/{account}/Tasks", fields="Subject").json()["data"]) == 1
    crm.org.switches.contact_activities_roll_up = False
    assert crm.get(f"Accounts/{account}/Tasks", fields="Subject").status_code == 204
    assert crm.get(f"Deals/{deal}/Contact_Roles", fields="Email").status_code == 204
    role = crm.get("Contacts/roles").json()["contact_roles"][1]
    put = crm.put(f"Deals/{deal}/Contact_Roles/{contact}", {"Contact_Role": {"id": role["id"]}})
    assert put.json()["data"][0]["message"] == "relation updated"
    row = crm.get(f"Deals/{deal}/Contact_Roles", fields="Email").json()["data"][0]
    assert (row["id"], row["Contact_Role"]["name"], row["Email"]) == (contact, "Decision Maker", "b@acme.example")


def test_notes_can_be_listed_by_administrators_only(crm: Crm) -> None:
    assert crm.get("Notes", fields="Note_Title").status_code == 204
    crm.org.edit_user(crm.org.token_user, profile={"name": "Standard", "id": "1"})
    assert _code(crm.get("Notes", fields="Note_Title")) == (403, "NOT_SUPPORTED")
