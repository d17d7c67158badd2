"""CloudTalk's lists, page after page (dialers.md 7.1, 7.2, 7.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx

from activity_sync.model.failures import ConnectionFailure, SignInAgain, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import retry_after
from activity_sync.net.vendor import Manners, Vendor

ROOT = "https://my.cloudtalk.io"
PAGE = 1000

_WEST, _EAST = timedelta(hours=12), timedelta(hours=15)
"""In which zone dates are understood is not certain; these reach over all zones."""

_MOST_PAGES = 10_000
_NEXT_STEP = "Make a new API key in CloudTalk (Account > Settings > API keys): its id and its secret."


@dataclass(slots=True)
class Client:
    """Asks CloudTalk for one company."""

    root: str
    auth: httpx.Auth = field(repr=False)
    clock: Clock
    vendor: Vendor = field(init=False)

    def __post_init__(self) -> None:
        wait, rest = partial(_wait, self.clock), partial(_rest, self.clock)
        manners = Manners(name="CloudTalk", sign_in=_NEXT_STEP, wait=wait, rest=rest, failure=_failure)
        self.vendor = Vendor(manners, self.auth, self.clock)

    def calls(self, since: datetime, until: datetime | None) -> Iterator[Any]:
        """All calls that began in this time, in no certain order; more at both ends."""
        asked = {"date_from": _text(since - _WEST), **({"date_to": _text(until + _EAST)} if until else {})}
        yield from self._pages("calls", asked)

    def one(self, number: str) -> Mapping[str, Any] | None:
        """One call; None when it is not there (any more)."""
        found = [item for item in self._pages("calls", {"call_id": number}) if _is(item, number)]
        return found[0] if found else None

    def agents(self) -> Iterator[Any]:
        """Everybody who has an account."""
        yield from self._pages("agents", {})

    def probe(self) -> None:
        """The cheapest request that needs all we need of the calls."""
        _data(self._page("calls", {}, 1, size=1))

    def _pages(self, what: str, asked: Mapping[str, str]) -> Iterator[Any]:
        before: list[Any] = []
        for number in range(1, _MOST_PAGES + 1):
            page = self._page(what, asked, number, missing=number > 1)
            items, pages = _data(page), _page_count(page)
            if items and items == before:
                if pages is None:
                    return  # it knows no pages
                break
            yield from items
            if not items or (pages is not None and number >= pages):
                return
            before = items
        raise Unexpected(f"CloudTalk's list ({what}) has no end.")

    def _page(
        self, what: str, asked: Mapping[str, str], number: int, size: int = 0, *, missing: bool = False
    ) -> Mapping[str, Any]:
        """`missing`: a page that is not there is an empty one."""
        paging = {"limit": str(size or PAGE), "page": str(number)}
        page = self.vendor.get(f"{self.root}/api/{what}/index.json", {**asked, **paging}, missing=missing)
        held = {} if page is None else page.get("responseData")
        if not isinstance(held, Mapping):
            raise Unexpected("CloudTalk's answer has a foreign shape.", "Check `api_url`.")
        return held


def _data(page: Mapping[str, Any]) -> list[Any]:
    data = page.get("data", [])
    if not isinstance(data, list):
        raise Unexpected("CloudTalk's list has a foreign shape.", "Check `api_url`.")
    return data


def _page_count(page: Mapping[str, Any]) -> int | None:
    """None when it is not told: then the first empty page is the end."""
    told = page.get("pageCount")
    return int(told) if isinstance(told, int | str) and str(told).isdigit() else None


def _is(item: object, number: str) -> bool:
    cdr = item.get("Cdr") if isinstance(item, Mapping) else None
    return isinstance(cdr, Mapping) and str(cdr.get("id")) == number


def _wait(clock: Clock, answer: httpx.Response) -> float | None:
    asked = retry_after(answer)
    return _until_reset(clock, answer) if asked is None else asked


def _rest(clock: Clock, answer: httpx.Response) -> float | None:
    """Sixty requests a minute for the whole company: the last one is left to its other integrations."""
    left = answer.headers.get("X-CloudTalkAPI-Remaining", "").strip()
    return _until_reset(clock, answer) if left == "0" else None


def _until_reset(clock: Clock, answer: httpx.Response) -> float | None:
    reset = answer.headers.get("X-CloudTalkAPI-ResetTime", "").strip()
    return max(0.0, int(reset) - clock().timestamp()) if reset.isdigit() and len(reset) <= 11 else None


def _failure(answer: httpx.Response) -> ConnectionFailure | None:
    if answer.status_code != httpx.codes.FORBIDDEN:
        return None
    return SignInAgain("CloudTalk does not let this key read the company's calls or agents (403).", _NEXT_STEP)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
