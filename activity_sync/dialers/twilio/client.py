"""Twilio's lists, page after page (dialers.md 2.1-2.3, 2.7, 2.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import retry_after
from activity_sync.net.vendor import Manners, Vendor

ROOT = "https://api.twilio.com"
PAGE = 1000

_SHORT_REST = 5.0  # too many at once is what is refused, not too many in a minute
_NEXT_STEP = "Check account_sid and auth_token; an account of another region needs `api_url` too."


@dataclass(slots=True)
class Client:
    """Asks Twilio for one account. `auth`: the account's sid and its token."""

    root: str
    account: str
    auth: httpx.Auth = field(repr=False)
    clock: Clock
    vendor: Vendor = field(init=False)

    def __post_init__(self) -> None:
        manners = Manners(name="Twilio", sign_in=_NEXT_STEP, wait=_wait, failure=_failure)
        self.vendor = Vendor(manners, self.auth, self.clock)

    def calls(self, since: datetime, until: datetime | None) -> Iterator[Any]:
        """All legs that began in this time; perhaps more of the first and last day, for the filter may know only days.

        The inequality is a part of the parameter's name.
        """
        asked = {"StartTime>": _iso(since)}
        if until is not None:
            asked["StartTime<"] = _iso(_next_midnight(until))
        yield from self._pages("Calls", "calls", asked)

    def children(self, sid: str) -> Iterator[Any]:
        """The legs that this one has started."""
        yield from self._pages("Calls", "calls", {"ParentCallSid": sid})

    def recordings(self, since: datetime) -> list[Any] | None:
        """All recordings that were made since then; None when Twilio does not list them without a call."""
        asked = {"DateCreated>": _iso(since), "PageSize": str(PAGE)}
        try:
            first = self.vendor.get(f"{self._base}/Recordings.json", asked, missing=True)
        except Refused:
            return None
        return None if first is None else list(self._pages_from(first, "Recordings", "recordings"))

    def recordings_of(self, sid: str) -> Iterator[Any]:
        """The recordings of one leg."""
        what = f"Calls/{quote(sid, safe='')}/Recordings"
        first = self.vendor.get(f"{self._base}/{what}.json", {"PageSize": str(PAGE)}, missing=True)
        if first is not None:
            yield from self._pages_from(first, what, "recordings")

    def one(self, sid: str) -> Mapping[str, Any] | None:
        """One leg; None when it is not there (any more)."""
        return self.vendor.get(f"{self._base}/Calls/{quote(sid, safe='')}.json", missing=True)

    def probe(self) -> None:
        """The cheapest request that needs all we need."""
        page = self.vendor.needed(f"{self._base}/Calls.json", {"PageSize": "1"})
        _items(page, "calls")

    @property
    def _base(self) -> str:
        return f"{self.root}{self._path}"

    @property
    def _path(self) -> str:
        return f"/2010-04-01/Accounts/{quote(self.account, safe='')}"

    def _pages(self, what: str, name: str, asked: Mapping[str, str]) -> Iterator[Any]:
        page = self.vendor.needed(f"{self._base}/{what}.json", {**asked, "PageSize": str(PAGE)})
        yield from self._pages_from(page, what, name)

    def _pages_from(self, page: Mapping[str, Any], what: str, name: str) -> Iterator[Any]:
        seen = set[str]()
        while True:
            yield from _items(page, name)
            following = self._following(page, what)
            if not following:
                return
            if following in seen:
                raise Unexpected("Twilio's pages lead in a circle.")
            seen.add(following)
            page = self.vendor.needed(f"{self.root}{following}")

    def _following(self, page: Mapping[str, Any], what: str) -> str:
        """Path and query of the next page; "" when this was the last. The host is ours, whatever the link says."""
        link = page.get("next_page_uri")
        if link is None or link == "":
            return ""
        parts = urlsplit(link) if isinstance(link, str) else None
        if parts is None or parts.path != f"{self._path}/{what}.json":
            raise Unexpected("Twilio's link to the next page leads elsewhere.")
        return f"{parts.path}?{parts.query}"


def _items(page: Mapping[str, Any], name: str) -> list[Any]:
    items = page.get(name)
    if not isinstance(items, list):
        raise Unexpected("Twilio's list has a foreign shape.", "Check `api_url`.")
    return items


def _wait(answer: httpx.Response) -> float:
    asked = retry_after(answer)
    return _SHORT_REST if asked is None else asked


def _failure(answer: httpx.Response) -> ConnectionFailure | None:
    """An account that does not exist is a wrong account, not a wrong request."""
    if answer.status_code != httpx.codes.NOT_FOUND:
        return None
    return SignInAgain("Twilio knows no account with this account_sid (404).", _NEXT_STEP)


def _next_midnight(at: datetime) -> datetime:
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
