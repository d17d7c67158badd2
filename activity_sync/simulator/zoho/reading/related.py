"""Related lists of a record, the contact roles of a deal."""

from __future__ import annotations

from typing import Any

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.reading.lists import asked_fields, unknown_record
from activity_sync.simulator.zoho.refusals import BAD_ID, Answer, Place, Refusal, Row, RowRefused
from activity_sync.simulator.zoho.rendering import render
from activity_sync.simulator.zoho.world import World

_LINKS = {
    ("Accounts", "Contacts"): "Account_Name",
    ("Accounts", "Deals"): "Account_Name",
    ("Contacts", "Deals"): "Contact_Name",
}
_ON_EVERY = ("Events", "Calls", "Tasks", "Notes")


def list_related(call: ApiCall) -> Answer:
    """`GET /{module}/{id}/{related_list}`."""
    names = asked_fields(call)
    if call.world.live(call.module.api_name, call.id) is None:
        return unknown_record(call)
    related = call.parts["related"]
    if related == "Contact_Roles" and call.parts["module"] == "Deals":
        return _page(call, [_with_role(call.world, names, *pair) for pair in _roles(call.world, call.id)])
    link = _LINKS.get((call.parts["module"], related))
    if link is None and related not in _ON_EVERY:
        raise Refusal(400, "INVALID_DATA", "the relation name given seems to be invalid", {"resource_path_index": 2})
    since = call.time_header("If-Modified-Since")
    rows = [row for row in call.world.tables[related].rows.values() if _hangs_on(call, row, link)]
    fresh = [row for row in rows if since is None or row["Modified_Time"] > since]
    if since is not None and not fresh:
        return Answer(304)
    module = call.world.modules[related]
    return _page(call, [render(call.world, module, row, names) for row in sorted(fresh, key=lambda row: row["id"])])


def _hangs_on(call: ApiCall, row: Row, link: str | None) -> bool:
    if link is not None:
        return bool(row.get(link) == call.id)
    if call.id in (row.get("What_Id"), row.get("Who_Id"), row.get("Parent_Id")):
        return True
    contact = call.world.live("Contacts", row.get("Who_Id")) if row.get("What_Id") is None else None
    rolls_up = call.world.switches.contact_activities_roll_up
    return rolls_up and contact is not None and contact.get("Account_Name") == call.id


def _page(call: ApiCall, rows: list[Row]) -> Answer:
    page, per_page = call.page()
    shown = rows[(page - 1) * per_page : page * per_page]
    if not shown:
        return Answer(204)
    more = len(rows) > page * per_page
    return Answer(
        200,
        {"data": shown, "info": {"per_page": per_page, "count": len(shown), "page": page, "more_records": more}},
    )


def _roles(world: World, deal_id: str) -> list[tuple[str, str]]:
    pairs = world.deal_roles.get(deal_id, {}).items()
    return [(contact_id, role_id) for contact_id, role_id in pairs if world.live("Contacts", contact_id)]


def _with_role(world: World, names: list[str], contact_id: str, role_id: str) -> Row:
    row = render(world, world.modules["Contacts"], world.tables["Contacts"].rows[contact_id], names)
    return {**row, "Contact_Role": {"name": world.contact_roles[role_id], "id": role_id}}


def list_role_names(call: ApiCall) -> Answer:
    """`GET /Contacts/roles`."""
    roles = enumerate(call.world.contact_roles.items(), start=1)
    return Answer(
        200,
        {"contact_roles": [{"id": role_id, "name": name, "sequence_number": n} for n, (role_id, name) in roles]},
    )


def put_role(call: ApiCall) -> Answer:
    """`PUT /Deals/{id}/Contact_Roles/{contact id}`."""
    world, contact_id = call.world, call.parts["contact"]
    row, place = call.rows("data", most=1)[0], Place("$.data[0]")
    try:
        _refuse_unknown(world, call.id, contact_id)
        role_id = _role_id(world, row, place)
    except RowRefused as refused:
        return Answer(400, {"data": [refused.as_row()]})
    set_role(world, call.id, contact_id, role_id)
    return Answer(200, {"data": [_done("relation updated", contact_id)]})


def _role_id(world: World, row: Any, place: Place) -> str:
    role = row.get("Contact_Role") if isinstance(row, dict) else None
    if not isinstance(role, dict) or role.get("id") not in world.contact_roles:
        raise RowRefused(place.invalid("Contact_Role"))
    return str(role["id"])


def delete_role(call: ApiCall) -> Answer:
    """`DELETE /Deals/{id}/Contact_Roles/{contact id}`."""
    contact_id = call.parts["contact"]
    try:
        _refuse_unknown(call.world, call.id, contact_id)
    except RowRefused as refused:
        return Answer(400, {"data": [refused.as_row()]})
    call.world.deal_roles.get(call.id, {}).pop(contact_id, None)
    return Answer(200, {"data": [_done("relation removed", contact_id)]})


def set_role(world: World, deal_id: str, contact_id: str, role_id: str) -> None:
    """Put a contact on a deal in a role."""
    world.deal_roles[deal_id] = {**world.deal_roles.get(deal_id, {}), contact_id: role_id}
    if world.switches.role_change_moves_modified_time:
        world.put("Deals", {**world.tables["Deals"].rows[deal_id], "Modified_Time": world.now()})


def _refuse_unknown(world: World, deal_id: str, contact_id: str) -> None:
    if world.live("Deals", deal_id) is None or world.live("Contacts", contact_id) is None:
        raise RowRefused(Place("$.data[0]").invalid("id", BAD_ID))


def _done(message: str, record_id: str) -> Row:
    return {"code": "SUCCESS", "details": {"id": record_id}, "message": message, "status": "success"}
