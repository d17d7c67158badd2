from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ZohoSimulator
from tests.simulator.zoho.client import Crm, sign_in

NOW = datetime(2025, 6, 18, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def org(clock: Clock) -> ZohoSimulator:
    """An organisation whose clock stands still at noon UTC of 18 June 2025; its administrator lives in Los Angeles."""
    return ZohoSimulator(clock)


@pytest.fixture
def crm(org: ZohoSimulator) -> Iterator[Crm]:
    with org.serve() as url, httpx.Client(base_url=url, verify=False) as http:
        http.headers["Authorization"] = f"Zoho-oauthtoken {sign_in(http, org)}"
        yield Crm(http, org)
