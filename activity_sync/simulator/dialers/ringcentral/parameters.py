"""Parameters, pages and refusals, in RingCentral's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from activity_sync.simulator.network import Request, json_response

Json = dict[str, Any]

_LARGEST_PAGE = 1000


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        error = {"errorCode": code, "message": message, **more}
        self.response = json_response({"errorCode": code, "message": message, "errors": [error]}, status)


def forbidden(permission: str) -> Refused:
    """The refusal for a permission that is missing; its own code stands only outside."""
    refused = Refused(403, "InsufficientPermissions", "In order to call this API endpoint, permission is needed.")
    inner = {"errorCode": "CMN-401", "message": "permission is needed", "permissionName": permission}
    told = {"errorCode": "InsufficientPermissions", "message": "permission is needed", "errors": [inner]}
    refused.response = json_response(told, 403)
    return refused


def only_known(request: Request, known: set[str]) -> None:
    """400 for a parameter that does not exist: stricter than RingCentral, which overlooks it."""
    for name in request.query:
        if name not in known:
            raise Refused(400, "CMN-101", f"Parameter [{name}] is unknown.", parameterName=name)


def one_of(request: Request, name: str, allowed: Sequence[str], default: str) -> str:
    """A parameter that is one of some words."""
    value = request.one(name) or default
    if value not in allowed:
        raise Refused(400, "CMN-101", f"Parameter [{name}] value is invalid.", parameterName=name)
    return value


def moment(request: Request, name: str, default: datetime) -> datetime:
    """A parameter that is a time; without a zone it is UTC."""
    value = request.one(name)
    if value is None:
        return default
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(400, "CMN-101", f"Parameter [{name}] value is invalid.", parameterName=name) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def paged(request: Request, hits: Sequence[Json], *, totals: bool) -> Json:
    """One page; one that is asked too large is made smaller, silently. Totals may be missing."""
    page, size = _whole(request, "page", 1), min(_whole(request, "perPage", 100), _LARGEST_PAGE)
    shown = list(hits[(page - 1) * size : page * size])
    last = max(1, -(-len(hits) // size))
    paging: Json = {"page": page, "perPage": size}
    if shown:
        paging |= {"pageStart": (page - 1) * size, "pageEnd": (page - 1) * size + len(shown) - 1}
    if totals:
        paging |= {"totalPages": last, "totalElements": len(hits)}
    navigation = {"firstPage": {"uri": _link(request, 1)}, "lastPage": {"uri": _link(request, last)}}
    if page < last:
        navigation["nextPage"] = {"uri": _link(request, page + 1)}
    return {"uri": _link(request, page), "records": shown, "paging": paging, "navigation": navigation}


def host(headers: Mapping[str, str]) -> str:
    """Scheme and host as the other side asked."""
    return f"http://{headers['host']}"


def _link(request: Request, page: int) -> str:
    asked = {name: values[0] for name, values in request.query.items()} | {"page": str(page)}
    return f"{host(request.headers)}{request.path}?{urlencode(asked)}"


def _whole(request: Request, name: str, default: int) -> int:
    text = request.one(name)
    if text is None:
        return default
    if not text.isdigit() or int(text) < 1:
        raise Refused(400, "CMN-101", f"Parameter [{name}] value is invalid.", parameterName=name)
    return int(text)
