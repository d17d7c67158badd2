"""check: one line for each thing that is tried, and the exit status that it comes to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from activity_sync.checks.zoho import users_check
from activity_sync.model.records import User
from activity_sync.simulator.zoho import ZohoSimulator
from tests.builders import settings
from tests.faces.conftest import Desk, Told, company, typed


def lines(told: Told) -> dict[str, dict[str, Any]]:
    """The last line of each name."""
    return {one["name"]: one for one in told.json["checks"]}


def wrong(told: Told) -> list[str]:
    return [f"{one['name']}: {one['detail']}; {one['hint']}" for one in told.json["checks"] if not one["ok"]]


def writes(zoho: ZohoSimulator) -> list[str]:
    return [f"{one.method} {one.path}" for one in zoho.requests if one.method in ("PUT", "DELETE")]


def test_everything_is_fine_and_nothing_is_written(fresh: Desk) -> None:
    told = fresh("check", "--json")
    assert (told.exit, told.json["ok"], wrong(told)) == (0, True, [])
    assert all(set(one) == {"name", "ok", "detail", "hint"} for one in told.json["checks"])
    names = lines(told)
    assert "unique in Events, Calls, Tasks" in names["key field"]["detail"]
    assert "an administrator" in names["zoho user"]["detail"]
    assert "Enterprise" in names["org"]["detail"]
    assert names["calendar workspace"]["detail"] == "all 7 calendars can be read"
    assert names["dialer aircall"]["ok"]
    assert not any(fresh.stage.zoho.records(module) for module in ("Events", "Calls"))
    assert writes(fresh.stage.zoho) == []


def test_rules_that_cannot_fit_are_named_before_anything_is_written(tmp_path: Path) -> None:
    types = [{"name": "All", "when": {}}, {"name": "Demo", "when": {"title": "demo"}}]
    move = {"deal_stage": {"from": ["Qualificaton"], "to": "Identify Decision Makers"}}
    deals = {
        "name": "Moved",
        "when": {"record": {"Deals": {"Nature": "x"}}},
        "then": {**move, "subject": "{{ deal.Hue }}"},
    }
    keyed = {"account_key": {"field": "Custmer_No", "from": "company_id"}}
    with company(tmp_path, scenes=1, activity_types=[deals, *types], matching=keyed) as desk:
        told = desk("check", "--json")
        lines_ = wrong(told)
        assert told.exit == 1
        for words in (
            "activity_types[2]: Demo can never fit: All before it takes everything",
            "activity_types[0].then.deal_stage.from: there is no deal stage Qualificaton; Did you mean Qualification?",
            "activity_types[0].then.subject: Deals has no field Hue",
            "activity_types[0].when.record.Deals.Nature: Deals has no field Nature",
            "matching.account_key.field: Accounts has no field Custmer_No",
            "follow_ups.send-recap: no activity type asks for it",
        ):
            assert any(words in line for line in lines_), (words, lines_)
        assert not any("Identify Decision Makers" in line for line in lines_)
        assert writes(desk.stage.zoho) == []


def test_an_expression_that_explodes_is_named_and_stalls_nothing(tmp_path: Path) -> None:
    types = [{"name": "A", "when": {"title": ["re:^(([a-z ])+.)+[A-Z]([a-z ])+$"]}}, {"name": "B", "when": {}}]
    never = {"log": {"titles": ["re:(x+x+)+y"]}}
    with company(tmp_path, scenes=1, activity_types=types, never=never, follow_ups={}) as desk:
        found = wrong(desk("check", "--json"))
        assert [line.split(" takes ")[0] for line in found] == [
            "rules: never.log.titles: re:(x+x+)+y",
            "rules: activity_types[0].when.title: re:^(([a-z ])+.)+[A-Z]([a-z ])+$",
        ]
        assert desk("types", "test", "a" * 400 + "!", "--json").json["type"] == "B"
        assert desk("types", "test", "x" * 400, "--json").json["type"] == "B"
        assert writes(desk.stage.zoho) == []


def test_a_template_that_could_grow_without_end_is_refused_before_anything_starts(lonely: Callable[..., Path]) -> None:
    loop = "{% for one in participants %}{{ one }}{% endfor %}"
    block = "{% block a %}{{ self.a() }}{% endblock %}"
    types = [{"name": "A", "then": {"subject": loop, "description": block}}]
    told = typed("--config", str(lonely(activity_types=types)), "check", "--json")
    assert told.exit == 2
    assert [line.partition("activity_types[0].then.")[2].partition(";")[0] for line in wrong(told)] == [
        "subject: is not a template: a loop is not offered",
        "description: is not a template: block is not offered",
    ]


def test_a_person_reads_a_line_for_each(fresh: Desk) -> None:
    told = fresh("check")
    assert told.exit == 0
    assert "ok    key field: Activity_Sync_Key is there and unique" in told.out


def test_a_default_that_does_nothing_yet_is_named_once(fresh: Desk) -> None:
    told = fresh("check", "--json")
    later = [one for one in told.json["checks"] if one["name"] == "not yet"]
    assert len(later) == len({one["detail"] for one in later})
    assert all(one["ok"] and one["hint"] for one in later)


def test_a_broken_config_is_told_in_checks(lonely: Callable[..., Path]) -> None:
    told = typed("--config", str(lonely(timezone="Mars/Base", meetigns={})), "check", "--json")
    assert (told.exit, told.json["ok"]) == (2, False)
    assert len(wrong(told)) == 2
    assert any("meetigns" in line and "meetings" in line for line in wrong(told))


def test_a_database_that_cannot_be_opened_is_a_check(lonely: Callable[..., Path], tmp_path: Path) -> None:
    told = typed("--config", str(lonely(database=f"sqlite:///{tmp_path}/none/at/all.db")), "check", "--json")
    assert told.exit == 1
    assert lines(told)["database"]["ok"] is False


def test_a_revoked_token_is_a_refusal_and_the_sources_are_still_tried(fresh: Desk) -> None:
    fresh.stage.zoho.accounts.revoke(fresh.stage.zoho.refresh_token)
    told = fresh("check", "--json")
    assert told.exit == 3
    assert "connect zoho" in lines(told)["zoho"]["hint"]
    assert lines(told)["dialer aircall"]["ok"]


def test_a_refused_dialer_among_others_is_a_failure(fresh: Desk) -> None:
    fresh.stage.aircall.api_token = "another"
    told = fresh("check", "--json")
    assert (told.exit, len(wrong(told))) == (1, 1)
    assert wrong(told)[0].startswith("dialer aircall")


def test_refused_calendars_are_named_in_one_line(fresh: Desk) -> None:
    for rep in ("max@acme.example", "jo@acme.example"):
        fresh.stage.google.refuse(rep, 403, "forbidden")
    told = fresh("check", "--json")
    assert told.exit == 1
    (line,) = wrong(told)
    assert "5 of 7 calendars can be read" in line
    assert "max@acme.example" in line
    assert "jo@acme.example" in line


def test_fields_values_and_stages_that_the_org_has_not_are_told_with_the_nearest(tmp_path: Path) -> None:
    types = [
        {"name": "A", "when": {"stage": ["Qualificaton"]}, "then": {"fields": {"Events": {"Event_Titel": "x"}}}},
        {"name": "B", "when": {"record": {"Accounts": {"Industri": ["x"]}}}},
        {"name": "C", "when": {}, "then": {"follow_ups": ["recap"]}},
    ]
    changes: dict[str, Any] = {
        "activity_types": types,
        "follow_ups": {"recap": {"subject": "Recap", "priority": "Hihg"}},
        "matching": {"email_fields": {"Contacts": ["Email", "E_Mail"]}},
    }
    with company(tmp_path, scenes=1, **changes) as desk:
        found = wrong(desk("check", "--json"))
    for words in (
        "activity_types[0].then.fields.Events.Event_Titel: Events has no field Event_Titel; Did you mean Event_Title?",
        "activity_types[0].when.stage: there is no deal stage Qualificaton; Did you mean Qualification?",
        "activity_types[1].when.record.Accounts.Industri: Accounts has no field Industri; Did you mean Industry?",
        "follow_ups.recap.priority: Tasks.Priority has no value Hihg; Did you mean High?",
        "matching.email_fields.Contacts: Contacts has no field E_Mail; Did you mean Email?",
    ):
        assert any(words in line for line in found), (words, found)


def test_without_the_key_field_it_says_which_of_the_two_holds(tmp_path: Path) -> None:
    with company(tmp_path, scenes=1, key_field=False) as desk:
        told = desk("check", "--json")
    key_field = lines(told)["key field"]
    assert (told.exit, key_field["ok"]) == (0, True)
    assert "not in Events, Calls, Tasks" in key_field["detail"]
    assert "zoho.grace" in key_field["detail"]
    assert "do not allow duplicate values" in key_field["hint"]


def test_an_owner_who_cannot_own_is_told(tmp_path: Path) -> None:
    with company(tmp_path, scenes=1, team={"domains": ["acme.example"], "default_owner": "lee@acme.example"}) as desk:
        told = desk("check", "--json")
    assert told.exit == 1
    assert "lee@acme.example is not active" in lines(told)["team.default_owner"]["detail"]


def test_whose_lines_and_extensions_are_nobodys_is_told() -> None:
    config = settings(
        dialers=[
            {"name": "pbx", "kind": "asterisk", "cdr": "x.csv", "lines": {"+442079460100": "left@acme.example"},
             "extensions": {"201": "jo@acme.example", "202": "typo@acme.example"}},
            {"name": "old", "kind": "asterisk", "cdr": "y", "enabled": False, "extensions": {"1": "x@acme.example"}},
        ]
    )  # fmt: skip
    users = [User(id="1", email="jo@acme.example"), User(id="2", email="left@acme.example", active=False)]
    told = users_check(users, config)
    assert told.ok
    assert told.hint.endswith(": left@acme.example, typo@acme.example.")


def test_somebody_who_is_no_administrator_is_told(fresh: Desk) -> None:
    world = fresh.stage.zoho.world
    world.users[world.token_user]["profile"]["name"] = "Standard"
    assert "is no administrator" in lines(fresh("check", "--json"))["zoho user"]["detail"]


def test_nobody_there_at_all(lonely: Callable[..., Path]) -> None:
    told = typed("--config", str(lonely()), "check", "--json")
    assert told.exit == 3
    assert "cannot be reached" in lines(told)["zoho"]["detail"]
