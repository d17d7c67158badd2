"""Present values before an update; and that nothing is taken for gone too easily."""

from __future__ import annotations

import httpx
import pytest
import respx

from activity_sync.model.failures import ConnectionFailure, Unexpected
from activity_sync.model.records import Module
from activity_sync.simulator.mishaps import Mishap
from tests.zoho.stage import a_stage, sound_fields


def test_two_hundred_meetings_are_read_for_one_credit() -> None:
    with a_stage() as stage:
        ids = [stage.sim.add("Events", **sound_fields(Module.EVENTS, number)) for number in range(200)]
        values = stage.crm.current(Module.EVENTS, ids, ["Event_Title", "Owner", "What_Id", "$se_module"])
        assert stage.cost() == (1, 1)
        assert set(values) == set(ids)
        assert values[ids[7]] == {"Event_Title": "Demo 7", "Owner": {"id": stage.sim.token_user}, "What_Id": None}


def test_a_deleted_one_among_others_is_missing() -> None:
    with a_stage() as stage:
        kept, lost = (stage.sim.add("Events", **sound_fields(Module.EVENTS)) for _ in range(2))
        stage.sim.delete("Events", lost)
        assert set(stage.crm.current(Module.EVENTS, [kept, lost], ["Venue"])) == {kept}


def test_that_all_are_gone_is_asked_twice() -> None:
    with a_stage() as stage:
        lost = stage.sim.add("Events", **sound_fields(Module.EVENTS))
        stage.sim.delete("Events", lost)
        assert stage.crm.current(Module.EVENTS, [lost], ["Venue"]) == {}
        assert [one.method for one in stage.asked()] == ["POST", "GET"]


def test_an_empty_answer_that_another_one_contradicts_is_not_believed() -> None:
    with a_stage() as stage:
        there = stage.sim.add("Events", **sound_fields(Module.EVENTS))
        with respx.mock(assert_all_mocked=False) as mock:
            mock.post(path="/crm/v8/coql").mock(return_value=httpx.Response(204))
            mock.route().pass_through()
            with pytest.raises(Unexpected):
                stage.crm.current(Module.EVENTS, [there], ["Venue"])


@pytest.mark.parametrize("mishap", [Mishap.HTML, Mishap.ERROR_BEFORE, Mishap.TOO_MANY, Mishap.TRUNCATED])
def test_an_error_never_says_that_records_are_gone(mishap: Mishap) -> None:
    with a_stage() as stage:
        there = stage.sim.add("Events", **sound_fields(Module.EVENTS))
        stage.sim.mishaps.plan(mishap, path="/crm/", times=20)
        with pytest.raises(ConnectionFailure):
            stage.crm.current(Module.EVENTS, [there], ["Venue"])


def test_what_coql_cannot_read_is_read_another_way() -> None:
    with a_stage() as stage:
        ids = [stage.sim.add("Events", **sound_fields(Module.EVENTS, number)) for number in range(120)]
        values = stage.crm.current(Module.EVENTS, ids, ["Event_Title", "Not_A_Column", "Owner"])
        assert len(values) == 120
        assert values[ids[3]]["Event_Title"] == "Demo 3"
        assert values[ids[3]]["Owner"] == {"id": stage.sim.token_user}
        asked = len(stage.asked("/coql"))
        stage.crm.current(Module.EVENTS, ids[:1], ["Not_A_Column"])
        assert len(stage.asked("/coql")) == asked
