"""One request to JustCall: its pace kept; and its lists, page after page (dialers.md 6.1, 6.2, 6.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from activity_sync.model.failures import Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import retry_after
from activity_sync.net.vendor import Manners, Vendor

ROOT = "https://api.justcall.io"
PAGE = 100

_WEST, _EAST = timedelta(hours=12), timedelta(hours=15)
"""Times are asked for in the zone of a user that no answer tells; these reach over all zones."""

_MOST_PAGES = 10_000
_LIMITS = ("X-Rate-Limit-Burst", "X-Rate-Limit")


@dataclass(slots=True)
class Client:
    """Asks JustCall."""

    root: str
    auth: httpx.Auth = field(repr=False)
    clock: Clock
    vendor: Vendor = field(init=False)

    def __post_init__(self) -> None:
        manners = Manners(
            name="JustCall",
            sign_in="Make a new API key in JustCall (Profile > APIs and Webhooks) and put it into the config.",
            wait=partial(_wait, self.clock),
            rest=partial(_rest, self.clock),
        )
        self.vendor = Vendor(manners, self.auth, self.clock)

    def calls(self, since: datetime, until: datetime | None) -> Iterator[Any]:
        """All calls that began in this time, and some from around it, oldest first."""
        asked = {"from_datetime": _written(since - _WEST), "sort": "datetime", "order": "asc"}
        if until is not None:
            asked["to_datetime"] = _written(until + _EAST)
        yield from self._pages("calls", asked)

    def one(self, call_id: str) -> Any | None:
        """One call; None when it is not there (any more)."""
        path = f"{self.root}/v2.1/calls/{quote(call_id, safe='')}"
        answer = self.vendor.get(path, missing=True)
        if answer is None:
            return None
        told = answer.get("data", answer)
        return (told[0] if told else None) if isinstance(told, list) else told

    def users(self) -> Iterator[Any]:
        """Everybody in the account."""
        yield from self._pages("users", {})

    def probe(self) -> None:
        """The cheapest request that needs what we need."""
        _items(self.vendor.needed(f"{self.root}/v2.1/calls", {"per_page": "1"}))

    def _pages(self, what: str, asked: Mapping[str, str]) -> Iterator[Any]:
        """Only the number is taken out of the link to the next page: it carries none of our filters."""
        page: dict[str, str] = {}
        seen = set[str]()
        for _ in range(_MOST_PAGES):
            answer = self.vendor.needed(f"{self.root}/v2.1/{what}", {**asked, "per_page": str(PAGE), **page})
            items = _items(answer)
            yield from items
            following = _next_page(answer)
            if not following or not items:
                return
            if following in seen:
                break
            seen.add(following)
            page = {"page": following}
        raise Unexpected(f"JustCall's list of {what} has no end.")


def _items(answer: Mapping[str, Any]) -> list[Any]:
    """None stands for an empty list."""
    items = answer["data"] or [] if "data" in answer else None
    if not isinstance(items, list):
        raise Unexpected("JustCall's list has a foreign shape.", "Check `api_url`.")
    return items


def _next_page(answer: Mapping[str, Any]) -> str:
    """Its number; "" after the last page."""
    link = answer.get("next_page_link")
    if not isinstance(link, str) or not link:
        return ""
    told = parse_qs(urlsplit(link).query).get("page", [""])[0]
    if not told.isdigit():
        raise Unexpected("JustCall's link to the next page has no number.")
    return told


def _wait(clock: Clock, answer: httpx.Response) -> float | None:
    asked = retry_after(answer)
    if asked is not None:
        return asked
    spent = [_until(clock, answer, limit) for limit in _LIMITS if _is_spent(answer, limit)]
    return max((one for one in spent if one is not None), default=None)


def _rest(clock: Clock, answer: httpx.Response) -> float | None:
    return _wait(clock, answer) if any(_is_spent(answer, limit) for limit in _LIMITS) else None


def _is_spent(answer: httpx.Response, limit: str) -> bool:
    return str(answer.headers.get(f"{limit}-Remaining", "")).strip() == "0"


def _until(clock: Clock, answer: httpx.Response, limit: str) -> float | None:
    reset = answer.headers.get(f"{limit}-Reset", "").strip()
    return max(0.0, int(reset) - clock().timestamp()) if reset.isdigit() and len(reset) <= 11 else None


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
