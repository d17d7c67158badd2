"""What the judgement must do, seen through the command line: links, stages, follow-ups, and why."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from activity_sync.simulator.mishaps import Mishap, _Planned
from activity_sync.simulator.stage.settings import ACTIVITY_TYPES
from tests.journeys.company import Company
from tests.journeys.conftest import Founded

ON_A_DEAL = "A meeting with a contact goes on the account's open deal"
TITLE = "Discovery with Brightwater"
DEAL = "Brightwater rollout"
QUOTE, REVIEW = "Proposal/Price Quote", "Negotiation/Review"


def with_stage(start: str = QUOTE, to: str = REVIEW) -> list[dict[str, Any]]:
    """The company's types; a discovery moves its deal on."""
    discovery, *others = ACTIVITY_TYPES
    return [{**discovery, "then": {**discovery["then"], "deal_stage": {"from": [start], "to": to}}}, *others]


def deal(company: Company) -> Any:
    (found,) = (one for one in company.stage.zoho.records("Deals") if one["Deal_Name"] == DEAL)
    return found


def stage_puts(company: Company) -> list[Any]:
    return [one for one in company.stage.zoho.requests if one.method == "PUT" and "/Deals" in one.path]


def agenda(company: Company, text: str) -> None:
    """Somebody edits the meeting in the calendar."""
    company.stage.google.change_event(company.stage._players.events[TITLE], description=text)


def test_a_deal_moves_on_once_and_what_a_person_does_with_it_then_stays(found: Founded) -> None:
    company = found([ON_A_DEAL], activity_types=with_stage())
    company.stage.play(1)
    (planned,) = company.command("preview", "--json").json["interactions"]
    assert ("update", "Deals", {"Stage": REVIEW}) in [
        (one["op"], one["module"], one["fields"]) for one in planned["writes"]
    ]
    assert deal(company)["Stage"] == QUOTE
    assert company.sync()["writes"] == {"created": 2, "updated": 1, "deleted": 0, "uncertain": 0}
    assert deal(company)["Stage"] == REVIEW
    row = company.row(TITLE)
    assert row["state"] == "logged"
    assert f"The deal {DEAL} moves on from {QUOTE} to {REVIEW}." in row["trace"]
    rep = company.stage.ids.users["sam@acme.example"]
    company.stage.zoho.edit("Deals", deal(company)["id"], by=rep, Stage=QUOTE)
    agenda(company, "Another agenda")
    assert company.sync()["writes"]["updated"] == 1
    assert company.event("Discovery: Brightwater Foods with Jo")["Description"].startswith("Another agenda")
    assert deal(company)["Stage"] == QUOTE


def test_a_deal_that_stays_does_not_move_later(found: Founded) -> None:
    company = found([ON_A_DEAL], activity_types=with_stage(start="Value Proposition"))
    company.play_and_sync()
    company.stage.zoho.edit("Deals", deal(company)["id"], Stage="Value Proposition")
    agenda(company, "Another agenda")
    company.sync()
    assert (deal(company)["Stage"], stage_puts(company)) == ("Value Proposition", [])


def test_who_changes_the_deal_at_the_same_moment_wins(found: Founded) -> None:
    company = found([ON_A_DEAL], activity_types=with_stage())
    company.stage.play(1)
    zoho = company.stage.zoho
    edits = iter([lambda: zoho.edit("Deals", deal(company)["id"], Stage="Needs Analysis")])
    between(company, "PUT", "/Deals", edits)
    company.sync()
    assert deal(company)["Stage"] == "Needs Analysis"
    assert len(stage_puts(company)) == 1
    assert [write["state"] for write in company.row(TITLE)["writes"]] == ["done", "done"]
    assert any("stays Needs Analysis" in line for line in company.row(TITLE)["trace"])


def test_a_deal_that_was_changed_elsewhere_moves_on_all_the_same(found: Founded) -> None:
    company = found([ON_A_DEAL], activity_types=with_stage())
    company.stage.play(1)
    edits = iter([lambda: company.stage.zoho.edit("Deals", deal(company)["id"], Amount=7)])
    between(company, "PUT", "/Deals", edits)
    assert company.sync()["writes"]["updated"] == 1
    assert deal(company)["Stage"] == REVIEW


def test_a_stage_whose_answer_is_lost_is_ours_and_moves_once(found: Founded) -> None:
    company = found([ON_A_DEAL], activity_types=with_stage(), zoho={"grace": "1s"})
    company.stage.play(1)
    company.stage.zoho.mishaps.plan(Mishap.DROP_AFTER, "PUT", "/Deals")
    assert company.sync()["writes"]["updated"] == 1
    assert (deal(company)["Stage"], len(stage_puts(company))) == (REVIEW, 1)
    assert "done" in [one["state"] for one in company.row(TITLE)["writes"] if one["module"] == "Deals"]


def between(company: Company, method: str, path: str, edits: Any) -> None:
    """Let the next of `edits` happen just before Zoho takes such a request."""

    def looks(request: Any) -> bool:
        if request.method == method and path in request.path and (edit := next(edits, None)):
            edit()
        return False

    company.stage.zoho.mishaps._planned.append(_Planned(Mishap.SLOW, looks, 1, 0.0))


def cancel(company: Company) -> None:
    company.stage.google.cancel_event(company.stage._players.events[TITLE])


def test_follow_ups_of_a_cancelled_meeting_go_unless_somebody_touched_them(found: Founded) -> None:
    for touched, left in ((False, 0), (True, 1)):
        company = found([ON_A_DEAL])
        company.play_and_sync()
        (task,) = company.written("Tasks")
        if touched:
            company.stage.zoho.edit("Tasks", task["id"], by=company.stage.ids.users["sam@acme.example"], Priority="Low")
        cancel(company)
        company.sync()
        assert len(company.written("Tasks")) == left
        assert company.written("Events")[0]["Event_Title"].startswith("Cancelled: ")
        assert not any(company.sync()["writes"].values())


def test_a_calls_own_account_id_finds_the_account_before_anything_else_does(found: Founded) -> None:
    company = found([ON_A_DEAL], matching={"account_key": {"field": "Ticker_Symbol", "from": "company_id"}})
    zoho = company.stage.zoho
    (account,) = (one for one in zoho.records("Accounts") if one["Account_Name"] == "Fernhill Labs")
    zoho.edit("Accounts", account["id"], Ticker_Symbol="FH-7")
    started = company.stage.now.replace(microsecond=0) - timedelta(hours=3)
    call = {
        "id": "keyed",
        "started_at": started.isoformat(),
        "direction": "inbound",
        "from": "+447700900999",
        "to": "+442079460100",
        "talk_seconds": 60,
        "outcome": "answered",
        "rep_email": "jo@acme.example",
        "company_id": "fh-7",
    }
    spool = company.config.parent / "spool" / "calls"
    spool.mkdir(parents=True, exist_ok=True)
    (spool / "keyed.jsonl").write_text(json.dumps(call) + "\n", encoding="utf-8")
    company.sync()
    (row,) = (row for row in company.rows() if row["kind"] == "call")
    assert (row["state"], row["target"]["name"]) == ("logged", "Fernhill Labs")
    told = company.command("explain", row["key"]).out
    assert "the account Fernhill Labs has company_id fh-7" in told
    assert "Accounts" not in told.split("Writes")[0]
