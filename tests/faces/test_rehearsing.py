"""A rehearsal tells each day that is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from activity_sync.model.decisions import State
from activity_sync.steps.rehearsing import tell_days
from activity_sync.store import sync_log
from activity_sync.wiring import App, open_app
from tests.builders import NOON, a_leg, settings
from tests.store.builders import judged, stored

ZOHO = {"data_center": "eu", "client_id": "1000.X", "client_secret": "worthless"}
TOMORROW = NOON + timedelta(days=1)


def told(app: App, *rounds: datetime) -> list[str]:
    """The lines of the log after rounds at these times."""
    for number, now in enumerate(rounds, 1):
        tell_days(app.means, number, now)
    with app.database.reading() as session:
        return [line.text for line in sync_log.lines(session) if line.event == "rehearsed"]


@pytest.mark.parametrize("write", [False, True])
def test_a_day_is_told_once_when_it_is_over_and_only_in_a_rehearsal(
    sqlite_url: str, tmp_path: Path, write: bool
) -> None:
    app = open_app(settings(database=sqlite_url, zoho={**ZOHO, "write": write}), tmp_path)
    with app.database.transaction() as session:
        (meeting,) = stored(session)
        (call,) = stored(session, a_leg(started=NOON, ended=NOON + timedelta(minutes=5)))
        judged(session, meeting, State.PLANNED)
        judged(session, call, State.SCREENED)
    line = f"Rehearsal, meetings and calls of {NOON:%d %b %Y}: 1 would have been logged, 1 left out by rule"
    assert told(app, NOON, TOMORROW, TOMORROW, TOMORROW + timedelta(days=1)) == ([] if write else [line])
    app.close()
