"""status, credits, explain, log: what they say of the company after its first sync, and before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faces.conftest import Desk, typed

LOG_MEMBERS = {"at", "run", "direction", "key", "event", "module", "id", "text"}
ROW_MEMBERS = {
    "key", "kind", "source", "title", "start", "end", "rep", "outcome", "state", "reason", "type", "owner",
    "target", "who", "writes", "trace", "candidates", "history",
}  # fmt: skip


def explained(desk: Desk, title: str) -> dict[str, Any]:
    """`explain --json` of an interaction that the log names so."""
    keys = {line["key"] for line in desk("log", "--json").lines if line["text"].startswith(f"{title}:")}
    assert keys, title
    told: dict[str, Any] = desk("explain", min(keys), "--json").json
    return told


# --- status ---


def test_status_before_anything_ran(lonely: Callable[..., Path]) -> None:
    told = typed("--config", str(lonely()), "status", "--json")
    assert told.exit == 0
    assert told.json["connections"] == [
        {
            "name": "Zoho", "kind": "zoho", "enabled": True, "ok": True, "last_success": None, "lag": None,
            "error": None, "next": None, "failing": [], "failing_since": None,
        }
    ]  # fmt: skip
    assert (told.json["key_field"], told.json["last_run"]) == (False, None)
    assert re.fullmatch(r"\d{4}", told.json["migration"])


def test_status_after_a_sync(synced: Desk) -> None:
    told = synced("status", "--json").json
    assert told["ok"] is True
    names = {one["name"]: one for one in told["connections"]}
    assert set(names) == {"Acme", "workspace", "aircall", "workshop"}
    assert all(one["ok"] and one["last_success"].endswith("+00:00") for one in names.values())
    assert told["outbox"]["done"] > 40
    assert (told["alerts"], told["key_field"], told["last_run"]["command"]) == ([], True, "sync")
    assert told["shadow"]["Accounts"] == 40


def test_status_for_a_person_names_every_connection(synced: Desk) -> None:
    told = synced("status")
    assert "Everything works." in told.out
    assert "Once only: guarded by the unique key field." in told.out


def test_a_rep_whose_calendar_is_refused_is_named_and_the_others_go_on(fresh: Desk) -> None:
    fresh.stage.google.refuse("max@acme.example", 403, "forbidden")
    assert fresh("sync").exit == 1
    told = fresh("status", "--json").json
    calendar = next(one for one in told["connections"] if one["kind"] == "google")
    assert (calendar["ok"], calendar["failing"], told["ok"]) == (False, ["max@acme.example"], False)
    assert "max@acme.example" in calendar["error"]
    assert calendar["last_success"] is not None
    assert "max@acme.example" in told["alerts"][0]["text"]
    fresh.stage.zoho.edit_user(fresh.stage.ids.users["max@acme.example"], status="inactive")


def test_zoho_that_refuses_us_is_a_broken_connection_until_it_lets_us_in(fresh: Desk) -> None:
    refresh_token = fresh.stage.zoho.refresh_token
    assert fresh("sync").exit in (0, 1)
    fresh.stage.zoho.accounts.expire_access_tokens()
    fresh.stage.zoho.accounts.revoke(refresh_token)
    assert fresh("sync").exit == 3
    zoho = fresh("status", "--json").json["connections"][0]
    assert (zoho["kind"], zoho["ok"]) == ("zoho", False)
    assert "connect zoho" in zoho["next"]


# --- credits ---


def test_credits_are_those_that_zoho_counted(synced: Desk) -> None:
    told = synced("credits", "--json").json
    assert set(told) >= {"limit", "used", "left", "by_purpose", "forecast"}
    assert told["used"] == sum(told["by_purpose"].values()) == synced.stage.zoho.credits.used()
    assert told["limit"] - told["used"] == told["left"]
    assert told["forecast"]["expected"] >= told["used"]


def test_credits_of_an_org_that_was_never_read_are_a_guess(lonely: Callable[..., Path]) -> None:
    assert "a guess" in typed("--config", str(lonely()), "credits").out


def test_a_limit_of_the_config_is_obeyed(lonely: Callable[..., Path]) -> None:
    path = lonely()
    data = json.loads(path.read_text())
    data["zoho"]["credits"] = {"daily_limit": 1000, "keep_free": "50%"}
    path.write_text(json.dumps(data))
    told = typed("--config", str(path), "credits", "--json").json
    assert (told["limit"], told["usable"], told["left"]) == (1000, 500, 1000)


# --- explain ---


def test_explain_tells_what_came_in_what_was_thought_and_what_zoho_said(synced: Desk) -> None:
    told = explained(synced, "Discovery with Brightwater")
    assert set(told) >= ROW_MEMBERS
    assert (told["state"], told["type"], told["owner"]) == ("logged", "Discovery", "jo@acme.example")
    assert told["target"]["module"] == "Deals"
    activity = next(write for write in told["writes"] if write["module"] == "Events")
    held = synced.stage.zoho.record("Events", activity["id"])
    assert (activity["op"], activity["state"], held["Event_Title"]) == (
        "create",
        "done",
        activity["fields"]["Event_Title"],
    )
    events = [one["event"] for one in told["history"]]
    assert events[0] == "seen"
    assert "created" in events
    assert any(activity["id"] == one.get("id") for one in told["history"] if one["event"] == "answered")
    assert [one["at"] for one in told["history"]] == sorted(one["at"] for one in told["history"])
    assert {"module", "id", "name", "kept", "because"} == set(told["candidates"][0])


@pytest.mark.parametrize(
    ("title", "state", "sentence"),
    [
        ("Team stand-up", "screened", "`meetings.external_only: false`"),
        ("Lunch with Theo", "screened", "`never.log`"),
        ("a private meeting", "screened", "`meetings.private: redact`"),
        ("Hello from a stranger", "unmatched", "A contact, lead or account in Zoho"),
        ("Two firms, one mailbox", "waiting", "`matching.ambiguous: best`"),
        ("Kestrel account review", "logged", "one certain open deal"),
    ],
)
def test_explain_says_what_would_change_the_outcome(synced: Desk, title: str, state: str, sentence: str) -> None:
    told = explained(synced, title)
    assert told["state"] == state
    assert any(sentence in line for line in told["would_change"]), told["would_change"]


def test_retry_refuses_a_key_that_no_interaction_has(synced: Desk) -> None:
    found = synced("retry", "m-nobody", "--json")
    assert (found.exit, found.out) == (2, "")
    assert "No interaction has the key m-nobody" in found.err


def test_what_is_private_has_no_title_and_no_text_anywhere(synced: Desk) -> None:
    key = explained(synced, "a private meeting")["key"]
    told = synced("explain", key, "--json").json
    assert told["title"] is None
    assert "(private meeting)" in synced("explain", key).out


def test_explain_for_a_person_holds_the_same(synced: Desk) -> None:
    key = explained(synced, "Two firms, one mailbox")["key"]
    told = synced("explain", key)
    assert told.exit == 0
    for heading in ("What came in", "What was thought", "Candidates", "History", "What would change it"):
        assert f"\n{heading}\n" in told.out


def test_an_unknown_key_is_answered_with_those_that_are_like_it(synced: Desk) -> None:
    key = explained(synced, "Coffee with Bea")["key"]
    for asked in (key[:-2] + "zz", "coffee"):
        told = synced("explain", asked)
        assert (told.exit, told.out) == (2, "")
        assert f"{key} (Coffee with Bea)" in told.err


# --- log ---


def test_the_log_has_a_line_for_each_decision_and_each_write(synced: Desk) -> None:
    lines = synced("log", "--json").lines
    assert all(set(line) == LOG_MEMBERS for line in lines)
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    created = [line for line in lines if line["event"] == "created"]
    made = sum(len(synced.stage.zoho.records(module)) for module in ("Events", "Calls", "Tasks"))
    assert len(created) == synced("status", "--json").json["outbox"]["done"] <= made
    assert {line["run"] for line in lines} == {"R1"}


def test_the_log_is_filtered_by_kind_rep_direction_and_failure(synced: Desk) -> None:
    def keys(*arguments: str) -> set[str]:
        return {line["key"][:2] for line in synced("log", "--json", *arguments).lines if line["key"]}

    assert keys("--kind", "meeting") == {"m-"}
    assert keys("--kind", "call") == {"c-"}
    modules = {line["module"] for line in synced("log", "--json", "--kind", "call").lines if line["event"] == "created"}
    assert modules == {"Calls", "Tasks"}
    assert {line["direction"] for line in synced("log", "--json", "--direction", "in").lines} == {"in"}
    assert all(
        "cannot" in line["text"] or "has no" in line["text"] for line in synced("log", "--json", "--failed").lines
    )
    mine = synced("log", "--json", "--rep", "Jo@Acme.example").lines
    assert mine
    assert all(synced("explain", line["key"], "--json").json["rep"] == "jo@acme.example" for line in mine[:3])


def test_the_log_since_a_moment(synced: Desk) -> None:
    assert len(synced("log", "--since", "1d").out.splitlines()) == len(synced("log").out.splitlines())
    assert synced("log", "--json", "--since", "0s").out == ""
    assert synced("log", "--since", "2099-01-01").out == ""
    told = synced("log", "--since", "tomorrow")
    assert (told.exit, told.out) == (2, "")
    assert "7d or 24h" in told.err


@pytest.mark.parametrize("option", ["--kind", "--direction"])
def test_a_filter_that_fits_nothing_is_refused(synced: Desk, option: str) -> None:
    told = synced("log", option, "sideways")
    assert told.exit == 2
    assert option in told.err


def test_the_log_is_followed_until_it_is_interrupted(synced: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    naps = iter([None, KeyboardInterrupt()])

    def nap(_: float) -> None:
        if isinstance(stop := next(naps), KeyboardInterrupt):
            raise stop

    monkeypatch.setattr("time.sleep", nap)
    told = synced("log", "--json", "--follow")
    assert told.exit == 130
    assert told.lines == synced("log", "--json").lines
