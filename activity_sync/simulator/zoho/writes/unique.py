"""Unique fields: a value may stand on one record only."""

from __future__ import annotations

from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import Fault, Place, Row
from activity_sync.simulator.zoho.tables import Table
from activity_sync.simulator.zoho.world import World


def find_duplicates(world: World, module: Module, changes: Row, own_id: str | None, place: Place) -> list[Fault]:
    """DUPLICATE_DATA for each unique value that another record holds."""
    table, faults = world.tables[module.api_name], []
    for field in module.unique_fields:
        value = changes.get(field.api_name)
        holder = _holder(world, table, field.api_name, value) if value else None
        if holder and holder != own_id and world.switches.unique_enforced:
            faults.append(_fault(world, module, field.api_name, holder, place))
    return faults


def _holder(world: World, table: Table, name: str, value: str) -> str | None:
    held = table.holder(name, value)
    if held or world.switches.deleted_values_free:
        return held
    same = (key for key, entry in table.bin.items() if str(entry.row.get(name) or "").lower() == value.lower())
    return next(same, None)


def _fault(world: World, module: Module, name: str, holder: str, place: Place) -> Fault:
    details: Row = {"more_records": False}
    if world.switches.duplicate_id:
        details["id"] = holder
    if world.switches.duplicate_record_details and world.switches.duplicate_id:
        table = world.tables[module.api_name]
        row = table.rows[holder] if holder in table.rows else table.bin[holder].row
        owner = world.users[row["Owner"]]
        details["duplicate_record"] = {
            "id": holder,
            "Owner": {"name": world.user_name(owner["id"]), "id": owner["id"], "zuid": owner["zuid"]},
            "module": {"api_name": module.api_name, "id": module.id},
        }
    return place.fault("DUPLICATE_DATA", name, "duplicate data", **details)
