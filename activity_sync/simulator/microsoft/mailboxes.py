"""Mailboxes and the copies of meetings in them; every change gets the next version number."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.simulator.microsoft.times import NEVER, Moment, graph_time, instant, is_day, windows_name

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a request prefers: the zone of times and its name, text or HTML, and which kind of ids."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    zone_name: str = "UTC"
    body: str = "html"
    immutable: bool = False
    page: int | None = None


@dataclass(slots=True)
class Copy:
    """One entry of one mailbox. `meeting` is shared by all copies of a meeting; `id` is not.

    `role`: singleInstance, seriesMaster, occurrence or exception. `moves`: how often it changed folders, which
    changes the id that is shown to those who do not ask for immutable ones.
    """

    id: str
    meeting: str
    event: Json
    start: Moment
    end: Moment
    version: int
    role: str = "singleInstance"
    master: str = ""
    original: Moment = None
    deleted: bool = False
    moves: int = 0

    def shown_id(self, *, immutable: bool, of: str = "") -> str:
        """The id as this asker sees it; `of`: that of the series instead."""
        name = of or self.id
        return name if immutable else f"AAMkAD{self.moves}{name.removeprefix('AAkALg')}"

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Start and end as instants; an entry without an end ends where it starts."""
        nowhere = datetime.min.replace(tzinfo=UTC)
        start = instant(self.start, zone) or nowhere
        return start, instant(self.end, zone) or start

    def overlaps(self, low: datetime, high: datetime, zone: ZoneInfo) -> bool:
        """Whether any of it lies in a window."""
        start, end = self.bounds(zone)
        return start < high and (end > low or start == end == low)


@dataclass(slots=True)
class Mailbox:
    """One person's mailbox. `licensed`: it exists at all; `open`: the app is let in."""

    email: str
    name: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    id: str = field(default_factory=lambda: f"{secrets.token_hex(4)}-{secrets.token_hex(2)}-4{secrets.token_hex(6)}")
    aliases: tuple[str, ...] = ()
    principal: str = ""
    enabled: bool = True
    licensed: bool = True
    open: bool = True
    copies: dict[str, Copy] = field(default_factory=dict)

    def living(self) -> list[Copy]:
        """All entries that are not deleted."""
        return [copy for copy in self.copies.values() if not copy.deleted]

    def found(self, name: str) -> Copy | None:
        """The living entry with this id, of either kind."""
        for copy in self.living():
            if name in {copy.shown_id(immutable=True), copy.shown_id(immutable=False)}:
                return copy
        return None

    def shown(self, copy: Copy, wishes: Wishes) -> Json:
        """The entry as Graph sends it."""
        event, zone = copy.event, windows_name(self.zone.key)
        head = {
            "@odata.etag": f'W/"{copy.version:012d}=="',
            "id": copy.shown_id(immutable=wishes.immutable),
            "changeKey": f"{copy.version:012d}==",
            "type": copy.role,
            "seriesMasterId": copy.shown_id(immutable=wishes.immutable, of=copy.master) if copy.master else None,
            "isAllDay": is_day(copy.start),
            "start": graph_time(copy.start, wishes.zone, wishes.zone_name),
            "end": graph_time(copy.end, wishes.zone, wishes.zone_name),
            "originalStartTimeZone": event.get("originalStartTimeZone", zone),
            "originalEndTimeZone": event.get("originalEndTimeZone", zone),
        }
        if copy.original is not None:
            at = instant(copy.original, self.zone)
            assert at is not None
            head["originalStart"] = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        told = event | self._own(event) | head
        if "body" in told:
            told["body"], told["bodyPreview"] = _body(event["body"], wishes.body), _preview(event["body"])
        return told

    def stub(self, copy: Copy, wishes: Wishes) -> Json:
        """An occurrence as a delta shows it: without everything that is the series'."""
        kept = ("@odata.etag", "id", "seriesMasterId", "type", "start", "end")
        return {"@odata.type": "#microsoft.graph.event", **{name: self.shown(copy, wishes)[name] for name in kept}}

    def _own(self, event: Json) -> Json:
        """What differs between the copies. Answers are kept in the organiser's; another's knows only the own."""
        mine = _address(event.get("organizer")) == self.email
        people = [dict(one) for one in event.get("attendees", [])]
        own = next((one["status"] for one in people if _address(one) == self.email), None)
        if not mine:
            for one in people:
                one["status"] = {"response": "none", "time": NEVER}
        answer = {"response": "organizer", "time": NEVER} if mine else own
        hidden = event.get("hideAttendees") and not mine
        return {
            "isOrganizer": mine,
            "responseStatus": answer or {"response": "none", "time": NEVER},
            "attendees": [one for one in people if _address(one) == self.email] if hidden else people,
        }  # fmt: skip


def _address(holder: Any) -> str:
    return str((holder or {}).get("emailAddress", {}).get("address", "")).lower()


def _body(body: Json, wanted: str) -> Json:
    """Exchange makes text of HTML when that is preferred: tags go, links stand behind their words."""
    if body["contentType"] == wanted or wanted != "text":
        return body
    import html
    import re

    text = re.sub(r"<a [^>]*href=\"([^\"]*)\"[^>]*>(.*?)</a>", r"\2<LINK \1>", body["content"], flags=re.DOTALL)
    text = re.sub(r"<(?:br|/p|/div)[^>]*>", "\r\n", text)
    text = re.sub(r"<(?!LINK )[^>]*>", "", text).replace("<LINK ", "<")
    return {"contentType": "text", "content": html.unescape(text)}


def _preview(body: Json) -> str:
    return str(_body(body, "text")["content"])[:255]
