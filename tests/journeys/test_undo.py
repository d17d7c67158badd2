"""What a run wrote is taken back, and what a person did in Zoho stays."""

from __future__ import annotations

import signal
from typing import Any

from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.desk import meet
from tests.journeys.killing import MOMENTS, Blow, Killer
from tests.journeys.test_kills import HURRY, SMALL_REQUESTS

MOVES = "A meeting that moves"
TITLE = "Fernhill next steps"


def undone(company: Company, run: str, exit: int = 0) -> Any:  # noqa: A002
    """`undo RUN --yes --json`, which must end with this status; its RESULT."""
    done = company.command("undo", run, "--yes", "--json")
    assert done.exit == exit, done.words
    return done.json


def test_what_a_run_made_goes_and_stays_out_until_it_is_wanted_again(found: Founded) -> None:
    company = found([MOVES, "What is noted after", "A customer rings", "A voicemail counts", "A lead alone gets it"])
    first = company.play_and_sync()
    made = company.counts()
    assert all(made.values())
    result = undone(company, first["run"])
    assert company.counts() == {"Events": 0, "Calls": 0, "Tasks": 0}
    assert result["writes"]["deleted"] == sum(made.values()) == first["writes"]["created"]
    assert result["problems"] == []
    assert result["interactions"]["screened"] == first["interactions"]["logged"]
    assert {row["reason"].partition(":")[0] for row in company.rows() if row["state"] == "screened"} == {"undone"}
    again = undone(company, first["run"])
    assert again["problems"][0]["what"] == "nothing to undo"
    company.stage.play(2)  # news of an undone meeting changes nothing
    assert not any(company.sync()["writes"].values())
    (key,) = (row["key"] for row in company.rows() if row["title"] == TITLE)
    assert company.command("retry", key, "--json").json["writes"]["created"] == 1
    assert company.event(TITLE)
    for nonsense in ("R999", "undo", result["run"]):
        assert company.command("undo", nonsense, "--yes").exit == 2


def test_what_a_run_changed_is_put_back_and_a_persons_edits_stay(found: Founded) -> None:
    company = found([MOVES, "A new title in the calendar", "is cancelled before its start"])
    company.play_and_sync()
    before = {one["id"]: dict(one) for one in company.written("Events")}
    second = company.play_and_sync(2)
    assert second["writes"]["updated"] >= 2
    assert second["writes"]["deleted"] == 1
    renamed = company.event("Penrose layout and prices")
    company.stage.zoho.edit("Events", renamed["id"], by=company.stage.ids.users["sam@acme.example"], Event_Title="Ours")
    result = undone(company, second["run"])
    after = {one["id"]: one for one in company.written("Events")}
    (moved,) = (one for one in before.values() if one["Event_Title"] == TITLE)
    for name in ("Start_DateTime", "End_DateTime", "Event_Title", "What_Id", "Who_Id", "Owner"):
        assert after[moved["id"]][name] == moved[name], name
    assert after[renamed["id"]]["Event_Title"] == "Ours"
    assert any("edited" in one["why"] or "changed" in one["why"] for one in result["problems"])
    (deleted,) = (one for one in before.values() if one["Event_Title"] == "Oakley price talk")
    assert company.event("Oakley price talk")["Start_DateTime"] == deleted["Start_DateTime"]
    assert not any(company.sync()["writes"].values())


def test_what_a_person_touched_is_not_deleted(found: Founded) -> None:
    company = found([MOVES, "A customer rings"])
    first = company.play_and_sync()
    event, sam = company.event(TITLE), company.stage.ids.users["sam@acme.example"]
    company.stage.zoho.edit("Events", event["id"], by=sam, Venue="At the harbour")
    result = undone(company, first["run"])
    assert [one["Venue"] for one in company.written("Events")] == ["At the harbour"]
    assert company.written("Calls") == []
    (problem,) = result["problems"]
    assert event["id"] in problem["where"]
    question = company.command("undo", first["run"])  # nobody is there to answer
    assert (question.exit, len(company.written("Events"))) == (2, 1)
    assert "--yes" in question.err


def test_a_lead_that_a_run_made_stays_while_something_hangs_on_it(found: Founded) -> None:
    company = found(["Nobody knows the stranger"], people={"create": "Leads"})
    before = len(company.stage.zoho.records("Leads"))
    meet(company, "First talk", "Lee Fox <lee.fox@newco.example>")
    first = company.sync()
    made = len(company.stage.zoho.records("Leads"))
    assert made > before
    meet(company, "Second talk", "lee.fox@newco.example")
    second = company.sync()
    result = undone(company, first["run"])
    assert "Second talk" in {one["Event_Title"] for one in company.written("Events")}
    assert "First talk" not in {one["Event_Title"] for one in company.written("Events")}
    assert any("hangs on it" in one["why"] for one in result["problems"])
    assert len(company.stage.zoho.records("Leads")) > before
    undone(company, second["run"])
    (lead,) = company.stage.zoho.records("Leads")[before:]
    task = company.stage.zoho.add("Tasks", Subject="Send flowers", What_Id=lead["id"])
    assert any("task hangs on it" in one["why"] for one in undone(company, first["run"])["problems"])
    company.stage.zoho.delete("Tasks", task)
    undone(company, first["run"])
    assert len(company.stage.zoho.records("Leads")) == before
    assert company.written("Events") == []


def test_an_undo_that_is_killed_goes_on_where_it_stopped(found: Founded) -> None:
    company = found(
        [MOVES, "A new title in the calendar", "is cancelled before its start"], key_field=False, zoho={"grace": "1s"}
    )
    company.set_ |= SMALL_REQUESTS | HURRY
    first = company.play_and_sync()
    before = {one["Event_Title"]: one for one in map(dict, company.written("Events"))}
    second = company.play_and_sync(2)
    renamed = company.event("Penrose layout and prices")
    company.stage.zoho.edit("Events", renamed["id"], by=company.stage.ids.users["sam@acme.example"], Event_Title="Ours")
    for moment in MOMENTS:
        ended = Killer().strike(company, Blow(1, moment, 0), "undo", second["run"], "--yes", "--json")
        assert ended.exit == -signal.SIGKILL or not ended.json["problems"], (moment, ended.words)
    result = undone(company, second["run"])
    assert company.doubles() == []
    after = {one["Event_Title"]: one for one in company.written("Events")}
    assert set(after) == {TITLE, "Ours", "Oakley price talk"}
    for title in (TITLE, "Oakley price talk"):
        assert after[title]["Start_DateTime"] == before[title]["Start_DateTime"]
    assert any(renamed["id"] in one["where"] and one["what"] == "left as it is" for one in result["problems"])
    assert result["writes"]["uncertain"] == 0

    assert Killer().strike(company, Blow(1, "unsent", 0), "undo", first["run"], "--yes").exit == -signal.SIGKILL
    assert len(company.written("Events")) == 3
    result = undone(company, first["run"])
    assert [one["Event_Title"] for one in company.written("Events")] == ["Ours"]
    assert any(renamed["id"] in one["where"] for one in result["problems"])
    assert not any(company.sync()["writes"].values())
