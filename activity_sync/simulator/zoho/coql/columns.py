"""What a column of a query means: a field, a field of a joined record, a field of a user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activity_sync.simulator.zoho.coql.query import invalid_query
from activity_sync.simulator.zoho.fields import Field, Module
from activity_sync.simulator.zoho.refusals import Row
from activity_sync.simulator.zoho.rendering import reference_of
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import World

_USER_PARTS = ("first_name", "last_name", "email", "id", "status", "role.id", "role.name", "profile.id", "profile.name")
_ID = Field("id", "bigint")
_TEXT = Field("", "text")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A column: what it is compared as, its value in a row, the value as it is answered."""

    kind: Field
    raw: Callable[[Row], Any]
    shown: Callable[[Row], Any]


def resolve(world: World, module: Module, name: str) -> Resolved:
    """Find out what a name means; refuses an unknown one with INVALID_QUERY."""
    if "->" in name:
        return _polymorphic(world, module, name)
    first, _, rest = name.partition(".")
    if name == "id":
        return Resolved(_ID, lambda row: row["id"], lambda row: row["id"])
    field = _known(world, module, first, name)
    if not rest:
        return Resolved(field, lambda row: row.get(first), lambda row: reference_of(world, field, row))
    if field.data_type == "ownerlookup":
        return _of_user(world, first, rest, name)
    if field.data_type == "lookup" and first == "What_Id" and rest == "module.api_name":
        if not world.switches.coql_what_module:
            invalid_query(name, "column given seems to be invalid")
        return Resolved(_TEXT, lambda row: row.get("$se_module"), lambda row: row.get("$se_module"))
    if field.data_type == "lookup" and field.target in world.modules and name.count(".") <= 2:
        return _joined(world, field.target, first, rest)
    return invalid_query(name, "column given seems to be invalid")


def _known(world: World, module: Module, first: str, name: str) -> Field:
    field = module.fields.get(first)
    hidden = first == "Converted__s" and not world.switches.coql_converted_column
    if field is None or hidden or field.data_type in ("participants", "tag"):
        invalid_query(name, "column given seems to be invalid")
    return field


def _of_user(world: World, link: str, rest: str, name: str) -> Resolved:
    if rest not in _USER_PARTS:
        invalid_query(name, "column given seems to be invalid")

    def value(row: Row) -> Any:
        part: Any = world.users.get(row.get(link) or "")
        for key in rest.split("."):
            part = part.get(key) if part else None
        return part

    return Resolved(_TEXT, value, value)


def _joined(world: World, target: str, link: str, rest: str) -> Resolved:
    inner = resolve(world, world.modules[target], rest)

    def other(row: Row, read: Callable[[Row], Any]) -> Any:
        parent = world.live(target, row.get(link))
        return read(parent) if parent else None

    return Resolved(inner.kind, lambda row: other(row, inner.raw), lambda row: other(row, inner.shown))


def _polymorphic(world: World, module: Module, name: str) -> Resolved:
    """`What_Id->Leads.Last_Name`: null where the parent is of another module."""
    link, _, rest = name.partition("->")
    target, _, column = rest.partition(".")
    if not module.is_activity or link != "What_Id" or target not in world.modules or not column:
        invalid_query(name, "column given seems to be invalid")
    joined = _joined(world, target, link, column)

    def other(row: Row, read: Callable[[Row], Any]) -> Any:
        return read(row) if row.get("$se_module") == target else None

    return Resolved(joined.kind, lambda row: other(row, joined.raw), lambda row: other(row, joined.shown))


def as_shown(world: World, value: Any) -> Any:
    """An aggregate's value as it is answered."""
    return write_time(value, world.zone) if isinstance(value, datetime) else value
