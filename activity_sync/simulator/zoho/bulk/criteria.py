"""The criteria of a bulk read, as conditions of a query."""

from __future__ import annotations

from typing import Any, NoReturn

from activity_sync.simulator.zoho.coql.query import Comparison, Condition, Pair
from activity_sync.simulator.zoho.refusals import Refusal

_OPERATORS = {
    "equal": "=",
    "not_equal": "!=",
    "in": "in",
    "not_in": "not in",
    "less_than": "<",
    "less_equal": "<=",
    "greater_than": ">",
    "greater_equal": ">=",
    "between": "between",
    "not_between": "not between",
    "contains": "like",
    "not_contains": "not like",
    "starts_with": "like",
    "ends_with": "like",
}
_PATTERNS = {"contains": "%{}%", "not_contains": "%{}%", "starts_with": "{}%", "ends_with": "%{}"}
_MOST = 25
_EMPTY = "${EMPTY}"


def read_criteria(criteria: Any) -> Condition:
    """Read one criterion or a group; refuses what is out of shape with INVALID_DATA."""
    if _count(criteria) > _MOST:
        raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"limit": _MOST, "api_name": "criteria"})
    return _read(criteria)


def _count(criteria: Any) -> int:
    group = criteria.get("group") if isinstance(criteria, dict) else None
    return sum(map(_count, group)) if isinstance(group, list) else 1


def _read(criteria: Any) -> Condition:
    if not isinstance(criteria, dict):
        _refuse("criteria")
    if "group" not in criteria:
        return _one(criteria)
    joint, parts = criteria.get("group_operator"), [_read(part) for part in criteria["group"]]
    if joint not in ("and", "or") or not parts:
        _refuse("group_operator")
    condition = parts[0]
    for part in parts[1:]:
        condition = Pair("and" if joint == "and" else "or", condition, part)
    return condition


def _one(criterion: Any) -> Comparison:
    name = (criterion.get("field") or {}).get("api_name")
    comparator, value = criterion.get("comparator"), criterion.get("value")
    if not name or comparator not in _OPERATORS:
        _refuse("comparator")
    if value == _EMPTY and comparator in ("equal", "not_equal"):
        return Comparison(name, "is null" if comparator == "equal" else "is not null", ())
    values = tuple(value) if isinstance(value, list) else (value,)
    if any(isinstance(each, str) and "T" in each and "." in each[10:] and ":" in each for each in values):
        _refuse("value")  # a time with milliseconds
    if comparator in _PATTERNS:
        values = (_PATTERNS[comparator].format(value),)
    return Comparison(name, _OPERATORS[comparator], values)


def _refuse(name: str) -> NoReturn:
    raise Refusal(400, "INVALID_DATA", "invalid data", {"api_name": name})
