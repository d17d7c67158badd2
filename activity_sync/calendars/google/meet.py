"""Who was in a Google Meet (calendars.md B): names only, for Google tells no addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from activity_sync.calendars.google.credentials import ATTENDANCE, Keys
from activity_sync.calendars.google.failures import NotThere, translated
from activity_sync.calendars.google.service import Service
from activity_sync.model.failures import Unexpected
from activity_sync.model.members import items, text
from activity_sync.model.ports import Attendee

_HOST = "meet.googleapis.com"
_CODE = re.compile(r"https://meet\.google\.com/([a-z]{3}-[a-z]{4}-[a-z]{3})\b")
_EARLY, _LATE = timedelta(minutes=30), timedelta(hours=2)
_PAGES = 20


def attended(service: Service, keys: Keys, part: str, url: str, start: datetime, end: datetime) -> Sequence[Attendee]:
    """Everybody who was in it about this time. Everybody may have left and come back: all its conferences count."""
    code = _CODE.match(url)
    if code is None:
        return ()
    about = f'start_time >= "{_on_the_wire(start - _EARLY)}" AND start_time <= "{_on_the_wire(end + _LATE)}"'
    asked = {"filter": f'space.meeting_code = "{code[1]}" AND {about}', "pageSize": "100"}
    found: dict[str, Attendee] = {}
    for record in _listed(service, keys, part, "v2/conferenceRecords", "conferenceRecords", asked):
        name = text(record, "name")
        if re.fullmatch(r"conferenceRecords/[\w-]+", name):
            people = _listed(service, keys, part, f"v2/{name}/participants", "participants", {"pageSize": "250"})
            found |= {key: one for key, one in map(_attendee, people) if key}
    return tuple(found[key] for key in sorted(found))


def _attendee(one: Any) -> tuple[str, Attendee]:
    """The same person comes once for each device, and in each conference."""
    for kind in ("signedinUser", "anonymousUser", "phoneUser"):
        holder = one.get(kind) if isinstance(one, dict) else None
        if holder:
            name = text(holder, "displayName")
            return text(holder, "user") or f"{kind} {name}", Attendee(name)
    return "", Attendee()


def _listed(service: Service, keys: Keys, part: str, path: str, member: str, asked: dict[str, str]) -> Iterator[Any]:
    token = ""
    for _ in range(_PAGES):
        page = _page(service, keys, part, path, asked | ({"pageToken": token} if token else {}))
        yield from items(page, member)
        token = text(page, "nextPageToken")
        if not token:
            return


def _page(service: Service, keys: Keys, part: str, path: str, asked: dict[str, str]) -> object:
    credentials = keys.credentials(part, ATTENDANCE)
    try:
        with translated(part, keys, ATTENDANCE):
            page = service.asked(_HOST, path, asked, credentials)
    except NotThere:
        return {}
    if not isinstance(page, dict):
        raise Unexpected("Google Meet's answer has a foreign shape.")
    return page


def _on_the_wire(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
