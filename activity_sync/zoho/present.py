"""The present values of records, 200 for a credit. That records have gone is believed only when two routes agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from activity_sync.model.failures import Unexpected
from activity_sync.model.records import Module
from activity_sync.zoho.client import Call, Client
from activity_sync.zoho.coql import FEW_ROWS, Query, among, refused_column, run
from activity_sync.zoho.refusals import ZohoRefused

_GET_IDS = 100
_GET_FIELDS = 50
Values = dict[str, dict[str, Any]]


class Present:
    """Reads values. Remembers which columns COQL refuses."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._refused: set[tuple[Module, str]] = set()

    def values(self, module: Module, ids: Sequence[str], fields: Sequence[str]) -> Values:
        """By id; lookups as `{"id": ...}`; an id that is not there is gone. Raises what `Client.send` raises.

        Names that begin with `$` cannot be asked for and are left out.
        """
        columns = tuple(dict.fromkeys(name for name in fields if not name.startswith("$") and name != "id"))
        found: Values = {}
        for start in range(0, len(ids), FEW_ROWS):
            found.update(self._some(module, list(dict.fromkeys(ids[start : start + FEW_ROWS])), columns))
        return found

    def _some(self, module: Module, ids: list[str], columns: tuple[str, ...]) -> Values:
        if any((module, name) in self._refused for name in columns):
            return self._by_get(module, ids, columns) or self._confirmed_gone(module, ids, by_query=True)
        try:
            found = self._by_query(module, ids, columns)
        except ZohoRefused as error:
            name = refused_column(error, columns)
            if not name:
                raise
            self._refused.add((module, name))
            return self._some(module, ids, columns)
        return found or self._confirmed_gone(module, ids, by_query=False)

    def _confirmed_gone(self, module: Module, ids: list[str], *, by_query: bool) -> Values:
        """Nothing at all was found: the other route must say so too."""
        found = self._by_query(module, ids, ()) if by_query else self._by_get(module, ids, ("Modified_Time",))
        if found:
            raise Unexpected(f"Zoho showed no {module} in one way, and {len(found)} in another")
        return {}

    def _by_query(self, module: Module, ids: list[str], columns: tuple[str, ...]) -> Values:
        query = Query(module=module, columns=("id", *columns), where=among("id", ids), limit=FEW_ROWS)
        return dict(_values(run(self._client, query, f"present values of {module}", "checking").rows, ids))

    def _by_get(self, module: Module, ids: list[str], columns: tuple[str, ...]) -> Values:
        found: Values = {}
        for start in range(0, len(ids), _GET_IDS):
            for first in range(0, len(columns), _GET_FIELDS):
                some, fields = ids[start : start + _GET_IDS], columns[first : first + _GET_FIELDS]
                for record_id, values in self._get(module, some, fields):
                    found.setdefault(record_id, {}).update(values)
        return found

    def _get(self, module: Module, ids: list[str], fields: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        params = {"ids": ",".join(ids), "fields": ",".join(fields), "per_page": str(FEW_ROWS)}
        params |= {"converted": "both"} if module is Module.LEADS else {}
        call = Call(
            method="GET", path=f"/{module}", params=params, what=f"present values of {module}", purpose="checking"
        )
        return _values(self._client.send(call).rows(), ids)


def _values(rows: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    wanted = set(ids)
    for row in rows:
        if row.get("id") in wanted:
            yield row["id"], {name: _bare(value) for name, value in row.items() if name != "id"}


def _bare(value: Any) -> Any:
    """A lookup as COQL gives it, whatever came with it."""
    return {"id": value["id"]} if isinstance(value, dict) and "id" in value else value
