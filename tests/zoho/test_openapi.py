"""Our requests fit the shapes that Zoho publishes (zoho.md 12). Skipped where those files are not at hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from activity_sync.model.records import Module
from activity_sync.model.writes import Op
from tests.zoho.stage import LONG_AGO, Stage, a_row, a_stage, sound_fields

SHAPES = Path(__file__).resolve().parents[3] / "shared" / "reference" / "zoho-oas" / "oas-3.1.0"
pytestmark = pytest.mark.skipif(not SHAPES.is_dir(), reason="Zoho's OpenAPI files are not beside the repository")

_UNRELIABLE = ("pattern", "format", "maxItems", "enum")
"""Wrong or too strict in places (README of the files): they are shape hints, not an oracle."""


def relaxed(schema: Any) -> Any:
    """The schema without what is known to be wrong."""
    if isinstance(schema, list):
        return [relaxed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: relaxed(value) for name, value in schema.items() if name not in _UNRELIABLE}


@cache
def published(name: str) -> Any:
    """One of Zoho's documents, relaxed."""
    return relaxed(json.loads((SHAPES / f"{name}.json").read_text()))


def fits(name: str, path: str, method: str, body: Any) -> None:
    """Raises when the body of a request is of another shape."""
    document = published(name)
    shape = document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    jsonschema.validate(body, {**shape, "components": document["components"]})


def bodies(stage: Stage, method: str, path: str) -> list[Any]:
    found = [one.body for one in stage.asked(path) if one.method == method]
    assert found
    return found


def test_a_foreign_shape_would_be_noticed() -> None:
    with pytest.raises(jsonschema.ValidationError):
        fits("coql", "/coql", "post", {"query": "select id from Contacts"})
    with pytest.raises(jsonschema.ValidationError):
        fits("composite-requests", "/__composite_requests", "post", {"__composite_requests": [{"method": "GET"}]})


def test_inserts_and_updates_fit() -> None:
    with a_stage() as stage:
        stage.sim.add_key_field()
        stage.learn()
        for module in (Module.EVENTS, Module.CALLS, Module.TASKS):
            made = stage.crm.send([a_row(1, module), a_row(2, module)])
            fields = {"Description": "Notes"}
            stage.crm.send([a_row(1, module, Op.UPDATE, made[1].id, **fields)])
            for body in bodies(stage, "POST", f"/{module}"):
                fits("record", "/{module}", "post", body)
            for body in bodies(stage, "PUT", f"/{module}"):
                fits("record", "/{module}", "put", body)


def test_queries_and_composites_fit() -> None:
    with a_stage() as stage:
        stage.sim.add("Contacts", Last_Name="Doe", Modified_Time=LONG_AGO)
        state = stage.begin()
        for _ in range(6):
            state = stage.refresh(state)
        event = stage.sim.add("Events", **sound_fields(Module.EVENTS))
        stage.crm.send([a_row(1), a_row(2, Module.CALLS), a_row(3, op=Op.UPDATE, record_id=event, Venue="Rome")])
        stage.crm.send([a_row(4, Module.TASKS), a_row(5, op=Op.DELETE, record_id=event)])
        for body in bodies(stage, "POST", "/coql"):
            fits("coql", "/coql", "post", body)
        for body in bodies(stage, "POST", "/__composite_requests"):
            fits("composite-requests", "/__composite_requests", "post", body)
