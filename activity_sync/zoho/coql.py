"""Zoho's query language: text safely quoted, conditions bracketed two by two (zoho.md 3.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from activity_sync.model.failures import Unexpected
from activity_sync.zoho.client import Answer, Call, Client
from activity_sync.zoho.refusals import Fault, ZohoRefused

MOST_ROWS = 2000
FEW_ROWS = 200
COMPOSITE_ROWS = 25
IN_LIST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A select over one module. `offset` 0: none."""

    module: str
    columns: tuple[str, ...]
    where: str
    order: str = ""
    limit: int = FEW_ROWS
    offset: int = 0

    def text(self) -> str:
        """The query as Zoho reads it."""
        order = f" order by {self.order}" if self.order else ""
        limit = f"{self.offset}, {self.limit}" if self.offset else f"{self.limit}"
        columns = ", ".join(self.columns)
        return f"select {columns} from {self.module} where {self.where}{order} limit {limit}"  # noqa: S608 - no SQL

    def body(self) -> dict[str, str]:
        """What is posted."""
        return {"select_query": self.text()}


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one query; `more`: there are further ones behind them."""

    rows: list[dict[str, Any]]
    more: bool


def quoted(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def moment(value: datetime) -> str:
    """A time literal: whole seconds, with offset (a `Z` or milliseconds may be refused)."""
    return quoted(value.astimezone(UTC).isoformat(timespec="seconds"))


def every(conditions: Iterable[str]) -> str:
    """All of them must hold."""
    return reduce(lambda left, right: f"({left} and {right})", conditions)


def among(column: str, values: Sequence[str]) -> str:
    """The column has one of the values; an `in` takes a hundred, so that more of them are joined by `or`."""
    lists = [values[start : start + IN_LIST] for start in range(0, len(values), IN_LIST)]
    return reduce(
        lambda left, right: f"({left} or {right})",
        [f"{column} in ({', '.join(quoted(value) for value in one)})" for one in lists],
    )


def price(limit: int) -> int:
    """Credits of a query, by the limit asked for (zoho.md 2.2)."""
    if limit <= FEW_ROWS:
        return 1
    return 2 if limit <= MOST_ROWS // 2 else 3


def run(client: Client, query: Query, what: str, purpose: str = "reading") -> Page:
    """One page. Raises what `Client.send` raises."""
    call = Call(method="POST", path="/coql", what=what, purpose=purpose, credits=price(query.limit), json=query.body())
    return page_of(client.send(call), query.limit)


def page_of(answer: Answer, limit: int) -> Page:
    """The rows of an answer; Zoho's word on further ones, or a full page, means that there are more."""
    rows = [row for row in answer.rows() if isinstance(row.get("id"), str) and row["id"]]
    if len(rows) < len(answer.rows()):
        raise Unexpected("Zoho's answer to a query has rows without an id")
    said = answer.more()
    return Page(rows, len(rows) >= limit if said is None else said and bool(rows))


def refused_column(error: ZohoRefused, columns: Sequence[str]) -> str:
    """The column that a query was refused for, or ""."""
    fault = error.fault
    if fault.code not in {"INVALID_QUERY", "SYNTAX_ERROR", "INVALID_DATA"}:
        return ""
    return fault.about if fault.about in columns else _mentioned(fault, columns)


def _mentioned(fault: Fault, columns: Sequence[str]) -> str:
    said = " ".join([fault.message, *(str(value) for value in fault.details.values())])
    words = set(said.replace("'", " ").replace('"', " ").replace(",", " ").split())
    found = [column for column in columns if column in words and column != "id"]
    return found[0] if len(found) == 1 else ""


def is_limit(error: ZohoRefused) -> bool:
    """Whether the query asked for more rows than this organisation hands out at once."""
    return error.fault.code == "LIMIT_EXCEEDED" and error.fault.details.get("by") != "offset"
