"""A logged call as time goes by: what comes late, what people write, what Zoho does not let change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.journeys.company import Company
from tests.journeys.conftest import Founded

TALK, MISSED = "A customer rings and somebody answers", "Missed on a rep's line"


def calls(company: Company) -> dict[str, Mapping[str, Any]]:
    """By Zoho's word for what they were."""
    return {one["Call_Type"]: one for one in company.written("Calls")}


@pytest.fixture
def company(found: Founded) -> Company:
    company = found([TALK, MISSED])
    company.play_and_sync()
    return company


def test_what_comes_late_goes_into_our_block_and_a_persons_words_stay(company: Company) -> None:
    aircall, call = company.stage.aircall, calls(company)["Inbound"]
    (number,) = (name for name, one in aircall.calls.items() if one["answered_at"])
    block = call["Description"]
    jo = company.stage.ids.users["jo@acme.example"]
    company.stage.zoho.edit("Calls", call["id"], by=jo, Description=f"Ask for Nora!\n{block}\n\nShe will ring back")
    aircall.comment(number, "Wants a quote", by="jo@acme.example")
    aircall.tag(number, "Demo")
    aircall.record(number)
    assert company.sync()["writes"]["updated"] == 1
    told = calls(company)["Inbound"]["Description"]
    assert (told.splitlines()[0], told.splitlines()[-1]) == ("Ask for Nora!", "She will ring back")
    assert all(word in told for word in ("Wants a quote", "Tags: Demo", "https://assets.aircall.io/"))
    assert "X-Expires" not in told
    aircall.comment(number, "Sent it", by="jo@acme.example")
    company.sync()
    told = calls(company)["Inbound"]["Description"]
    assert (told.count("Wants a quote"), told.count("Sent it"), told.count("She will ring back")) == (1, 1, 1)
    again = company.sync()
    assert (again["writes"]["created"], again["writes"]["updated"]) == (0, 0)
    assert company.doubles() == []


def test_a_late_answer_makes_the_missed_call_an_answered_one_in_a_new_record(company: Company) -> None:
    aircall, before = company.stage.aircall, calls(company)
    (number,) = (name for name, one in aircall.calls.items() if not one["answered_at"])
    aircall.finish_call(number, talk=42)
    company.sync()
    types = [one["Call_Type"] for one in company.written("Calls")]
    assert (sorted(types), len(types)) == (["Inbound", "Inbound"], 2)
    assert before["Missed"]["id"] not in {one["id"] for one in company.written("Calls")}
    assert {one["Call_Duration"] for one in company.written("Calls")} == {"04:48", "00:42"}


def test_a_missed_call_in_which_somebody_wrote_stays_and_is_told_the_news(company: Company) -> None:
    aircall, missed = company.stage.aircall, calls(company)["Missed"]
    (number,) = (name for name, one in aircall.calls.items() if not one["answered_at"])
    jo = company.stage.ids.users["jo@acme.example"]
    company.stage.zoho.edit("Calls", missed["id"], by=jo, Description=f"{missed['Description']}\nI rang back")
    aircall.finish_call(number, talk=42)
    company.sync()
    company.sync()
    told = calls(company)["Missed"]
    assert (told["id"], len(company.written("Calls"))) == (missed["id"], 2)
    assert "I rang back" in told["Description"]
    assert "Since logged: the call type is now Inbound" in told["Description"]
