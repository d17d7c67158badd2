"""What our calls cost in this org: Zoho tells its own prices (`__apis`, zoho.md 2.2), once a day for a credit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from activity_sync.model.records import ACTIVITIES, SHADOWED
from activity_sync.zoho.client import API, BULK, Call, Client, ScopeMissing
from activity_sync.zoho.refusals import ZohoRefused

Range = tuple[int, int]

PUBLISHED: Mapping[str, Range] = {
    **{f"GET {API}/{path}": (1, 1) for path in ("org", "users", "__apis")},
    **{f"GET {API}/settings/{path}": (1, 1) for path in ("fields", "layouts", "pipeline")},
    f"POST {API}/coql": (1, 3),
    f"POST {API}/__composite_requests": (1, 1),
    f"GET {API}/*": (1, 1),
    f"GET {API}/*/deleted": (2, 2),
    f"GET {API}/*/#/Contact_Roles": (1, 1),
    f"GET {API}/*/actions/count": (1, 1),
    f"POST {API}/*": (1, 10),
    f"PUT {API}/*": (1, 10),
    f"DELETE {API}/*": (1, 1),
    f"POST {BULK}/read": (50, 50),
    f"GET {BULK}/read/#": (1, 1),
    f"GET {BULK}/read/#/result": (1, 1),
}
"""What Zoho has published for the calls that we make: least and most; `*` is a module, `#` an id. Where the two differ
the price goes with the size of the call, else it is always what we would book."""

_MODULES = tuple(str(module) for module in (*SHADOWED, *ACTIVITIES))
_ID = re.compile(r"/\d+(?=/|$)")
_PLACEHOLDER = re.compile(r"\{\{?\w+\}?\}")


def read_prices(client: Client) -> dict[str, Range] | None:
    """The prices that differ from the published ones, by `METHOD path`; None when Zoho does not tell. One credit.

    Raises TryLater, OutOfCredits, SignInAgain, Unexpected.
    """
    try:
        rows = client.send(Call(method="GET", path="/__apis", what="prices")).rows("__apis")
    except (ZohoRefused, ScopeMissing):
        return None
    told = dict(_told(rows))
    return dict(_differing(told)) if told else None


def booked(call: Call, prices: Mapping[str, Range] | None) -> int:
    """The credits to book for a call, given what `read_prices` found. A call that is free stays so."""
    if not prices or not call.credits:
        return call.credits
    key = f"{call.method} {_ID.sub('/#', call.base + call.path)}"
    found = prices.get(key)
    return call.credits if found is None else _between(call.credits, PUBLISHED[_general(key)], found)


def _between(usual: int, published: Range, found: Range) -> int:
    """A price that goes with the size of the call keeps its place between least and most."""
    least, most = found
    if published[0] == published[1]:
        return min(max(usual, least), most)
    steps = published[1] - published[0]
    return least + -(-(min(usual, published[1]) - published[0]) * (most - least) // steps)


def _told(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Range]]:
    for row in rows:
        path, kinds = row.get("path"), row.get("operation_types")
        for kind in kinds if isinstance(path, str) and isinstance(kinds, list) else []:
            least, most = (
                kind.get(name) if isinstance(kind, dict) else None for name in ("min_credits", "max_credits")
            )
            if isinstance(least, int) and isinstance(most, int) and 0 <= least <= most:
                yield f"{kind.get('method')} {_plain(str(path))}", (least, most)


def _plain(path: str) -> str:
    module = path.replace("{{module}}", "*").replace("{module}", "*")
    return _PLACEHOLDER.sub("#", module)


def _differing(told: Mapping[str, Range]) -> Iterator[tuple[str, Range]]:
    for key, published in PUBLISHED.items():
        for exact in [key.replace("*", module) for module in _MODULES] if "*" in key else [key]:
            found = told.get(exact) or told.get(key)
            if found is not None and _differs(published, found):
                yield exact, found


def _differs(published: Range, found: Range) -> bool:
    if published[0] == published[1]:
        return not found[0] <= published[0] <= found[1]
    return published != found


def _general(key: str) -> str:
    for module in _MODULES:
        key = key.replace(f"/{module}", "/*", 1) if key.endswith(f"/{module}") or f"/{module}/" in key else key
    return key
