"""kill -9 at any moment of the writing, then `sync` to the end: every interaction exactly once, nothing lost."""

from __future__ import annotations

import random
import signal
from typing import Any

import pytest

from tests.dose import WHOLE, dose
from tests.journeys.company import Company
from tests.journeys.conftest import ADatabase, Founded
from tests.journeys.killing import Blow, Killer, a_blow

KILLS = 150 if WHOLE else 5
VARIANTS = dose(
    [("sqlite", True), ("postgresql", False)],
    [("sqlite", True), ("postgresql", False), ("sqlite", False), ("postgresql", True)],
)
"""The database, and whether the org has the unique field."""

SILENT_SOURCES = {"activity_sync.steps.collect:read_sources": {"always": []}}
"""After the first run of a round the sources have nothing new: not to ask them halves the time of each run."""

SMALL_REQUESTS = {"activity_sync.steps.send.loop:TEN": 2}
"""Two rows a request: more requests, so more moments to die at."""

HURRY = {
    "activity_sync.steps.send.proving:BETWEEN_LOOKS": {"seconds": 0.1},
    "activity_sync.rules.backoff:_FIRST": {"seconds": 0.1},
}
"""The pretend Zoho shows at once what it has done, and is never busy for long."""

NAIVE = {"activity_sync.steps.send.proving:repeatable": {"always": True}}
"""A program that simply sends again what it has no answer for."""


def killed_again_and_again(company: Company, dice: random.Random, kills: int) -> int:
    """Kill `sync` until it survives because nothing is left to write, or so many kills; how many there were."""
    for done in range(kills):
        blow = a_blow(dice)
        ended = Killer().strike(company, blow, "sync", "--json")
        company.set_ |= SILENT_SOURCES
        if ended.exit != -signal.SIGKILL:
            assert ended.json["run"], (blow, ended.words)
            return done
    return kills


def to_the_end(company: Company) -> Any:
    """A `sync` that nobody disturbs."""
    for place in SILENT_SOURCES:
        company.set_.pop(place, None)
    return company.command("sync", "--json").json


@pytest.mark.torture
@pytest.mark.parametrize(("a_database", "key_field"), VARIANTS, indirect=["a_database"])
def test_killed_at_any_moment_of_its_writing_it_does_everything_once(
    found: Founded, a_database: ADatabase, key_field: bool
) -> None:
    kills = 0
    for seed in range(1, KILLS + 1):
        print(f"seed {seed}, {kills} kills so far")
        company = found(database=a_database(), key_field=key_field, zoho={"grace": "1s"})
        company.set_ |= SMALL_REQUESTS | HURRY
        dice = random.Random(f"{seed} {key_field}")
        for number in (1, 2):
            company.stage.play(number)
            kills += killed_again_and_again(company, dice, KILLS - kills)
            result = to_the_end(company)
            assert result["writes"]["uncertain"] == 0
            assert company.mistakes(number) == []
            assert company.doubles() == []
        assert not any(company.sync()["writes"].values())
        if kills >= KILLS:
            return
    pytest.fail(f"only {kills} runs could be killed")


def test_naive_sending_again_is_found_out(found: Founded) -> None:
    company = found(["A meeting with a contact"], key_field=False, zoho={"grace": "1s"})
    company.set_ |= HURRY | NAIVE
    company.stage.play(1)
    assert Killer().strike(company, Blow(1, "unanswered", 0), "sync", "--json").exit == -signal.SIGKILL
    company.sync()
    assert company.doubles()
    assert company.mistakes(1)
