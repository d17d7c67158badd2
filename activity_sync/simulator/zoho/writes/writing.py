"""One write request: who writes, with which keys beside `data`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row
from activity_sync.simulator.zoho.rendering import user_reference
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import Mail, Trigger, World


@dataclass(frozen=True, slots=True)
class Writing:
    """The request a row belongs to."""

    world: World
    module: Module
    trigger: tuple[str, ...] | None
    layout_rules: bool = False

    def workflows(self, record_id: str) -> None:
        """Note the automation keys; a workflow that runs may mail anybody."""
        note_workflows(self.world, self.module.api_name, record_id, self.trigger)

    def mail(self, kind: str, to: str, record_id: str) -> None:
        """Somebody is mailed."""
        self.world.mails.append(Mail(kind, to, self.module.api_name, record_id))


def note_workflows(world: World, module: str, record_id: str, trigger: tuple[str, ...] | None) -> None:
    """Note the automation keys of one written record."""
    world.triggers.append(Trigger(module, record_id, trigger))
    if trigger is None or "workflow" in trigger:
        world.mails.append(Mail("workflow", "whoever a workflow mails", module, record_id))


def open_writing(call: ApiCall) -> Writing:
    """Read the keys beside `data`."""
    body = call.json()
    trigger = body.get("trigger")
    if trigger is not None and not isinstance(trigger, list):
        raise Refusal(400, "INVALID_DATA", "invalid data", {"expected_data_type": "jsonarray", "api_name": "trigger"})
    rules = {"name": "layout_rules"} in (body.get("apply_feature_execution") or ())
    return Writing(call.world, call.module, None if trigger is None else tuple(trigger), rules)


def success(world: World, row: Row, message: str, **more: Any) -> Row:
    """The result of one written row; its Modified_Time is what a later read shows."""
    details = {
        "Modified_Time": write_time(row["Modified_Time"], world.zone),
        "Modified_By": user_reference(world, row["Modified_By"], email=False),
        "Created_Time": write_time(row["Created_Time"], world.zone),
        "id": row["id"],
        "Created_By": user_reference(world, row["Created_By"], email=False),
    }
    if message == "record added":
        details["$approval_state"] = "approved"
    return {"code": "SUCCESS", "details": details, "message": message, "status": "success", **more}


def outcome(world: World, results: list[Row], all_well: int) -> Answer:
    """The answer to a batch: all well, mixed, or nothing."""
    well = [row["status"] == "success" for row in results]
    status = all_well if all(well) else world.switches.mixed_status if any(well) else 400
    return Answer(status, {"data": results})
