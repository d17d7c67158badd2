"""One row of an insert or an update: checked, completed, stored."""

from __future__ import annotations

from typing import Any

from activity_sync.simulator.zoho.fields import Field, Module
from activity_sync.simulator.zoho.refusals import BAD_ID, Fault, Place, Row, RowRefused
from activity_sync.simulator.zoho.world import World
from activity_sync.simulator.zoho.writes.calls_rules import check_call
from activity_sync.simulator.zoho.writes.events_rules import check_event, invite, occurrences
from activity_sync.simulator.zoho.writes.links import check_links
from activity_sync.simulator.zoho.writes.other_rules import check_deal, check_note_parent, derive
from activity_sync.simulator.zoho.writes.unique import find_duplicates
from activity_sync.simulator.zoho.writes.values import stored_value, unknown_name
from activity_sync.simulator.zoho.writes.writing import Writing, success

_RULES = {"Calls": check_call, "Events": check_event, "Deals": check_deal}


def insert_row(writing: Writing, data: Any, place: Place) -> list[Row]:
    """Insert one row: one result, or one for each meeting of a repetition. Raises `RowRefused`."""
    world, module = writing.world, writing.module
    changes = _checked(writing, data, None, place)
    row = {"Owner": world.token_user, **changes, **_stamps(world), "Record_Status__s": "Available"}
    row = derive(world, module, row, None)
    results = []
    for each in occurrences(world, row):
        stored = {**each, "id": world.new_id()}
        stored = invite(writing, stored, data) if module.api_name == "Events" else stored
        world.put(module.api_name, stored)
        _notify_owner(writing, stored, changes)
        writing.workflows(stored["id"])
        results.append(success(world, stored, "record added"))
    return results


def update_row(writing: Writing, record_id: Any, data: Any, place: Place) -> Row:
    """Update one row. Raises `RowRefused`."""
    world, module = writing.world, writing.module
    before = world.live(module.api_name, str(record_id)) if record_id else None
    if before is None:
        raise RowRefused(place.invalid("id", BAD_ID) if record_id else place.missing("id"))
    if before.get("Converted__s"):
        raise RowRefused(place.fault(world.switches.converted_lead_write, "id", "the lead is already converted"))
    changes = _checked(writing, data, before, place)
    stamps = {"Modified_Time": world.now(), "Modified_By": world.token_user}
    row = derive(world, module, {**before, **changes, **stamps}, before)
    if module.api_name == "Events" and "Participants" in changes:
        row = invite(writing, row, data)
    world.put(module.api_name, row)
    _notify_owner(writing, row, changes)
    writing.workflows(row["id"])
    return success(world, row, "record updated")


def _stamps(world: World) -> Row:
    now, me = world.now(), world.token_user
    return {"Created_Time": now, "Modified_Time": now, "Created_By": me, "Modified_By": me}


def _notify_owner(writing: Writing, row: Row, changes: Row) -> None:
    if writing.module.api_name == "Tasks" and changes.get("Send_Notification_Email"):
        writing.mail("task_notification", writing.world.users[row["Owner"]]["email"], row["id"])


def _checked(writing: Writing, data: Any, before: Row | None, place: Place) -> Row:
    """What a row changes, as it is kept; raises `RowRefused` with everything that is wrong."""
    world, module = writing.world, writing.module
    if not isinstance(data, dict):
        raise RowRefused(Fault("INVALID_DATA", "invalid data", {"expected_data_type": "jsonobject"}))
    faults = _missing(writing, data, before, place)
    changes, wrong = _values(world, module, data, place, updating=before is not None)
    faults += wrong
    if not faults:
        if module.is_activity:
            changes = check_links(world, module, data, changes, before, place)
        rule = _RULES.get(module.api_name)
        faults += rule(world, changes, before, place) if rule else []
        faults += find_duplicates(world, module, changes, before["id"] if before else None, place)
    if faults:
        raise RowRefused(*faults)
    return changes


def _missing(writing: Writing, data: Row, before: Row | None, place: Place) -> list[Fault]:
    with_layout = writing.layout_rules or "Layout" in data
    wanted = [
        field.api_name
        for field in writing.module.fields.values()
        if field.mandatory or (field.layout_mandatory and with_layout)
    ]
    if before is None:
        return [place.missing(name) for name in wanted if data.get(name) in (None, "")]
    return [place.missing(name) for name in wanted if name in data and data[name] in (None, "")]


def _values(world: World, module: Module, data: Row, place: Place, *, updating: bool) -> tuple[Row, list[Fault]]:
    changes: Row = {}
    faults: list[Fault] = []
    for name, value in data.items():
        field = module.fields.get(name)
        if field is None:
            if world.switches.unknown_names_refused and not name.startswith("$") and name != "id":
                faults.append(unknown_name(name, place))
        elif not field.read_only and not _is_empty(field, value):
            try:
                changes |= _one(world, module, field, value, place, updating=updating)
            except RowRefused as refused:
                faults += refused.faults
    return changes, faults


def _is_empty(field: Field, value: Any) -> bool:
    return field.mandatory and value in (None, "")


def _one(world: World, module: Module, field: Field, value: Any, place: Place, *, updating: bool) -> Row:
    if module.api_name == "Notes" and field.api_name == "Parent_Id":
        return {} if updating else check_note_parent(world, value, place)
    if field.data_type == "ownerlookup" and value is None:
        return {}
    return {field.api_name: stored_value(world, field, value, place)}
