from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.zoho.client import Crm, task


def _get(path: str, **params: str) -> dict[str, Any]:
    return {"method": "GET", "uri": f"/crm/v8/{path}", "params": params}


def _coql(query: str) -> dict[str, Any]:
    return {"method": "POST", "uri": "/crm/v8/coql", "body": {"select_query": query}}


def _post(module: str, *rows: dict[str, Any]) -> dict[str, Any]:
    return {"method": "POST", "uri": f"/crm/v8/{module}", "body": {"data": list(rows), "trigger": []}}


def _responses(answer: Any) -> list[dict[str, Any]]:
    return [row["details"]["response"] for row in answer.json()["__composite_requests"]]


def test_parts_are_answered_by_order_only(crm: Crm) -> None:
    crm.org.add("Contacts", Last_Name="Boyle")
    answer = crm.composite(
        _coql("select id from Contacts where id is not null limit 25"),
        _get("Contacts", fields="Last_Name", per_page="25"),
        _get("Nonsense", fields="id"),
    )
    assert answer.status_code == 200
    assert [response["status_code"] for response in _responses(answer)] == [200, 200, 400]
    assert "sub_request_id" not in answer.text
    assert crm.org.credits.used() == 1


def test_a_part_gives_25_rows_and_takes_one_record(crm: Crm) -> None:
    for number in range(30):
        crm.org.add("Contacts", Last_Name=f"L{number}")
    answer = crm.composite(
        _coql("select id from Contacts where id is not null limit 26"),
        _coql("select id from Contacts where id is not null limit 25"),
        _get("Contacts", fields="id", per_page="26"),
        _post("Tasks", task(), task()),
        _post("Tasks", task()),
    )
    too_many, fitting, page, two, one = _responses(answer)
    assert too_many["body"]["details"] == {"by": "limit", "limit": 25}
    assert (len(fitting["body"]["data"]), fitting["body"]["info"]["more_records"]) == (25, True)
    assert [part["body"]["code"] for part in (page, two)] == ["LIMIT_EXCEEDED"] * 2
    assert one["status_code"] == 201
    bare = crm.composite(_coql("select id from Contacts where id is not null"))
    assert _responses(bare)[0]["body"]["code"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize(("way", "body"), [("missing", "absent"), ("null", None), ("object", {}), ("text", "")])
def test_the_body_of_an_empty_part(crm: Crm, way: str, body: Any) -> None:
    crm.org.switches.composite_empty_body = way  # type: ignore[assignment]
    response = _responses(crm.composite(_get("Contacts", fields="id")))[0]
    assert response["status_code"] == 204
    assert response.get("body", "absent") == body


def test_a_part_may_refer_to_one_before(crm: Crm) -> None:
    deal = crm.org.add("Deals", Deal_Name="Big", Stage="Qualification")
    note = _post(
        "Notes", {"Parent_Id": {"module": {"api_name": "Deals"}, "id": "@{s0:$.data[0].id}"}, "Note_Content": "Hello"}
    )
    answer = crm.composite(_get(f"Deals/{deal}", fields="Deal_Name"), note, _get("Deals/@{s0:$.data[0].id}"))
    assert [response["status_code"] for response in _responses(answer)] == [200, 201, 200]
    assert crm.org.records("Notes")[0]["Parent_Id"]["id"] == deal
    assert crm.composite(_get("Deals/@{other:$.data[0].id}")).status_code == 400


def test_all_or_nothing_takes_everything_back(crm: Crm) -> None:
    answer = crm.composite(_post("Tasks", task()), _post("Tasks", {}), _get("org"), rollback_on_fail=True)
    rows = answer.json()["__composite_requests"]
    assert answer.status_code == 400
    assert [row["code"] for row in rows] == ["ROLLBACK_PERFORMED", "EXECUTION_FAILED", "PROCESSING_STOPPED"]
    assert rows[0]["details"] == {"rollbacked_by_sub_request_index": 1}
    assert rows[1]["details"]["response"]["status_code"] == 400
    assert crm.org.records("Tasks") == []
    fine = crm.composite(_post("Tasks", task()), _post("Tasks", task()), rollback_on_fail=True)
    assert fine.status_code == 200
    assert len(crm.org.records("Tasks")) == 2
    assert crm.org.credits.used() == 3


def test_a_rolled_back_deletion_brings_the_record_back(crm: Crm) -> None:
    key = crm.org.add("Tasks", **task())
    delete = {"method": "DELETE", "uri": f"/crm/v8/Tasks/{key}"}
    assert crm.composite(delete, _post("Tasks", {}), rollback_on_fail=True).status_code == 400
    assert [row["id"] for row in crm.org.records("Tasks")] == [key]
    assert crm.org.deleted("Tasks") == []


@pytest.mark.parametrize(
    ("parts", "keys", "code"),
    [
        ([_get("org")] * 6, {}, "INVALID_DATA"),
        ([_get("org")], {"rollback_on_fail": True, "parallel_execution": True}, "AMBIGUITY_DURING_PROCESSING"),
        ([{"method": "GET"}], {}, "MANDATORY_NOT_FOUND"),
        ([{**_get("org"), "headers": {"Authorization": "x"}}], {}, "INVALID_DATA"),
    ],
)
def test_a_composite_out_of_shape_is_refused(crm: Crm, parts: list[Any], keys: dict[str, Any], code: str) -> None:
    answer = crm.composite(*parts, **keys)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_deleting_many_is_not_allowed_inside(crm: Crm) -> None:
    answer = crm.composite({"method": "DELETE", "uri": "/crm/v8/Tasks", "params": {"ids": "1"}})
    assert _responses(answer)[0]["body"]["code"] == "NOT_SUPPORTED"
