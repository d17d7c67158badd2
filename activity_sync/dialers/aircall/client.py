"""One request to Aircall: its pace kept, its failures named; and its lists, page after page (dialers.md 1.2-1.5)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import quote

import httpx
import orjson

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, TryLater, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import Patience, retry_after
from activity_sync.net.session import open_session

ROOT = "https://api.aircall.io"
TRIES = 3
PAGE = 50
CEILING = 10_000
"""No list holds more, and none says so."""

_PATIENT = 180.0  # seconds of waiting in all for one reading: three of Aircall's minutes
_A_MINUTE = 60.0


@dataclass(slots=True)
class Client:
    """Asks Aircall. `key`: API id and token. `pause`: waits so many seconds."""

    api_url: str
    key: tuple[str, str] = field(repr=False)
    clock: Clock
    pause: Callable[[float], None] = time.sleep
    _session: httpx.Client | None = None
    _waited: float = 0.0

    def begin(self) -> None:
        """A new reading begins: it may wait again."""
        self._waited = 0.0

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
        answer = self._get(f"/v1/calls/{quote(call_id, safe='')}", {}, missing=True)
        return None if answer is None else answer.get("call")

    def ping(self) -> None:
        """The cheapest request that needs the key."""
        if (self._get("/v1/ping", {}) or {}).get("ping") != "pong":
            raise Unexpected("What answers at Aircall's address is not Aircall.", "Check `api_url`.")

    def close(self) -> None:
        """End all connections; a later request opens new ones."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _pages(self, asked: Mapping[str, str], first: Mapping[str, Any]) -> Iterator[Any]:
        """The link to the next page only says that there is one: it is never followed, wherever it leads."""
        page, number = first, 1
        while True:
            yield from page["calls"]
            if not page["meta"].get("next_page_link") or number > CEILING // PAGE:
                return
            number += 1
            page = self._page(asked, number)

    def _page(self, asked: Mapping[str, str], number: int) -> Mapping[str, Any]:
        paging = {"order": "asc", "per_page": str(PAGE), "page": str(number), "fetch_short_urls": "false"}
        page = self._get("/v1/calls", {**asked, **paging})
        if page is None or not isinstance(page.get("calls"), list) or not isinstance(page.get("meta"), dict):
            raise Unexpected("Aircall's list of calls has a foreign shape.")
        return page

    def _get(self, path: str, asked: Mapping[str, str], *, missing: bool = False) -> Mapping[str, Any] | None:
        answer = self._send(path, asked)
        while answer.status_code == 429:
            self._wait_for(self._asked_to_wait(answer))
            answer = self._send(path, asked)
        if missing and answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise _failure(answer)
        return _json(answer)

    def _send(self, path: str, asked: Mapping[str, str]) -> httpx.Response:
        if self._session is None:
            self._session = open_session(httpx.BasicAuth(*self.key), patience=_Calm(tries=TRIES, longest=20))
        try:
            answer = self._session.get(f"{self.api_url}{path}", params=dict(asked) or None)
        except httpx.TransportError as error:
            raise TryLater(f"Aircall cannot be reached: {type(error).__name__}.") from None
        except httpx.HTTPError:
            raise Unexpected("Aircall's answer cannot be read.") from None
        return answer

    def _asked_to_wait(self, answer: httpx.Response) -> float:
        """Seconds until requests are left again: by Retry-After, else by Aircall's own header, else a minute."""
        asked = retry_after(answer)
        if asked is not None:
            return asked
        reset = answer.headers.get("X-AircallApi-Reset", "")
        if not reset.isdigit() or len(reset) > 11:
            return _A_MINUTE
        return max(0.0, int(reset) - self.clock().timestamp())

    def _wait_for(self, seconds: float) -> None:
        seconds += 1.0  # the vendor's clock and ours differ, and asking too early may cost another turn
        if self._waited + seconds > _PATIENT:
            raise TryLater("Aircall's requests for this minute are spent.", timedelta(seconds=seconds))
        self._waited += seconds
        self.pause(seconds)


class _Calm(Patience):
    """Leaves 429 to the client, which knows Aircall's headers."""

    def _wait(self, outcome: httpx.Response | httpx.TransportError, sent: int) -> float | None:
        if isinstance(outcome, httpx.Response) and outcome.status_code == 429:
            return None
        return Patience._wait(self, outcome, sent)


def _total(page: Mapping[str, Any]) -> int:
    total = page["meta"].get("total")
    return total if isinstance(total, int) else 0


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        told = orjson.loads(answer.content)
    except ValueError:
        raise Unexpected("Aircall's answer is not JSON.") from None
    if not isinstance(told, dict):
        raise Unexpected("Aircall's answer has a foreign shape.")
    return cast("Mapping[str, Any]", told)


def _failure(answer: httpx.Response) -> ConnectionFailure:
    status = answer.status_code
    if status in {401, 403}:
        return SignInAgain(
            f"Aircall refuses the API id and token ({status}).",
            "Make a new API key in Aircall (Integrations > API keys) and put it into the config.",
        )
    if status >= 500:
        return TryLater(f"Aircall is down ({status}).")
    if 300 <= status < 400:
        return Unexpected(f"Aircall's address leads elsewhere ({status}).", "Check `api_url`.")
    return Refused(f"Aircall refuses the request ({status}).")
