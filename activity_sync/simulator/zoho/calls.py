"""One API call, opened: what every route gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from activity_sync.simulator.zoho.fields import Module
from activity_sync.simulator.zoho.refusals import Refusal
from activity_sync.simulator.zoho.times import read_time
from activity_sync.simulator.zoho.world import World

SUB_ROWS = 25


@dataclass(frozen=True, slots=True)
class ApiCall:
    """`path` starts after the version; `inside` is true for a part of a Composite, where small limits rule."""

    world: World
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    scopes: tuple[str, ...]
    parts: Mapping[str, str]
    inside: bool = False

    @property
    def module(self) -> Module:
        """The module named in the path; refuses an unknown one."""
        module = self.world.modules.get(self.parts["module"])
        if module is None:
            raise Refusal(
                400, "INVALID_MODULE", "the module name given seems to be invalid", {"resource_path_index": 0}
            )
        return module

    @property
    def id(self) -> str:
        """The record id named in the path."""
        return self.parts["id"]

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; refuses anything else."""
        try:
            value = orjson.loads(self.body)
        except ValueError:
            raise Refusal(400, "JSON_PARSE_ERROR", "please check if the input json is correct") from None
        if not isinstance(value, dict):
            raise Refusal(400, "INVALID_DATA", "body", {"expected_data_type": "jsonobject"})
        return value

    def rows(self, key: str = "data", most: int = 100) -> list[Any]:
        """The list under `key` of the body; refuses a missing, empty or too long one."""
        rows = self.json().get(key)
        if rows is None:
            raise Refusal(400, "MANDATORY_NOT_FOUND", "required field not found", {"api_name": key})
        if not isinstance(rows, list) or not rows:
            raise Refusal(400, "INVALID_DATA", "invalid data", {"expected_data_type": "jsonarray", "api_name": key})
        if len(rows) > most:
            raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"maximum_length": most, "api_name": key})
        return rows

    def number(self, name: str, default: int, most: int) -> int:
        """A paging parameter; refuses what is no number from 1 to `most`."""
        text = self.query.get(name, str(default))
        if not text.isdigit() or int(text) < 1:
            raise Refusal(400, "INVALID_DATA", "invalid data", {"param_name": name, "expected_data_type": "integer"})
        if int(text) > most:
            raise Refusal(400, "LIMIT_EXCEEDED", "limit exceeded", {"param_name": name, "limit": most})
        return int(text)

    def page(self) -> tuple[int, int]:
        """`page` and `per_page`; inside a Composite a page has 25 rows at most."""
        most = SUB_ROWS if self.inside else 200
        return self.number("page", 1, 10**9), self.number("per_page", most, most)

    def time_header(self, name: str) -> datetime | None:
        """A header such as If-Modified-Since; refuses one that is no time."""
        text = self.headers.get(name.lower())
        if text is None:
            return None
        moment = read_time(text, milliseconds=True, zulu=True)
        if moment is None:
            raise Refusal(400, "INVALID_DATA", "invalid data", {"header_name": name, "expected_data_type": "datetime"})
        return moment
