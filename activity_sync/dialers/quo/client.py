"""Quo's lists, page after page (dialers.md 8.1, 8.2; the names of filters and paging: quo.com/docs/2026-03-30).

Of the filters no page is certain: where they are refused, the list is asked for with less and cut here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, TryLater, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.model.wire import NoCall, identity, iso_moment
from activity_sync.net.patience import retry_after
from activity_sync.net.vendor import Manners, Vendor

ROOT = "https://api.quo.com"
VERSION = "2026-03-30"
PAGE = 50

_GAPS = {"": 0.1}  # ten requests a second for one key
_SHORT_REST = 2.0
_MOST_PAGES = 10_000
_MORE = {"include": "summary,voicemail"}
_NEXT_PAGE = ("after", "cursor", "pageToken", "nextCursor")
"""What asks for the next page: the first by Quo's pages, the others where a page only repeats itself or is refused."""

_NEXT_STEP = (
    "Make a new API key in Quo (Settings > API) as owner or admin of the workspace, and put it into the config."
)


@dataclass(slots=True)
class Client:
    """Asks Quo for one workspace."""

    root: str
    auth: httpx.Auth = field(repr=False)
    clock: Clock
    vendor: Vendor = field(init=False)
    _next_page: str = _NEXT_PAGE[0]

    def __post_init__(self) -> None:
        manners = Manners(name="Quo", sign_in=_NEXT_STEP, wait=_wait, failure=_failure, gaps=_GAPS)
        self.vendor = Vendor(manners, self.auth, self.clock)

    def calls(self, since: datetime, until: datetime | None) -> Iterator[Any]:
        """All calls that began in this time, newest first; perhaps more."""
        filters = {"createdAt[gte]": _iso(since), **({"createdAt[lte]": _iso(until)} if until else {}), **_MORE}
        asked, first = self._first("calls", [{**filters, **_sizes()[0]}, *_sizes()])
        began: list[datetime] = []
        for items in self._pages("calls", asked, first):
            yield from items
            page = [at for at in map(_began, items) if at is not None]
            began = [*began[-1:], *page]
            if page and max(page) < since and _newest_first(began):
                return  # the filter was overlooked, and from here on all are older

    def one(self, call_id: str) -> Mapping[str, Any] | None:
        """One call; None when it is not there (any more)."""
        answer = self.vendor.get(f"{self.root}/calls/{quote(call_id, safe='')}", _MORE, missing=True)
        held = None if answer is None else answer.get("data")
        return held if isinstance(held, Mapping) else None

    def users(self) -> Iterator[Any]:
        """Everybody in the workspace."""
        yield from self._directory("users", {"maxResults": str(PAGE)})

    def numbers(self) -> Iterator[Any]:
        """The workspace's numbers; none where they are not offered, or not to this key."""
        try:
            yield from self._directory("phone-numbers", {})
        except (Refused, SignInAgain):
            return

    def _directory(self, what: str, older: Mapping[str, str]) -> Iterator[Any]:
        """From the older API, with what that is asked, where the new one does not have it yet; else nothing."""
        found, first = self._first(what, _sizes(), missing=True)
        if first is not None:
            for items in self._pages(what, found, first):
                yield from items
            return
        asked = dict(older)
        for _ in range(_MOST_PAGES):
            page = self.vendor.get(f"{self.root}/v1/{what}", asked, missing=True) or {"data": []}
            yield from _items(page, what)
            following = str(page.get("nextPageToken") or "")
            if not following or following == asked.get("pageToken"):
                return
            asked["pageToken"] = following

    def probe(self) -> None:
        """The cheapest request that needs all we need of the calls."""
        _items(self._first("calls", [{"limit": "1"}, *_sizes()[1:]])[1], "calls")

    def _first(
        self, what: str, ways: Sequence[Mapping[str, str]], *, missing: bool = False
    ) -> tuple[Mapping[str, str], Any]:
        """The first page, and which way of asking was not refused. `missing`: a list that is not there is None."""
        for way in ways[:-1]:
            try:
                return way, self._ask(what, way, missing=missing)
            except Refused:
                continue
        return ways[-1], self._ask(what, ways[-1], missing=missing)

    def _ask(self, what: str, asked: Mapping[str, str], *, missing: bool = False) -> Mapping[str, Any] | None:
        url = f"{self.root}/{what}"
        return self.vendor.get(url, asked, missing=True) if missing else self.vendor.needed(url, asked)

    def _pages(self, what: str, asked: Mapping[str, str], page: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Until no cursor is named. A page that only repeats the one before was asked for by a wrong name."""
        for _ in range(_MOST_PAGES):
            items = _items(page, what)
            yield items
            cursor = str(page.get("nextCursor") or "")
            if not cursor:
                return
            following = self._following(what, asked, cursor, items)
            if following is None:
                break
            page = following
        raise Unexpected(f"Quo's list ({what}) has no end.")

    def _following(
        self, what: str, asked: Mapping[str, str], cursor: str, before: list[Any]
    ) -> Mapping[str, Any] | None:
        """The next page; None when there is none that differs. Raises TryLater when every name is refused."""
        refusals: list[Refused] = []
        for name in sorted(_NEXT_PAGE, key=lambda one: one != self._next_page):
            try:
                page = self.vendor.needed(f"{self.root}/{what}", {**asked, name: cursor})
            except Refused as refused:
                refusals.append(refused)
                continue
            if not before or _ids(_items(page, what)) != _ids(before):
                self._next_page = name
                return page
        if len(refusals) == len(_NEXT_PAGE):
            raise TryLater(f"Quo's list ({what}) broke off: {refusals[0].why}")
        return None


def _sizes() -> Sequence[Mapping[str, str]]:
    """How many are asked for: first by Quo's pages, then as the older API was asked, then without a word of it."""
    return {"limit": str(PAGE)}, {"maxResults": str(PAGE)}, {}


def _items(page: Mapping[str, Any], what: str) -> list[Any]:
    items = page.get("data")
    if not isinstance(items, list):
        raise Unexpected(f"Quo's list ({what}) has a foreign shape.", "Check `api_url`.")
    return items


def _ids(items: list[Any]) -> list[str]:
    return [str(item.get("id")) if isinstance(item, Mapping) else "" for item in items]


def _began(call: object) -> datetime | None:
    try:
        identity(call, "id")
        return iso_moment(call, "createdAt") if isinstance(call, Mapping) else None
    except NoCall:
        return None


def _newest_first(began: Sequence[datetime]) -> bool:
    """Whether these show it: Quo promises no order, and in another one newer calls may follow older ones."""
    return began[0] > began[-1] and all(one >= other for one, other in itertools.pairwise(began))


def _wait(answer: httpx.Response) -> float:
    asked = retry_after(answer)
    return _SHORT_REST if asked is None else asked


def _failure(answer: httpx.Response) -> ConnectionFailure | None:
    """The API before this one can only list the calls of one number with one other."""
    if answer.status_code == httpx.codes.NOT_FOUND:
        return Refused(f"Quo has no list of calls in its API of {VERSION} here (404).", "Check `api_url`.")
    if answer.status_code != httpx.codes.FORBIDDEN:
        return None
    return SignInAgain("Quo does not let this key read the workspace's calls or users (403).", _NEXT_STEP)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
