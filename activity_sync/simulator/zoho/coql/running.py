"""`POST /coql`: from the query to its rows."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from activity_sync.simulator.zoho.calls import SUB_ROWS, ApiCall
from activity_sync.simulator.zoho.coql.columns import Resolved, as_shown, resolve
from activity_sync.simulator.zoho.coql.conditions import Test, lower_bound, make_test, moment_of
from activity_sync.simulator.zoho.coql.query import Order, Query, invalid_query, limit_exceeded
from activity_sync.simulator.zoho.coql.reading import read_query
from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.metadata import describe
from activity_sync.simulator.zoho.oauth import covers
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row
from activity_sync.simulator.zoho.tables import Table
from activity_sync.simulator.zoho.world import World

_NO_TIME = datetime.min.replace(tzinfo=UTC)
_BY_ID = (Order("id", down=False),)
_BY_CHANGE = (Order("Modified_Time", down=False), Order("id", down=False))


def run_coql(call: ApiCall) -> Answer:
    """`POST /coql`."""
    body = call.json()
    text = body.get("select_query")
    if not isinstance(text, str):
        raise Refusal(400, "MANDATORY_NOT_FOUND", "required field not found", {"api_name": "select_query"})
    query = read_query(text)
    most = SUB_ROWS if call.inside else call.world.switches.coql_row_limit
    if query.limit > most:
        limit_exceeded("limit", most)
    module = _module(call, query)
    if query.groups or any(column.aggregate for column in query.columns):
        rows, more = _aggregated(call.world, module, query), False
    else:
        rows, more = _plain(call.world, module, query)
    if not rows:
        return Answer(204)
    return Answer(200, {"data": rows, "info": {"count": len(rows), "more_records": more}, **_meta(call, module, body)})


def asked_limit(body: bytes) -> int:
    """The LIMIT in the text of a query, which decides its price; 200 when there is none."""
    found = re.search(rb"limit\s+(\d+)(?:\s*,\s*(\d+))?", body, re.IGNORECASE)
    return int(found.group(2) or found.group(1)) if found else 200


def _module(call: ApiCall, query: Query) -> Module:
    module = call.world.modules.get(query.module)
    if module is None or module.api_name == "Notes":
        raise Refusal(400, "INVALID_MODULE", "the module name given seems to be invalid", {"module": query.module})
    if not covers(call.scopes, f"ZohoCRM.modules.{query.module}.READ"):
        raise Refusal(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized")
    names = [column.alias for column in query.columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise Refusal(400, "DUPLICATE_DATA", "duplicate data", {"column_name": twice})
    return module


def _meta(call: ApiCall, module: Module, body: Row) -> Row:
    if "fields" not in (body.get("include_meta") or ()):
        return {}
    if not covers(call.scopes, "ZohoCRM.settings.fields.READ"):
        raise Refusal(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized")
    return {"fields": {name: describe(call.world, field) for name, field in module.fields.items()}}


def _plain(world: World, module: Module, query: Query) -> tuple[list[Row], bool]:
    columns = [(column.alias, resolve(world, module, column.name)) for column in query.columns]
    end = query.offset + query.limit
    found = list(islice(_fitting(world, module, query), query.offset, end + 1))
    rows = [_shown(columns, row) for row in found[: query.limit]]
    return rows, len(found) > query.limit


def _shown(columns: list[tuple[str, Resolved]], row: Row) -> Row:
    out = {alias: column.shown(row) for alias, column in columns}
    return out if "id" in out else {**out, "id": row["id"]}


def _fitting(world: World, module: Module, query: Query) -> Iterable[Row]:
    """The rows that fit, in order; an index is walked where the order is that of an index."""
    test = _complete_test(world, module, make_test(world, module, query.where))
    orders = [(resolve(world, module, order.column), order.down) for order in query.orders]
    table = world.tables[module.api_name]
    if query.orders in ((), _BY_ID):
        return filter(test, _from_id(table, query))
    if query.orders in (_BY_CHANGE, _BY_CHANGE[:1]):
        return filter(test, _from_change(table, query))
    found = list(filter(test, _from_change(table, query)))
    for column, down in reversed(orders):
        if column.kind.data_type == "textarea":
            invalid_query(column.kind.api_name, "column cannot be sorted")
        found.sort(key=_sort_key(column), reverse=down)
    return found


def _sort_key(column: Resolved) -> Callable[[Row], tuple[bool, Any]]:
    def key(row: Row) -> tuple[bool, Any]:
        value = column.raw(row)
        return (value is not None, value.lower() if isinstance(value, str) else value)

    return key


def _complete_test(world: World, module: Module, test: Test) -> Test:
    """WHERE, and what COQL does not see (yet)."""
    if module.api_name == "Leads" and world.switches.coql_hides_converted:
        test = _unconverted(test)
    if not world.switches.coql_delay:
        return test
    written = world.tables[module.api_name].written
    before = world.clock.now() - timedelta(seconds=world.switches.coql_delay)
    return lambda row: written.get(row["id"], _NO_TIME) <= before and test(row)


def _unconverted(test: Test) -> Test:
    return lambda row: not row.get("Converted__s") and test(row)


def _from_id(table: Table, query: Query) -> Iterable[Row]:
    ids, bound, start = table.by_id(), lower_bound(query.where, "id"), 0
    if bound:
        start = (bisect_right if bound[0] == ">" else bisect_left)(ids, str(bound[1]))
    return (table.rows[record_id] for record_id in islice(ids, start, None))


def _from_change(table: Table, query: Query) -> Iterable[Row]:
    bound = lower_bound(query.where, "Modified_Time")
    moment = moment_of(bound[1]) if bound else None
    return table.modified_since(moment or _NO_TIME)


def _aggregated(world: World, module: Module, query: Query) -> list[Row]:
    columns = [(column, resolve(world, module, column.name)) for column in query.columns]
    keys = [resolve(world, module, name) for name in query.groups]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in _fitting(world, module, query):
        groups.setdefault(tuple(key.raw(row) for key in keys), []).append(row)
    return [
        {asked.alias: _aggregate(world, asked.aggregate, column, rows) for asked, column in columns}
        for rows in list(groups.values())[query.offset : query.offset + query.limit]
    ]


def _aggregate(world: World, how: str, column: Resolved, rows: list[Row]) -> Any:
    if not how:
        return column.shown(rows[0])
    values = [value for value in map(column.raw, rows) if value is not None]
    match how:
        case "count":
            return len(values)
        case "sum":
            return sum(values)
        case "avg":
            return sum(values) / len(values) if values else None
        case _:
            return as_shown(world, (min if how == "min" else max)(values, default=None))
