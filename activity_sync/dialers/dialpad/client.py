"""Dialpad's lists, page after page (dialers.md 4.1, 4.2, 4.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, TryLater, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import retry_after
from activity_sync.net.vendor import Manners, Vendor

ROOT = "https://dialpad.com"

_ONE_CALL = "one call"
_GAPS = {"": 0.05, _ONE_CALL: 6.0}
"""Twenty requests a second for the whole company, and ten a minute for single calls."""

_SHORT_REST = 5.0
_MOST_PAGES = 10_000
_NEXT_STEP = "Make an API key as a company admin in Dialpad's admin settings, and put it into the config."


@dataclass(slots=True)
class Client:
    """Asks Dialpad for one company."""

    root: str
    auth: httpx.Auth = field(repr=False)
    clock: Clock
    vendor: Vendor = field(init=False)

    def __post_init__(self) -> None:
        manners = Manners(name="Dialpad", sign_in=_NEXT_STEP, wait=_wait, failure=_failure, gaps=_GAPS)
        self.vendor = Vendor(manners, self.auth, self.clock)

    def calls(self, since: datetime, until: datetime | None) -> Iterator[Any]:
        """All records of calls that began in this time and are over, newest first as a rule."""
        asked = {"started_after": str(_milliseconds(since) - 1)}  # whether the moment itself counts is not told
        if until is not None:
            asked["started_before"] = str(_milliseconds(until) + 1)
        yield from self._pages("call", asked)

    def one(self, call_id: str) -> Mapping[str, Any] | None:
        """One record; None when it is not there (any more)."""
        return self.vendor.get(f"{self.root}/api/v2/call/{quote(call_id, safe='')}", group=_ONE_CALL, missing=True)

    def users(self) -> Iterator[Any]:
        """Everybody with a Dialpad number; nobody where there is no such list, or none for this key: calls name people.

        No page size: asking for more than a hundred is refused now and then.
        """
        try:
            yield from self._pages("users", {}, missing=True)
        except (Refused, SignInAgain):
            return

    def probe(self) -> None:
        """The cheapest request that needs all we need of the calls."""
        now = _milliseconds(self.clock())
        _items(self.vendor.needed(f"{self.root}/api/v2/call", {"started_after": str(now - 60_000)}))

    def _pages(self, what: str, asked: Mapping[str, str], *, missing: bool = False) -> Iterator[Any]:
        """A page without a cursor is the last. One that repeats the page before leads in a circle."""
        cursor, before = "", list[Any]()
        for _ in range(_MOST_PAGES):
            page = self._page(what, asked, cursor, missing=missing)
            items = _items(page)
            if items and items == before:
                break
            yield from items
            cursor, before = str(page.get("cursor") or ""), items
            if not cursor:
                return
        raise Unexpected(f"Dialpad's list ({what}) has no end.")

    def _page(self, what: str, asked: Mapping[str, str], cursor: str, *, missing: bool) -> Mapping[str, Any]:
        paging = {"cursor": cursor} if cursor else {}
        try:
            return self.vendor.get(f"{self.root}/api/v2/{what}", {**asked, **paging}, missing=missing) or {}
        except Refused as refused:
            if not cursor:
                raise
            raise TryLater(f"Dialpad's list ({what}) broke off: {refused.why}") from None


def _items(page: Mapping[str, Any]) -> list[Any]:
    """An empty page may have no items at all."""
    items = page.get("items", [])
    if not isinstance(items, list) or not ("items" in page or "cursor" in page or not page):
        raise Unexpected("Dialpad's list has a foreign shape.", "Check `api_url`.")
    return items


def _wait(answer: httpx.Response) -> float:
    asked = retry_after(answer)
    return _SHORT_REST if asked is None else asked


def _failure(answer: httpx.Response) -> ConnectionFailure | None:
    """A key that is known but may not: it is a person's, or its scope was taken back."""
    if answer.status_code != httpx.codes.FORBIDDEN:
        return None
    return SignInAgain("Dialpad does not let this key read the company's calls or users (calls:list).", _NEXT_STEP)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
