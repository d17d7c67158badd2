"""The scenes, and the stage they are played on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from ruamel.yaml import YAML

from activity_sync.config.reading import load
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.scenes import SCENES, Scene
from activity_sync.simulator.scenes.actions import At, DeleteInZoho, EditInZoho
from activity_sync.simulator.stage import Expectation, Stage, mistakes

MONDAY, SUNDAY = datetime(2026, 3, 9, 3, tzinfo=UTC), datetime(2026, 3, 29, 23, 30, tzinfo=UTC)
RULES = ("screened", "waiting", "unmatched", "logged", "failed", "")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The first round, played, and its config written to `stage.folder`."""
    with Stage(Clock(MONDAY)) as stage:
        stage.write_config(tmp_path_factory.mktemp("stage"))
        stage.play(1)
        yield stage


def all_expected() -> list[Any]:
    return [one for scene in SCENES for one in scene.expected]


def test_there_are_enough_interactions_and_every_state_is_among_them() -> None:
    names = {one.name for one in all_expected()}
    assert 45 <= len(names) <= 70
    assert {one.state for one in all_expected()} == set(RULES)


def test_no_two_interactions_of_a_kind_start_together() -> None:
    for number in (1, 2):
        starts = Counter((one.kind, one.at) for scene in SCENES for one in scene.after(number))
        assert [twice for twice, times in starts.items() if times > 1] == []


@pytest.mark.parametrize("now", [MONDAY, SUNDAY])
def test_what_is_past_lies_within_the_first_sync_and_what_is_to_come_within_the_horizon(now: datetime) -> None:
    for one in all_expected():
        start = one.at.moment(now)
        assert now - timedelta(days=7) < start < now + timedelta(days=14), one.name
        assert start + timedelta(hours=1, minutes=15) < now or start > now or one.kind == "call", one.name


@pytest.mark.parametrize(
    ("day", "date"), [(1, "2026-03-30"), (-1, "2026-03-27"), (6, "2026-04-06"), (-4, "2026-03-24")]
)
def test_days_are_working_days_whatever_the_day_of_the_show(day: int, date: str) -> None:
    assert At(day, "09:00").date(SUNDAY - timedelta(hours=1)).isoformat() == date


def test_times_are_the_companys_on_both_sides_of_a_change_of_the_clocks() -> None:
    assert At(-1, "09:00").moment(SUNDAY).hour == 9
    assert At(1, "09:00").moment(SUNDAY).hour == 8


def test_every_expectation_names_records_of_the_world(stage: Stage) -> None:
    for one in all_expected():
        if one.target:
            assert stage.ids.of(*one.target)
        if one.who:
            assert stage.ids.of("Contacts", one.who)
        if one.owner:
            assert one.owner in stage.ids.users
        if one.state == "logged":
            assert one.target
            assert one.owner
            assert one.type


def test_the_config_names_every_vendor_and_holds_no_stray_key(stage: Stage) -> None:
    path = stage.folder / "config.yaml"
    config = YAML(typ="safe").load(path)
    assert config["zoho"]["api_url"] == stage.urls["zoho"]
    assert config["calendars"][0]["api_url"] == stage.urls["google"] + "/"
    assert config["dialers"][0]["lines"]["+442079460101"] == "jo@acme.example"
    assert [kind["name"] for kind in config["activity_types"]] == ["Discovery", "Demo", "Missed customer call", "Other"]
    assert json.loads((path.parent / "google.json").read_text())["token_uri"] == stage.urls["google"] + "/token"
    assert (path.stat().st_mode & 0o777) == 0o600
    assert len(load(path, {}).activity_types) == 4  # the program's own reader finds no mistake


def test_the_calendars_hold_each_meeting_once_for_every_rep_in_it(stage: Stage) -> None:
    items = calendar_of(stage, "max@acme.example")
    titles = Counter(one.get("summary") for one in items)
    assert titles["All of us at Cedar"] == 1
    assert titles["Cedar weekly"] == 3
    mine = next(one for one in items if one.get("summary") == "All of us at Cedar")
    assert [one["email"] for one in mine["attendees"] if one.get("self")] == ["max@acme.example"]
    assert mine["organizer"]["self"]
    stubs = [one for one in calendar_of(stage, "jo@acme.example") if "start" not in one]
    assert [one["status"] for one in stubs] == ["cancelled"]


def test_the_dialer_holds_the_calls_of_the_past_week(stage: Stage) -> None:
    key = (stage.aircall.api_id, stage.aircall.api_token)
    asked = {"from": int((MONDAY - timedelta(days=7)).timestamp()), "per_page": 50}
    answer = httpx.get(stage.urls["aircall"] + "/v1/calls", params=asked, auth=key, trust_env=False).json()
    wanted = [one for one in stage.expectations(1) if one.expected.kind == "call"]
    assert answer["meta"]["total"] == len(wanted) - 2  # two come by import file
    assert {call["started_at"] for call in answer["calls"]} < {int(one.start.timestamp()) for one in wanted}


def test_the_other_telephone_system_hands_over_a_file(stage: Stage) -> None:
    lines = (stage.folder / "spool" / "calls" / "calls-1.jsonl").read_text().splitlines()
    row, internal = (json.loads(line) for line in lines)
    assert (internal["direction"], internal["from"], internal["to"]) == ("internal", "201", "202")
    assert (row["direction"], row["to"], row["rep_email"]) == ("outbound", "+447700900113", "sam@acme.example")


def test_the_second_round_changes_what_is_there() -> None:
    with Stage(Clock(MONDAY)) as stage:
        stage.play(1)
        needed = [act for scene in SCENES for _, act in scene.script if isinstance(act, EditInZoho | DeleteInZoho)]
        with pytest.raises(LookupError, match="sync before"):
            stage.play(2)
        for action in needed:
            stage.zoho.add(action.module, Event_Title=action.subject, Start_DateTime=MONDAY, End_DateTime=MONDAY)
    with Stage(Clock(MONDAY)) as stage:
        for action in needed:
            stage.zoho.add(action.module, Event_Title=action.subject, Start_DateTime=MONDAY, End_DateTime=MONDAY)
        stage.play(1)
        stage.play(2)
        assert [one["Event_Title"] for one in stage.zoho.records("Events")] == ["Signing day"]
        titles = {one.get("summary"): one for one in calendar_of(stage, "kim@acme.example")}
        moved = next(one for one in stage.expectations(2) if one.expected.name == "Fernhill next steps")
        assert datetime.fromisoformat(titles["Fernhill next steps"]["start"]["dateTime"]) == moved.start
        call = stage.aircall.calls[stage._players.calls["Max rings Theo"]]
        assert call["comments"][0]["content"] == "Wants the quote by Friday"


def row_for(stage: Stage, wanted: Expectation) -> dict[str, Any]:
    """The ROW that a faultless program would print, its records written into Zoho."""
    one, writes = wanted.expected, []
    title = {"Event_Title": wanted.expected.name} if one.kind == "meeting" else {"Subject": one.name}
    module = "Events" if one.kind == "meeting" else "Calls"
    made = [(module, title | dict(one.holds))] * one.in_zoho + [("Tasks", {"Subject": "Send recap"})] * one.tasks
    for name, fields in made:
        writes.append(
            {"op": "create", "module": name, "id": stage.zoho.add(name, **fields), "fields": {}, "state": "done"}
        )
    reference = dict(zip(("module", "name"), one.target, strict=True)) if one.target else None
    return {
        "kind": one.kind, "title": one.title, "start": wanted.start.isoformat(), "state": one.state or "logged",
        "reason": one.reason or None, "type": one.type, "owner": one.owner, "target": reference,
        "who": {"module": "Contacts", "name": one.who.removesuffix(" (1)")} if one.who else None, "writes": writes,
    }  # fmt: skip


def faultless(stage: Stage) -> list[dict[str, Any]]:
    return [row_for(stage, one) for one in stage.expectations(1) if one.expected.row != "none"]


def test_a_faultless_program_has_no_mistakes() -> None:
    stage = Stage(Clock(MONDAY))
    assert mistakes(stage.expectations(1), faultless(stage), stage.zoho) == []


def test_every_mistake_is_seen() -> None:
    stage = Stage(Clock(MONDAY))
    rows = faultless(stage)
    broken = {row["title"]: row for row in rows if row["kind"] == "meeting"}
    broken["Coffee with Bea"]["owner"] = "jo@acme.example"
    broken["Team stand-up"]["reason"] = "a whim"
    broken["Juniper introduction"]["state"] = "unmatched"
    rows.remove(broken["Trade fair"])
    rows.append(broken["Dunmore planning"] | {"start": MONDAY.isoformat()})
    stage.zoho.add("Tasks", Subject="Twice")
    found = mistakes(stage.expectations(1), rows, stage.zoho)
    assert len(found) == 6
    wrongs = (
        "Coffee with Bea: owner",
        "Team stand-up: the reason",
        "Juniper introduction: state",
        "Trade fair: listed 0",
        "nobody expected meeting 'Dunmore",
        "Tasks in Zoho in all",
    )
    for fragment in wrongs:
        assert any(fragment in one for one in found), fragment


def calendar_of(stage: Stage, rep: str) -> list[dict[str, Any]]:
    """What a rep's calendar shows through Google's own credentials."""
    scopes = ["https://www.googleapis.com/auth/calendar.events.readonly"]
    key = stage.google.service_account_key()
    credentials = service_account.Credentials.from_service_account_info(key, scopes=scopes, subject=rep)
    with AuthorizedSession(credentials) as session:
        session.trust_env = False
        asked = {"singleEvents": "true", "showDeleted": "true", "maxResults": "2500"}
        answer = session.get(stage.urls["google"] + "/calendar/v3/calendars/primary/events", params=asked)
        return list(answer.json()["items"])


def test_a_scene_tells_only_what_has_happened_so_far() -> None:
    scene: Scene = next(one for one in SCENES if one.name.startswith("A meeting written"))
    assert scene.after(1) == ()
    assert len(scene.after(2)) == 1
