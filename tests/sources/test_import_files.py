"""Import files: taken apart, spooled, growing, rotated, killed in between."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from activity_sync.dialers.imported import check_rows
from activity_sync.model.interactions import CallLeg
from activity_sync.model.ports import Changes
from tests.sources.stage import CUSTOMER, HOUR, JO, LINE, NOON, dialer, span

HEADER = "id,started_at,direction,from,to,talk_seconds,notes"


def line(number: object, **more: Any) -> str:
    """A row in JSON Lines."""
    told = {"id": str(number), "started_at": (NOON - HOUR).isoformat(), "direction": "in", "from": CUSTOMER, "to": LINE}
    return json.dumps(told | {"talk_seconds": 60, "rep_email": JO} | more) + "\n"


def cells(number: object, notes: str = "", separator: str = ",") -> str:
    """A row in CSV."""
    return separator.join([str(number), (NOON - HOUR).isoformat(), "in", CUSTOMER, LINE, "60", notes]) + "\r\n"


def put(path: Path, text: str | bytes, age: float = 60) -> Path:
    """A file that was written `age` seconds ago."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(path, (time.time() - age,) * 2)
    return path


class Import:
    """A connection that keeps its cursor; `kill` forgets the last one."""

    def __init__(self, path: Path, form: str = "jsonl") -> None:
        self.source = dialer(name="legacy", kind="import", path=str(path), format=form)
        self.cursor = self.before = ""

    def read(self, **asked: Any) -> Changes:
        changes: Changes = self.source.read("", self.cursor, span(**asked))
        self.before, self.cursor = self.cursor, changes.cursor
        return changes

    def kill(self) -> None:
        self.cursor = self.before

    def ids(self) -> list[str]:
        return ids(self.read())


def ids(changes: Changes) -> list[str]:
    return [leg.record_id for leg in changes.sightings if isinstance(leg, CallLeg)]


def whys(changes: Changes) -> Sequence[tuple[str, str]]:
    return [(one.where, one.why) for one in changes.unreadable]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "calls"
    path.mkdir()
    return path


# Files taken apart


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_csv_of_any_spreadsheet_is_read(folder: Path, separator: str, start: str) -> None:
    head = start + HEADER.replace(",", separator).replace("id", "ID ", 1) + "\r\n"
    quoted = f'"said ""yes"", twice{separator}\r\nand left"'
    put(folder / "a.csv", head + cells(1, quoted, separator) + cells(2, "plain", separator))
    legs = Import(folder, "csv").read().sightings
    assert [leg.notes for leg in legs] == [(f'said "yes", twice{separator}\nand left',), ("plain",)]


BAD = {
    "{half": "it is not JSON",
    "[1]": "it is no JSON object",
    '{"id": "x"}': "it has no `direction`",
    "\xff": "it is not JSON",
    "x" * 1_100_000: "the line is too long",
}


@pytest.mark.parametrize("bad", BAD, ids=lambda text: text[:6])
def test_one_bad_line_never_stops_the_file(folder: Path, bad: str) -> None:
    raw = line(1).encode() + bad.encode("latin-1") + b"\n\n" + line(2).encode()
    put(folder / "a.jsonl", raw)
    changes = Import(folder).read()
    assert ids(changes) == ["1", "2"]
    assert whys(changes) == [("a.jsonl:2", BAD[bad])]
    assert (folder / "a.jsonl.rejects").read_text() == f"2: {BAD[bad]}\n"


BAD_CELLS = {
    b'2,"never closed': "a quote is not closed",
    b'2,"a"b': "it is not CSV",
    b"2,x,in,a,b,60,,more": "it has more cells than the header",
    b"2,\xff": "it is not UTF-8",
    b"2": "it has no `direction`",
}


@pytest.mark.parametrize("bad", BAD_CELLS)
def test_one_bad_record_never_stops_a_csv_file(folder: Path, bad: bytes) -> None:
    rows = "".join(cells(number) for number in range(3, 40)).encode()
    put(folder / "a.csv", HEADER.encode() + b"\n" + cells(1).encode() + bad + b"\n" + rows)
    changes = Import(folder, "csv").read()
    assert len(ids(changes)) == 38
    assert [(where, why.startswith(BAD_CELLS[bad])) for where, why in whys(changes)] == [("a.csv:3", True)]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("id,started_at,direction,from", "the header has no column to"),
        ("id;started_at;direction;from;to;ID", "the header has the column id twice"),
        ("just text", "the header has no column id, started_at, direction, from, to"),
    ],
)
def test_a_header_that_cannot_do_is_told_once(folder: Path, head: str, why: str) -> None:
    put(folder / "a.csv", f"{head}\n" + cells(1) + cells(2))
    assert whys(Import(folder, "csv").read()) == [("a.csv:1", why)]


def test_a_file_that_is_not_utf8_says_how_to_save_it(folder: Path) -> None:
    put(folder / "a.csv", (HEADER + "\n" + cells(1)).encode("utf-16"))
    assert "CSV UTF-8" in whys(Import(folder, "csv").read())[0][1]


# A folder


def test_files_are_moved_only_when_the_cursor_proves_that_they_were_stored(folder: Path) -> None:
    file, reading = put(folder / "a.jsonl", line(1)), Import(folder)
    assert reading.ids() == ["1"]
    assert file.exists()
    reading.kill()
    assert reading.ids() == ["1"]
    assert reading.ids() == []
    assert not file.exists()
    assert (folder / "done" / "a.jsonl").read_text() == line(1)
    assert json.loads(reading.cursor)["handed"] == {}


def test_a_file_that_grew_after_it_was_handed_over_is_read_again(folder: Path) -> None:
    file, reading = put(folder / "a.jsonl", line(1)), Import(folder)
    reading.read()
    put(file, line(1) + line(2))
    assert reading.ids() == ["1", "2"]
    assert file.exists()
    reading.read()
    assert not file.exists()


def test_a_new_file_under_an_old_name_is_read_and_kept_beside_the_old(folder: Path) -> None:
    reading = Import(folder)
    for number in (1, 2):
        put(folder / "a.jsonl", line(number))
        assert reading.ids() == [str(number)]
        reading.read()
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["a.2.jsonl", "a.jsonl"]


@pytest.mark.parametrize("name", ["a.tmp", "a.jsonl.part", ".a.jsonl", "~a.jsonl", "a.jsonl.rejects", "older/x.jsonl"])
def test_unfinished_files_and_folders_are_left_alone(folder: Path, name: str) -> None:
    reading = Import(folder)
    put(folder / "first.jsonl", line(0))
    reading.read()
    put(folder / name, line(1))
    assert reading.ids() == []


def test_a_young_file_that_looks_whole_is_read_at_once(folder: Path) -> None:
    put(folder / "a.jsonl", line(1).strip(), age=0)
    began = time.monotonic()
    assert Import(folder).ids() == ["1"]
    assert time.monotonic() - began < 2


def test_a_young_file_that_still_grows_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, reading = put(folder / "a.jsonl", line(1), age=0), Import(folder)
    monkeypatch.setattr(
        "activity_sync.dialers.imported.spool.time.sleep", lambda _: put(file, line(1) + line(2), age=0)
    )
    assert reading.ids() == []
    monkeypatch.undo()
    assert reading.ids() == ["1", "2"]


def test_older_files_come_first_so_that_the_later_row_counts(folder: Path) -> None:
    put(folder / "a.jsonl", line(1, notes="new"), age=60)
    put(folder / "b.jsonl", line(1, notes="old"), age=120)
    assert [leg.notes for leg in Import(folder).read().sightings] == [("new",)]


def test_an_older_version_in_a_later_file_is_passed_over(folder: Path) -> None:
    reading = Import(folder)
    put(folder / "a.jsonl", line(1, version=2))
    reading.read()
    put(folder / "b.jsonl", line(1, version=1) + line(2))
    assert reading.ids() == ["2"]


def test_who_starts_from_nothing_reads_what_was_put_away_too(folder: Path) -> None:
    reading = Import(folder)
    put(folder / "a.jsonl", line(1))
    reading.read()
    reading.read()
    assert Import(folder).ids() == ["1"]


def test_an_older_cursor_that_came_back_with_a_backup_loses_nothing(folder: Path) -> None:
    reading = Import(folder)
    for number in (1, 2, 3):
        put(folder / f"{number}.jsonl", line(number))
        reading.read()
        if number == 1:
            backup = reading.cursor
    reading.read()
    reading.cursor = backup
    assert set(reading.ids()) == {"2", "3"}
    assert reading.ids() == []


def test_rejects_of_a_mended_file_go_away(folder: Path) -> None:
    file, reading = put(folder / "a.jsonl", "{\n"), Import(folder)
    reading.read()
    put(file, line(1), age=30)
    assert reading.ids() == ["1"]
    assert not (folder / "a.jsonl.rejects").exists()


def test_a_file_that_cannot_be_opened_leaves_the_others(folder: Path) -> None:
    put(folder / "b.jsonl", line(1))
    (folder / "a.jsonl").symlink_to(folder / "a.jsonl")
    assert Import(folder).ids() == ["1"]


def test_an_empty_file_is_put_away_without_a_word(folder: Path) -> None:
    file, reading = put(folder / "a.csv", ""), Import(folder, "csv")
    assert not reading.read().unreadable
    reading.read()
    assert not file.exists()


# Checking


def test_a_file_is_checked_line_by_line_without_being_imported(tmp_path: Path) -> None:
    file = put(tmp_path / "c.jsonl", line(1) + "\n{\n" + line(2, direction="up"))
    report = check_rows(file, "jsonl")
    assert (report.ok, report.rows) == (False, 3)
    assert [(one.line, one.reason.split(":")[0]) for one in report.rejected] == [
        (3, "it is not JSON"),
        (4, "`direction` is 'up'"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["c.jsonl"]
    assert check_rows(put(tmp_path / "d.csv", f"{HEADER}\n{cells(1)}"), "csv").ok
