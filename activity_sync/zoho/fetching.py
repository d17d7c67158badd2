"""Records by their ids: 200 for a credit. That one has gone is believed only when two routes agree and prove awake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from activity_sync.model.failures import Unexpected
from activity_sync.model.ports import Fetched, ShadowRow
from activity_sync.model.records import Module, OrgFacts
from activity_sync.zoho.asking import Asking, need_readable
from activity_sync.zoho.client import Call
from activity_sync.zoho.coql import FEW_ROWS, Query, among
from activity_sync.zoho.payloads import bare, to_row

_GET_IDS = 100
_GET_FIELDS = 50


def fetch(asking: Asking, module: Module, ids: Sequence[str], org: OrgFacts, known: str, purpose: str) -> Fetched:
    """The records as they are now. `known`: the id of one that should be there; without it, or when it is not shown,
    nothing is said to be missing. Raises what `Client.send` raises."""
    need_readable(module, org)
    rows: list[ShadowRow] = []
    missing: list[str] = []
    wanted = [one for one in dict.fromkeys(ids) if one != known]
    step = FEW_ROWS - 1
    for start in range(0, len(wanted), step):
        some = wanted[start : start + step]
        found, awake = _by_query(asking, module, some, org, known, purpose)
        rows += found
        left = _without(some, found)
        if left and known and not awake:
            raise Unexpected(f"Zoho does not show {module} that it had, and not even {known}, which should be there")
        again = list(_by_get(asking, module, left, org, purpose)) if left else []
        rows += again
        missing += _without(left, again) if known else []
    return Fetched(rows=rows, missing=missing)


def _without(ids: Sequence[str], rows: Sequence[ShadowRow]) -> list[str]:
    seen = {row.record.id for row in rows}
    return [one for one in ids if one not in seen]


def _by_query(
    asking: Asking, module: Module, ids: Sequence[str], org: OrgFacts, known: str, purpose: str
) -> tuple[list[ShadowRow], bool]:
    asked = [*ids, *([known] if known else [])]
    query = Query(module=module, columns=(), where=among("id", asked), limit=FEW_ROWS)
    page, _ = asking.page(module, org, query, f"{module} by id", purpose)
    rows = [row for row in asking.rows(module, page) if row.record.id in asked]
    return [row for row in rows if row.record.id != known], any(row.record.id == known for row in rows)


def _by_get(
    asking: Asking, module: Module, ids: Sequence[str], org: OrgFacts, purpose: str
) -> Iterator[ShadowRow]:  # fmt: skip
    """The other route; it shows converted leads too."""
    fields = [name for name in asking.columns.of(module, org) if name != "id"][:_GET_FIELDS]
    for start in range(0, len(ids), _GET_IDS):
        some = ids[start : start + _GET_IDS]
        params = {"ids": ",".join(some), "fields": ",".join(fields), "per_page": str(FEW_ROWS)}
        params |= {"converted": "both"} if module is Module.LEADS else {}
        what = f"{module} by id"
        answer = asking.client.send(Call(method="GET", path=f"/{module}", params=params, what=what, purpose=purpose))
        for row in answer.rows():
            if row.get("id") in some:
                yield to_row(module, bare(row), asking.how)
