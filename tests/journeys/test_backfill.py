"""The past is logged once, whatever stops it; nobody is asked to follow up on it too late."""

from __future__ import annotations

import time
from typing import Any

from activity_sync.simulator.scenes.actions import At, PutCall, PutMeeting
from activity_sync.simulator.world.cast import JO
from activity_sync.simulator.world.company import MAIN_LINE
from tests.journeys.company import Company
from tests.journeys.conftest import Founded

SCENES = ["A meeting with a contact", "A voicemail counts"]


def with_a_past(found: Founded, meetings: int = 4, **changes: Any) -> Company:
    """A company that has synced, with meetings and a missed call of half a year before that."""
    company = found(SCENES, **changes)
    first = company.stage._players
    (seen,) = (action for scene in company.stage.scenes for _, action in scene.script if isinstance(action, PutMeeting))
    company.play_and_sync()
    for number in range(meetings):
        at = At(-20 - 80 * number // meetings, f"{10 + number % 7}:15")
        first.play(PutMeeting(title=f"Discovery {number}", at=at, reps=(JO,), guests=seen.guests))
    (missed,) = (action for scene in company.stage.scenes for _, action in scene.script if isinstance(action, PutCall))
    first.play(
        PutCall(name="Long ago", direction="inbound", number=missed.number, at=At(-60, "11:00"), line=MAIN_LINE, rep="")
    )
    return company


def backfill(company: Company, *flags: str, exit: int = 0) -> Any:  # noqa: A002
    """`backfill --from half a year ago --json`; what it printed."""
    since = f"{At(-110, '09:00').date(company.stage.now):%Y-%m-%d}"
    done = company.command("backfill", "--from", since, "--json", *flags)
    assert done.exit == exit, done.words
    return done.json if done.out else None


def test_the_past_is_told_with_its_price_and_then_logged_once(found: Founded) -> None:
    company = with_a_past(found)
    before = company.counts()
    told = backfill(company, "--forecast")
    assert (told["interactions"], told["exact"]) == ({"found": 5, "to_log": 5}, True)
    backfill(company, exit=2)  # nobody is there to answer
    assert company.counts() == before
    looked = company.command("credits", "--json").json["by_purpose"]["checking"]
    result = backfill(company, "--yes")
    assert result["writes"]["created"] == told["writes"] == 5
    assert company.counts() == {"Events": before["Events"] + 4, "Calls": before["Calls"] + 1, "Tasks": before["Tasks"]}
    assert result["interactions"]["logged"] == 5
    by_purpose = company.command("credits", "--json").json["by_purpose"]
    for_others = by_purpose["checking"] - looked  # before each ten it is asked what others have logged
    assert by_purpose["backfill"] + for_others == told["credits"]["writing"]
    again = backfill(company, "--yes")
    assert again["interactions"]["unchanged"] >= 5
    assert not any(again["writes"].values())
    assert not any(company.sync()["writes"].values())
    assert company.command("undo", result["run"], "--yes").exit == 0
    assert company.counts() == before


def test_a_backfill_that_is_killed_or_short_of_credits_goes_on(found: Founded) -> None:
    company = with_a_past(found, meetings=24)
    run = company.start("backfill", "--from", f"{At(-110, '09:00').date(company.stage.now):%Y-%m-%d}", "--yes")
    before = len(company.written("Events"))
    for _ in range(600):
        if len(company.written("Events")) > before:
            break
        time.sleep(0.02)
    run.kill()
    run.done()
    used = company.command("credits", "--json").json["used"]
    company.configure(zoho={"credits": {"daily_limit": used + 3, "keep_free": "0%"}, "grace": "1s"})
    short = backfill(company, "--yes", exit=4)
    assert short["problems"][0]["what"] == "stopped"
    company.configure(zoho={"credits": {"daily_limit": 100_000, "keep_free": "0%"}})
    backfill(company, "--yes")
    assert len(company.written("Events")) == before + 24
    assert company.doubles() == []
    assert company.command("backfill", "--from", "yesterday", "--yes").exit == 2
    assert company.command("backfill", "--from", "2026-02-01", "--to", "2026-01-01", "--yes").exit == 2
