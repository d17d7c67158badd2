"""WHERE: which operator fits which type, and the test it makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from activity_sync.simulator.zoho.coql.columns import Resolved, resolve
from activity_sync.simulator.zoho.coql.query import Comparison, Condition, Pair, Value, invalid_query
from activity_sync.simulator.zoho.fields import Field, Module
from activity_sync.simulator.zoho.refusals import Row
from activity_sync.simulator.zoho.times import read_date, read_time
from activity_sync.simulator.zoho.world import World

Test = Callable[[Row], bool]
_NULLS = {"is null", "is not null"}
_EQUAL = {"=", "!=", "in", "not in"}
_RANGE = {"<", "<=", ">", ">=", "between", "not between"}
_NUMBERS = ("integer", "double", "currency", "percent", "bigint")


def make_test(world: World, module: Module, condition: Condition) -> Test:
    """The test of a whole WHERE clause; refuses with INVALID_QUERY what cannot be compared."""
    if isinstance(condition, Pair):
        left, right = make_test(world, module, condition.left), make_test(world, module, condition.right)
        if condition.joint == "and":
            return lambda row: left(row) and right(row)
        return lambda row: left(row) or right(row)
    column = resolve(world, module, condition.column)
    _refuse_unfit(world, condition, column.kind)
    values = tuple(read_value(condition.column, column.kind, value) for value in condition.values)
    return _test(column, condition.operator, values)


def _refuse_unfit(world: World, condition: Comparison, kind: Field) -> None:
    if kind.data_type == "textarea":
        invalid_query(condition.column, "multi-line fields are not supported in criteria")
    if kind.api_name == "id" and condition.operator in _RANGE and not world.switches.coql_compares_ids:
        invalid_query(condition.column, "invalid operator found", operator=condition.operator)
    if condition.operator not in _operators(kind):
        invalid_query(condition.column, "invalid operator found", operator=condition.operator)


def _operators(kind: Field) -> set[str]:
    if kind.data_type in ("lookup", "ownerlookup"):
        return _EQUAL | _NULLS
    if kind.data_type == "boolean":
        return {"="}
    if kind.data_type in (*_NUMBERS, "date", "datetime"):
        return _EQUAL | _RANGE | _NULLS
    return _EQUAL | _NULLS | {"like", "not like"}


def read_value(column: str, kind: Field, value: Value) -> Any:
    """A literal as it is compared with stored values; refuses one of another type."""
    match kind.data_type:
        case "datetime":
            moment = read_time(value, milliseconds=True, zulu=True)
            return moment if moment else invalid_query(column, "invalid datetime value found")
        case "date":
            return read_date(value) or invalid_query(column, "invalid date value found")
        case "boolean":
            return str(value).lower() == "true"
        case "bigint":
            return str(value)
        case data_type if data_type in _NUMBERS:
            return _number(column, value)
        case "lookup" | "ownerlookup":
            return str(value)
        case _:
            return str(value).lower()


def _number(column: str, value: Value) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return invalid_query(column, "invalid number value found")


def _test(column: Resolved, operator: str, values: tuple[Any, ...]) -> Test:
    read = _folded(column) if column.kind.data_type not in ("datetime", "date", "lookup", "ownerlookup") else column.raw
    if operator in _NULLS:
        wanted = operator == "is null"
        return lambda row: (read(row) in (None, "")) is wanted
    turned = operator.startswith("not ") or operator == "!="
    holds = _holds(operator.removeprefix("not "), values)
    if column.kind.data_type == "boolean":
        return lambda row: bool(column.raw(row)) == values[0]
    return lambda row: (value := read(row)) is not None and holds(value) is not turned


def _folded(column: Resolved) -> Callable[[Row], Any]:
    def read(row: Row) -> Any:
        value = column.raw(row)
        return value.lower() if isinstance(value, str) else value

    return read


def _holds(operator: str, values: tuple[Any, ...]) -> Callable[[Any], bool]:
    first = values[0]
    match operator:
        case "=" | "!=":
            return lambda value: bool(value == first)
        case "in":
            return set(values).__contains__
        case "between":
            return lambda value: bool(first <= value <= values[1])
        case "like":
            return _like(str(first))
        case "<":
            return lambda value: bool(value < first)
        case "<=":
            return lambda value: bool(value <= first)
        case ">":
            return lambda value: bool(value > first)
        case _:
            return lambda value: bool(value >= first)


def _like(pattern: str) -> Callable[[str], bool]:
    inner = pattern.strip("%")
    if pattern.startswith("%") and pattern.endswith("%"):
        return lambda value: inner in value
    if pattern.endswith("%"):
        return lambda value: value.startswith(inner)
    if pattern.startswith("%"):
        return lambda value: value.endswith(inner)
    return lambda value: value == inner


def lower_bound(condition: Condition, column: str) -> tuple[str, Value] | None:
    """A `column > value` or `column >= value` (or the start of a between) that every row must meet, if there is one."""
    if isinstance(condition, Pair):
        if condition.joint == "or":
            return None
        return lower_bound(condition.left, column) or lower_bound(condition.right, column)
    if condition.column == column and condition.operator in (">", ">=", "between"):
        return (condition.operator, condition.values[0])
    return None


def moment_of(value: Value) -> datetime | None:
    """The time in a literal."""
    return read_time(value, milliseconds=True, zulu=True)
