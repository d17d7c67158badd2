"""import check: each line of a file judged before anything is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faces.conftest import typed

GOOD = (
    '{"id": "1", "started_at": "2026-01-05T10:00:00+00:00", "direction": "in", "from": "+447700900123", "to": "201"}\n'
)
CSV = "id;started_at;direction;from;to\n1;2026-01-05T10:00:00Z;in;4.42079E+11;201\n2;2026-01-05T10:00:00Z;in;0;201\n"


def test_a_good_file_is_good_without_any_config(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_text(GOOD)
    told = typed("import", "check", str(file), "--json")
    assert (told.exit, told.json) == (0, {"ok": True, "rows": 1, "rejected": []})
    assert [path.name for path in tmp_path.iterdir()] == ["calls.jsonl"]


def test_bad_lines_are_named_and_the_exit_status_is_one(tmp_path: Path) -> None:
    file = tmp_path / "calls"
    file.write_text(GOOD + "{half\n" + GOOD.replace('"in"', '"sideways"'))
    told = typed("import", "check", str(file), "--json")
    assert (told.exit, told.json["ok"], told.json["rows"]) == (1, False, 3)
    assert [one["line"] for one in told.json["rejected"]] == [2, 3]
    said = typed("import", "check", str(file))
    assert said.exit == 1
    assert "line 3: `direction` is 'sideways'" in said.out
    assert "3 rows, 2 would be refused" in said.out


@pytest.mark.parametrize("name", ["calls.csv", "calls.txt"])
def test_the_form_is_told_by_the_name_or_by_the_first_sign(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(CSV)
    told = typed("import", "check", str(file), "--json")
    assert (told.exit, told.json["rows"]) == (1, 2)
    (bad,) = told.json["rejected"]
    assert bad["line"] == 2
    assert "spreadsheet" in bad["reason"]


@pytest.mark.parametrize("line", [["nowhere.csv"], ["nowhere.csv", "--format", "xml"], []])
def test_what_cannot_be_checked_is_unusable(line: list[str]) -> None:
    told = typed("import", "check", *line)
    assert told.exit == 2
    assert "Traceback" not in told.err
