"""The same calls, told by another vendor, come to the same records in Zoho."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.journeys import own_dialers
from tests.journeys.conftest import Founded
from tests.journeys.other_dialers import VENDORS, plain

SCENES = [
    "A customer rings and somebody answers",
    "Nobody picks up at a lead's",
    "A contact without an account rings",
    "A switchboard number on several contacts",
    "A number that two accounts share",
    "Missed on a rep's line",
    "Missed on the main line",
    "A voicemail counts as missed",
    "A withheld number",
]


@pytest.mark.parametrize("kind", [*VENDORS, *own_dialers.VENDORS])
def test_the_same_calls_come_to_the_same_records(found: Founded, kind: str) -> None:
    make, held = {**VENDORS, **own_dialers.VENDORS}[kind]
    company = found(SCENES)
    stage = company.stage
    lines = {plain(rep.line): rep.email for rep in stage.world.reps if rep.line}
    at = make(stage.clock, {rep.email: rep.line for rep in stage.world.reps})
    stage._players.aircall = at  # type: ignore[assignment]
    with getattr(at, held).serve() as url:
        company.configure(dialers=[{"name": "telephone", "lines": lines, **at.config(url)}])
        company.play_and_sync()
    assert company.mistakes(1) == []


def test_check_names_the_dialer_that_refuses_us_and_a_sync_goes_on_with_the_others(found: Founded) -> None:
    company = found(SCENES[:1])
    people = {rep.email: rep.line for rep in company.stage.world.reps}
    with ExitStack() as open_until_the_end:
        vendors = {kind: make(company.stage.clock, people) for kind, (make, _) in VENDORS.items()}
        urls = {kind: open_until_the_end.enter_context(getattr(at, VENDORS[kind][1]).serve())
                for kind, at in vendors.items()}  # fmt: skip
        company.stage._players.aircall = vendors["zoom_phone"]  # type: ignore[assignment]
        company.configure(dialers=[{"name": kind, **at.config(urls[kind])} for kind, at in vendors.items()])
        vendors["quo"].quo.may_read = False  # type: ignore[attr-defined]
        checked = {one["name"]: one for one in company.command("check", "--json").json["checks"]}
        lines = {kind: checked[f"dialer {kind}"] for kind in VENDORS}
        assert {kind for kind, line in lines.items() if not line["ok"]} == {"quo"}
        assert "API key" in lines["quo"]["hint"]
        result = company.play_and_sync(exit=1)
    assert [problem["where"] for problem in result["problems"]] == ["quo"]
    assert (result["interactions"]["logged"], len(company.written("Calls"))) == (1, 1)


def test_what_comes_late_is_added_to_the_record_and_nothing_a_person_wrote_is_lost(found: Founded) -> None:
    company = found(SCENES[:1])
    people = {rep.email: rep.line for rep in company.stage.world.reps}
    at = VENDORS["quo"][0](company.stage.clock, people)
    company.stage._players.aircall = at  # type: ignore[assignment]
    quo = at.quo  # type: ignore[attr-defined]
    with quo.serve() as url:
        company.configure(dialers=[{"name": "telephone", **at.config(url)}])
        company.play_and_sync()
        (call,) = company.written("Calls")
        company.stage.zoho.edit(
            "Calls", call["id"], by=next(iter(company.stage.ids.users.values())), Call_Agenda="Ours"
        )
        quo.summarize(next(iter(quo.calls)), "Wants a quote", steps=["Send it on Friday"])
        result = company.sync()
    (call,) = company.written("Calls")
    assert "Wants a quote" in call["Description"]
    assert "Send it on Friday" in call["Description"]
    assert call["Call_Agenda"] == "Ours"
    assert (result["writes"]["created"], result["writes"]["updated"]) == (0, 1)
