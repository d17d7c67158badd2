"""Rules that cannot mean what they say are named."""

from __future__ import annotations

from typing import Any

import pytest

from activity_sync.rules.contradictions import contradictions
from tests.builders import settings


def told(**config: Any) -> list[str]:
    return [f"{one.key}: {one.detail}" for one in contradictions(settings(**config))]


def types(*whens: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": f"T{number}", "when": when} for number, when in enumerate(whens)]


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ({"minutes": {"min": 30, "max": 10}}, "minutes cannot be at least 30 and at most 10"),
        ({"kind": "meeting", "direction": "inbound"}, "a meeting has no direction"),
        ({"kind": "call", "title": "demo"}, "a call has no title"),
        ({"kind": "call", "outcome": "held"}, "no call has the outcome held"),
        ({"target": "Leads", "stage": "Proposal"}, "only a deal has a stage"),
        ({"title": "demo", "direction": "outbound"}, "a meeting has no direction, and a call no title"),
    ],
)
def test_a_type_that_can_never_fit_is_named(when: dict[str, Any], why: str) -> None:
    (line,) = told(activity_types=types(when, {}))
    assert line.startswith(f"activity_types[0].when: T0 can never fit: {why}")


def test_a_type_behind_one_that_takes_everything_is_named() -> None:
    assert told(activity_types=types({}, {"kind": "call"})) == [
        "activity_types[1]: T1 can never fit: T0 before it takes everything"
    ]
    same = {"kind": "meeting", "title": "demo"}
    assert told(activity_types=types(same, same, {})) == [
        "activity_types[1]: T1 can never fit: T0 before it takes the same"
    ]


@pytest.mark.parametrize(
    ("first", "later", "covered"),
    [
        ({"kind": "meeting"}, {"kind": "meeting", "title": "demo"}, True),
        ({"title": ["demo", "tour"]}, {"title": "demo"}, True),
        ({"title": "demo"}, {"title": ["demo", "tour"]}, False),
        ({"minutes": {"min": 10}}, {"minutes": {"min": 30, "max": 60}}, True),
        ({"minutes": {"min": 10, "max": 20}}, {"minutes": {"min": 15}}, False),
        ({"minutes": {"min": 10}}, {"kind": "call"}, False),
        ({"record": {"Accounts": {"Type": ["A", "B"]}}}, {"record": {"Accounts": {"Type": "A", "City": "X"}}}, True),
        ({"record": {"Accounts": {"Type": "A"}}}, {"record": {"Contacts": {"Type": "A"}}}, False),
        ({"kind": "call", "outcome": "missed"}, {"kind": "call"}, False),
    ],
)
def test_a_type_whose_all_is_taken_by_one_before_it_is_named(first: Any, later: Any, covered: bool) -> None:
    named = ["activity_types[1]: T1 can never fit: T0 before it takes all of these"] if covered else []
    assert told(activity_types=types(first, later, {})) == named


def test_a_follow_up_that_nobody_asks_for_and_one_that_never_fits_are_named() -> None:
    asked = [{"name": "T", "then": {"follow_ups": ["a"]}}]
    follow_ups = {
        "a": {"subject": "A", "when": {"kind": "call", "outcome": "held"}},
        "b": {"subject": "B"},
    }
    assert [line.split(":")[0] for line in told(activity_types=asked, follow_ups=follow_ups)] == [
        "follow_ups.a.when",
        "follow_ups.b",
    ]


def test_who_is_ours_cannot_be_treated_as_not_there() -> None:
    team = {
        "domains": ["acme.example"],
        "aliases": {"jo@home.example": "jo@acme.example"},
        "numbers": ["+442079460100"],
    }
    never = {"match": {"emails": ["max@acme.example", "jo@home.example"], "numbers": ["+442079460100"]}}
    assert [line.split(":")[0] for line in told(team=team, never=never)] == [
        *("never.match.emails", "never.match.emails"),
        "never.match.numbers",
    ]
    assert told(never={"log": {"domains": ["acme.example"], "emails": ["boss@acme.example"]}}) == [
        "never.log.domains: acme.example is the team's own"
    ]


def test_an_expression_that_explodes_is_named_and_a_sound_one_is_not() -> None:
    never = {"log": {"titles": [r"re:^((a|aa)+)+$", r"re:(?i)\\b(demo|walk-?through)\\b"]}}
    (line,) = told(never=never)
    assert "never.log.titles: re:^((a|aa)+)+$ takes too long" in line


def test_the_usual_rules_contradict_nothing() -> None:
    assert told() == []
