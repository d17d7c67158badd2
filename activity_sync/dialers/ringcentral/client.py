"""RingCentral's lists, page after page, within the limits of each group of requests (dialers.md 3.2, 3.4, 3.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from activity_sync.dialers.ringcentral.sign_in import NEXT_STEP
from activity_sync.model.failures import ConnectionFailure, SignInAgain, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import retry_after
from activity_sync.net.vendor import Manners, Vendor

ROOT = "https://platform.ringcentral.com"
PAGE = 1000

_ACCOUNT = "/restapi/v1.0/account/~"
_HEAVY, _MEDIUM = "heavy", "medium"
_MOST_PAGES = 1000
_LONGEST_WINDOW = 3600.0


@dataclass(slots=True)
class Client:
    """Asks RingCentral as one app."""

    root: str
    auth: httpx.Auth = field(repr=False)
    clock: Clock
    vendor: Vendor = field(init=False)

    def __post_init__(self) -> None:
        manners = Manners(name="RingCentral", sign_in=NEXT_STEP, wait=_wait, rest=_rest, failure=_failure)
        self.vendor = Vendor(manners, self.auth, self.clock)

    def calls(self, since: datetime, until: datetime | None) -> Iterator[Any]:
        """The records of all calls that began in this time, newest first as a rule."""
        asked = {"dateFrom": _iso(since), **({"dateTo": _iso(until)} if until else {})}
        yield from self._pages("call-log", {**asked, "view": "Detailed", "type": "Voice"}, _HEAVY)

    def one(self, record_id: str) -> Mapping[str, Any] | None:
        """One record; None when it is not there (any more)."""
        path = f"{self.root}{_ACCOUNT}/call-log/{quote(record_id, safe='')}"
        return self.vendor.get(path, {"view": "Detailed"}, group=_HEAVY, missing=True)

    def extensions(self) -> Iterator[Any]:
        """Everybody and everything with an extension, also who has left: old calls name them."""
        yield from self._pages("extension", {}, _MEDIUM)

    def probe(self) -> None:
        """The cheapest request that needs all we need of the call log."""
        asked = {"view": "Detailed", "type": "Voice", "perPage": "1"}
        _records(self.vendor.needed(f"{self.root}{_ACCOUNT}/call-log", asked, group=_HEAVY))

    def _pages(self, what: str, asked: Mapping[str, str], group: str) -> Iterator[Any]:
        """Totals may be missing: the last page is the one without a link to the next, which is never followed."""
        for number in range(1, _MOST_PAGES + 1):
            paging = {"perPage": str(PAGE), "page": str(number)}
            page = self.vendor.needed(f"{self.root}{_ACCOUNT}/{what}", {**asked, **paging}, group=group)
            records = _records(page)
            yield from records
            navigation = page.get("navigation")
            if not records or not isinstance(navigation, dict) or not navigation.get("nextPage"):
                return
        raise Unexpected(f"RingCentral's list ({what}) has no end.")


def _records(page: Mapping[str, Any]) -> list[Any]:
    records = page.get("records")
    if not isinstance(records, list):
        raise Unexpected("RingCentral's list has a foreign shape.", "Check `api_url`.")
    return records


def _wait(answer: httpx.Response) -> float | None:
    asked = retry_after(answer)
    return _window(answer) if asked is None else asked


def _rest(answer: httpx.Response) -> float | None:
    """The last request of a window is followed by none: one too many costs a penalty (dialers.md 3.4)."""
    return _window(answer) if answer.headers.get("X-Rate-Limit-Remaining", "").strip() == "0" else None


def _window(answer: httpx.Response) -> float | None:
    text = answer.headers.get("X-Rate-Limit-Window", "").strip()
    return min(float(text), _LONGEST_WINDOW) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _failure(answer: httpx.Response) -> ConnectionFailure | None:
    """A missing permission is named."""
    if answer.status_code != httpx.codes.FORBIDDEN:
        return None
    found = sorted(set(_missing(answer.content)))
    lacking = f" ({', '.join(found)})" if found else ""
    return SignInAgain(
        f"RingCentral does not let us read what is needed{lacking}.",
        "Give the app ReadCallLog and ReadAccounts, and the JWT's user FullCompanyCallLog.",
    )


def _missing(body: bytes) -> Iterator[str]:
    try:
        told = orjson.loads(body)
    except ValueError:
        return
    errors = told.get("errors") if isinstance(told, dict) else None
    for error in errors if isinstance(errors, list) else []:
        name = error.get("permissionName") if isinstance(error, dict) else None
        if isinstance(name, str) and re.fullmatch(r"[A-Za-z]{1,60}", name):
            yield name


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
