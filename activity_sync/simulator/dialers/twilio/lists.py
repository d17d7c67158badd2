"""Filters whose sign is a part of their name, pages by token, and refusals, in Twilio's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from activity_sync.simulator.network import Request, json_response

Json = dict[str, Any]

PAGING = {"PageSize", "Page", "PageToken"}

_LARGEST_PAGE = 1000


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        told = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
        self.response = json_response(told | {"status": status}, status)


def only_known(request: Request, known: set[str]) -> None:
    """400 for a parameter that does not exist: stricter than Twilio, which overlooks it."""
    for name in request.query:
        if name not in known:
            raise Refused(400, 20001, f"Invalid parameter {name}")


def within(request: Request, name: str, *, by_day: bool) -> Callable[[str | None], bool]:
    """Whether a time lies where `name`, `name<` and `name>` ask; `>` includes its moment, `<` does not.

    `by_day`: of what is asked only the day counts.
    """
    lowest, highest, day = (_moment(request, f"{name}{sign}", by_day) for sign in (">", "<", ""))

    def fits(time: str | None) -> bool:
        if time is None:
            return lowest is highest is day is None
        at = parsedate_to_datetime(time)
        return (
            (lowest is None or at >= lowest)
            and (highest is None or at < highest)
            and (day is None or at.date() == day.date())
        )

    return fits


def paged(request: Request, name: str, hits: Sequence[Json]) -> Json:
    """One page, newest first; the next one begins behind the item that the token names, whatever came since."""
    size, number, token = _whole(request, "PageSize", 50), _whole(request, "Page", 0), request.one("PageToken")
    if not 1 <= size <= _LARGEST_PAGE:
        raise Refused(400, 20001, "PageSize is between 1 and 1000")
    begin = _behind(hits, token) if token else 0
    if number and not token:
        raise Refused(400, 20001, "Page without PageToken")
    shown = list(hits[begin : begin + size])
    more = begin + size < len(hits)
    following = _link(request, size, number + 1, f"PA{shown[-1]['sid']}") if more else None
    return {
        name: shown,
        "first_page_uri": _link(request, size, 0, None),
        "next_page_uri": following,
        "previous_page_uri": None,
        "page": number,
        "page_size": size,
        "start": begin,
        "end": begin + max(len(shown) - 1, 0),
        "uri": _link(request, size, number, token),
    }


def mail_time(at: datetime | None) -> str | None:
    """A time as e-mail writes it, which is how Twilio does."""
    return None if at is None else format_datetime(at.astimezone(UTC))


def _moment(request: Request, name: str, by_day: bool) -> datetime | None:
    text = request.one(name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(400, 20001, f"Invalid parameter {name}") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.replace(hour=0, minute=0, second=0, microsecond=0) if by_day else at


def _behind(hits: Sequence[Json], token: str) -> int:
    found = next((index for index, item in enumerate(hits) if token == f"PA{item['sid']}"), None)
    if found is None:
        raise Refused(400, 20006, "Invalid PageToken")
    return found + 1


def _link(request: Request, size: int, number: int, token: str | None) -> str:
    asked = {name: values[0] for name, values in request.query.items() if name not in PAGING}
    paging = {"PageSize": str(size), "Page": str(number), **({"PageToken": token} if token else {})}
    return f"{request.path}?{urlencode(asked | paging)}"


def _whole(request: Request, name: str, default: int) -> int:
    text = request.one(name)
    if text is None:
        return default
    if not text.isdigit():
        raise Refused(400, 20001, f"Invalid parameter {name}")
    return int(text)
