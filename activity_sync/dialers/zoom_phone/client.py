"""Zoom Phone's lists, page after page, month after month (dialers.md 5.2-5.4, 5.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from activity_sync.dialers.zoom_phone.sign_in import NEXT_STEP
from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, TryLater, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import retry_after
from activity_sync.net.vendor import Manners, Vendor

ROOT = "https://api.zoom.us"
PAGE = 300
MONTH = timedelta(days=28)
"""No window may be longer than a month, and the shortest month has so many days."""

REACHES_BACK = timedelta(days=180)
"""Half a year; what is asked for beyond it is refused."""

_USERS = 100
_HEAVY, _MEDIUM, _LIGHT = "heavy", "medium", "light"
_GAPS = {_HEAVY: 0.2, _MEDIUM: 0.1, _LIGHT: 0.05}
_SHORT_REST = 2.0
_MOST_PAGES = 10_000
_THIS_SECOND = timedelta(seconds=1)
_NO_SCOPE = 4711


@dataclass(slots=True)
class Client:
    """Asks Zoom for one account."""

    root: str
    auth: httpx.Auth = field(repr=False)
    clock: Clock
    vendor: Vendor = field(init=False)
    _lists_all: bool = False

    def __post_init__(self) -> None:
        manners = Manners(name="Zoom", sign_in=NEXT_STEP, wait=_wait, failure=_failure, gaps=_GAPS)
        self.vendor = Vendor(manners, self.auth, self.clock)

    def calls(self, since: datetime, until: datetime | None) -> Iterator[Any]:
        """The history of all calls that ended in this time: one that took hours shows where it ended."""
        end = min(until or self.clock(), self.clock()) + _THIS_SECOND
        start = max(since, self.clock() - REACHES_BACK)
        while start < end:
            yield from self._month(start, min(start + MONTH, end))
            start += MONTH

    def path(self, uuid: str) -> Mapping[str, Any] | None:
        """One record of the history with all its elements; None when it is not there (any more)."""
        return self.vendor.get(f"{self._base}/call_history/{quote(uuid, safe='')}", group=_LIGHT, missing=True)

    def users(self) -> Iterator[Any]:
        """Everybody with Zoom Phone."""
        yield from self._pages("users", "users", {"page_size": str(_USERS)}, _MEDIUM)

    def probe(self) -> Iterator[Any]:
        """The cheapest request that needs all we need of the history: the records of the last hours."""
        now = self.clock()
        asked = {**_window(now - timedelta(hours=24), now), "page_size": "1"}
        yield from _items(self.vendor.needed(f"{self._base}/call_history", asked, group=_HEAVY), "call_history")[:1]

    @property
    def _base(self) -> str:
        return f"{self.root}/v2/phone"

    def _month(self, start: datetime, end: datetime) -> Iterator[Any]:
        """Where nothing is said of recordings, Zoom may mean only calls that were recorded: then the others too."""
        asked = {**_window(start, end), "page_size": str(PAGE), "time_type": "end_time"}
        for record in self._pages("call_history", "call_history", asked, _HEAVY):
            self._lists_all = self._lists_all or _is_other(record)
            yield record
        if self._lists_all:
            return
        try:
            unrecorded = {**asked, "recording_status": "non_recorded"}
            yield from self._pages("call_history", "call_history", unrecorded, _HEAVY)
        except Refused:
            self._lists_all = True  # no such filter

    def _pages(self, what: str, name: str, asked: Mapping[str, str], group: str) -> Iterator[Any]:
        """A page without a token is the last. One that repeats the page before leads in a circle."""
        token, before = "", list[Any]()
        for _ in range(_MOST_PAGES):
            page = self._page(what, {**asked, **({"next_page_token": token} if token else {})}, group, token)
            items = _items(page, name)
            if items and items == before:
                break
            yield from items
            token, before = str(page.get("next_page_token") or ""), items
            if not token:
                return
        raise Unexpected(f"Zoom's list ({what}) has no end.")

    def _page(self, what: str, asked: Mapping[str, str], group: str, token: str) -> Mapping[str, Any]:
        """A token lives for 15 minutes: with a dead one the list begins anew in the next round."""
        try:
            return self.vendor.needed(f"{self._base}/{what}", asked, group=group)
        except Refused as refused:
            if not token:
                raise
            raise TryLater(f"Zoom's list ({what}) broke off: {refused.why}") from None


def _window(start: datetime, end: datetime) -> dict[str, str]:
    return {"from": _iso(start), "to": _iso(end)}


def _items(page: Mapping[str, Any], name: str) -> list[Any]:
    items = page.get(name)
    if not isinstance(items, list):
        raise Unexpected(f"Zoom's list ({name}) has a foreign shape.", "Check `api_url`.")
    return items


def _is_other(record: object) -> bool:
    return isinstance(record, Mapping) and record.get("recording_status") != "recorded"


def _wait(answer: httpx.Response) -> float:
    asked = retry_after(answer)
    return _SHORT_REST if asked is None else asked


def _failure(answer: httpx.Response) -> ConnectionFailure | None:
    """A missing scope is a bad request to Zoom, and named in its words."""
    if answer.status_code not in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return None
    code, words = _told(answer.content)
    scopes = re.findall(r"phone:[a-z_:]{1,60}", words)
    if answer.status_code != httpx.codes.FORBIDDEN and code != _NO_SCOPE:
        return None
    lacking = f" ({', '.join(dict.fromkeys(scopes))})" if scopes else ""
    return SignInAgain(
        f"Zoom does not let the app read what is needed{lacking}.",
        "Give the app phone:read:list_call_logs:admin, phone:read:call_log:admin and phone:read:list_users:admin.",
    )


def _told(body: bytes) -> tuple[int, str]:
    try:
        told = orjson.loads(body)
    except ValueError:
        return 0, ""
    if not isinstance(told, dict):
        return 0, ""
    code = told.get("code")
    return code if isinstance(code, int) else 0, str(told.get("message") or "")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
