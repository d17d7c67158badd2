"""Whether a value fits its field, and how it is kept."""

from __future__ import annotations

import re
from typing import Any

from activity_sync.simulator.zoho.fields import Field
from activity_sync.simulator.zoho.refusals import BAD_ID, Fault, Place, Row, RowRefused
from activity_sync.simulator.zoho.times import read_date, read_time
from activity_sync.simulator.zoho.world import World

_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
_PHONE = re.compile(r"\+?(?:\(?[A-Za-z0-9]+\)?(?:[ .\-]|(?=\()|(?<=\)))?)+(?:[,;#] ?\d+)?")
_WEBSITE = re.compile(r"(?:https?://)?[^\s/]+\.[^\s]+")
_DIGITS = {"integer": 9, "percent": 5}
_JSON = {list: "jsonarray", dict: "jsonobject"}


def stored_value(world: World, field: Field, value: Any, place: Place) -> Any:
    """A value as it is kept; raises `RowRefused` when it does not fit. None clears the field."""
    if value is None:
        return None
    match field.data_type:
        case "text" | "textarea" | "picklist" | "email" | "phone" | "website":
            return _text(field, value, place)
        case "datetime":
            switches = world.switches
            moment = read_time(value, milliseconds=switches.milliseconds, zulu=switches.zulu)
            return moment if moment is not None else _refuse(field, place, "datetime")
        case "date":
            return read_date(value) or _refuse(field, place, "date")
        case "boolean":
            return value if isinstance(value, bool) else _refuse(field, place, "boolean")
        case "integer" | "double" | "currency" | "percent":
            return _number(field, value, place)
        case "bigint":
            return value if isinstance(value, str) and value.isdigit() else _refuse(field, place, "bigint")
        case "ownerlookup":
            return _owner(world, field, value, place)
        case "lookup" | "layout":
            return _lookup(world, field, value, place)
        case _:
            return _structure(field, value, place)


def _text(field: Field, value: Any, place: Place) -> str:
    if not isinstance(value, str):
        _refuse(field, place, "text" if field.data_type in ("picklist", "textarea") else field.data_type)
    if field.length and len(value) > field.length:
        raise RowRefused(place.invalid(field.api_name, maximum_length=field.length))
    shapes = {"email": _EMAIL, "phone": _PHONE, "website": _WEBSITE}
    shape = shapes.get(field.data_type)
    if shape and value and not _fits(shape, field, value):
        _refuse(field, place, field.data_type)
    if field.data_type == "picklist" and field.api_name == "Call_Type" and value not in field.picklist:
        raise RowRefused(place.invalid(field.api_name, supported_values=list(field.picklist)))
    return str(value)


def _fits(shape: re.Pattern[str], field: Field, value: str) -> bool:
    has_digit = field.data_type != "phone" or any(character.isdigit() for character in value)
    return has_digit and shape.fullmatch(value) is not None


def _number(field: Field, value: Any, place: Place) -> int | float:
    whole = field.data_type == "integer"
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        _refuse(field, place, "integer" if whole else "double")
    most = _DIGITS.get(field.data_type, 16)
    if len(str(abs(int(value)))) > most:
        raise RowRefused(place.invalid(field.api_name, maximum_length=most))
    return value  # type: ignore[no-any-return]


def _owner(world: World, field: Field, value: Any, place: Place) -> str:
    user_id = reference(field, value, place)
    user = world.users.get(user_id)
    if user is None or user["status"] == "deleted":
        raise RowRefused(place.invalid(field.api_name, BAD_ID))
    if user["status"] == "active" or world.switches.inactive_owner == "accept":
        return user_id
    if world.switches.inactive_owner == "token_user":
        return world.token_user
    raise RowRefused(place.invalid(field.api_name, "the user is inactive or not a subordinate"))


def _lookup(world: World, field: Field, value: Any, place: Place) -> str:
    record_id = reference(field, value, place)
    if field.target in world.modules and world.live(field.target, record_id) is None:
        raise RowRefused(place.invalid(field.api_name, BAD_ID))
    return record_id


def reference(field: Field, value: Any, place: Place) -> str:
    """The id in `{"id": "..."}`; refuses anything else."""
    if not isinstance(value, dict):
        _refuse(field, place, "jsonobject")
    record_id = value.get("id")
    if not isinstance(record_id, str | int):
        raise RowRefused(Place(f"{place.path}.{field.api_name}").missing("id"))
    return str(record_id)


def _structure(field: Field, value: Any, place: Place) -> list[Any] | Row:
    wanted = list if field.json_type == "jsonarray" else dict
    if field.json_type == "string":
        return value  # type: ignore[no-any-return]
    if not isinstance(value, wanted):
        _refuse(field, place, _JSON[wanted])
    if field.data_type == "tag" and not all(isinstance(tag, dict) and tag.get("name") for tag in value):
        _refuse(field, place, "jsonobject")
    return value  # type: ignore[no-any-return]


def _refuse(field: Field, place: Place, expected: str) -> Any:
    raise RowRefused(place.invalid(field.api_name, expected_data_type=expected))


def unknown_name(name: str, place: Place) -> Fault:
    """What an unknown field name gives where names are not ignored."""
    return place.invalid(name, "the field name given seems to be invalid")
