from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import httpx

from activity_sync.simulator.clock import Clock
from tests.simulator.zoho.client import Crm
from tests.zoho.test_notifications import a_listener


def _ask(crm: Crm, **query: Any) -> httpx.Response:
    return crm.http.post("/crm/bulk/v8/read", json={"query": query, "file_type": "csv"})


def _state(crm: Crm, job: str) -> dict[str, Any]:
    row: dict[str, Any] = crm.http.get(f"/crm/bulk/v8/read/{job}").json()["data"][0]
    return row


def _job(crm: Crm, clock: Clock, **query: Any) -> str:
    answer = _ask(crm, **query)
    assert answer.status_code == 201, answer.text
    clock.shift(timedelta(seconds=5))
    return str(answer.json()["data"][0]["details"]["id"])


def _download(crm: Crm, job: str) -> list[list[str]]:
    archive = zipfile.ZipFile(io.BytesIO(crm.http.get(f"/crm/bulk/v8/read/{job}/result").content))
    return list(csv.reader(io.StringIO(archive.read(f"{job}.csv").decode())))


def test_a_job_takes_its_time_and_costs_fifty(crm: Crm, clock: Clock) -> None:
    crm.org.add("Contacts", Last_Name="Boyle")
    job = _ask(crm, module={"api_name": "Contacts"}).json()["data"][0]["details"]["id"]
    assert crm.org.credits.used() == 50
    states = []
    for _ in range(5):
        states.append(_state(crm, job)["state"])
        clock.shift(timedelta(seconds=1))
    assert states == ["ADDED", "ADDED", "QUEUED", "IN PROGRESS", "COMPLETED"]
    assert _state(crm, job)["result"]["count"] == 1


def test_the_file_holds_ids_in_lookup_columns(crm: Crm, clock: Clock) -> None:
    account = crm.org.add("Accounts", Account_Name="Zylker")
    contact = crm.org.add("Contacts", Last_Name="Boyle", Account_Name=account)
    fields = ["Last_Name", "Email", "Account_Name", "Account_Name.Account_Name", "Modified_Time"]
    rows = _download(crm, _job(crm, clock, module={"api_name": "Contacts"}, fields=fields))
    assert rows[0] == ["id", *fields]
    assert rows[1] == [contact, "Boyle", "", account, "Zylker", "2025-06-18T05:00:00-07:00"]


def test_criteria_choose_and_pages_follow(crm: Crm, clock: Clock) -> None:
    for name in ("Adams", "Boyle", "Clark"):
        crm.org.add("Contacts", Last_Name=name)
    group = [
        {"field": {"api_name": "Last_Name"}, "comparator": "not_equal", "value": "Boyle"},
        {"field": {"api_name": "Email"}, "comparator": "equal", "value": "${EMPTY}"},
    ]
    crm.org.switches.bulk_page_rows = 1
    wish = {"module": {"api_name": "Contacts"}, "fields": ["Last_Name"]}
    job = _job(crm, clock, **wish, criteria={"group_operator": "and", "group": group})
    result = _state(crm, job)["result"]
    assert (result["count"], result["more_records"]) == (1, True)
    assert [row[1] for row in _download(crm, job)] == ["Last_Name", "Adams"]
    following = _job(crm, clock, page_token=result["next_page_token"])
    assert [row[1] for row in _download(crm, following)] == ["Last_Name", "Clark"]
    assert not _state(crm, following)["result"]["more_records"]


def test_the_refusals_of_bulk_read(crm: Crm, clock: Clock) -> None:
    assert _ask(crm, module={"api_name": "Notes"}).json()["code"] == "INVALID_MODULE"
    assert crm.http.post("/crm/bulk/v8/read", content=b"{}").status_code == 415
    assert crm.http.get("/crm/bulk/v8/read/123456").status_code == 404
    late = {
        "field": {"api_name": "Modified_Time"},
        "comparator": "greater_equal",
        "value": "2025-01-01T00:00:00.000+00:00",
    }
    assert _ask(crm, module={"api_name": "Contacts"}, criteria=late).json()["code"] == "INVALID_DATA"
    job = _job(crm, clock, module={"api_name": "Contacts"})
    answers = [crm.http.get(f"/crm/bulk/v8/read/{job}/result").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_who_asked_to_be_told_is_told_once_when_the_job_is_done(crm: Crm, clock: Clock) -> None:
    with a_listener() as (url, heard):
        body = {"query": {"module": {"api_name": "Contacts"}}, "callback": {"url": f"{url}/done", "method": "post"}}
        job = crm.http.post("/crm/bulk/v8/read", json=body).json()["data"][0]["details"]["id"]
        assert crm.org.push() == []
        clock.shift(timedelta(minutes=1))
        assert crm.org.push() == [202]
        assert crm.org.push() == []
        [told] = heard
        assert told["data"][0] == _state(crm, job)
        assert told["data"][0]["state"] == "COMPLETED"
