"""A plain client for these tests: no part of our own program speaks here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from activity_sync.simulator.zoho import ZohoSimulator


def sign_in(http: httpx.Client, org: ZohoSimulator, **changed: str) -> str:
    """An access token."""
    return str(ask_token(http, org, **changed).json()["access_token"])


def ask_token(http: httpx.Client, org: ZohoSimulator, **changed: str) -> httpx.Response:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": org.refresh_token,
        "client_id": org.client_id,
        "client_secret": org.client_secret,
    }
    return http.post("/oauth/v2/token", data={**form, **changed})


@dataclass
class Crm:
    http: httpx.Client
    org: ZohoSimulator

    def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        return self.http.get(f"/crm/v8/{path}", params=params, headers=headers)

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.http.post(f"/crm/v8/{path}", json=body)

    def put(self, path: str, *rows: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
        return self.http.put(f"/crm/v8/{path}", json={"data": list(rows), "trigger": []}, headers=headers)

    def delete(self, path: str, **params: Any) -> httpx.Response:
        return self.http.delete(f"/crm/v8/{path}", params={"wf_trigger": "false", **params})

    def insert(self, module: str, *rows: dict[str, Any], **keys: Any) -> httpx.Response:
        return self.post(module, {"data": list(rows), "trigger": [], **keys})

    def coql(self, query: str) -> httpx.Response:
        return self.post("coql", {"select_query": query})

    def composite(self, *parts: dict[str, Any], **keys: Any) -> httpx.Response:
        named = [{"sub_request_id": f"s{number}", **part} for number, part in enumerate(parts)]
        return self.post("__composite_requests", {"__composite_requests": named, **keys})


def new_id(response: httpx.Response) -> str:
    """The id of the one record that was written; fails with the answer when none was."""
    row = response.json()["data"][0]
    assert row["code"] == "SUCCESS", row
    return str(row["details"]["id"])


def refused(response: httpx.Response, field: str = "") -> str:
    """The code of the one row that was refused."""
    assert response.status_code == 400, response.text
    row = response.json()["data"][0]
    assert row["status"] == "error"
    if field:
        assert row["details"]["api_name"] == field
    return str(row["code"])


def event(**changed: Any) -> dict[str, Any]:
    times = {"Start_DateTime": "2025-06-20T09:00:00+02:00", "End_DateTime": "2025-06-20T10:00:00+02:00"}
    return {"Event_Title": "Demo", **times, **changed}


def call(**changed: Any) -> dict[str, Any]:
    kind = {"Call_Type": "Outbound", "Outgoing_Call_Status": "Completed"}
    return {
        "Subject": "Call",
        **kind,
        "Call_Start_Time": "2025-06-18T13:05:00+02:00",
        "Call_Duration": "01:30",
        **changed,
    }


def task(**changed: Any) -> dict[str, Any]:
    return {"Subject": "Send offer", "Due_Date": "2025-06-25", "Status": "Not Started", **changed}
