"""What a query says, once read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NoReturn

from activity_sync.simulator.zoho.refusals import Refusal

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One selected column: its name as written, the name it is answered under, an aggregate or none."""

    name: str
    alias: str
    aggregate: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`column operator values`; `is null` has none, `between` two, `in` several."""

    column: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two conditions joined."""

    joint: Literal["and", "or"]
    left: Condition
    right: Condition


Condition = Comparison | Pair


@dataclass(frozen=True, slots=True)
class Order:
    """One column of ORDER BY."""

    column: str
    down: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query."""

    columns: tuple[Column, ...]
    module: str
    where: Condition
    groups: tuple[str, ...]
    orders: tuple[Order, ...]
    offset: int
    limit: int


def syntax_error(near: str, clause: str = "") -> NoReturn:
    """Refuse a query that cannot be read."""
    details = {"clause": clause} if clause else {"line": 1, "near": near}
    raise Refusal(400, "SYNTAX_ERROR", "error occurred while parsing the query", details)


def invalid_query(column: str, reason: str, **details: str) -> NoReturn:
    """Refuse a query that names what is not there or compares what cannot be compared."""
    raise Refusal(400, "INVALID_QUERY", "invalid query formed", {"column_name": column, "reason": reason, **details})


def limit_exceeded(by: str, limit: int) -> NoReturn:
    """Refuse a query that asks for too much."""
    raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"by": by, "limit": limit})
