"""Writes whose answer is lost, late or a plain no."""

from __future__ import annotations

import pytest

from activity_sync.model.failures import OutOfCredits, SignInAgain, TryLater, Uncertain
from activity_sync.model.records import Module
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from tests.zoho.stage import NOW, a_row, a_stage
from tests.zoho.test_writing import keyed, posts

LOST = [
    Mishap.DROP_AFTER,
    Mishap.DROP_BEFORE,
    Mishap.ERROR_AFTER,
    Mishap.ERROR_BEFORE,
    Mishap.BAD_GATEWAY,
    Mishap.HTML,
    Mishap.TRUNCATED,
    Mishap.LATE,
]


@pytest.mark.parametrize("mishap", LOST)
@pytest.mark.parametrize("together", [False, True])
def test_a_lost_answer_is_uncertain_and_the_write_is_sent_once(mishap: Mishap, together: bool) -> None:
    with a_stage() as stage:
        keyed(stage)
        stage.sim.mishaps.plan(mishap, "POST", "/crm/", times=9)
        with pytest.raises(Uncertain):
            stage.crm.send([a_row(1), a_row(2, Module.CALLS if together else Module.EVENTS)])
        assert len(stage.sim.mishaps.happened) == 1
        assert len(stage.sim.records("Events")) <= 2


def test_a_write_that_takes_longer_than_we_wait_is_uncertain() -> None:
    with a_stage(read=0.2) as stage:
        keyed(stage)
        stage.sim.mishaps.plan(Mishap.SLOW, "POST", "/Events", delay=0.5)
        with pytest.raises(Uncertain, match="ReadTimeout"):
            stage.crm.send([a_row(1)])


@pytest.mark.parametrize("spelling", ["TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"])
def test_too_many_requests_is_a_definite_no(spelling: str) -> None:
    with a_stage() as stage:
        keyed(stage)
        stage.sim.switches.too_many_code = spelling
        stage.sim.mishaps.plan(Mishap.TOO_MANY, "POST", "/Events")
        with pytest.raises(TryLater):
            stage.crm.send([a_row(1)])
        assert stage.sim.records("Events") == []
        assert stage.waits == []


def test_what_never_reached_zoho_may_simply_be_sent_later() -> None:
    with a_stage(zoho={"api_url": "http://127.0.0.1:9"}) as stage, pytest.raises(TryLater, match="cannot be reached"):
        stage.crm.send([a_row(1)])


def test_a_sign_in_that_fails_has_written_nothing() -> None:
    with a_stage(zoho={"accounts_url": "http://127.0.0.1:9"}) as stage, pytest.raises(TryLater):
        stage.crm.send([a_row(1)])


def test_a_dead_token_is_renewed_and_the_write_arrives_once() -> None:
    with a_stage() as stage:
        keyed(stage)
        stage.sim.accounts.expire_access_tokens()
        assert stage.crm.send([a_row(1)])[1].done
        assert len(stage.sim.records("Events")) == 1


def test_a_missing_scope_is_named_and_no_token_is_asked_for() -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if "modules" not in scope)
    with a_stage(ZohoSimulator(Clock(NOW), scopes=(*scopes, "ZohoCRM.modules.events.READ"))) as stage:
        issued = stage.sim.accounts.issued
        with pytest.raises(SignInAgain, match=r"ZohoCRM\.modules\.events\.CREATE"):
            stage.crm.send([a_row(1)])
        assert stage.sim.accounts.issued == issued + 1


def test_without_credits_nothing_is_sent() -> None:
    with a_stage() as stage:
        keyed(stage)
        before = posts(stage)
        stage.ledger.limit = stage.ledger.spent
        with pytest.raises(OutOfCredits):
            stage.crm.send([a_row(1)])
        assert posts(stage) == before


def test_what_zoho_says_of_its_credits_reaches_the_ledger() -> None:
    with a_stage() as stage:
        keyed(stage)
        stage.sim.credits.spend(stage.sim.credits.limit - 100 - stage.sim.credits.used())
        stage.crm.send([a_row(1)])
        assert stage.ledger.told == [99]
