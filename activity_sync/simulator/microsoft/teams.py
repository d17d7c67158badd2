"""Teams: online meetings and their attendance reports, shown to the organiser's side only."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from activity_sync.simulator.microsoft.failures import Refused, refusal
from activity_sync.simulator.microsoft.mailboxes import Json
from activity_sync.simulator.network import Request, Response, json_response

_FILTER = re.compile(r"JoinWebUrl eq '(.*)'", re.IGNORECASE)


@dataclass(slots=True)
class OnlineMeetings:
    """`held`: meetings by the organiser's address; each with its reports."""

    held: list[Json] = field(default_factory=list)

    def hold(self, organizer: str, join_url: str, start: datetime, end: datetime, *people: tuple[str, str]) -> None:
        """A session. People: address ("" for a stranger) and name."""
        known = [one for one in self.held if (one["organizer"], one["joinWebUrl"]) == (organizer, join_url)]
        meeting = known[0] if known else {"id": f"MSo{secrets.token_hex(8)}*0**19:x", "organizer": organizer}
        if not known:
            self.held.append(meeting | {"joinWebUrl": join_url, "reports": []})
        records = [
            {
                "id": secrets.token_hex(6), "emailAddress": email or None, "totalAttendanceInSeconds": 1800,
                "role": "Organizer" if email == organizer else "Attendee",
                "identity": {"id": secrets.token_hex(6), "displayName": name},
            }
            for email, name in people
        ]  # fmt: skip
        self.held[-1 if not known else self.held.index(meeting)]["reports"].append({
            "id": secrets.token_hex(8), "totalParticipantCount": len(people),
            "meetingStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}", "meetingEndDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
            "attendanceRecords": records,
        })  # fmt: skip

    def answer(self, mailbox: str, rest: Sequence[str], request: Request, permissions: frozenset[str]) -> Response:
        """GET /users/{id}/onlineMeetings..."""
        needed = {"OnlineMeetings.Read.All"} if len(rest) == 1 else {"OnlineMeetingArtifact.Read.All"}
        if not needed <= permissions:
            raise Refused(refusal(403, "Forbidden", "Application is not allowed to perform operations on the user."))
        mine = [one for one in self.held if one["organizer"] == mailbox]
        match list(rest):
            case ["onlineMeetings"]:
                asked = _FILTER.fullmatch(request.one("$filter") or "")
                if asked is None:
                    raise Refused(refusal(400, "BadRequest", "Filter expression expected."))
                link = asked[1].replace("''", "'")
                found = [{"id": one["id"], "joinWebUrl": link} for one in mine if one["joinWebUrl"] == link]
                return json_response({"value": found})
            case ["onlineMeetings", name, "attendanceReports"]:
                bare = [_bare(one) for one in _named(mine, name)["reports"]]
                return json_response({"value": bare})
            case ["onlineMeetings", name, "attendanceReports", report]:
                found = [one for one in _named(mine, name)["reports"] if one["id"] == report]
                if found:
                    whole = request.one("$expand") == "attendanceRecords"
                    return json_response(found[0] if whole else _bare(found[0]))
        raise Refused(refusal(404, "NotFound", "Not found."))


def _named(meetings: Sequence[Json], name: str) -> Json:
    for one in meetings:
        if one["id"] == name:
            return one
    raise Refused(refusal(404, "NotFound", "Not found."))


def _bare(report: Json) -> Json:
    return {name: value for name, value in report.items() if name != "attendanceRecords"}
