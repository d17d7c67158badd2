from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.simulator.clock import Clock
from tests.simulator.zoho.client import Crm, event, new_id


def _rows(crm: Crm, query: str) -> list[dict[str, Any]]:
    answer = crm.coql(query)
    assert answer.status_code in (200, 204), answer.text
    return answer.json()["data"] if answer.status_code == 200 else []


def _names(crm: Crm, where: str, tail: str = "order by Last_Name") -> list[str]:
    return [row["Last_Name"] for row in _rows(crm, f"select Last_Name from Contacts where {where} {tail}")]


@pytest.fixture
def people(crm: Crm) -> Crm:
    account = crm.org.add("Accounts", Account_Name="Zylker")
    for number, name in enumerate(("Adams", "Boyle", "O'Neil")):
        crm.org.add(
            "Contacts",
            Last_Name=name,
            Email=f"{name[0].lower()}@acme.example",
            Account_Name=account if number else None,
            Modified_Time=datetime(2025, 6, 1 + number, 8, 0, tzinfo=UTC),
            Date_of_Birth=f"199{number}-01-01",
            Email_Opt_Out=number == 2,
        )
    return crm


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("Last_Name = 'Boyle'", ["Boyle"]),
        ("Last_Name != 'Boyle'", ["Adams", "O'Neil"]),
        ("Last_Name = 'O''Neil'", ["O'Neil"]),
        ("Last_Name like '%oy%'", ["Boyle"]),
        ("Last_Name not like '%oy%'", ["Adams", "O'Neil"]),
        ("Last_Name in ('Adams', 'Boyle')", ["Adams", "Boyle"]),
        ("Last_Name not in ('Adams', 'Boyle')", ["O'Neil"]),
        ("Account_Name is null", ["Adams"]),
        ("Account_Name is not null", ["Boyle", "O'Neil"]),
        ("Account_Name.Account_Name = 'Zylker'", ["Boyle", "O'Neil"]),
        ("Modified_Time >= '2025-06-02T10:00:00+02:00'", ["Boyle", "O'Neil"]),
        ("Modified_Time > '2025-06-02T10:00:00+02:00'", ["O'Neil"]),
        ("Modified_Time between '2025-06-01T00:00:00+00:00' and '2025-06-02T23:00:00+00:00'", ["Adams", "Boyle"]),
        ("Date_of_Birth < '1991-01-01'", ["Adams"]),
        ("Email_Opt_Out = 'true'", ["O'Neil"]),
        ("Owner.last_name = 'Admin'", ["Adams", "Boyle", "O'Neil"]),
        ("(Last_Name = 'Adams' or Last_Name = 'Boyle')", ["Adams", "Boyle"]),
        ("((Last_Name = 'Adams' or Last_Name = 'Boyle') and Email is not null)", ["Adams", "Boyle"]),
        ("Last_Name = 'Nobody'", []),
    ],
)
def test_conditions_choose_rows(people: Crm, where: str, names: list[str]) -> None:
    assert _names(people, where) == names


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select id from Contacts", "SYNTAX_ERROR"),
        ("select id from Contacts where id is not null and Email is null and Phone is null", "SYNTAX_ERROR"),
        ("select id from Contacts where (id is not null and Email is null or Phone is null)", "SYNTAX_ERROR"),
        ("select id, from Contacts where id is not null", "SYNTAX_ERROR"),
        ("select id from Contacts where id is not null limit x", "SYNTAX_ERROR"),
        ("select id from Contacts where id is not null nonsense", "SYNTAX_ERROR"),
        ("select Nonsense from Contacts where id is not null", "INVALID_QUERY"),
        ("select id from Contacts where Nonsense = 'x'", "INVALID_QUERY"),
        ("select id from Contacts where Description = 'x'", "INVALID_QUERY"),
        ("select id from Contacts where Description is null", "INVALID_QUERY"),
        ("select id from Contacts where Account_Name like '%x%'", "INVALID_QUERY"),
        ("select id from Contacts where Last_Name > 'x'", "INVALID_QUERY"),
        ("select id from Contacts where Modified_Time > '2025-06-01'", "INVALID_QUERY"),
        ("select id from Contacts where Email_Opt_Out != 'true'", "INVALID_QUERY"),
        ("select id from Nonsense where id is not null", "INVALID_MODULE"),
        ("select id from Notes where id is not null", "INVALID_MODULE"),
        ("select id, id from Contacts where id is not null", "DUPLICATE_DATA"),
        ("select id from Contacts where id is not null limit 2001", "LIMIT_EXCEEDED"),
        ("select id from Contacts where id is not null limit 100001, 200", "LIMIT_EXCEEDED"),
        (f"select id from Contacts where Email in ({', '.join(['1'] * 101)})", "LIMIT_EXCEEDED"),
    ],
)
def test_what_zoho_refuses_is_refused(people: Crm, query: str, code: str) -> None:
    answer = people.coql(query)
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (400, code, "error")


def test_more_than_25_criteria_are_too_many(people: Crm) -> None:
    condition = "Email is null"
    for _ in range(25):
        condition = f"({condition} or Email is null)"
    assert people.coql(f"select id from Contacts where {condition}").json()["code"] == "LIMIT_EXCEEDED"


def test_a_query_is_mandatory(crm: Crm) -> None:
    assert crm.post("coql", {}).json()["code"] == "MANDATORY_NOT_FOUND"


def test_lookups_give_their_id_and_names_need_a_column(people: Crm) -> None:
    query = (
        "select Account_Name, Account_Name.Account_Name, Owner, Modified_Time from Contacts where Last_Name = 'Boyle'"
    )
    row = _rows(people, query)[0]
    account = people.org.records("Accounts")[0]["id"]
    assert row["Account_Name"] == {"id": account}
    assert row["Account_Name.Account_Name"] == "Zylker"
    assert row["Owner"] == {"id": people.org.token_user}
    assert row["Modified_Time"] == "2025-06-02T01:00:00-07:00"


def test_parents_of_activities_are_reached_with_an_arrow(crm: Crm) -> None:
    lead, account = crm.org.add("Leads", Last_Name="Lee"), crm.org.add("Accounts", Account_Name="Zylker")
    crm.org.add("Events", **event(What_Id=lead))
    crm.org.add("Events", **event(What_Id=account))
    query = "select 'What_Id->Leads.Last_Name', 'What_Id->Accounts.Account_Name' from Events where id is not null"
    rows = _rows(crm, query)
    assert [row["What_Id->Leads.Last_Name"] for row in rows] == ["Lee", None]
    assert [row["What_Id->Accounts.Account_Name"] for row in rows] == [None, "Zylker"]
    module = "select What_Id.module.api_name from Events where id is not null"
    assert [row["What_Id.module.api_name"] for row in _rows(crm, module)] == ["Leads", "Accounts"]
    crm.org.switches.coql_what_module = False
    assert crm.coql(module).json()["code"] == "INVALID_QUERY"


def test_order_limit_and_offset(people: Crm) -> None:
    every = "id is not null"
    assert _names(people, every, "order by Modified_Time desc, id asc") == ["O'Neil", "Boyle", "Adams"]
    assert _names(people, every, "order by Account_Name.Account_Name, Last_Name desc") == ["Adams", "O'Neil", "Boyle"]
    assert _names(people, every, "order by Last_Name limit 1, 1") == ["Boyle"]
    assert _names(people, every, "order by Last_Name limit 2 offset 1") == ["Boyle", "O'Neil"]
    assert people.coql("select id from Contacts where id is not null limit 2").json()["info"]["more_records"]
    assert not people.coql("select id from Contacts where id is not null limit 3").json()["info"]["more_records"]
    assert len(_rows(people, "select id from Contacts where id is not null")) == 3


def test_aggregates(people: Crm) -> None:
    row = _rows(people, "select COUNT(id), MAX(Modified_Time) from Contacts where id is not null")[0]
    assert row["COUNT(id)"] == 3
    assert row["MAX(Modified_Time)"].startswith("2025-06-03")


def test_ids_are_compared_only_while_the_switch_is_on(people: Crm) -> None:
    ids = [row["id"] for row in _rows(people, "select id from Contacts where id is not null order by id")]
    assert [row["id"] for row in _rows(people, f"select id from Contacts where id > '{ids[0]}' order by id")] == ids[1:]
    assert [row["id"] for row in _rows(people, f"select id from Contacts where id in ({ids[0]}, {ids[2]})")] == [
        ids[0],
        ids[2],
    ]
    people.org.switches.coql_compares_ids = False
    assert people.coql(f"select id from Contacts where id > '{ids[0]}'").json()["code"] == "INVALID_QUERY"
    assert people.coql(f"select id from Contacts where id = '{ids[0]}'").status_code == 200


def test_older_row_limits_can_be_in_force(people: Crm) -> None:
    people.org.switches.coql_row_limit = 200
    answer = people.coql("select id from Contacts where id is not null limit 201").json()
    assert (answer["code"], answer["details"]) == ("LIMIT_EXCEEDED", {"by": "limit", "limit": 200})


def test_coql_may_see_a_write_late(crm: Crm, clock: Clock) -> None:
    crm.org.switches.coql_delay = 3
    key = new_id(crm.insert("Tasks", {"Subject": "x"}))
    query = f"select id from Tasks where id = '{key}'"
    assert crm.coql(query).status_code == 204
    clock.shift(timedelta(seconds=3))
    assert crm.coql(query).status_code == 200


def test_converted_leads_in_coql(crm: Crm) -> None:
    lead = crm.org.add("Leads", Last_Name="Lee", Company="Zylker")
    crm.org.convert_lead(lead)
    query = "select id, Converted__s from Leads where id is not null"
    assert _rows(crm, query) == [{"id": lead, "Converted__s": True}]
    crm.org.switches.coql_hides_converted = True
    assert _rows(crm, query) == []
    crm.org.switches.coql_converted_column = False
    assert crm.coql(query).json()["code"] == "INVALID_QUERY"


def test_large_tables_page_quickly(crm: Crm) -> None:
    started = time.perf_counter()
    for number in range(50_000):
        crm.org.add("Contacts", Last_Name=f"L{number}")
    assert time.perf_counter() - started < 8
    last, seen = "0", 0
    started = time.perf_counter()
    while rows := _rows(crm, f"select id, Last_Name from Contacts where id > '{last}' order by id limit 2000"):
        last, seen = rows[-1]["id"], seen + len(rows)
    assert seen == 50_000
    assert time.perf_counter() - started < 10
