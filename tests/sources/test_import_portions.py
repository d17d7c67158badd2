"""Imports of any size: read in portions; pushed rows put aside when they were stored, and found again when needed."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.dialers import open_dialer
from activity_sync.dialers.imported import pushed
from activity_sync.dialers.imported.pushed import PushedRows, aside
from tests.sources.stage import CUSTOMER, HOUR, LINE, NOON, NoTokens, dialer, settings, span


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.dialers.imported.source.PORTION", 4)
    monkeypatch.setattr("activity_sync.dialers.imported.pushed.LARGE", 300)


def row(name: object, **more: Any) -> str:
    told = {"id": str(name), "started_at": (NOON - HOUR).isoformat(), "direction": "in", "from": CUSTOMER, "to": LINE}
    return json.dumps(told | more)


def rows(first: int, many: int) -> str:
    return "".join(f"{row(first + number)}\n" for number in range(many))


def all_of(source: Any, cursor: str = "") -> tuple[list[str], str, list[int]]:
    """Portion after portion: the ids, the last cursor, and how many were in each."""
    ids: list[str] = []
    sizes: list[int] = []
    while True:
        changes = source.read("", cursor, span())
        ids += [leg.record_id for leg in changes.sightings]
        sizes.append(len(changes.sightings) + len(changes.unreadable))
        cursor = changes.cursor
        if not changes.more:
            return ids, cursor, sizes


def spooled(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    old = time.time() - 60
    os.utime(folder / name, (old, old))


@pytest.mark.parametrize("bad", [0, 3])
def test_a_folder_is_read_in_portions_across_its_files(tmp_path: Path, bad: int) -> None:
    folder = tmp_path / "spool"
    spooled(folder, "a.jsonl", rows(0, 9) + "{\n" * bad)
    spooled(folder, "b.jsonl", rows(9, 3))
    source: Any = dialer(name="legacy", kind="import", path=str(folder))
    ids, cursor, sizes = all_of(source)
    assert ids == [str(number) for number in range(12)]
    assert max(sizes) <= 4
    assert all_of(source, cursor)[0] == []
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["a.jsonl", "b.jsonl"]
    assert (folder / "a.jsonl.rejects").exists() == bool(bad)


def test_nothing_is_moved_between_two_portions_for_a_preview_stores_none_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    for number in range(4):
        spooled(folder, f"{number}.jsonl", rows(3 * number, 3))
    source: Any = dialer(name="legacy", kind="import", path=str(folder))
    ids, cursor, _ = all_of(source)
    assert (sorted(ids, key=int), (folder / "done").exists()) == ([str(number) for number in range(12)], False)
    assert all_of(source, cursor)[0] == []
    assert len(list((folder / "done").iterdir())) == 4


def test_a_file_that_changed_between_two_portions_is_read_anew(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    spooled(folder, "a.jsonl", rows(0, 9))
    source: Any = dialer(name="legacy", kind="import", path=str(folder))
    first = source.read("", "", span())
    spooled(folder, "a.jsonl", rows(20, 5))
    assert all_of(source, first.cursor)[0] == ["20", "21", "22", "23", "24"]


def test_one_file_is_read_in_portions_also_across_a_rotation(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_text(rows(0, 9))
    source: Any = dialer(name="legacy", kind="import", path=str(file))
    first = source.read("", "", span())
    assert first.more
    file.rename(tmp_path / "calls.jsonl.1")
    file.write_text(rows(9, 6))
    assert all_of(source, first.cursor)[0] == [str(number) for number in range(4, 15)]


class Pushed:
    """A connection that only has rows pushed."""

    def __init__(self, folder: Path) -> None:
        told = {"name": "legacy", "kind": "import", "webhook": {"secret": "s"}}
        self.whole = settings(database=f"sqlite:///{folder / 'a.db'}", dialers=[told])
        self.source: Any = open_dialer(self.whole.dialers[0], self.whole, NoTokens(), lambda: NOON)
        self.file = folder / "webhook" / "legacy" / "rows.jsonl"
        self.writer, self.sent = PushedRows(self.file), 0

    def push(self, many: int) -> list[str]:
        lines = [row(self.sent + number).encode() for number in range(many)]
        self.sent += many
        self.writer.add("", lines, NOON)
        return [str(number) for number in range(self.sent - many, self.sent)]


def test_pushed_rows_are_put_aside_once_they_were_stored_and_none_is_lost(tmp_path: Path) -> None:
    connection = Pushed(tmp_path)
    cursor, found = "", []
    for _ in range(3):
        connection.push(5)
        ids, cursor, _ = all_of(connection.source, cursor)
        found += ids
    assert found == [str(number) for number in range(15)]
    assert all_of(connection.source, cursor)[0] == []
    assert (len(aside(connection.file)), connection.file.exists()) == (2, False)
    assert all_of(connection.source)[0] == found  # a backfill, or an empty database


def test_a_database_from_a_backup_goes_on_where_it_was(tmp_path: Path) -> None:
    connection = Pushed(tmp_path)
    connection.push(6)
    backup = connection.source.read("", "", span()).cursor
    cursor = all_of(connection.source, backup)[1]
    for _ in range(2):
        connection.push(6)
        cursor = all_of(connection.source, cursor)[1]
    assert all_of(connection.source, backup)[0] == [str(number) for number in range(4, 18)]


def test_rows_are_not_put_aside_before_a_reading_was_stored(tmp_path: Path) -> None:
    connection = Pushed(tmp_path)
    found = connection.push(9)
    for _ in range(3):
        assert connection.source.read("", "", span()).more  # killed each time before it was stored
    assert aside(connection.file) == []
    assert all_of(connection.source)[0] == found


def test_what_was_put_aside_long_ago_is_deleted(tmp_path: Path) -> None:
    connection = Pushed(tmp_path)
    connection.push(4)
    cursor = all_of(connection.source)[1]
    cursor = all_of(connection.source, cursor)[1]
    (old,) = aside(connection.file)
    long_ago = (NOON - pushed.KEPT - timedelta(days=1)).timestamp()
    os.utime(old, (long_ago, long_ago))
    connection.push(4)
    cursor = all_of(connection.source, cursor)[1]
    all_of(connection.source, cursor)
    assert (old in aside(connection.file), len(aside(connection.file))) == (False, 1)


def test_a_writer_that_waited_while_the_file_was_put_aside_writes_to_the_new_one(tmp_path: Path) -> None:
    connection = Pushed(tmp_path)
    connection.push(4)
    all_of(connection.source, all_of(connection.source)[1])
    assert len(aside(connection.file)) == 1
    assert all_of(connection.source, "")[0] == ["0", "1", "2", "3"]
    assert connection.push(1) == ["4"]
    assert connection.file.read_text().count("\n") == 1


def test_rows_from_before_the_range_are_counted_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    old = "".join(f"{row(day, started_at=(NOON - timedelta(days=90 + day)).isoformat())}\n" for day in range(3))
    spooled(folder, "a.jsonl", rows(10, 1) + old)
    source: Any = dialer(name="legacy", kind="import", path=str(folder))
    first = source.read("", "", span())
    assert first.left_out == (
        "3 rows are of calls from before 2026-03-02 12:00 UTC and wait for a backfill: "
        "activity-sync backfill --from 2025-12-07"
    )
    assert source.read("", first.cursor, span()).left_out == ""
    assert source.read("", "", span(back=timedelta(days=100), ahead=timedelta(days=-1))).left_out == ""


@pytest.mark.parametrize("name", ["spool", "done"])
def test_a_lost_cursor_reads_what_was_done_in_portions_too(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    for number in range(3):
        spooled(folder, f"{number}.jsonl", rows(9 * number, 9))
    source: Any = dialer(name="legacy", kind="import", path=str(folder))
    everything, cursor, _ = all_of(source)
    assert all_of(source, cursor)[0] == []
    spooled(folder, "3.jsonl", rows(27, 3))
    ids, cursor, sizes = all_of(source)
    assert (ids, max(sizes)) == ([str(number) for number in range(30)], 4)
    assert '"handed":{"3.jsonl"' in cursor
    assert all_of(source, cursor)[0] == []
    assert len(everything) == 27
    assert sorted(path.name for path in (folder / "done").iterdir()) == [f"{number}.jsonl" for number in range(4)]


def test_what_was_just_moved_is_not_read_again_by_the_second_portion(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    spooled(folder, "a.jsonl", rows(0, 3))
    source: Any = dialer(name="legacy", kind="import", path=str(folder))
    _, cursor, _ = all_of(source)
    spooled(folder, "b.jsonl", rows(3, 9))
    ids, cursor, _ = all_of(source, cursor)
    assert ids == [str(number) for number in range(3, 12)]
    assert all_of(source, cursor)[0] == []
