"""One request to Aircall: its pace kept, its failures named; and its lists, page after page (dialers.md 1.2-1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx

from activity_sync.model.failures import Refused, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import retry_after
from activity_sync.net.vendor import Manners, Vendor

ROOT = "https://api.aircall.io"
PAGE = 50
CEILING = 10_000
"""No list holds more, and none says so."""


@dataclass(slots=True)
class Client:
    """Asks Aircall. `key`: API id and token."""

    api_url: str
    key: tuple[str, str] = field(repr=False)
    clock: Clock
    vendor: Vendor = field(init=False)

    def __post_init__(self) -> None:
        manners = Manners(
            name="Aircall",
            sign_in="Make a new API key in Aircall (Integrations > API keys) and put it into the config.",
            wait=partial(_wait, self.clock),
            rest=partial(_rest, self.clock),
        )
        self.vendor = Vendor(manners, httpx.BasicAuth(*self.key), self.clock)

    def begin(self) -> None:
        """A new reading begins: it may wait again."""
        self.vendor.begin()

    def calls(self, since: datetime, until: datetime | None) -> Iterator[Any]:
        """All calls that began in this time, oldest first. A list near the ceiling is asked for in two halves."""
        asked = {"from": str(int(since.timestamp())), **({"to": str(int(until.timestamp()))} if until else {})}
        first = self._page(asked, 1)
        end = until or self.clock()
        if _total(first) >= CEILING * 0.95 and (end - since).total_seconds() > 1:
            middle = since + (end - since) / 2
            yield from self.calls(since, middle)
            yield from self.calls(middle, until)
            return
        yield from self._pages(asked, first)

    def one(self, call_id: str) -> Any | None:
        """One call; None when it is not there (any more)."""
        answer = self._get(f"/v1/calls/{quote(call_id, safe='')}", {"fetch_contact": "true"}, missing=True)
        return None if answer is None else answer.get("call")

    def summary(self, call_id: str) -> Mapping[str, Any] | None:
        """What the add-on wrote of a call; None: nothing (yet). Refused and SignInAgain: the account has no add-on."""
        return self._get(f"/v1/calls/{quote(call_id, safe='')}/summary", {}, missing=True)

    def ping(self) -> None:
        """The cheapest request that needs the key."""
        if (self._get("/v1/ping", {}) or {}).get("ping") != "pong":
            raise Unexpected("What answers at Aircall's address is not Aircall.", "Check `api_url`.")

    def sleeping_webhooks(self) -> int:
        """How many webhooks Aircall has put to sleep, as it does after failures; 0 too when it does not say."""
        answer: Mapping[str, Any] | None = None
        with suppress(Refused, Unexpected):
            answer = self._get("/v1/webhooks", {"per_page": str(PAGE)}, missing=True)
        listed = (answer or {}).get("webhooks")
        hooks = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return sum(one.get("active") is False for one in hooks)

    def close(self) -> None:
        """End all connections; a later request opens new ones."""
        self.vendor.close()

    def _pages(self, asked: Mapping[str, str], first: Mapping[str, Any]) -> Iterator[Any]:
        """The link to the next page only says that there is one: it is never followed, wherever it leads."""
        page, before = first, list[Any]()
        for number in range(2, CEILING // PAGE + 3):
            if page["calls"] and page["calls"] == before:
                raise Unexpected("Aircall's list of calls has no end.")
            yield from page["calls"]
            if not page["meta"].get("next_page_link"):
                return
            page, before = self._page(asked, number), page["calls"]

    def _page(self, asked: Mapping[str, str], number: int) -> Mapping[str, Any]:
        paging = {"order": "asc", "per_page": str(PAGE), "page": str(number), "fetch_contact": "true"}
        page = self._get("/v1/calls", {**asked, **paging})
        if page is None or not isinstance(page.get("calls"), list) or not isinstance(page.get("meta"), dict):
            raise Unexpected("Aircall's list of calls has a foreign shape.")
        return page

    def _get(self, path: str, asked: Mapping[str, str], *, missing: bool = False) -> Mapping[str, Any] | None:
        return self.vendor.get(f"{self.api_url}{path}", asked, missing=missing)


def _wait(clock: Clock, answer: httpx.Response) -> float | None:
    """Seconds until requests are left again: by Retry-After, else by Aircall's own header."""
    asked = retry_after(answer)
    return _until_reset(clock, answer) if asked is None else asked


def _rest(clock: Clock, answer: httpx.Response) -> float | None:
    """The company's requests of this minute are spent: another would be refused, for its other integrations too."""
    return _until_reset(clock, answer) if answer.headers.get("X-AircallApi-Remaining", "").strip() == "0" else None


def _until_reset(clock: Clock, answer: httpx.Response) -> float | None:
    reset = answer.headers.get("X-AircallApi-Reset", "")
    return max(0.0, int(reset) - clock().timestamp()) if reset.isdigit() and len(reset) <= 11 else None


def _total(page: Mapping[str, Any]) -> int:
    total = page["meta"].get("total")
    return total if isinstance(total, int) else 0
