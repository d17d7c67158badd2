"""Search and record count: an index that lags, where `equals` means contains."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row
from activity_sync.simulator.zoho.rendering import render

_Test = Callable[[Row], bool]
_MOST_CRITERIA = 10
_MOST_ROWS = 2_000


def search(call: ApiCall) -> Answer:
    """`GET /{module}/search`."""
    module = call.module
    page, per_page = call.page()
    if page * per_page > _MOST_ROWS:
        raise Refusal(400, "LIMIT_REACHED", "search result limit reached", {"limit": _MOST_ROWS})
    found = _found(call, module, _test(call, module))
    shown = found[(page - 1) * per_page : page * per_page]
    if not shown:
        return Answer(204)
    names = call.query["fields"].split(",") if "fields" in call.query else None
    more = len(found) > page * per_page
    info = {"per_page": per_page, "count": len(shown), "page": page, "more_records": more}
    return Answer(200, {"data": [render(call.world, module, row, names) for row in shown], "info": info})


def count(call: ApiCall) -> Answer:
    """`GET /{module}/actions/count`."""
    module = call.module
    test = _test(call, module) if {"criteria", "email", "phone", "word"} & set(call.query) else lambda _: True
    return Answer(200, {"count": len(_found(call, module, test))})


def _found(call: ApiCall, module: Module, test: _Test) -> list[Row]:
    table = call.world.tables[module.api_name]
    indexed = call.world.now() - timedelta(seconds=call.world.switches.search_delay)
    converted = call.query.get("converted", "false")

    def visible(row: Row) -> bool:
        written = table.written.get(row["id"])
        fits = converted == "both" or bool(row.get("Converted__s")) == (converted == "true")
        return fits and (written is None or written <= indexed)

    return [row for row in table.rows.values() if visible(row) and test(row)]


def _test(call: ApiCall, module: Module) -> _Test:
    query = call.query
    if "criteria" in query:
        return _Criteria(module, query["criteria"]).read()
    if "email" in query:
        return _any_of(module, "email", query["email"].lower().__eq__)
    if "phone" in query:
        _at_least(query["phone"], 3, "phone")
        return _any_of(module, "phone", lambda value: query["phone"] in value)
    if "word" in query:
        _at_least(query["word"], 2, "word")
        return _any_of(module, "", lambda value: query["word"].lower() in value)
    names = ["criteria", "email", "phone", "word"]
    raise Refusal(
        400, "EXPECTED_PARAM_MISSING", "one of the expected parameters is missing", {"expected_params": names}
    )


def _at_least(text: str, length: int, name: str) -> None:
    if len(text) < length:
        raise Refusal(400, "INVALID_DATA", "invalid data", {"param_name": name, "minimum_length": length})


def _any_of(module: Module, data_type: str, fits: Callable[[str], bool]) -> _Test:
    names = [
        field.api_name
        for field in module.fields.values()
        if field.json_type == "string" and data_type in ("", field.data_type)
    ]
    return lambda row: any(isinstance(row.get(name), str) and fits(row[name].lower()) for name in names)


class _Criteria:
    """`((Last_Name:equals:Burns\\,B)and(First_Name:starts_with:M))`."""

    def __init__(self, module: Module, text: str) -> None:
        self._module = module
        self._text = text
        self._at = 0
        self._count = 0

    def read(self) -> _Test:
        test = self._group()
        if self._at != len(self._text):
            self._refuse()
        if self._count > _MOST_CRITERIA:
            raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"param_name": "criteria", "limit": _MOST_CRITERIA})
        return test

    def _group(self) -> _Test:
        if not self._take("("):
            self._refuse()
        test = self._chain() if self._text.startswith("(", self._at) else self._one()
        if not self._take(")"):
            self._refuse()
        return test

    def _chain(self) -> _Test:
        left = self._group()
        while True:
            if self._take("and"):
                left = _both(left, self._group())
            elif self._take("or"):
                left = _either(left, self._group())
            else:
                return left

    def _one(self) -> _Test:
        found = re.compile(r"([\w$.]+):(\w+):((?:\\.|[^()\\])*)").match(self._text, self._at)
        if not found:
            self._refuse()
            raise AssertionError
        self._at = found.end()
        self._count += 1
        name, operator, value = found.group(1), found.group(2), re.sub(r"\\(.)", r"\1", found.group(3))
        if name.split(".")[0] not in self._module.fields and name != "id":
            raise Refusal(400, "INVALID_QUERY", "invalid query formed", {"api_name": name})
        return _comparison(name.split(".")[0], operator, value)

    def _take(self, word: str) -> bool:
        if self._text.startswith(word, self._at):
            self._at += len(word)
            return True
        return False

    def _refuse(self) -> None:
        raise Refusal(400, "INVALID_QUERY", "invalid query formed", {"param_name": "criteria", "at": self._at})


def _both(left: _Test, right: _Test) -> _Test:
    return lambda row: left(row) and right(row)


def _either(left: _Test, right: _Test) -> _Test:
    return lambda row: left(row) or right(row)


def _comparison(name: str, operator: str, value: str) -> _Test:
    wanted = value.lower()
    tests: dict[str, Callable[[str], bool]] = {
        "equals": lambda text: wanted in text,
        "not_equal": lambda text: text != wanted,
        "starts_with": lambda text: text.startswith(wanted),
        "contains": lambda text: wanted in text,
        "in": lambda text: text in wanted.split(","),
    }
    if operator not in tests:
        raise Refusal(400, "INVALID_QUERY", "invalid operator found", {"operator": operator})
    return lambda row: tests[operator](_as_text(row.get(name)))


def _as_text(value: Any) -> str:
    return "" if value is None else str(value).lower()
