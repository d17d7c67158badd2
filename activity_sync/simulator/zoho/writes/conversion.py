"""Converting a lead, merging records, changing owners."""

from __future__ import annotations

from typing import Any

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.refusals import BAD_ID, Answer, Fault, Place, Refusal, Row, RowRefused
from activity_sync.simulator.zoho.world import Mail, World, display_name
from activity_sync.simulator.zoho.writes.other_rules import derive
from activity_sync.simulator.zoho.writes.routes import delete_record
from activity_sync.simulator.zoho.writes.rows import insert_row
from activity_sync.simulator.zoho.writes.writing import Writing

_CARRIED = ("First_Name", "Last_Name", "Email", "Secondary_Email", "Phone", "Mobile", "Salutation", "Lead_Source")
_ACTIVITIES = ("Events", "Calls", "Tasks")
MOST_MERGED = 3


def convert(call: ApiCall) -> Answer:
    """`POST /Leads/{id}/actions/convert`."""
    world = call.world
    wish, place = call.rows(most=1)[0], Place("$.data[0]")
    try:
        lead = _convertible(world, call.id, place)
        made = _made(world, lead, wish, place)
    except RowRefused as refused:
        return Answer(400, {"data": [refused.as_row()]})
    if wish.get("notify_lead_owner"):
        world.mails.append(Mail("lead_conversion", world.users[lead["Owner"]]["email"], "Leads", call.id))
    names = {module: {"name": display_name(world, module, one), "id": one} for module, one in made.items() if one}
    details = {"Deals": None, **names}
    message = "The record has been converted successfully"
    return Answer(200, {"data": [{"code": "SUCCESS", "details": details, "message": message, "status": "success"}]})


def _convertible(world: World, lead_id: str, place: Place) -> Row:
    lead = world.live("Leads", lead_id)
    if lead is None:
        raise RowRefused(place.invalid("id", BAD_ID))
    if lead.get("Converted__s"):
        raise RowRefused(Fault("ID_ALREADY_CONVERTED", "id already converted", {"id": lead_id}))
    return lead


def _made(world: World, lead: Row, wish: Row, place: Place) -> dict[str, str | None]:
    owner = (wish.get("assign_to") or {}).get("id", lead["Owner"])
    if owner not in world.users or world.users[owner]["status"] != "active":
        raise RowRefused(place.invalid("assign_to", "the user is inactive or not a subordinate"))
    account, contact = (_given(world, module, wish, place) for module in ("Accounts", "Contacts"))
    deal_wish = wish.get("Deals")
    return convert_lead(world, lead["id"], owner, account, contact, deal_wish if isinstance(deal_wish, dict) else None)


def _given(world: World, module: str, wish: Row, place: Place) -> str | None:
    given = wish.get(module)
    record_id = given.get("id") if isinstance(given, dict) else None
    if record_id is not None and world.live(module, record_id) is None:
        raise RowRefused(place.invalid(module, BAD_ID))
    return str(record_id) if record_id else None


def convert_lead(
    world: World, lead_id: str, owner: str, account: str | None, contact: str | None, deal: Row | None
) -> dict[str, str | None]:
    """Turn a lead into a contact (and an account, and a deal): the ids by module.

    The lead keeps its id, leaves the default lists and is not listed as deleted. Its activities and notes move.
    """
    lead, own = world.tables["Leads"].rows[lead_id], {"Owner": {"id": owner}}
    if account is None and lead.get("Company"):
        account = _insert(world, "Accounts", {"Account_Name": lead["Company"], **own})
    if contact is None:
        carried = {name: lead[name] for name in _CARRIED if lead.get(name)}
        link = {"Account_Name": {"id": account}} if account else {}
        contact = _insert(world, "Contacts", {**carried, **link, **own})
    deal_id = None
    if deal is not None:
        links = {"Contact_Name": {"id": contact}, **({"Account_Name": {"id": account}} if account else {})}
        pipeline = {"Pipeline": next(iter(world.pipelines))} if world.pipelines_enabled else {}
        fields = {name: value for name, value in deal.items() if name != "Contact_Role"}
        deal_id = _insert(world, "Deals", {**pipeline, **links, **own, **fields})
    _mark_converted(world, lead, account, contact, deal_id)
    _repoint(world, lead_id, contact, ("Deals", deal_id) if deal_id else ("Accounts", account))
    return {"Contacts": contact, "Accounts": account, "Deals": deal_id}


def _insert(world: World, module: str, data: Row) -> str:
    result = insert_row(Writing(world, world.modules[module], ()), data, Place("$.data[0]"))[0]
    return str(result["details"]["id"])


def _mark_converted(world: World, lead: Row, account: str | None, contact: str, deal: str | None) -> None:
    moved = {"Modified_Time": world.now()} if world.switches.conversion_moves_modified_time else {}
    links = {"Converted_Account": account, "Converted_Contact": contact, "Converted_Deal": deal}
    world.put("Leads", {**lead, **links, **moved, "Converted__s": True, "Converted_Date_Time": world.now()})


def _repoint(world: World, lead_id: str, contact: str, parent: tuple[str, str | None]) -> None:
    for module in _ACTIVITIES:
        for row in [row for row in world.tables[module].rows.values() if row.get("What_Id") == lead_id]:
            link = {"What_Id": parent[1], "$se_module": parent[0] if parent[1] else "Contacts", "Who_Id": contact}
            world.put(module, {**row, **link})
    for row in [row for row in world.tables["Notes"].rows.values() if row.get("Parent_Id") == lead_id]:
        world.put("Notes", {**row, "Parent_Id": contact, "$se_module": "Contacts"})


def merge(call: ApiCall) -> Answer:
    """`POST /{module}/{master}/actions/merge`: `{"merge":[{"data":[{"id":"<loser>"}]}]}`."""
    module = call.module.api_name
    wishes = call.rows("merge", most=1)
    losers = [row.get("id") for row in wishes[0].get("data") or [] if row.get("id") != call.id]
    if not losers or len(losers) >= MOST_MERGED:
        raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"maximum_length": MOST_MERGED, "api_name": "merge"})
    for record_id in (call.id, *losers):
        if call.world.live(module, record_id) is None:
            raise Refusal(400, "INVALID_DATA", BAD_ID, {"id": record_id})
    merge_records(call.world, module, call.id, losers, call.world.token_user)
    done = {"code": "SUCCESS", "details": {"id": call.id}, "message": "records merged", "status": "success"}
    return Answer(200, {"merge": [done]})


def merge_records(world: World, module: str, master: str, losers: list[Any], by: str) -> None:
    """The losers are deleted, what hung on them hangs on the master; nothing points from them to it."""
    kept = world.tables[module].rows[master]
    for loser in losers:
        row = world.tables[module].rows[loser]
        kept = {**row, **{name: value for name, value in kept.items() if value not in (None, "")}}
        delete_record(world, module, loser, by, permanent=True)
        for table in ("Events", "Calls", "Tasks", "Notes", "Contacts", "Deals"):
            _replace(world, table, loser, master)
    stamps = {"Modified_Time": world.now(), "Modified_By": by}
    world.put(module, derive(world, world.modules[module], {**kept, **stamps}, kept))


def _replace(world: World, module: str, old: str, new: str) -> None:
    links = [field.api_name for field in world.modules[module].fields.values() if field.data_type == "lookup"]
    for row in list(world.tables[module].rows.values()):
        changed = {name: new for name in links if row.get(name) == old}
        if changed:
            world.put(module, {**row, **changed})


def change_owner(call: ApiCall) -> Answer:
    """`POST /{module}/actions/change_owner`."""
    world, module, body = call.world, call.module.api_name, call.json()
    owner = (body.get("owner") or {}).get("id")
    if owner not in world.users or world.users[owner]["status"] != "active":
        raise Refusal(400, "INVALID_DATA", "the user is inactive or not a subordinate", {"api_name": "owner"})
    results = []
    for record_id in call.rows("ids", most=500):
        row = world.live(module, record_id)
        if row is None:
            results.append(Fault("INVALID_DATA", BAD_ID, {"id": record_id}).as_row())
            continue
        world.put(module, {**row, "Owner": owner, "Modified_Time": world.now(), "Modified_By": world.token_user})
        if body.get("notify", True):
            world.mails.append(Mail("owner_notification", world.users[owner]["email"], module, record_id))
        text = "owner is successfully updated"
        results.append({"code": "SUCCESS", "details": {"id": record_id}, "message": text, "status": "success"})
    well = [row["status"] == "success" for row in results]
    return Answer(200 if all(well) else 207 if any(well) else 400, {"data": results})
