"""Call-detail records in files: rotation, half lines, copies, patterns; each call exactly once whatever happens."""

from __future__ import annotations

import gzip
import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.model.failures import SignInAgain
from activity_sync.simulator.dialers.cdr import AsteriskWriter, LogFile, ThreeCxWriter
from tests.sources.stage import DAY, HOUR, JO, NOON, dialer, span


@pytest.fixture
def writer(tmp_path: Path) -> AsteriskWriter:
    return AsteriskWriter(LogFile(tmp_path / "cdr-csv" / "Master.csv"))


def source(path: Path | str) -> Any:
    return dialer(name="pbx", kind="asterisk", cdr=str(path), extensions={"201": JO})


def told(writer: AsteriskWriter, at: datetime = NOON - HOUR) -> dict[str, Any]:
    trunk, jo = writer.channel("PJSIP/trunk"), writer.channel("PJSIP/201")
    return writer.record(at, "07700900123", "02079460100", trunk, jo, talk=60)


def calls(writer: AsteriskWriter, many: int = 1) -> list[str]:
    """Written; their ids."""
    made = [told(writer, NOON - HOUR + timedelta(minutes=number)) for number in range(many)]
    writer.write(*made)
    return [one["linkedid"] for one in made]


class Reader:
    """Reads on and on, as the daemon does."""

    def __init__(self, path: Path | str) -> None:
        self.source, self.cursor = source(path), ""

    def __call__(self) -> list[str]:
        changes = self.source.read("", self.cursor, span())
        assert not changes.unreadable
        self.cursor = changes.cursor
        return [leg.conversation_id for leg in changes.sightings]


def test_each_line_is_read_once(writer: AsteriskWriter) -> None:
    read = Reader(writer.file.path)
    assert read() == []
    assert calls(writer, 3) == read()
    assert read() == []


@pytest.mark.parametrize("rotate", ["rename_away", "copy_and_empty"])
@pytest.mark.parametrize("pattern", ["Master.csv", "Master.csv*"])
def test_nothing_is_lost_or_told_twice_when_the_file_is_rotated(
    writer: AsteriskWriter, rotate: str, pattern: str
) -> None:
    read = Reader(writer.file.path.with_name(pattern))
    assert calls(writer, 2) == read()
    behind = calls(writer, 2)  # written after the last reading, then rotated away
    getattr(writer.file, rotate)()
    assert sorted(read()) == sorted(behind)
    assert calls(writer, 1) == read()
    assert read() == []


def test_a_rotation_between_two_lines_and_no_new_file_yet(writer: AsteriskWriter) -> None:
    read = Reader(writer.file.path)
    assert calls(writer) == read()
    behind = calls(writer)
    writer.file.rename_away()
    assert read() == behind
    assert calls(writer) == read()


@pytest.mark.parametrize("rotate", ["rename_away", "copy_and_empty"])
def test_a_file_that_was_rotated_twice_since_or_before_it_was_ever_read_is_not_lost(
    writer: AsteriskWriter, rotate: str
) -> None:
    read, told = Reader(writer.file.path), []
    for _ in range(2):
        for _ in range(3):
            told += calls(writer, 2)
            getattr(writer.file, rotate)()
        assert sorted(read()) == sorted(told)
        told = []
    assert read() == []


def packed(path: Path, cut: int | None = None) -> Path:
    """As logrotate packs it: another file with the same time; `cut`: not written to its end."""
    there = path.with_name(f"{path.name}.gz")
    at = path.stat().st_mtime_ns
    there.write_bytes(gzip.compress(path.read_bytes())[:cut])
    os.utime(there, ns=(at, at))
    return there


@pytest.mark.parametrize("pattern", ["Master.csv", "Master.csv*"])
def test_a_rotated_file_that_was_packed_is_read_on_where_it_was_left_and_once(
    writer: AsteriskWriter, pattern: str
) -> None:
    read = Reader(writer.file.path.with_name(pattern))
    assert calls(writer, 2) == read()
    behind = calls(writer, 2)
    old = writer.file.rename_away()
    packed(old)
    old.unlink()
    assert read() == behind
    assert calls(writer) == read()
    assert read() == []


def test_files_that_were_packed_before_they_were_ever_read_are_read(writer: AsteriskWriter) -> None:
    read, told = Reader(writer.file.path), []
    for _ in range(2):
        told += calls(writer, 2)
        old = writer.file.rename_away()
        packed(old)
        old.unlink()
    assert sorted(read()) == sorted(told)
    assert read() == []


def test_a_file_that_is_being_packed_is_waited_for_and_a_broken_one_is_named(writer: AsteriskWriter) -> None:
    read = Reader(writer.file.path)
    assert calls(writer, 2) == read()
    behind = calls(writer, 1)
    old = writer.file.rename_away()
    half = packed(old, cut=-20)
    os.utime(half)
    assert read() == behind  # from the one that is still there
    old.unlink()
    at = time.time() - HOUR.total_seconds()
    os.utime(half, (at, at))
    changes = read.source.read("", read.cursor, span())
    assert [one.where for one in changes.unreadable] == [half.name]


def test_half_a_line_waits_for_its_other_half(writer: AsteriskWriter) -> None:
    read = Reader(writer.file.path)
    first = calls(writer)
    line = writer.line(one := told(writer))
    for cut in (5, len(line) // 2, len(line) - 3):
        part = line[:cut]
        writer.file.path.write_text(writer.file.path.read_text().rpartition("\n")[0] + "\n" + part)
        assert read() in (first, [])
        first = []
    writer.file.add_part(line[cut:] + "\n")
    assert read() == [one["linkedid"]]
    assert read() == []


def test_a_whole_last_line_without_its_end_is_taken_and_again_when_it_ends(writer: AsteriskWriter) -> None:
    read = Reader(writer.file.path)
    calls(writer)
    writer.file.add_part(writer.line(one := told(writer)))
    assert one["linkedid"] in read()
    assert read() == [one["linkedid"]]  # the same record: nothing changes
    writer.file.add_part("\n")
    assert read() == [one["linkedid"]]
    assert read() == []


def test_a_single_line_without_an_end_is_taken_when_nobody_writes_any_more(writer: AsteriskWriter) -> None:
    read = Reader(writer.file.path)
    writer.file.add_part(writer.line(one := told(writer)))
    assert read() == []
    os.utime(writer.file.path, (0, writer.file.path.stat().st_mtime - 6))
    assert read() == [one["linkedid"]]


def test_a_cursor_set_back_tells_the_same_again(writer: AsteriskWriter) -> None:
    read = Reader(writer.file.path)
    first = calls(writer, 2)
    assert read() == first
    read.cursor = ""
    assert read() == first


def test_a_bad_line_is_named_and_the_rest_goes_on(writer: AsteriskWriter) -> None:
    good = calls(writer)
    for bad in ('"half","of","a","line"', 'a"quote" within', writer.line(told(writer) | {"billsec": -4})):
        writer.file.add(bad)
    writer.file.add(writer.line(told(writer) | {"start": "2026-02-30 10:00:00"}))
    writer.file.add(writer.line(told(writer) | {"end": "2026-03-09 01:00:00"}))
    good += calls(writer)
    changes = source(writer.file.path).read("", "", span())
    assert [leg.conversation_id for leg in changes.sightings] == good
    assert {one.where for one in changes.unreadable} == {f"Master.csv:{number}" for number in (2, 3, 4, 5, 6)}
    assert all(one.why for one in changes.unreadable)


def test_files_that_are_older_than_what_is_asked_for_are_passed_over(writer: AsteriskWriter) -> None:
    calls(writer)
    old = (NOON - 30 * DAY).timestamp()
    os.utime(writer.file.path, (old, old))
    changes = source(writer.file.path).read("", "", span())
    assert (list(changes.sightings), changes.cursor) == ([], '{"files":[]}')


def test_a_file_in_another_alphabet_is_read(writer: AsteriskWriter) -> None:
    line = writer.line(told(writer) | {"clid": '"Mül" <07700900123>'})
    writer.file.path.parent.mkdir()
    writer.file.path.write_bytes(line.encode("latin-1") + b"\r\n")
    (leg,) = source(writer.file.path).read("", "", span()).sightings
    assert leg.outside_name == "Mül"


def test_the_probe_says_what_it_found(writer: AsteriskWriter) -> None:
    assert "does not exist yet" in source(writer.file.path).probe("")
    calls(writer)
    assert "can be read" in source(writer.file.path).probe("")
    writer.file.rename_away()
    calls(writer)
    for pattern in (writer.file.path, f"{writer.file.path}*"):
        assert source(pattern).probe("").startswith("2 files")


def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with pytest.raises(SignInAgain, match=r"loop\.csv"):
        source(tmp_path / "loop.csv").read("", "", span())


def test_3cx_may_write_a_file_for_each_call(tmp_path: Path) -> None:
    connection: Any = dialer(name="cx", kind="threecx", cdr=str(tmp_path / "*.csv"), extensions={"101": JO})
    cursor, found = "", []
    for number in range(3):
        writer = ThreeCxWriter(LogFile(tmp_path / f"cdr-{number}.csv"))
        writer.write(writer.record(NOON - HOUR, "07700900123", "Ext.101", talk=number, history=f"h{number}"))
        changes = connection.read("", cursor, span())
        cursor = changes.cursor
        found += [leg.conversation_id for leg in changes.sightings]
    assert found == ["h0", "h1", "h2"]
