"""The lists of deleted records."""

from __future__ import annotations

from datetime import timedelta

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row
from activity_sync.simulator.zoho.rendering import user_reference
from activity_sync.simulator.zoho.tables import Binned
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import World

_LISTED = {False: timedelta(days=60), True: timedelta(days=120)}
_TYPES = ("all", "recycle", "permanent")


def list_deleted(call: ApiCall) -> Answer:
    """`GET /{module}/deleted`: bin entries of 60 days, permanently deleted ones of 120."""
    module, kind = call.module, call.query.get("type", "all")
    if kind not in _TYPES:
        raise Refusal(
            400, "PATTERN_NOT_MATCHED", "Please check whether the input values are correct", {"api_name": "type"}
        )
    page, per_page = call.page()
    since = call.time_header("If-Modified-Since")
    entries = [
        entry
        for entry in call.world.tables[module.api_name].bin.values()
        if _is_listed(call.world, entry) and kind in ("all", _kind(entry)) and (since is None or entry.at > since)
    ]
    entries.sort(key=lambda entry: (entry.at, entry.row["id"]), reverse=True)
    start = (page - 1) * per_page
    shown = entries[start : start + per_page]
    if not shown:
        return Answer(304 if since is not None and not entries else 204)
    info = {"per_page": per_page, "count": len(shown), "page": page, "more_records": len(entries) > start + per_page}
    name_field = module.name_field
    return Answer(200, {"data": [deleted_row(call.world, name_field, entry) for entry in shown], "info": info})


def deleted_row(world: World, name_field: str, entry: Binned) -> Row:
    """One deleted record as the list shows it."""
    kept = not entry.permanent
    created_by = entry.row.get("Created_By")
    return {
        "deleted_by": user_reference(world, entry.by, email=False) if kept and entry.by else None,
        "id": entry.row["id"],
        "display_name": entry.row.get(name_field) if kept else None,
        "type": _kind(entry),
        "created_by": user_reference(world, created_by, email=False) if kept and created_by else None,
        "deleted_time": write_time(entry.at, world.zone),
    }


def _kind(entry: Binned) -> str:
    return "permanent" if entry.permanent else "recycle"


def _is_listed(world: World, entry: Binned) -> bool:
    return world.now() - entry.at <= _LISTED[entry.permanent]
