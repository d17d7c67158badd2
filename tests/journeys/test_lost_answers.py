"""Whatever becomes of a request that writes or of its answer: in the end everything is there once, nothing is open."""

from __future__ import annotations

from itertools import cycle, product
from typing import Any

import pytest

from activity_sync.simulator.mishaps import Mishap
from tests.dose import dose
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.test_kills import HURRY

ALL = [one for one in Mishap if one is not Mishap.SLOW]
NO_LOOK: dict[str, Any] = {"matching": {"adopt_existing": False}}
"""What others logged is not asked for, so that the first request of its kind is one that writes."""

WRITING = ("/Events", "/Calls", "/Tasks", "__composite_requests")


@pytest.mark.torture
@pytest.mark.parametrize("key_field", dose([False], [False, True]))
def test_whatever_goes_wrong_with_its_writes_each_is_done_once_in_the_end(found: Founded, key_field: bool) -> None:
    company = found(key_field=key_field, zoho={"grace": "1s"}, **NO_LOOK)
    company.set_ |= HURRY | {"activity_sync.steps.send.loop:TEN": 2}
    for number, method in ((1, "POST"), (2, "PUT")):
        company.stage.play(number)
        everything_goes_wrong(company, method)
        company.command("sync", "--json")
        company.stage.zoho.mishaps.clear()
        result = company.command("sync", "--json").json
        assert result["writes"]["uncertain"] == 0
        assert company.mistakes(number) == []
        assert company.doubles() == []
    befallen = {(mishap, request.split()[0]) for mishap, request in company.stage.zoho.mishaps.happened}
    assert {(mishap, "POST") for mishap in ALL} <= befallen
    assert not any(company.sync()["writes"].values())


def everything_goes_wrong(company: Company, method: str) -> None:
    """One write after the other meets one mishap after the other."""
    for mishap, path in zip(ALL, cycle(WRITING[:2] if method == "PUT" else WRITING[:3]), strict=False):
        company.stage.zoho.mishaps.plan(mishap, method, path, delay=0.3)


_PLAIN = [Mishap.DROP_AFTER, Mishap.TRUNCATED, Mishap.LATE, Mishap.HTML]


@pytest.mark.torture
@pytest.mark.parametrize(
    ("key_field", "mishap"), dose(list(zip(cycle((False, True)), _PLAIN)), list(product((True, False), _PLAIN)))
)
def test_a_small_mixed_round_that_goes_wrong_is_done_once_too(found: Founded, mishap: Mishap, key_field: bool) -> None:
    company = found(
        ["A meeting with a contact", "A customer rings"], key_field=key_field, zoho={"grace": "1s"}, **NO_LOOK
    )
    company.set_ |= HURRY
    company.stage.zoho.mishaps.plan(mishap, "POST", "__composite_requests", delay=0.3)
    company.play_and_sync()
    assert company.stage.zoho.mishaps.happened
    assert company.mistakes(1) == []
    assert company.doubles() == []


def test_a_look_at_what_others_logged_that_cannot_be_read_keeps_nothing_from_being_logged(found: Founded) -> None:
    company = found(["A meeting with a contact", "A customer rings"])
    company.stage.zoho.mishaps.plan(Mishap.HTML, "POST", "__composite_requests")
    company.play_and_sync()
    assert company.stage.zoho.mishaps.happened
    assert company.mistakes(1) == []


def test_without_the_flag_to_wait_an_uncertain_write_is_left_to_the_next_round(found: Founded) -> None:
    company = found(["A meeting with a contact"], key_field=False, zoho={"grace": "1s"}, **NO_LOOK)
    company.set_ |= HURRY
    company.stage.play(1)
    company.stage.zoho.mishaps.plan(Mishap.DROP_AFTER, "POST", "__composite_requests")
    result = company.sync("--no-wait")
    assert result["writes"]["uncertain"] == 2
    assert result["interactions"]["waiting"] == 1
    assert company.sync()["interactions"]["logged"] == 1
    assert company.mistakes(1) == []


def test_what_it_cannot_tell_is_left_to_a_person(found: Founded) -> None:
    company = found(["A customer rings"], key_field=False, zoho={"grace": "1s"}, **NO_LOOK)
    company.set_ |= HURRY
    company.stage.play(1)
    zoho = company.stage.zoho
    zoho.mishaps.plan(Mishap.DROP_AFTER, "POST", "/Calls")
    zoho.mishaps.plan(Mishap.DROP_AFTER, "POST", "__composite_requests")
    company.sync("--no-wait")
    (call,) = zoho.records("Calls")
    twin = {name: call[name] for name in ("Subject", "Call_Type", "Call_Start_Time", "Call_Duration", "Owner")}
    zoho.add("Calls", **twin, Who_Id=call["Who_Id"], What_Id=call["What_Id"], Created_By=call["Created_By"]["id"])
    result = company.sync(exit=1)
    assert len(zoho.records("Calls")) == 2
    (problem,) = result["problems"]
    assert "retry" in problem["next"]
    assert result["writes"]["uncertain"] == 1


_SILENT = [(False, Mishap.DROP_BEFORE), (True, Mishap.HTML)]


@pytest.mark.torture
@pytest.mark.parametrize(("key_field", "mishap"), dose(_SILENT[:1], _SILENT))
def test_a_zoho_that_never_answers_a_write_is_not_hammered(found: Founded, mishap: Mishap, key_field: bool) -> None:
    company = found(["A customer rings"], key_field=key_field, zoho={"grace": "1s"}, **NO_LOOK)
    company.set_ |= HURRY | {
        "activity_sync.steps.send.loop:_PATIENCE": {"seconds": 0.5},
        "activity_sync.rules.backoff:_FIRST": {"seconds": 0.5},
    }
    company.stage.play(1)
    for path in WRITING:
        company.stage.zoho.mishaps.plan(mishap, "POST", path, times=1000)
    result = company.sync(exit=0)
    assert len(company.stage.zoho.mishaps.happened) <= 10
    assert result["interactions"]["waiting"] == 1
    company.stage.zoho.mishaps.clear()
    company.set_["activity_sync.steps.send.loop:_PATIENCE"] = {"seconds": 100}
    company.sync()
    assert company.mistakes(1) == []
