"""What happens in the made-up company beside its scenes: a meeting is booked, a call comes in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.company import Company

JO = "jo@acme.example"


def ago(**how_long: float) -> datetime:
    """So long before now, on a full second."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**how_long)


def meet(company: Company, title: str, *guests: str, start: datetime | None = None, **more: Any) -> str:
    """Half an hour of Jo with these people (`Name <address>` or an address), over by now; the event's id."""
    begin = start or ago(hours=5)
    people: list[dict[str, Any]] = [{"email": JO, "organizer": True, "responseStatus": "accepted"}]
    for guest in guests:
        name, _, address = guest.rpartition("<")
        named = {"displayName": name.strip()} if name.strip() else {}
        people.append({"email": address.strip(">"), "responseStatus": "accepted", **named})
    event = {"start": begin, "end": begin + timedelta(minutes=30), "summary": title, "attendees": people, **more}
    return company.stage.google.put_event([JO], **event)


def ring(company: Company, call_id: str, number: str, start: datetime | None = None, **more: Any) -> None:
    """A call from this number that Jo answered, delivered by the workshop's import."""
    begin = start or ago(hours=4)
    row: Mapping[str, Any] = {
        "id": call_id, "started_at": begin.isoformat(), "direction": "inbound", "from": number,
        "to": "+442079460101", "outcome": "answered", "talk_seconds": 120, "rep_email": JO, **more,
    }  # fmt: skip
    folder = company.config.parent / "spool" / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{call_id}.jsonl").write_text(json.dumps(row) + "\n")


def known(company: Company, module: str) -> dict[str, Mapping[str, Any]]:
    """The records of a module by id: what `added` compares with."""
    return {one["id"]: one for one in company.stage.zoho.records(module)}


def added(company: Company, module: str, before: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The records of a module that were not there before."""
    return [one for one in company.stage.zoho.records(module) if one["id"] not in before]


def sent(company: Company, module: str, method: str = "POST") -> list[Mapping[str, Any]]:
    """The rows that were sent to a module, alone or in a Composite."""
    rows: list[Mapping[str, Any]] = []
    for one in company.stage.zoho.requests:
        if one.method == method and one.path.partition("?")[0].endswith(f"/{module}"):
            rows += one.body["data"]
        if one.path.endswith("/__composite_requests"):
            parts = one.body["__composite_requests"]
            rows += [row for part in parts if part["method"] == method and f"/{module}" in part["uri"]
                     for row in part.get("body", {}).get("data", [])]  # fmt: skip
    return rows
