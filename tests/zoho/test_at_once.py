"""How many calls run at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from activity_sync.model.records import Module
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ZohoSimulator
from tests.zoho.stage import LONG_AGO, NOW, a_stage


def test_at_most_two_calls_run_at_once_and_a_composite_alone() -> None:
    with a_stage(ZohoSimulator(Clock(NOW), edition="free")) as stage:
        org = stage.learn()
        stage.sim.mishaps.plan(Mishap.SLOW, path="/crm/", times=20, delay=0.05)
        cursors = {str(Module.CONTACTS): LONG_AGO.isoformat()}
        with ThreadPoolExecutor(8) as pool:
            read = [pool.submit(stage.crm.users) for _ in range(6)]
            asked = [pool.submit(stage.crm.refresh, cursors, org) for _ in range(2)]
            assert all(len(one.result()) == 1 for one in read)
            assert not any(one.result().notes for one in asked)
        assert stage.sim.slots.refused == 0
        assert stage.sim.slots.most[0] == 5


def test_two_calls_do_run_at_once() -> None:
    with a_stage() as stage:
        stage.learn()
        stage.sim.mishaps.plan(Mishap.SLOW, path="/crm/", times=20, delay=0.1)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda _: stage.crm.users(), range(6)))
        assert stage.sim.slots.most[0] == 2
