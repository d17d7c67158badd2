"""What a module and a field are."""

from __future__ import annotations

from dataclasses import dataclass, field

JSON_TYPES = {
    "integer": "integer",
    "double": "double",
    "currency": "double",
    "percent": "double",
    "boolean": "boolean",
    "lookup": "jsonobject",
    "ownerlookup": "jsonobject",
    "layout": "jsonobject",
    "multireminder": "jsonarray",
    "ALARM": "jsonobject",
    "RRULE": "jsonobject",
    "event_reminder": "jsonobject",
    "participants": "jsonarray",
    "multiselectpicklist": "jsonarray",
    "tag": "jsonarray",
}
LOOKUPS = ("lookup", "ownerlookup")


@dataclass(slots=True)
class Field:
    """One field of a module."""

    api_name: str
    data_type: str
    id: str = ""
    length: int = 0
    mandatory: bool = False
    read_only: bool = False
    custom: bool = False
    unique: bool = False
    layout_mandatory: bool = False
    picklist: tuple[str, ...] = ()
    target: str = ""
    """The module a lookup points to; `se_module` when the record itself says so."""
    label: str = ""

    @property
    def json_type(self) -> str:
        """How its value comes in JSON."""
        return JSON_TYPES.get(self.data_type, "string")


@dataclass(slots=True)
class Module:
    """One module and its fields, in order."""

    api_name: str
    singular: str
    plural: str
    id: str
    layout_id: str
    name_field: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def is_activity(self) -> bool:
        """Events, Calls and Tasks hang on other records through Who_Id and What_Id."""
        return self.api_name in ("Events", "Calls", "Tasks")

    @property
    def unique_fields(self) -> list[Field]:
        """The fields whose values may stand on one record only."""
        return [each for each in self.fields.values() if each.unique]
