"""`/settings/...`: modules, fields, layouts, pipelines, related lists."""

from __future__ import annotations

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.fields import LOOKUPS, Field, Module
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import STAGE_LABELS, World

_RELATED = {
    "Leads": ("Notes", "Tasks", "Events", "Calls"),
    "Contacts": ("Notes", "Deals", "Tasks", "Events", "Calls"),
    "Accounts": ("Notes", "Contacts", "Deals", "Tasks", "Events", "Calls"),
    "Deals": ("Notes", "Contact_Roles", "Tasks", "Events", "Calls"),
}


def list_modules(call: ApiCall) -> Answer:
    """`GET /settings/modules`."""
    return Answer(200, {"modules": [_module(call.world, module) for module in call.world.modules.values()]})


def _module(world: World, module: Module) -> Row:
    me = world.users[world.token_user]
    return {
        "id": module.id,
        "api_name": module.api_name,
        "module_name": module.api_name,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "generated_type": "default",
        "api_supported": True,
        "creatable": True,
        "editable": True,
        "deletable": True,
        "viewable": True,
        "visible": True,
        "visibility": 1,
        "status": "visible",
        "modified_time": write_time(me["created_time"], world.zone),
        "profiles": [],
    }


def list_fields(call: ApiCall) -> Answer:
    """`GET /settings/fields?module=X`."""
    module = module_parameter(call)
    if call.query.get("type") == "unused":
        return Answer(204)
    return Answer(200, {"fields": [describe(call.world, field) for field in module.fields.values()]})


def module_parameter(call: ApiCall) -> Module:
    """The module named by `?module=`; refuses a missing or unknown one."""
    name = call.query.get("module")
    if not name:
        raise Refusal(
            400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", {"param_name": "module"}
        )
    if name not in call.world.modules:
        raise Refusal(400, "INVALID_MODULE", "the module name given seems to be invalid", {"param_name": "module"})
    return call.world.modules[name]


def describe(world: World, field: Field) -> Row:
    """One field as the Fields API describes it."""
    writable = not field.read_only
    return {
        "id": field.id,
        "api_name": field.api_name,
        "field_label": field.label,
        "display_label": field.label,
        "data_type": "text" if field.data_type == "tag" else field.data_type,
        "json_type": field.json_type,
        "length": field.length or None,
        "system_mandatory": field.mandatory,
        "read_only": field.read_only,
        "field_read_only": field.read_only,
        "visible": True,
        "custom_field": field.custom,
        "virtual_field": False,
        "type": "used",
        "unique": {"case_sensitive": False} if field.unique else {},
        "external": None,
        "operation_type": {
            "api_create": writable,
            "api_update": writable and field.api_name != "Call_Type",
            "web_create": writable,
            "web_update": writable,
        },
        "pick_list_values": _values(field.picklist, field.id),
        "lookup": _lookup(world, field),
        "multi_module_lookup": {},
        "textarea": {"type": "large"} if field.data_type == "textarea" else None,
        "convert_mapping": None,
        "searchable": True,
        "filterable": field.data_type != "textarea",
        "sortable": field.data_type != "textarea",
        "sequence_number": 1,
        "default_value": None,
        "tooltip": None,
    }


def _values(values: tuple[str, ...], owner_id: str) -> list[Row]:
    return [
        {
            "display_value": STAGE_LABELS.get(value, value),
            "actual_value": value,
            "reference_value": value,
            "sequence_number": number,
            "id": f"{owner_id[:-5]}{int(owner_id[-4:]) % 1000:03}{number:02}",
            "type": "used",
            "colour_code": None,
        }
        for number, value in enumerate(values, start=1)
    ]


def _lookup(world: World, field: Field) -> Row:
    if field.data_type not in LOOKUPS or field.target in ("", "se_module"):
        return {}
    target = world.modules[field.target]
    return {"display_label": target.singular, "api_name": field.api_name, "module": _reference(target)}


def _reference(module: Module) -> Row:
    return {"api_name": module.api_name, "id": module.id}


def list_layouts(call: ApiCall) -> Answer:
    """`GET /settings/layouts?module=X`."""
    module = module_parameter(call)
    fields = [_layout_field(call.world, module, field) for field in module.fields.values()]
    layout = {
        "id": module.layout_id,
        "name": "Standard",
        "api_name": "Standard",
        "display_label": "Standard",
        "visible": True,
        "status": "active",
        "convert_mapping": None,
        "profiles": [],
        "sections": [{"api_name": f"{module.singular} Information", "display_label": "", "fields": fields}],
    }
    return Answer(200, {"layouts": [layout]})


def _layout_field(world: World, module: Module, field: Field) -> Row:
    out = {**describe(world, field), "required": field.mandatory or field.layout_mandatory}
    if module.api_name == "Deals" and field.api_name == "Stage":
        out["pick_list_values"] = [_stage(world, value) for value in out["pick_list_values"]]
    if module.api_name == "Deals" and field.api_name == "Pipeline":
        out["pick_list_values"] = [{**_pipeline(world, name), "type": "used"} for name in world.pipelines]
        out["required"] = world.pipelines_enabled
    return out


def _stage(world: World, value: Row) -> Row:
    probability, kind = world.stages[value["actual_value"]]
    category = {"name": "Closed" if kind == "Closed Won" else "Pipeline", "id": world.org_id}
    return {**value, "probability": probability, "forecast_category": category, "forecast_type": kind}


def list_pipelines(call: ApiCall) -> Answer:
    """`GET /settings/pipeline?layout_id=...`."""
    world, layout_id = call.world, call.query.get("layout_id")
    if not layout_id:
        raise Refusal(
            400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", {"param_name": "layout_id"}
        )
    if layout_id != world.modules["Deals"].layout_id:
        raise Refusal(400, "INVALID_DATA", "invalid data", {"param_name": "layout_id"})
    if not world.pipelines_enabled:
        return Answer(204)
    return Answer(200, {"pipeline": [_pipeline(world, name) for name in world.pipelines]})


def _pipeline(world: World, name: str) -> Row:
    pipeline = world.pipelines[name]
    stages = [_stage(world, value) for value in _values(pipeline.stages, pipeline.id)]
    for stage in stages:
        del stage["probability"]
    return {
        "id": pipeline.id,
        "display_value": name,
        "actual_value": name,
        "default": pipeline.default,
        "maps": stages,
    }


def list_related_lists(call: ApiCall) -> Answer:
    """`GET /settings/related_lists?module=X`."""
    module = module_parameter(call)
    names = _RELATED.get(module.api_name, ())
    if not names:
        return Answer(204)
    rows = [
        {"id": f"{module.id[:-2]}{number:02}", "api_name": name, "name": name, "display_label": name, "type": "default"}
        for number, name in enumerate(names, start=10)
    ]
    return Answer(200, {"related_lists": rows})
