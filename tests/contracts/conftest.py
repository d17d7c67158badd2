"""Nothing in the contract suite waits between tries."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_second_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.calendars.google.service.TRIES", 1)
    monkeypatch.setattr("activity_sync.calendars.microsoft.source.TRIES", 1)
    monkeypatch.setattr("activity_sync.net.vendor.TRIES", 1)
