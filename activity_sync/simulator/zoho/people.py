"""What the scene puts into records, in the form in which records are kept."""

from __future__ import annotations

from typing import Any

from activity_sync.simulator.zoho.fields import LOOKUPS, Field
from activity_sync.simulator.zoho.refusals import Row
from activity_sync.simulator.zoho.times import as_stored_time
from activity_sync.simulator.zoho.world import World


def seeded_row(world: World, module: str, fields: Row) -> Row:
    """Fields of a seeded or hand-edited record as they are kept; raises `KeyError` for an unknown name."""
    known = world.modules[module].fields
    row = {name: value if name.startswith("$") else _kept(known[name], value) for name, value in fields.items()}
    parent = row.get("What_Id") or row.get("Parent_Id")
    if parent and "$se_module" not in row:
        row["$se_module"] = world.find(parent)
    if isinstance(fields.get("Parent_Id"), dict) and "module" in fields["Parent_Id"]:
        row["$se_module"] = fields["Parent_Id"]["module"]["api_name"]
    return row


def _kept(field: Field, value: Any) -> Any:
    if field.data_type in LOOKUPS:
        return value["id"] if isinstance(value, dict) else value
    return as_stored_time(value) if field.data_type == "datetime" and value is not None else value
