"""What several tests of the made-up vendors stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.microsoft import MicrosoftSimulator
from tests.simulator.microsoft_tenant import JO, MAX, NOON, Tenant


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """Two calendars, over HTTP."""
    simulator = MicrosoftSimulator(Clock(NOON))
    simulator.add_calendar(JO, "Jo Smith", aliases=["jo.smith@acme.example"])
    simulator.add_calendar(MAX, "Max Stone", "Europe/Berlin")
    with simulator.serve() as url:
        opened = Tenant(simulator, url)
        yield opened
        opened.http.close()
