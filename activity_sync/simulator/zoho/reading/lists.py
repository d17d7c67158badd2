"""Get Records and single records."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from activity_sync.simulator.zoho.calls import SUB_ROWS, ApiCall
from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import BAD_ID, Answer, Refusal, Row
from activity_sync.simulator.zoho.rendering import render
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import World

DISCRETE_ROWS = 2_000
MOST_ROWS = 100_000
MOST_FIELDS = 50
_TOKEN_LIFE = timedelta(hours=24)
_SORTS = ("id", "Created_Time", "Modified_Time")


def list_records(call: ApiCall) -> Answer:
    """`GET /{module}`."""
    module = call.module
    if module.api_name == "Notes" and not _is_admin(call.world):
        raise Refusal(403, "NOT_SUPPORTED", "the request is not supported for this user")
    names = asked_fields(call)
    _refuse_ambiguity(call)
    offset, per_page, page = _position(call)
    ids, rows = _chosen(call, module), call.world.tables[module.api_name].rows
    if not ids and call.headers.get("if-modified-since"):
        return Answer(304)
    shown = [rows[record_id] for record_id in ids[offset : offset + per_page]]
    if not shown:
        return Answer(204)
    more = len(ids) > offset + per_page
    info = _info(call, page, per_page, len(shown), more=more)
    if more and offset + per_page < MOST_ROWS:
        info |= _next_token(call, offset + per_page)
    return Answer(200, {"data": [render(call.world, module, row, names) for row in shown], "info": info})


def one_record(call: ApiCall) -> Answer:
    """`GET /{module}/{id}`."""
    module, row = call.module, call.world.live(call.parts["module"], call.id)
    if row is None:
        return unknown_record(call)
    names = call.query["fields"].split(",") if "fields" in call.query else None
    return Answer(200, {"data": [render(call.world, module, row, names)]})


def unknown_record(call: ApiCall) -> Answer:
    """What a single GET answers for an id that is not there."""
    status = call.world.switches.unknown_record
    if status == 204:
        return Answer(204)
    raise Refusal(status, "INVALID_DATA", BAD_ID, {"resource_path_index": 1})


def asked_fields(call: ApiCall) -> list[str]:
    """The names of the mandatory parameter `fields`; refuses none and more than 50."""
    text = call.query.get("fields", "")
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise Refusal(
            400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", {"param_name": "fields"}
        )
    if len(names) > MOST_FIELDS:
        raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"limit": MOST_FIELDS, "param_name": "fields"})
    return names


def _is_admin(world: World) -> bool:
    return bool(world.users[world.token_user]["profile"]["name"] == "Administrator")


def _refuse_ambiguity(call: ApiCall) -> None:
    for one, other in (("page", "page_token"), ("cvid", "sort_by")):
        if one in call.query and other in call.query:
            details = {"ambiguity_due_to": [{"param_name": one}, {"param_name": other}]}
            raise Refusal(400, "AMBIGUITY_DURING_PROCESSING", "ambiguity while processing the request", details)


def _position(call: ApiCall) -> tuple[int, int, int]:
    page, per_page = call.page()
    if "page_token" in call.query:
        offset = _read_token(call, call.query["page_token"])
        page = offset // per_page + 1
    else:
        offset = (page - 1) * per_page
        if offset + per_page > DISCRETE_ROWS:
            details = {"limit": DISCRETE_ROWS, "param_name": "page"}
            message = "Please use page_token to get records beyond the limit"
            raise Refusal(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", message, details)
    if offset >= MOST_ROWS:
        raise Refusal(400, "PAGINATION_LIMIT_EXCEEDED", "pagination limit exceeded", {"limit": MOST_ROWS})
    return offset, per_page, page


def _fingerprint(call: ApiCall) -> str:
    bound = {name: value for name, value in call.query.items() if name not in ("page", "page_token")}
    bound["path"] = call.parts["module"]
    bound["since"] = call.headers.get("if-modified-since", "")
    return hashlib.sha256(repr(sorted(bound.items())).encode()).hexdigest()


def _next_token(call: ApiCall, offset: int) -> Row:
    token, until = secrets.token_hex(24), call.world.now() + _TOKEN_LIFE
    call.world.page_tokens[token] = (until, _fingerprint(call), offset)
    return {"next_page_token": token, "page_token_expiry": write_time(until, call.world.zone)}


def _read_token(call: ApiCall, token: str) -> int:
    known = call.world.page_tokens.get(token)
    if known is None:
        raise Refusal(400, "INVALID_DATA", "invalid data", {"param_name": "page_token"})
    until, fingerprint, offset = known
    if until <= call.world.now():
        raise Refusal(400, "EXPIRED_VALUE", "the given page_token is expired", {"param_name": "page_token"})
    if fingerprint != _fingerprint(call):
        raise Refusal(400, "TOKEN_BOUND_DATA_MISMATCH", "the page_token is bound to other parameters", {})
    return offset


def _chosen(call: ApiCall, module: Module) -> list[str]:
    """The ids of all rows that fit, in the order asked for."""
    table = call.world.tables[module.api_name]
    sort_by = call.query.get("sort_by", "id")
    if sort_by not in _SORTS:
        raise Refusal(400, "INVALID_DATA", "invalid data", {"param_name": "sort_by", "supported_values": list(_SORTS)})
    if "ids" in call.query:
        ids = _by_ids(call, call.query["ids"].split(","))
    elif (since := call.time_header("If-Modified-Since")) is not None:
        ids = sorted(row["id"] for row in table.modified_since(since) if row["Modified_Time"] > since)
    else:
        ids = table.by_id()
    if module.api_name == "Leads":
        ids = [record_id for record_id in ids if _converted_fits(call, table.rows[record_id])]
    if sort_by != "id":
        ids = sorted(ids, key=lambda record_id: (table.rows[record_id][sort_by], record_id))
    down = call.query.get("sort_order", "desc") == "desc" and ("ids" not in call.query or "sort_by" in call.query)
    return ids[::-1] if down else ids


def _by_ids(call: ApiCall, ids: list[str]) -> list[str]:
    limit = min(call.world.switches.ids_limit, SUB_ROWS if call.inside else 10**9)
    if len(ids) > limit:
        raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"limit": limit, "param_name": "ids"})
    rows = call.world.tables[call.parts["module"]].rows
    return [record_id.strip() for record_id in ids if record_id.strip() in rows]


def _converted_fits(call: ApiCall, row: Row) -> bool:
    asked = call.query.get("converted", "false")
    return asked == "both" or bool(row.get("Converted__s")) == (asked == "true")


def _info(call: ApiCall, page: int, per_page: int, count: int, *, more: bool) -> Row:
    return {
        "call": False,
        "per_page": per_page,
        "next_page_token": None,
        "count": count,
        "sort_by": call.query.get("sort_by", "id"),
        "page": page,
        "previous_page_token": None,
        "page_token_expiry": None,
        "sort_order": call.query.get("sort_order", "desc"),
        "email": False,
        "more_records": more,
    }
