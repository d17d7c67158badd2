"""Google Meet: conferences that took place, and who was in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activity_sync.simulator.google.copies import Json, stamp
from activity_sync.simulator.google.failures import Refused, newer_refusal
from activity_sync.simulator.google.tokens import Grant
from activity_sync.simulator.network import Request, Response, json_response

_FILTER = re.compile(r'(space\.meeting_code|start_time) (=|>=|<=) "([^"]*)"')


@dataclass(slots=True)
class Conferences:
    """`held`: what took place. A record is shown to those who were in it (`seen_by`)."""

    held: list[Json] = field(default_factory=list)

    def hold(self, code: str, start: datetime, end: datetime, seen_by: Sequence[str], *people: Json) -> None:
        """A conference. A person: `{"signedinUser": {"user": "users/1", "displayName": "Jo"}}`, or another kind."""
        name = f"conferenceRecords/c{len(self.held) + 1}"
        record = {"name": name, "startTime": stamp(start), "endTime": stamp(end), "space": f"spaces/{code}"}
        times = {"earliestStartTime": stamp(start), "latestEndTime": stamp(end)}
        listed = [{"name": f"{name}/participants/p{number}", **times, **one} for number, one in enumerate(people)]
        self.held.append({"record": record, "code": code, "start": start, "seen_by": set(seen_by), "people": listed})

    def answer(self, request: Request, grant: Grant) -> Response:
        """GET v2/..."""
        if not grant.allows(("meetings.space.readonly", "meetings.space.created")):
            raise Refused(
                newer_refusal(403, "forbidden", "Request had insufficient authentication scopes.", "PERMISSION_DENIED")
            )
        mine = [one for one in self.held if grant.subject in one["seen_by"]]
        parts = request.path.strip("/").split("/")
        match parts:
            case ["v2", "conferenceRecords"]:
                found = [one["record"] for one in mine if _fits(one, request.one("filter") or "")]
                return json_response({"conferenceRecords": found} if found else {})
            case ["v2", "conferenceRecords", name, "participants"]:
                for one in mine:
                    if one["record"]["name"].endswith(f"/{name}"):
                        return json_response({"participants": one["people"], "totalSize": len(one["people"])})
        raise Refused(newer_refusal(404, "notFound", "Requested entity was not found.", "NOT_FOUND"))


def _fits(one: Json, wanted: str) -> bool:
    terms = wanted.split(" AND ") if wanted else []
    return all(_holds(one, term) for term in terms)


def _holds(one: Json, term: str) -> bool:
    found = _FILTER.fullmatch(term)
    if found is None:
        raise Refused(newer_refusal(400, "badRequest", f"Invalid filter: {term}", "INVALID_ARGUMENT"))
    name, sign, value = found.groups()
    if name == "space.meeting_code":
        return bool(one["code"] == value)
    at: Any = datetime.fromisoformat(value)
    return bool(one["start"] >= at) if sign == ">=" else bool(one["start"] <= at)
