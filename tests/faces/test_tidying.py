"""Retention: once a day, and only what no source shows any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from activity_sync.model.decisions import State
from activity_sync.steps.tidy import kept_for, tidy
from activity_sync.store import interactions, sync_log
from activity_sync.wiring import App, open_app
from tests.builders import NOON, settings
from tests.store.builders import judged, stored


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[App]:
    opened = open_app(settings(database=sqlite_url), tmp_path)
    yield opened
    opened.close()


def test_what_is_old_is_forgotten_once_a_day(app: App) -> None:
    with app.database.transaction() as session:
        (key,) = stored(session)
        judged(session, key, State.UNMATCHED)
        sync_log.append(session, NOON, "in", "seen", "long ago")
    later = NOON + timedelta(days=399)
    assert tidy(app.means, 1, later) == 0
    assert tidy(app.means, 1, later + timedelta(hours=30)) == 1
    assert tidy(app.means, 1, later + timedelta(hours=40)) == 0
    with app.database.reading() as session:
        assert interactions.get(session, key) is None
        texts = [line.text for line in sync_log.lines(session)]
    assert "long ago" not in texts
    assert any("1 interactions" in text for text in texts)


def test_what_a_source_still_shows_is_kept_whatever_retention_says() -> None:
    assert kept_for(settings(retention={"interactions": "1d"})) == timedelta(days=30)
    assert kept_for(settings(retention={"interactions": "1d"}, matching={"retroactive": "1d"})) == timedelta(days=14)
    assert kept_for(settings()) == timedelta(days=400)
