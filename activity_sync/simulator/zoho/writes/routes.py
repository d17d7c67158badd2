"""Insert, update, upsert, delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import Answer, Fault, Place, Refusal, Row, RowRefused
from activity_sync.simulator.zoho.tables import Binned
from activity_sync.simulator.zoho.world import Mail, World
from activity_sync.simulator.zoho.writes.rows import insert_row, update_row
from activity_sync.simulator.zoho.writes.writing import Writing, note_workflows, open_writing, outcome

MOST_ROWS = 100
_SYSTEM_KEYS = {"Leads": "Email", "Contacts": "Email", "Accounts": "Account_Name", "Deals": "Deal_Name"}


def insert(call: ApiCall) -> Answer:
    """`POST /{module}`."""
    writing = open_writing(call)
    results: list[Row] = []
    for index, data in enumerate(_rows(call)):
        results += _guarded(partial(insert_row, writing, data, Place(f"$.data[{index}]")))
    return outcome(call.world, results, 201)


def insert_note(call: ApiCall) -> Answer:
    """`POST /{module}/{id}/Notes`: the parent is in the path."""
    notes = call.world.modules["Notes"]
    trigger = call.json().get("trigger")
    writing = Writing(call.world, notes, None if trigger is None else tuple(trigger))
    parent = {"module": {"api_name": call.module.api_name}, "id": call.id}
    results: list[Row] = []
    for index, data in enumerate(_rows(call)):
        place = Place(f"$.data[{index}]")
        results += _guarded(partial(insert_row, writing, {**data, "Parent_Id": parent}, place))
    return outcome(call.world, results, 201)


def update_many(call: ApiCall) -> Answer:
    """`PUT /{module}`: each row names its id."""
    rows = _rows(call)
    return _update(call, [(row.get("id") if isinstance(row, dict) else None, row) for row in rows])


def update_one(call: ApiCall) -> Answer:
    """`PUT /{module}/{id}`."""
    return _update(call, [(call.id, call.rows("data", most=1)[0])])


def _update(call: ApiCall, rows: list[tuple[object, Row]]) -> Answer:
    writing = open_writing(call)
    _refuse_modified(call, [str(record_id) for record_id, _ in rows])
    results: list[Row] = []
    for index, (record_id, data) in enumerate(rows):
        place = Place(f"$.data[{index}]")
        results += _guarded(partial(_update_row, writing, record_id, data, place))
    return outcome(call.world, results, 200)


def _update_row(writing: Writing, record_id: object, data: Row, place: Place) -> list[Row]:
    return [update_row(writing, record_id, data, place)]


def _refuse_modified(call: ApiCall, ids: list[str]) -> None:
    moment = call.time_header("If-Unmodified-Since")
    if moment is None:
        return
    for record_id in ids:
        row = call.world.live(call.module.api_name, record_id)
        if row is not None and row["Modified_Time"] > moment:
            details = {"id": record_id}
            raise Refusal(412, "ALREADY_MODIFIED", "the record has been modified since the given time", details)


def upsert(call: ApiCall) -> Answer:
    """`POST /{module}/upsert`; not for Events, Calls, Tasks and Notes."""
    module = call.module
    if module.api_name not in _SYSTEM_KEYS:
        message = "the module name given seems to be invalid"
        raise Refusal(400, "INVALID_MODULE", message, {"resource_path_index": 0})
    keys = _duplicate_keys(module, call.json().get("duplicate_check_fields"))
    writing, rows = open_writing(call), _rows(call)
    found = [_match(call.world, module, keys, row) for row in rows]
    _refuse_modified(call, [record_id for _, record_id in found if record_id])
    results: list[Row] = []
    for index, row in enumerate(rows):
        name, record_id = _match(call.world, module, keys, row)
        place = Place(f"$.data[{index}]")
        results += _guarded(partial(_upsert_row, writing, name, record_id, row, place))
    all_new = all(row.get("action") == "insert" for row in results)
    return outcome(call.world, results, call.world.switches.upsert_insert_status if all_new else 200)


def _upsert_row(writing: Writing, name: str | None, record_id: str | None, data: Row, place: Place) -> list[Row]:
    if record_id is None:
        result = insert_row(writing, data, place)[0]
        return [{**result, "action": "insert", "duplicate_field": None}]
    return [{**update_row(writing, record_id, data, place), "action": "update", "duplicate_field": name}]


def _duplicate_keys(module: Module, named: object) -> list[str]:
    unique = [field.api_name for field in module.unique_fields]
    system = _SYSTEM_KEYS[module.api_name]
    if named is None:
        return [system, *unique]
    allowed = [system, *unique]
    if not isinstance(named, list) or any(name not in allowed for name in named):
        details = {"api_name": "duplicate_check_fields", "supported_values": allowed}
        raise Refusal(400, "INVALID_DATA", "invalid data", details)
    return [*named, *(name for name in unique if name not in named)]


def _match(world: World, module: Module, keys: list[str], row: Row) -> tuple[str | None, str | None]:
    for name in keys:
        value = row.get(name) if isinstance(row, dict) else None
        found = _with_value(world, module, name, value.lower()) if isinstance(value, str) and value else None
        if found:
            return name, found
    return None, None


def _with_value(world: World, module: Module, name: str, value: str) -> str | None:
    table = world.tables[module.api_name]
    if name in table.unique:
        return table.holder(name, value)
    rows = table.rows.values()
    return next((row["id"] for row in rows if (row.get(name) or "").lower() == value), None)


def delete_many(call: ApiCall) -> Answer:
    """`DELETE /{module}?ids=a,b`."""
    ids = [record_id for record_id in call.query.get("ids", "").split(",") if record_id]
    if not ids:
        raise Refusal(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", {"param_name": "ids"})
    if len(ids) > MOST_ROWS:
        raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"limit": MOST_ROWS, "param_name": "ids"})
    return _delete(call, ids)


def delete_one(call: ApiCall) -> Answer:
    """`DELETE /{module}/{id}`."""
    return _delete(call, [call.id])


def _delete(call: ApiCall, ids: list[str]) -> Answer:
    module, trigger = call.module.api_name, () if call.query.get("wf_trigger") == "false" else None
    results = []
    for record_id in ids:
        if call.world.live(module, record_id) is None:
            results.append(Fault("INVALID_DATA", "record not deleted", {"id": record_id}).as_row())
            continue
        delete_record(call.world, module, record_id, call.world.token_user)
        note_workflows(call.world, module, record_id, trigger)
        done = {"code": "SUCCESS", "details": {"id": record_id}, "message": "record deleted", "status": "success"}
        results.append(done)
    return outcome(call.world, results, 200)


def delete_record(world: World, module: str, record_id: str, by: str, *, permanent: bool = False) -> None:
    """Put a record into the bin, or away for good; invited participants of a meeting are told."""
    row = world.tables[module].rows[record_id]
    world.tables[module].remove(record_id, Binned(row, by, world.now(), permanent))
    for person in row.get("Participants") or ():
        if person.get("invited"):
            world.mails.append(Mail("cancellation", person["Email"], module, record_id))


def _rows(call: ApiCall) -> list[Row]:
    if call.inside and len(call.rows()) > 1:
        raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"maximum_length": 1, "api_name": "data"})
    return call.rows(most=MOST_ROWS)


def _guarded(write: Callable[[], list[Row]]) -> list[Row]:
    try:
        return write()
    except RowRefused as refused:
        return [refused.as_row()]
