"""Zoho's own SDK reads back what a sync of the made-up company wrote, and writes beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activity_sync.config import load
from activity_sync.simulator.stage import Stage
from activity_sync.steps.round import sync
from activity_sync.wiring import open_app
from tests.official_sdk import create, pointer, read, sign_in

pytestmark = [pytest.mark.judge, pytest.mark.filterwarnings("ignore::DeprecationWarning:zohocrmsdk")]

TITLES = {"Events": "Event_Title", "Calls": "Subject", "Tasks": "Subject"}


@pytest.fixture
def synced(tmp_path: Path) -> Iterator[Stage]:
    with Stage() as stage:
        app = open_app(load(stage.write_config(tmp_path / "company"), os.environ), tmp_path)
        for number in (1, 2):
            stage.play(number)
            sync(app.means)
        app.close()
        (tmp_path / "sdk").mkdir()
        sign_in(stage.zoho, stage.urls["zoho"], tmp_path / "sdk")
        yield stage


def test_the_official_sdk_reads_every_activity_that_a_sync_wrote(synced: Stage) -> None:
    for module, title in TITLES.items():
        written = synced.zoho.records(module)
        assert len(written) > 5
        for record in written:
            seen = read(module, int(record["id"]))
            assert seen[title] == record[title]
            assert seen["Owner"].get_id() == int(record["Owner"]["id"])
            assert (seen["What_Id"].get_id() if seen.get("What_Id") else None) == _id(record["What_Id"])
            assert seen["Activity_Sync_Key"] == record["Activity_Sync_Key"]


def test_the_official_sdk_writes_one_of_each_beside_us(synced: Stage) -> None:
    from zohocrmsdk.src.com.zoho.crm.api.util import Choice

    contact = pointer(synced.zoho.records("Contacts")[0]["id"])
    now = datetime.now(UTC).replace(microsecond=0)
    made = {
        "Events": create(
            "Events", Event_Title="By hand", Start_DateTime=now, End_DateTime=now + timedelta(hours=1), Who_Id=contact
        ),
        "Calls": create(
            "Calls",
            Subject="By hand",
            Call_Type=Choice("Inbound"),
            Call_Start_Time=now - timedelta(hours=1),
            Call_Duration="01:30",
            Who_Id=contact,
        ),
        "Tasks": create("Tasks", Subject="By hand", Due_Date=(now + timedelta(days=1)).date(), Who_Id=contact),
    }
    for module, record_id in made.items():
        assert read(module, record_id)[TITLES[module]] == "By hand"


def _id(link: dict[str, str] | None) -> int | None:
    return int(link["id"]) if link else None
