"""Pages, parameters and refusals, in Aircall's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from activity_sync.simulator.network import Request, json_response

Json = dict[str, Any]

_LARGEST_PAGE = 50


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, status: int, error: str, hint: str) -> None:
        super().__init__(error)
        self.response = json_response({"error": error, "troubleshoot": hint}, status)


def found(where: dict[int, Json], text: str) -> Json:
    """One item by the number in its path; 404 without."""
    if not text.isdigit() or int(text) not in where:
        raise Refused(404, "Not Found", "No such item.")
    return where[int(text)]


def descending(request: Request) -> bool:
    """Whether the newest come first."""
    order = request.one("order") or "asc"
    if order not in ("asc", "desc"):
        raise Refused(400, "Bad Request", "order is asc or desc.")
    return order == "desc"


def searched(call: Json, request: Request) -> bool:
    """Whether a call fits the search terms (their names are not published)."""
    digits, user, direction = (request.one(name) for name in ("phone_number", "user_id", "direction"))
    wanted = "".join(sign for sign in digits or "" if sign.isdigit())
    return (
        (not wanted or "".join(sign for sign in call["raw_digits"] if sign.isdigit()) == wanted)
        and (not user or str((call["user"] or {}).get("id")) == user)
        and (not direction or call["direction"] == direction)
    )


def paged(request: Request, name: str, hits: Sequence[Json]) -> Json:
    """One page with its `meta`; 400 for a page that is too large."""
    page, size = whole(request, "page", 1) or 1, whole(request, "per_page", 20)
    if not 1 <= size <= _LARGEST_PAGE:
        raise Refused(400, "Bad Request", "per_page is between 1 and 50.")
    shown = list(hits[(page - 1) * size : page * size])
    meta = {
        "count": len(shown),
        "total": len(hits),
        "current_page": page,
        "per_page": size,
        "next_page_link": _link(request, page + 1) if page * size < len(hits) else None,
        "previous_page_link": _link(request, page - 1) if page > 1 else None,
    }
    return {"meta": meta, name: shown}


def _link(request: Request, page: int) -> str:
    asked = {name: values[0] for name, values in request.query.items()} | {"page": str(page)}
    return f"http://{request.headers['host']}{request.path}?{urlencode(asked)}"


def whole(request: Request, name: str, default: int) -> int:
    """A parameter that is a whole number."""
    text = request.one(name)
    if text is None:
        return default
    if not text.isdigit():
        raise Refused(400, "Bad Request", f"{name} is a whole number.")
    return int(text)
