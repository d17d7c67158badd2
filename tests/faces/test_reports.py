"""Reports where the command line would be a long way round: odd states, many failures, sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activity_sync.model.decisions import State
from activity_sync.model.results import Exit, Problem, RunResult
from activity_sync.model.writes import WriteState
from activity_sync.reports import credits, log, result, rows
from activity_sync.reports.interaction import explain, would_change
from activity_sync.reports.status import status
from activity_sync.store import cursors, facts, interactions, outbox, runs
from activity_sync.store.database import Database
from activity_sync.store.tables import Channels, Credits, Interactions
from tests.builders import NOON, a_copy, settings
from tests.store.builders import a_create, judged, stored

GOOGLE = {"name": "workspace", "kind": "google", "service_account_file": "google.json"}
DAY = timedelta(days=1)
AIRCALL = {"name": "aircall", "kind": "aircall", "api_id": "id", "api_token": "token"}


# --- status ---


def test_the_same_reason_for_many_reps_is_said_once(database: Database) -> None:
    reps = [f"rep{number}@acme.example" for number in range(6)]
    known = settings(calendars=[{**GOOGLE, "reps": [*reps, "jo@acme.example"]}])
    with database.transaction() as session:
        cursors.read_well(session, "workspace", "jo@acme.example", "c", NOON)
        for rep in reps:
            cursors.read_badly(session, "workspace", rep, "Google refuses us", NOON, next_step="Delegate again.")
        told = status(session, known, NOON + timedelta(minutes=5))
    calendar = told["connections"][1]
    assert calendar["error"] == (
        "rep0@acme.example, rep1@acme.example, rep2@acme.example and 3 more: Google refuses us (6 of 7 calendars)"
    )
    assert (calendar["next"], calendar["lag"], calendar["failing"]) == ("Delegate again.", 300, reps)


def test_a_rep_who_left_does_not_fail_for_ever(database: Database) -> None:
    with database.transaction() as session:
        cursors.read_badly(session, "workspace", "gone@acme.example", "no such calendar", NOON)
        told = status(session, settings(calendars=[GOOGLE]), NOON)
    assert told["connections"][1]["ok"]


def test_a_connection_that_rests_is_no_failure(database: Database) -> None:
    with database.transaction() as session:
        cursors.read_badly(session, "aircall", "", "refused", NOON)
        told = status(session, settings(dialers=[{**AIRCALL, "enabled": False}]), NOON)
    assert (told["connections"][1]["enabled"], told["connections"][1]["ok"]) == (False, True)


def test_failed_and_parked_writes_are_alerts(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session)
        outbox.add(session, key, [a_create("activity"), a_create("task:a")], 1, NOON)
        claimed = outbox.claim(session, 10, NOON)
        outbox.fail(session, claimed[0].number, "no such field", NOON)
        outbox.uncertain(session, [claimed[1].number], NOON, "lost")
        outbox.park(session, claimed[1].number, "cannot tell")
        told = status(session, settings(), NOON)
    assert (told["ok"], told["outbox"]["failed"], told["outbox"]["parked"]) == (False, 1, 1)
    assert [alert["about"] for alert in told["alerts"]] == ["outbox", "outbox"]


def test_what_nobody_can_own_is_an_alert_for_a_month_and_a_refused_write_is_told_once(database: Database) -> None:
    with database.transaction() as session:
        keys = stored(session, a_copy(uid="one"), a_copy(uid="two", event_id="2"))
        outbox.add(session, keys[0], [a_create("activity")], 1, NOON)
        outbox.fail(session, outbox.claim(session, 10, NOON)[0].number, "no such field", NOON)
        for key in keys:
            interactions.close(session, key, State.FAILED, "no active Zoho user can own it", NOON)
        told = {moment: status(session, settings(), NOON + moment)["alerts"] for moment in (DAY, 40 * DAY)}
    assert [alert["about"] for alert in told[DAY]] == ["outbox", "interactions"]
    assert "A meeting or call of the last 30 days could not be logged: no active Zoho user" in told[DAY][1]["text"]
    assert [alert["about"] for alert in told[40 * DAY]] == ["outbox"]


def test_what_is_there_twice_and_calendars_that_do_not_push_are_alerts(database: Database) -> None:
    refused = {"source": "workspace", "url": "https://sync.acme.example", "next_at": NOON, "error": "No such address."}
    with database.transaction() as session:
        (key,) = stored(session)
        judged(session, key, State.LOGGED)
        for name in ("jo", "max"):
            session.add(Channels(part=f"{name}@acme.example", **refused))
        alive = {**refused, "channel": "c", "ends": NOON + timedelta(days=1)}
        session.add(Channels(part="sam@acme.example", **alive))
        session.flush()
        (mute,) = status(session, settings(), NOON)["alerts"]
        row = session.get_one(Interactions, key)
        row.decided = {**(row.decided or {}), "double": "5725767000000000652"}
        session.add(row)
        session.flush()
        alerts = status(session, settings(), NOON)["alerts"]
    assert mute["text"].startswith("workspace: no pushes for 2 calendars: No such address.")
    assert [one["about"] for one in alerts] == ["workspace", "doubles"]
    assert f"{key} and 5725767000000000652" in alerts[1]["text"]


def test_what_zoho_refused_counts_until_it_was_reached_again(database: Database) -> None:
    trouble = RunResult(problems=[Problem("not sent", "Zoho", "access denied", "Connect again.", Exit.REFUSED)])
    with database.transaction() as session:
        run = runs.start_run(session, "sync", NOON)
        runs.finish_run(session, run, trouble.as_json(), NOON)
        before = status(session, settings(), NOON)["connections"][0]
        facts.keep_fact(session, "shadow", {}, NOON + timedelta(minutes=5))
        after = status(session, settings(), NOON)["connections"][0]
    assert (before["ok"], before["error"], before["next"]) == (False, "access denied", "Connect again.")
    assert after["ok"]


# --- credits ---


def test_credits_that_will_not_do_are_an_alert(database: Database) -> None:
    known = settings(
        zoho={"data_center": "eu", "client_id": "i", "client_secret": "s", "credits": {"daily_limit": 100}}
    )
    with database.transaction() as session:
        session.add(Credits(at=NOON - timedelta(hours=2), purpose="reading", credits=30))
        session.add(Credits(at=NOON - timedelta(hours=25), purpose="writing", credits=500))
        told = credits.report(session, known, NOON)
        alerts = status(session, known, NOON)["alerts"]
    assert (told.used, told.left, told.usable, told.by_purpose) == (30, 70, 70, {"reading": 30})
    assert told.forecast.expected == 360
    assert told.forecast.lasts is not None
    assert [alert["about"] for alert in alerts] == ["credits"]


# --- rows, explain ---


def test_an_interaction_that_was_never_judged_waits(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session, a_copy())
        told = explain(session, settings(), key)
    assert (told["state"], told["reason"], told["title"]) == ("waiting", "not judged yet", None)
    assert told["would_change"] == ["The next `activity-sync sync` judges it."]
    assert [one["event"] for one in told["history"]] == ["seen"]


def test_what_zoho_refused_is_in_the_row_and_in_the_history(database: Database) -> None:
    with database.transaction() as session:
        (key,) = stored(session, a_copy())
        judged(session, key, State.FAILED, reason="Zoho refused the Events record: bad value", decided=a_decision(key))
        outbox.add(session, key, [a_create()], 1, NOON)
        (row,) = outbox.claim(session, 10, NOON)
        outbox.fail(session, row.number, "bad value", NOON, code="INVALID_DATA")
        told = explain(session, settings(), key)
    assert told["writes"][0]["state"] == WriteState.FAILED
    assert told["writes"][0]["error"] == "bad value"
    (answer,) = (one for one in told["history"] if one["event"] == "answered")
    assert answer["detail"].endswith(": refused by Zoho: bad value")
    assert answer["code"] == "INVALID_DATA"
    assert "activity-sync retry" in told["would_change"][0]


def test_a_table_has_a_line_for_each_row_with_its_key() -> None:
    row = a_decision("m-1") | {"state": "waiting", "reason": "who is it", "writes": []}
    private = row | {"title": None, "key": "m-2", "reason": None, "writes": [a_task_write()]}
    untitled = row | {"title": ""}
    lines = rows.cells([row, private, untitled], ZoneInfo("Europe/Berlin"))
    assert all(len(line) == len(rows.COLUMNS) for line in lines)
    assert lines[0][:3] == ("Mon 02 Mar 13:00", "Intro call", "waiting")
    assert (lines[1][1], lines[2][1]) == ("(private meeting)", "(untitled meeting)")
    assert lines[1][-2:] == ("create task “Send recap”", "m-2")


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("planned", "not due yet", "Its time has not come"),
        ("planned", None, "The next `activity-sync sync` sends it."),
        ("failed", "no active Zoho user can own it", "`team.default_owner`"),
        ("screened", "calls with this outcome are not logged: busy", "`calls.outcomes`"),
        ("screened", "in none of the segments Customers", "`segments`"),
        ("screened", "the activity type Chat says skip", "`skip`"),
        ("screened", "sam@globex.example is never logged, by the review rule 3", "`activity-sync review forget`"),
        ("screened", "undone: by R3; `activity-sync retry m-1` logs it again", "`activity-sync retry KEY`"),
        ("waiting", "the contact roles of 4 deals are still to be read", "Once Zoho has told the contact roles"),
        ("waiting", "2 deals could be meant", "`activity-sync review`"),
        ("unmatched", "nobody known: sam@globex.example", "`activity-sync review`"),
        ("adopted", "somebody else logged it: it is 7", "`matching.adopt_existing: false`"),
    ],
)
def test_every_outcome_says_what_would_change_it(state: str, reason: str | None, words: str) -> None:
    told = a_decision("m-1") | {"state": state, "reason": reason, "writes": []}
    assert any(words in sentence for sentence in would_change(told, settings()))


def a_decision(key: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("reason", "type", "owner", "target", "who"))
    start = "2026-03-02T12:00:00+00:00"
    return nothing | {
        "key": key, "kind": "meeting", "source": "workspace", "title": "Intro call", "start": start, "end": start,
        "rep": "jo@acme.example", "outcome": "held", "trace": [], "candidates": [],
    }  # fmt: skip


def a_task_write() -> dict[str, Any]:
    return {"op": "create", "module": "Tasks", "id": None, "fields": {"Subject": "Send recap"}, "state": "ready"}


# --- log, result ---


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7d", NOON - timedelta(days=7)),
        ("24h", NOON - timedelta(hours=24)),
        ("2026-07-01", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        ("2026-07-01T10:30", datetime(2026, 7, 1, 9, 30, tzinfo=UTC)),
        ("2026-07-01T10:30+02:00", datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_since_is_a_length_or_a_moment_of_the_companys_day(text: str, moment: datetime) -> None:
    assert log.since(text, NOON, ZoneInfo("Europe/London")) == moment


def test_a_result_is_a_few_lines_with_the_next_steps() -> None:
    done = RunResult(run="R7", credits=1)
    done.interactions |= {"logged": 2, "screened": 1}
    done.writes |= {"created": 3}
    done.problems += [Problem("unreadable", "pbx: line 4", "no number", "Mend the line.")] * 25
    lines = list(result.lines(done))
    assert lines[:3] == [
        "R7: 3 interactions: 1 screened, 2 logged.",
        "Zoho: 3 created; 1 credit used.",
        "25 problems:",
    ]
    assert lines[3:5] == ["  unreadable (pbx: line 4): no number", "    Mend the line."]
    assert lines[-1] == "  and 5 more: `activity-sync log --failed`"


def test_nothing_happened_is_said_too() -> None:
    assert list(result.lines(RunResult())) == ["0 interactions.", "Zoho: nothing to write; 0 credits used."]
