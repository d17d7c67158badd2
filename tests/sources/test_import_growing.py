"""Import files that somebody still writes to: what was added is read, once, and nothing of a half line."""

from __future__ import annotations

from pathlib import Path

import pytest

from activity_sync.model.ports import Changes
from tests.sources.test_import_files import HEADER, Import, cells, ids, line, put, whys


def test_only_what_was_added_is_read(tmp_path: Path) -> None:
    file = put(tmp_path / "calls.jsonl", line(1))
    reading = Import(file)
    assert reading.ids() == ["1"]
    assert reading.ids() == []
    put(file, line(1) + line(2))
    assert reading.ids() == ["2"]
    reading.kill()
    assert reading.ids() == ["2"]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_half_written_last_line_waits(tmp_path: Path, form: str) -> None:
    rows = [line(1), line(2)] if form == "jsonl" else [f"{HEADER}\n{cells(1)}", cells(2, "said")]
    file = put(tmp_path / "calls", rows[0] + rows[1][:-9])
    reading = Import(file, form)
    first = reading.read()
    assert (ids(first), whys(first)) == (["1"], [])
    put(file, "".join(rows))
    assert reading.ids() == ["2"]


def test_a_cell_with_line_ends_that_is_half_written_waits(tmp_path: Path) -> None:
    whole = f"{HEADER}\n" + cells(1, '"a\nb\nc"')
    file = put(tmp_path / "calls.csv", whole[:-6])
    reading = Import(file, "csv")
    assert reading.ids() == []
    put(file, whole)
    assert [leg.notes for leg in reading.read().sightings] == [("a\nb\nc",)]


def test_lines_are_counted_on_and_bad_ones_written_once(tmp_path: Path) -> None:
    file = put(tmp_path / "calls.jsonl", line(1) + "{\n")
    reading = Import(file)
    reading.read()
    put(file, line(1) + "{\n" + line(2) + "[]\n")
    assert whys(reading.read()) == [("calls.jsonl:4", "it is no JSON object")]
    reading.kill()
    reading.read()
    rejects = (tmp_path / "calls.jsonl.rejects").read_text()
    assert rejects == "2: it is not JSON\n4: it is no JSON object\n"


def test_a_file_that_was_written_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    file = put(tmp_path / "calls.jsonl", line(1) + line(2))
    reading = Import(file)
    reading.read()
    file.write_text(line(3))
    assert reading.ids() == ["3"]
    file.write_text(line(4) + line(5) + line(6))
    assert reading.ids() == ["4", "5", "6"]


def test_a_rotated_file_is_read_to_its_end_first(tmp_path: Path) -> None:
    file = put(tmp_path / "calls.csv", f"{HEADER}\n{cells(1)}")
    reading = Import(file, "csv")
    reading.read()
    with file.open("a") as writer:
        writer.write(cells(2))
    file.rename(tmp_path / "calls.csv.1")
    put(file, f"{HEADER}\n{cells(3)}")
    assert reading.ids() == ["2", "3"]
    assert reading.ids() == []


def test_a_file_that_is_not_there_yet_is_no_failure(tmp_path: Path) -> None:
    reading = Import(tmp_path / "calls.jsonl")
    assert reading.read() == Changes()
    assert "does not exist yet" in reading.source.probe("")
