"""Which activities are linked to records, whoever logged them: two credits a module for a hundred records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from activity_sync.model.records import ACTIVITIES, Module
from activity_sync.zoho.client import Client, ScopeMissing
from activity_sync.zoho.coql import IN_LIST, MOST_ROWS, Query, among, run
from activity_sync.zoho.refusals import ZohoRefused

_LINKS = ("What_Id", "Who_Id")


def linked(client: Client, ids: Sequence[str]) -> Mapping[str, Sequence[tuple[Module, str]]]:
    """By id of the record: the modules and ids of the activities on it. What we may not ask is not known.

    Raises what `Client.send` raises.
    """
    found: dict[str, list[tuple[Module, str]]] = {}
    for start in range(0, len(ids), IN_LIST):
        some = ids[start : start + IN_LIST]
        for module in ACTIVITIES:
            for row in _rows(client, module, some):
                for record_id in {_id(row.get(name)) for name in _LINKS} & set(some):
                    found.setdefault(record_id, []).append((module, row["id"]))
    return found


def _rows(client: Client, module: Module, ids: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    where = f"({among(_LINKS[0], ids)} or {among(_LINKS[1], ids)})"
    query = Query(module=module, columns=("id", *_LINKS), where=where, limit=MOST_ROWS // 2)
    try:
        return run(client, query, f"{module} on records", "checking").rows
    except (ZohoRefused, ScopeMissing):
        return ()


def _id(value: Any) -> str:
    return str(value.get("id") or "") if isinstance(value, Mapping) else str(value or "")
