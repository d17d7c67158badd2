"""Unique fields: a value may stand on one record only."""

from __future__ import annotations

from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import Fault, Place, Row
from activity_sync.simulator.zoho.world import World


def find_duplicates(world: World, module: Module, changes: Row, own_id: str | None, place: Place) -> list[Fault]:
    """DUPLICATE_DATA for each unique value that another record holds."""
    table, faults = world.tables[module.api_name], []
    for field in module.unique_fields:
        value = changes.get(field.api_name)
        holder = table.holder(field.api_name, value) if value else None
        if holder and holder != own_id:
            faults.append(_fault(world, module, field.api_name, holder, place))
    return faults


def _fault(world: World, module: Module, name: str, holder: str, place: Place) -> Fault:
    details: Row = {"more_records": False}
    if world.switches.duplicate_id:
        details["id"] = holder
    if world.switches.duplicate_record_details and world.switches.duplicate_id:
        owner = world.users[world.tables[module.api_name].rows[holder]["Owner"]]
        details["duplicate_record"] = {
            "id": holder,
            "Owner": {"name": world.user_name(owner["id"]), "id": owner["id"], "zuid": owner["zuid"]},
            "module": {"api_name": module.api_name, "id": module.id},
        }
    return place.fault("DUPLICATE_DATA", name, "duplicate data", **details)
