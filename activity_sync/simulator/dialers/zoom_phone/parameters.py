"""Parameters, windows, pages and refusals, in Zoom's words."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from activity_sync.simulator.network import Request, json_response

Json = dict[str, Any]

_LARGEST_WINDOW = timedelta(days=31)
_HALF_A_YEAR = timedelta(days=181)


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.response = json_response({"code": code, "message": message}, status)


def only_known(request: Request, known: set[str]) -> None:
    """400 for a parameter that does not exist: stricter than Zoom, which overlooks it."""
    unknown = sorted(set(request.query) - known)
    if unknown:
        raise Refused(400, 300, f"{unknown[0]} is no parameter.")


def one_of(request: Request, name: str, allowed: Sequence[str]) -> str:
    """A parameter that is one of some words; "" when it is missing."""
    value = request.one(name) or ""
    if value and value not in allowed:
        raise Refused(400, 300, f"The value of {name} is invalid.")
    return value


def window(request: Request, now: datetime) -> tuple[datetime, datetime]:
    """The last day unless asked; at most a month, within the last six."""
    low, high = (_moment(request, name) for name in ("from", "to"))
    if low is None and high is None:
        return now - timedelta(hours=24), now
    if low is None or high is None:
        raise Refused(400, 300, "from and to are required together.")
    if high < low or high - low > _LARGEST_WINDOW:
        raise Refused(400, 300, "The date range is at most one month.")
    if low < now - _HALF_A_YEAR:
        raise Refused(400, 300, "The date range should fall within the last six months.")
    return low, high


def _moment(request: Request, name: str) -> datetime | None:
    value = request.one(name)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(400, 300, f"{name} is no date.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Pages:
    """Hands out tokens for next pages, which live for 15 minutes."""

    def __init__(self) -> None:
        """None yet."""
        self._tokens: dict[str, tuple[int, datetime]] = {}

    def page(self, request: Request, hits: Sequence[Json], largest: int, now: datetime) -> tuple[list[Json], str]:
        """One page and the token of the next; "" when it was the last."""
        size = int(request.one("page_size") or 30)
        if not 1 <= size <= largest:
            raise Refused(400, 300, f"page_size is at most {largest}.")
        token = request.one("next_page_token")
        start, until = self._tokens.get(token, (-1, now)) if token else (0, now)
        if start < 0 or until < now:
            raise Refused(400, 300, "The next page token is invalid or expired.")
        shown = list(hits[start : start + size])
        if start + size >= len(hits):
            return shown, ""
        following = secrets.token_urlsafe(12)
        self._tokens[following] = (start + size, now + timedelta(minutes=15))
        return shown, following

    def expire(self) -> None:
        """No token that was handed out is worth anything any more."""
        self._tokens.clear()
