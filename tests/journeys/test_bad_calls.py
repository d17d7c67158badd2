"""Calls that make no sense, and calls of long ago: named, nothing lost, nothing guessed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.model.ports import Span
from activity_sync.reports.rows import stored_row
from activity_sync.steps.backfill import _whole
from activity_sync.store import interactions, sync_log
from tests.journeys.switchboard import CUSTOMER, JO, LINE, Switchboard

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Switchboard]:
    with ExitStack() as stack:
        board = Switchboard()
        board.open(stack, tmp_path)
        (tmp_path / "spool").mkdir()
        yield board


def row(name: str, **more: Any) -> dict[str, Any]:
    start = NOW - timedelta(hours=5) - timedelta(minutes=10 * len(name))
    told = {"id": name, "started_at": start.isoformat(), "direction": "in", "from": CUSTOMER, "to": LINE}
    return told | {"talk_seconds": 60, "rep_email": JO} | more


def spool(folder: Path, *rows: dict[str, Any]) -> None:
    file = folder / "spool" / "monday.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in rows))
    os.utime(file, (time.time() - 60,) * 2)


def states(board: Switchboard) -> dict[str, tuple[str, str]]:
    """Of the interactions by their source's own id: the state, and the reason."""
    with board.app.database.reading() as session:
        rows = [stored_row(session, one) for one in interactions.listing(session)]
    return {row["start"]: (row["state"], row["reason"] or "") for row in rows}


def test_each_bad_row_is_named_with_its_line_and_the_good_ones_are_logged(board: Switchboard, tmp_path: Path) -> None:
    ended = (NOW - timedelta(days=2)).isoformat()
    bad = [
        row("x2", **{"from": "4.42079E+11"}),
        row("x3", **{"from": "442079460958.0"}),
        row("x4", talk_seconds=-5),
        row("x5", ended_at=ended),
        row("x6", started_at="2026-02-30T10:00:00Z"),
        row("x7", started_at="2026-01-05T10:00:00"),
    ]
    spool(tmp_path, row("good"), *bad, row("good too"))
    result = board.sync()
    assert [problem.where.rpartition(":")[2] for problem in result.problems] == ["2", "3", "4", "5", "6", "7"]
    words = ["spreadsheet", "spreadsheet", "negative", "ends before it begins", "no time", "no zone"]
    assert all(word in problem.why for word, problem in zip(words, result.problems, strict=True))
    assert len(board.zoho.records("Calls")) == 2
    rejects = (tmp_path / "spool" / "monday.jsonl.rejects").read_text().splitlines()
    assert [line.partition(":")[0] for line in rejects] == ["2", "3", "4", "5", "6", "7"]
    with board.app.database.reading() as session:
        told = [line.text for line in sync_log.lines(session, failed=True)]
    assert told[2] == "legacy: monday.jsonl:4: `talk_seconds` is negative. Nothing else is affected."
    assert board.sync().problems == []


def test_a_name_for_a_number_and_an_unknown_agent_guess_nobody(board: Switchboard, tmp_path: Path) -> None:
    spool(tmp_path, row("name", **{"from": "Ann Lee"}), row("nobody's", rep_email="ghost@acme.example"))
    board.sync()
    found = sorted(states(board).values())
    assert board.zoho.records("Calls") == []
    assert [state for state, _ in found] in (["failed", "unmatched"], ["failed", "waiting"])
    assert found[0][1] == "no active Zoho user can own it"


def test_a_row_of_three_months_ago_is_kept_for_a_backfill(board: Switchboard) -> None:
    long_ago = NOW - timedelta(days=90)
    board.push(row("old", started_at=long_ago.isoformat()))
    result = board.sync()
    assert (result.problems, board.zoho.records("Calls")) == ([], [])
    board.sync()
    with board.app.database.reading() as session:
        (line,) = [line for line in sync_log.lines(session) if line.event == "waits"]
    assert line.text.startswith("legacy: 1 row is of calls from before ")
    assert line.text.endswith(f" backfill --from {long_ago:%Y-%m-%d}")
    assert not line.failed
    source = next(one for one in board.app.means.sources if one.name == "legacy")
    span = Span(now=NOW, oldest=long_ago - timedelta(days=1), newest=long_ago + timedelta(days=1))
    assert [leg.key for leg in _whole(source, "", span).sightings] != []


def test_a_backfill_reads_all_portions(board: Switchboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.dialers.imported.source.PORTION", 2)
    spool(tmp_path, *(row("x" * number) for number in range(1, 8)))
    board.push(row("pushed"))
    source = next(one for one in board.app.means.sources if one.name == "legacy")
    changes = _whole(source, "", Span(now=NOW, oldest=NOW - timedelta(days=3), newest=NOW))
    assert (len(changes.sightings), changes.more) == (8, False)
    board.sync()
    assert len(board.zoho.records("Calls")) == 8
