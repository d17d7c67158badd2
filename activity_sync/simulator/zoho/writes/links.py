"""Where an activity hangs: Who_Id, What_Id and `$se_module`."""

from __future__ import annotations

from typing import Any

from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import BAD_ID, Place, Row, RowRefused
from activity_sync.simulator.zoho.world import World

_PARENTS = ("Leads", "Accounts", "Deals")


def check_links(world: World, module: Module, data: Row, changes: Row, before: Row | None, place: Place) -> Row:
    """The links of a written activity as they are kept.

    `data` is what came, `changes` what is read from it, `before` the record until now (None: a new one).
    Raises `RowRefused` for a parent that is not there or does not fit `$se_module`.
    """
    if "What_Id" not in data and "Who_Id" not in data:
        return changes
    parent, se_module = changes.get("What_Id"), data.get("$se_module")
    if parent is not None:
        if not se_module:
            raise RowRefused(place.missing("$se_module"))
        _check_parent(world, module, se_module, parent, place)
        changes = {**changes, "$se_module": se_module}
    elif "What_Id" in changes:
        changes = {**changes, "$se_module": None}
    after = {**(before or {}), **changes}
    if after.get("Who_Id") and after.get("What_Id") and after.get("$se_module") == "Leads":
        return _contact_and_lead(world, changes, place)
    return changes


def _check_parent(world: World, module: Module, se_module: Any, parent: str, place: Place) -> None:
    if se_module not in world.modules:
        raise RowRefused(place.invalid("$se_module", supported_values=list(_PARENTS)))
    row = world.live(se_module, parent)
    if row is None or se_module not in _PARENTS:
        raise RowRefused(place.invalid("What_Id", BAD_ID))
    if se_module == "Leads" and module.api_name == "Events" and not world.switches.events_take_leads:
        raise RowRefused(place.invalid("What_Id", BAD_ID))
    if row.get("Converted__s") and not world.switches.converted_lead_parent:
        raise RowRefused(place.invalid("What_Id", BAD_ID))


def _contact_and_lead(world: World, changes: Row, place: Place) -> Row:
    match world.switches.contact_and_lead:
        case "refuse":
            raise RowRefused(place.invalid("Who_Id", "a contact cannot be given together with a lead"))
        case "drop_contact":
            return {**changes, "Who_Id": None}
        case _:
            return {**changes, "What_Id": None, "$se_module": None}
