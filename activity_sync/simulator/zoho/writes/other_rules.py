"""What Zoho wants of Deals, Tasks and Notes, and what follows from names."""

from __future__ import annotations

from typing import Any

from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import BAD_ID, Fault, Place, Row, RowRefused
from activity_sync.simulator.zoho.world import World
from activity_sync.simulator.zoho.writes.calls_rules import derive_call
from activity_sync.simulator.zoho.writes.events_rules import derive_event


def check_deal(world: World, changes: Row, before: Row | None, place: Place) -> list[Fault]:
    """The stage must belong to the deal's pipeline."""
    if not world.pipelines_enabled or not {"Stage", "Pipeline"} & set(changes):
        return []
    after = {**(before or {}), **changes}
    if before is None and not after.get("Pipeline"):
        return [place.missing("Pipeline")]
    if before and world.blueprint_stages and changes.get("Stage", before["Stage"]) != before["Stage"]:
        code = world.switches.blueprint_code
        return [place.fault(code, "Stage", "the stage is controlled by a blueprint")]
    pipeline = world.pipelines.get(after.get("Pipeline") or "")
    if pipeline is not None and after.get("Stage") not in pipeline.stages:
        text = "Pipeline doesn't contain the Stage"
        return [place.fault("MAPPING_MISMATCH", "Stage", text, mapped_field="Pipeline")]
    return []


def check_note_parent(world: World, value: Any, place: Place) -> Row:
    """A note's parent as it is kept."""
    module = value.get("module") if isinstance(value, dict) else None
    if not isinstance(module, dict):
        raise RowRefused(place.invalid("Parent_Id", expected_data_type="jsonobject"))
    name, record_id = module.get("api_name"), value.get("id")
    if world.live(name or "", record_id) is None or name == "Notes":
        raise RowRefused(place.invalid("Parent_Id", BAD_ID))
    return {"Parent_Id": record_id, "$se_module": name}


def derive(world: World, module: Module, row: Row, before: Row | None) -> Row:
    """The row with everything that follows from what was written."""
    match module.api_name:
        case "Leads" | "Contacts":
            names = (row.get("First_Name"), row.get("Last_Name"))
            return {**row, "Full_Name": " ".join(name for name in names if name)}
        case "Deals":
            return _deal(world, row, before)
        case "Calls":
            return derive_call(world, row)
        case "Events":
            return derive_event(world, row)
        case "Tasks":
            return _task(world, row, before)
        case _:
            return row


def _deal(world: World, row: Row, before: Row | None) -> Row:
    probability, kind = world.stages.get(row.get("Stage") or "", (0, "Open"))
    moved = before is None or before.get("Stage") != row.get("Stage")
    if moved and ("Probability" not in row or before is not None):
        row = {**row, "Probability": probability}
    if moved and kind != "Open" and world.switches.closing_date_follows_stage:
        row = {**row, "Closing_Date": world.now().astimezone(world.zone).date().isoformat()}
    amount = row.get("Amount")
    return {**row, "Expected_Revenue": None if amount is None else amount * (row.get("Probability") or 0) / 100}


def _task(world: World, row: Row, before: Row | None) -> Row:
    if row.get("Status") != "Completed":
        return {**row, "Closed_Time": None}
    if before and before.get("Status") == "Completed":
        return row
    return {**row, "Closed_Time": world.now()}
