"""Custom fields: made through the API, or by the test that sets the scene."""

from __future__ import annotations

import re
from typing import Any

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.fields import Field, Module
from activity_sync.simulator.zoho.metadata import module_parameter
from activity_sync.simulator.zoho.refusals import Answer, Place, Refusal, Row, RowRefused
from activity_sync.simulator.zoho.world import World

MOST_UNIQUE = 2
_PER_EDITION = {"free": 10, "standard": 10, "professional": 155, "enterprise": 300, "ultimate": 500}
_TYPES = (
    "text",
    "textarea",
    "email",
    "phone",
    "picklist",
    "integer",
    "boolean",
    "date",
    "datetime",
    "website",
    "double",
)


def add_field(world: World, module: Module, field: Field) -> None:
    """Put a field into a module; an existing one of that name is replaced."""
    field.id = field.id or world.new_id()
    field.label = field.label or field.api_name.replace("_", " ")
    module.fields[field.api_name] = field
    if field.unique:
        world.tables[module.api_name].add_unique(field.api_name)


def create_fields(call: ApiCall) -> Answer:
    """`POST /settings/fields?module=X`, up to five fields."""
    module, rows, made = module_parameter(call), call.rows("fields", most=5), 0
    out: list[Row] = []
    for index, row in enumerate(rows):
        try:
            field = _checked(call.world, module, row, Place(f"$.fields[{index}]"))
        except RowRefused as refused:
            out.append(refused.as_row())
            continue
        add_field(call.world, module, field)
        out.append({"code": "SUCCESS", "details": {"id": field.id}, "message": "field created", "status": "success"})
        made += 1
    return Answer(201 if made == len(rows) else 207 if made else 400, {"fields": out})


def _checked(world: World, module: Module, row: Any, place: Place) -> Field:
    label, data_type = row.get("field_label"), row.get("data_type")
    faults = [place.missing(name) for name in ("field_label", "data_type") if not row.get(name)]
    if faults:
        raise RowRefused(*faults)
    if data_type not in _TYPES:
        raise RowRefused(place.invalid("data_type", supported_values=list(_TYPES)))
    api_name = re.sub(r"\W+", "_", label).strip("_")
    if api_name in module.fields:
        raise RowRefused(place.fault("DUPLICATE_DATA", "field_label", "duplicate data"))
    field = Field(api_name, data_type, length=int(row.get("length") or 255), custom=True, label=label)
    field.unique = isinstance(row.get("unique"), dict) and "case_sensitive" in row["unique"]
    field.picklist = tuple(value["actual_value"] for value in row.get("pick_list_values") or ())
    _check_limits(world, module, field, place)
    return field


def _check_limits(world: World, module: Module, field: Field, place: Place) -> None:
    if module.api_name == "Notes":
        raise Refusal(400, "NOT_SUPPORTED", "custom fields are not supported for this module", {"api_name": "module"})
    if field.unique and module.is_activity and not world.switches.unique_activity_fields:
        raise RowRefused(place.fault("NOT_SUPPORTED", "unique", "unique is not supported for this module"))
    if field.unique and len(module.unique_fields) >= MOST_UNIQUE:
        raise RowRefused(place.fault("LIMIT_EXCEEDED", "unique", "limit exceeded", limit=MOST_UNIQUE))
    limit = _PER_EDITION[world.edition]
    if sum(each.custom for each in module.fields.values()) >= limit:
        raise RowRefused(place.fault("LIMIT_EXCEEDED", "fields", "limit exceeded", limit=limit))
