"""What is older than `retention` says is forgotten by a round, and never logged a second time."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from activity_sync.config import load
from activity_sync.steps.round import sync
from activity_sync.wiring import clock, open_app
from tests.journeys.company import Company
from tests.journeys.conftest import Founded

SCENES = ["A meeting with a contact", "A customer rings"]


def a_round_in(company: Company, days: int) -> None:
    """A round of the program, so many days from now."""
    with closing(open_app(load(company.config, os.environ), company.config.parent)) as app:
        later = clock() + timedelta(days=days)
        assert sync(replace(app.means, now=lambda: later), wait=False).problems == []


def test_what_is_too_old_is_forgotten_and_stays_once_in_zoho(found: Founded) -> None:
    company = found(SCENES, retention={"interactions": "40d", "sync_log": "60d"})
    company.play_and_sync()
    logged, made = [row["key"] for row in company.rows()], company.counts()
    assert made["Events"]
    assert made["Calls"]
    a_round_in(company, 35)
    assert [row["key"] for row in company.rows()] == logged
    a_round_in(company, 50)
    assert company.rows() == []
    told = company.command("log").out
    assert "older than retention says" in told
    assert logged[0] in told
    a_round_in(company, 65)
    assert logged[0] not in company.command("log").out
    assert company.counts() == made
    assert company.doubles() == []
