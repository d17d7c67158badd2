"""Stored rows as they go over the wire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from activity_sync.simulator.zoho.fields import Field, Module
from activity_sync.simulator.zoho.refusals import Row
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import World, display_name

_VIRTUAL = ("$se_module", "$event_cancelled", "$converted", "$approval_state")


def user_reference(world: World, user_id: str, *, email: bool = True) -> Row:
    """A user as records show them."""
    user = world.users[user_id]
    reference = {"name": world.user_name(user_id), "id": user_id}
    return {**reference, "email": user["email"]} if email else reference


def render(world: World, module: Module, row: Row, names: Iterable[str] | None = None) -> Row:
    """A record as GET gives it; `names` None: every field. Unknown names are left out silently."""
    wanted = [*module.fields, *_VIRTUAL] if names is None else names
    out: Row = {}
    for name in wanted:
        field = module.fields.get(name)
        if field is not None:
            out[name] = value_of(world, field, row)
        elif name in _VIRTUAL:
            _add_virtual(out, module, row, name)
    out["id"] = row["id"]
    return out


def value_of(world: World, field: Field, row: Row) -> Any:
    """One value of a record as GET gives it."""
    value = row.get(field.api_name)
    if value is None:
        return [] if field.data_type in ("participants", "tag") else None
    if field.data_type == "ownerlookup":
        return user_reference(world, value)
    if field.data_type == "lookup":
        return _lookup(world, field, row)
    if isinstance(value, datetime):
        return write_time(value, world.zone)
    return value


def _lookup(world: World, field: Field, row: Row) -> Row | None:
    target, record_id = world.target_of(field, row), row[field.api_name]
    if world.live(target, record_id) is None:
        return None
    reference: Row = {"name": display_name(world, target, record_id), "id": record_id}
    if field.api_name == "Parent_Id":
        reference["module"] = {"api_name": target, "id": world.modules[target].id}
    return reference


def reference_of(world: World, field: Field, row: Row) -> Any:
    """One value of a record as COQL gives it: lookups with their id only."""
    value = row.get(field.api_name)
    if value is None:
        return None
    if field.data_type == "ownerlookup":
        return {"id": value}
    if field.data_type == "lookup":
        return {"id": value} if world.live(world.target_of(field, row), value) else None
    return write_time(value, world.zone) if isinstance(value, datetime) else value


def _add_virtual(out: Row, module: Module, row: Row, name: str) -> None:
    match name:
        case "$se_module" if module.is_activity or module.api_name == "Notes":
            out[name] = row.get("$se_module")
        case "$event_cancelled" if module.api_name == "Events":
            out[name] = bool(row.get("$event_cancelled"))
        case "$converted" if module.api_name == "Leads":
            out[name] = bool(row.get("Converted__s"))
        case "$approval_state":
            out[name] = "approved"
        case _:
            pass
