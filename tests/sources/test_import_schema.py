"""The published schema of an import's rows, and what the import says of the same rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from activity_sync.dialers.imported.readings import NoRow
from activity_sync.dialers.imported.rows import _MODELLED, _REP, Directory, read_row

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "import.schema.json").read_text())
GOOD = {"id": "1", "started_at": "2026-01-05T10:00:00Z", "direction": "in", "from": "+447700900123", "to": "201"}
NOBODY = Directory(source="", region="GB")


def taken(row: dict[str, Any]) -> bool:
    try:
        read_row({name: value for name, value in row.items() if value not in (None, "")}, NOBODY)
    except NoRow:
        return False
    return True


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"outcome": "no_answer", "talk_seconds": 0, "ring_seconds": "00:12", "duration_seconds": "1:00:00"},
        {"started_at": 1767607200, "ended_at": 1767607300000, "rep_extension": 201},
        {"tags": ["a", "b"], "notes": "one\ntwo", "anything": {"else": 1}},
        {"from": "anonymous", "to": "sip:jo@acme.example", "external": "from"},
        {"version": 3, "updated_at": "2026-01-05T10:00:00Z", "deleted": False, "recording_url": "https://x.example/1"},
        {"talk_seconds": None, "region": "gb", "outcome": None},
    ],
)
def test_good_rows_are_good_for_both(more: dict[str, Any]) -> None:
    row = GOOD | more
    assert (Draft202012Validator(SCHEMA).is_valid(row), taken(row)) == (True, True)


@pytest.mark.parametrize(
    "more",
    [
        {"id": None},
        {"direction": "sideways"},
        {"from": None},
        {"from": "4.42079E+11"},
        {"to": "442079460958.0"},
        {"talk_seconds": -5},
        {"talk_seconds": "-0:05"},
        {"talk_seconds": 1e9},
        {"outcome": "great"},
        {"recording_url": "ftp://x.example/1"},
        {"region": "Britain"},
        {"deleted": "perhaps"},
        {"external": "both"},
        {"started_at": None},
        {"started_at": ["2026"]},
        {"id": "x" * 201},
    ],
)
def test_bad_rows_are_bad_for_both(more: dict[str, Any]) -> None:
    row = {name: value for name, value in (GOOD | more).items() if value is not None}
    assert (Draft202012Validator(SCHEMA).is_valid(row), taken(row)) == (False, False)


def test_a_row_that_takes_a_call_back_needs_only_its_id() -> None:
    assert Draft202012Validator(SCHEMA).is_valid({"id": "1", "deleted": True})


def test_every_key_that_is_read_is_in_the_schema() -> None:
    assert _MODELLED | set(_REP) <= set(SCHEMA["properties"])
    Draft202012Validator.check_schema(SCHEMA)
