"""`GET /__apis`: what each call may cost."""

from __future__ import annotations

import orjson

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row

_COLUMNS = {"operation_types.method": "method", "operation_types.oauth_scope": "oauth_scope", "module": "module"}


def list_apis(call: ApiCall, prices: list[tuple[str, str, str, int, int]]) -> Answer:
    """`prices`: (path, method, scope, least, most) of everything that can be called."""
    wanted = _filter(call)
    by_path: dict[str, list[Row]] = {}
    for path, method, scope, least, most in prices:
        row: Row = {"method": method, "oauth_scope": scope, "max_credits": most, "min_credits": least}
        if all(value in row.get(name, path) for name, value in wanted.items()):
            by_path.setdefault(path, []).append(row)
    if not by_path:
        return Answer(204)
    return Answer(200, {"__apis": [{"path": path, "operation_types": rows} for path, rows in by_path.items()]})


def _filter(call: ApiCall) -> dict[str, str]:
    if "filters" not in call.query:
        return {}
    try:
        criterion = orjson.loads(call.query["filters"])
        return {_COLUMNS[criterion["field"]["api_name"]]: str(criterion["value"])}
    except (ValueError, KeyError, TypeError):
        raise Refusal(400, "INVALID_DATA", "invalid data", {"param_name": "filters"}) from None
