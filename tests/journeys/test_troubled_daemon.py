"""The daemon while Zoho refuses us: it asks seldom, and goes on as soon as it is let in again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activity_sync.config import load
from activity_sync.daemon import Daemon
from activity_sync.schedule import Schedule
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.wiring import open_app
from tests.builders import settings
from tests.journeys.company import Company
from tests.journeys.conftest import Founded

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TICK = timedelta(seconds=20)


@pytest.fixture
def begun(found: Founded, tmp_path: Path) -> Iterator[tuple[Company, Daemon]]:
    """A daemon after its first round; then a customer rings."""
    company = found(["A customer rings"])
    company.sync()
    read = load(company.config, {})
    daemon = Daemon(lambda: read, lambda one: open_app(one, tmp_path), threading.Event())
    daemon._tick()
    company.stage.play(1)
    yield company, daemon
    daemon._app.close()


def everything_is_due(daemon: Daemon) -> None:
    daemon._schedule.done.clear()


def revoke(zoho: ZohoSimulator) -> None:
    zoho.accounts.revoke(zoho.refresh_token)


def spend(zoho: ZohoSimulator) -> None:
    zoho.credits.limit = 0


@pytest.mark.parametrize("trouble", [revoke, spend])
def test_what_waits_to_be_written_does_not_make_it_ask_at_every_tick(
    begun: tuple[Company, Daemon], trouble: Callable[[ZohoSimulator], None]
) -> None:
    company, daemon = begun
    zoho = company.stage.zoho
    grant, limit = zoho.accounts._grants[zoho.refresh_token], zoho.credits.limit
    trouble(zoho)
    everything_is_due(daemon)
    daemon._tick()
    asked = len(zoho.requests)
    for _ in range(15):
        daemon._tick()
    assert len(zoho.requests) <= asked + 1
    assert company.counts()["Calls"] == 0
    zoho.accounts._grants[zoho.refresh_token], zoho.credits.limit = grant, limit
    everything_is_due(daemon)
    daemon._tick()
    company.sync("--no-wait")
    assert company.counts()["Calls"] == 1


def refreshes(schedule: Schedule, start: timedelta, length: timedelta, *, well: bool) -> int:
    """How often Zoho is asked by a daemon that looks every 20 seconds."""
    count = 0
    for ticks in range(int(length / TICK)):
        if schedule.turn(MONDAY + start + ticks * TICK).refreshing:
            schedule.refreshed(well=well)
            count += 1
    return count


def test_zoho_is_asked_less_and_less_while_it_refuses_and_at_the_usual_pace_again_afterwards() -> None:
    schedule, hour = Schedule(settings()), timedelta(hours=1)
    assert refreshes(schedule, 0 * hour, hour, well=True) == 12
    assert refreshes(schedule, hour, 3 * hour, well=False) <= 9
    assert refreshes(schedule, 4 * hour, hour / 2, well=True) >= 1
    assert refreshes(schedule, 5 * hour, hour, well=True) == 12
