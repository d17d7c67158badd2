"""What several sources' tests stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.microsoft_stage import MicrosoftStage


@pytest.fixture
def microsoft(monkeypatch: pytest.MonkeyPatch) -> Iterator[MicrosoftStage]:
    """A tenant over HTTP, and a source that tries each request once."""
    monkeypatch.setattr("activity_sync.calendars.microsoft.source.TRIES", 1)
    with MicrosoftStage().serve() as stage:
        yield stage
