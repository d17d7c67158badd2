"""Whole syncs in orgs that answer an open point the other way, with a self-test before and without."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from activity_sync.config import load
from activity_sync.reports.rows import stored_row
from activity_sync.simulator.scenes import SCENES
from activity_sync.simulator.stage import Stage, mistakes
from activity_sync.store import interactions
from activity_sync.store.database import open_database
from tests.faces.conftest import Desk

WORDS = (
    *("A lead alone gets it", "with the participant on it", "A customer rings", "Nobody picks up at a lead"),
    *("Missed on a rep's line", "A call from an import file"),
)
PLAYED = [scene for scene in SCENES if any(words in scene.name for words in WORDS)]
ORGS: dict[str, dict[str, Any]] = {
    "durations as HH:mm, no leads on events": {"call_duration_unit": "HH:mm", "events_take_leads": False},
    "no long durations, no writes in a Composite": {"long_durations": False, "composite_writes": "refused"},
    "another name for the status": {
        "call_status_key": "Outbound_Call_Status",
        "composite_writes": "dropped",
    },
    "a key that is not enforced": {"unique_enforced": False},
}
"""What the switches of the pretend Zoho are set to: several at once where they have nothing to do with each other."""


@pytest.mark.parametrize("self_test", [True, False], ids=["after a self-test", "without one"])
@pytest.mark.parametrize("switches", ORGS.values(), ids=ORGS)
def test_everything_is_written_once_and_nobody_is_mailed(
    tmp_path: Path, switches: dict[str, Any], self_test: bool
) -> None:
    with Stage(scenes=PLAYED) as stage:
        desk = Desk(stage.write_config(tmp_path), stage)
        stage.play(1)
        for switch, value in switches.items():
            setattr(stage.zoho.switches, switch, value)
        if self_test:
            assert desk("check", "--self-test", "--json").out
        told = desk("sync", "--json")
        assert (told.json["interactions"]["failed"], stage.zoho.mails) == (0, []), told.out
        wrong = [one for one in mistakes(stage.expectations(1), rows(desk), stage.zoho) if "A lead alone" not in one]
        assert wrong == []
        _look(stage, switches, self_test=self_test)
        assert desk("sync", "--json").json["writes"] == {"created": 0, "updated": 0, "deleted": 0, "uncertain": 0}


def rows(desk: Desk) -> list[dict[str, Any]]:
    """A ROW for each interaction."""
    database = open_database(load(desk.config, {}).database)
    try:
        with database.reading() as session:
            return [stored_row(session, one) for one in interactions.listing(session) if one.decided]
    finally:
        database.dispose()


def _look(stage: Stage, switches: Collection[str], *, self_test: bool) -> None:
    """What this very org shows."""
    calls = [row for row in stage.zoho.records("Calls") if row["Call_Type"] != "Missed"]
    assert len(calls) == 3
    if "call_duration_unit" not in switches or self_test:  # the first calls of an empty org cannot be known better
        assert all(0 < row["Call_Duration_in_seconds"] < 4 * 3600 for row in calls)
    if "call_status_key" in switches:
        assert {row["Outbound_Call_Status"] for row in calls if row["Call_Type"] == "Outbound"} == {"Completed"}
    if "events_take_leads" in switches:
        events = stage.zoho.records("Events")
        people = [one["type"] for row in events for one in row["Participants"]]
        assert (len(events), people) == (2, ["lead"] if self_test else [])
