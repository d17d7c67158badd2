"""The whole company again, with its calendars at Microsoft, and half of them here and half there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from activity_sync.config import load
from activity_sync.reports.rows import stored_row
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.simulator.stage import Stage, mistakes
from activity_sync.steps.round import sync
from activity_sync.store import interactions
from activity_sync.wiring import App, open_app


def rows(app: App) -> list[dict[str, Any]]:
    with app.database.reading() as session:
        return [
            stored_row(session, one) for one in interactions.listing(session) if one.state and one.reason != NOT_DUE
        ]


@pytest.mark.parametrize("calendars", ["microsoft", "both"])
def test_every_interaction_ends_as_its_scene_demands_wherever_the_calendars_are(tmp_path: Path, calendars: Any) -> None:
    with Stage(calendars=calendars) as stage:
        app = open_app(load(stage.write_config(tmp_path), os.environ), tmp_path)
        try:
            for number in (1, 2):
                stage.play(number)
                problems = sync(app.means).problems
                assert [one.why for one in problems] == (["it has no end"] if number == 1 else [])
                assert mistakes(stage.expectations(number), rows(app), stage.zoho) == []
            before = len(stage.microsoft.requests)
            sync(app.means)
            active = [one for one in stage.microsoft.meetings.mailboxes.values() if one.enabled]
            assert len(stage.microsoft.requests) - before <= len(active)
        finally:
            app.close()
