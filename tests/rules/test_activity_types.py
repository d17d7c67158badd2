"""Activity types: the first that fits wins, and every one before it says why it did not."""

from __future__ import annotations

import pytest

from activity_sync.model.decisions import Match, Owner, Person, State, Target
from activity_sync.model.interactions import Outcome
from activity_sync.model.settings import ActivityType
from activity_sync.rules.activity_types import TypeFacts, choose_type, type_facts
from tests import builders as b


def types(*rules: dict[str, object]) -> tuple[ActivityType, ...]:
    return tuple(ActivityType.model_validate(rule) for rule in rules)


def fits(when: dict[str, object], **facts: object) -> bool:
    return choose_type(TypeFacts(**facts), types({"name": "T", "when": when})).type is not None


def test_the_first_type_that_fits_wins_even_if_a_later_one_fits_better() -> None:
    rules = types({"name": "Any"}, {"name": "Demo", "when": {"title": "demo"}})
    assert choose_type(TypeFacts(title="Demo"), rules).type is rules[0]


def test_every_type_before_the_winner_says_why_it_did_not_fit_and_the_winner_why_it_does() -> None:
    rules = types(
        {"name": "Missed", "when": {"kind": "call", "outcome": ["missed", "voicemail"]}},
        {"name": "Demo", "when": {"title": ["re:(?i)demo"], "minutes": {"min": 20}}},
        {"name": "Other"},
        {"name": "Never seen"},
    )
    choice = choose_type(TypeFacts(kind="meeting", title="Intro", minutes=30, outcome="held"), rules)
    assert choice.type is rules[2]
    assert choice.because == (
        "Not activity type Missed: kind is meeting, not call.",
        "Not activity type Demo: title has not re:(?i)demo.",
        "Activity type Other: it asks for nothing.",
    )


def test_no_type_fits() -> None:
    choice = choose_type(TypeFacts(title="Intro"), types({"name": "Demo", "when": {"title": "demo"}}))
    assert choice.type is None
    assert choice.because[-1] == "No activity type fits."


def test_a_condition_on_what_is_not_known_does_not_fit_and_says_so() -> None:
    for when in ({"outcome": "held"}, {"minutes": {"min": 1}}, {"record": {"Deals": {"Type": "New"}}}, {"role": "x"}):
        choice = choose_type(TypeFacts(title="Demo"), types({"name": "T", "when": when}))
        assert choice.type is None
        assert "is not known" in choice.because[0]


@pytest.mark.parametrize(
    ("pattern", "title", "expected"),
    [
        ("demo", "Product DEMO, part 2", True),
        ("demo", "Demography", False),
        ("straße", "Termin STRASSE 5", True),
        ("intro call", "Intro  call", True),
        ("re:^Demo", "demo", False),
        ("re:(?i)^demo", "Demo", True),
        ("re:end$", "x" * 600 + "end", False),
    ],
)
def test_titles_are_whole_words_in_any_case_or_bounded_expressions(pattern: str, title: str, expected: bool) -> None:
    assert fits({"title": [pattern]}, title=title) is expected


@pytest.mark.parametrize(("minutes", "expected"), [(19.9, False), (20, True), (45, True), (45.5, False)])
def test_spans_include_both_ends(minutes: float, expected: bool) -> None:
    assert fits({"minutes": {"min": 20, "max": 45}}, minutes=minutes) is expected


def test_a_domain_covers_those_below_it_but_no_lookalike() -> None:
    assert fits({"domains": ["globex.example"]}, domains=("mail.globex.example",))
    assert not fits({"domains": ["globex.example"]}, domains=("notglobex.example",))


def test_record_conditions_look_at_fields_whatever_their_type() -> None:
    record = {"Accounts": [{"Account_Type": "Customer", "Employees": 50, "Owner": {"name": "Jo Rep", "id": "7"}}]}
    assert fits({"record": {"Accounts": {"Account_Type": ["partner", "customer"]}}}, record=record)
    assert fits({"record": {"Accounts": {"Employees": 50, "Owner": "7"}}}, record=record)
    assert not fits({"record": {"Accounts": {"Account_Type": "Customer", "Employees": 51}}}, record=record)
    assert not fits({"record": {"Deals": {"Type": "New"}}}, record=record)


def test_an_empty_record_field_fits_only_a_condition_on_nothing() -> None:
    record = {"Deals": [{"Type": None}]}
    assert fits({"record": {"Deals": {"Type": [None]}}}, record=record)
    assert not fits({"record": {"Deals": {"Type": "New"}}}, record=record)


def test_the_facts_of_a_meeting_on_a_deal() -> None:
    settings = b.settings(
        calendars=[{"name": "workspace", "kind": "google", "service_account_file": "g.json"}],
        team={"domains": ["acme.example"], "aliases": {"jo@private.example": "jo@acme.example"}},
    )
    team = b.a_team(aliases={"jo@private.example": "jo@acme.example"})
    contact = b.a_contact(fields={"Title": "CTO"})
    deal = b.a_deal(fields={"Type": "New"})
    target = Target(state=State.LOGGED, record=deal, who=contact, account=b.an_account())
    found = Match(people=(Person(address="sam@globex.example", records=(contact,)),))
    meeting = b.a_meeting(calendars=("jo@acme.example",))
    facts = type_facts(meeting, Outcome.HELD, target, Owner(rep="jo@acme.example"), found, team, settings)
    assert facts.source == ("workspace", "google")
    assert (facts.kind, facts.outcome, facts.direction) == ("meeting", "held", "")
    assert (facts.minutes, facts.outsiders) == (60, 1)
    assert (facts.target, facts.stage) == ("Deals", ("Proposal",))
    assert facts.rep == ("jo@acme.example", "jo@private.example")
    assert facts.domains == ("globex.example",)
    assert facts.record is not None
    assert facts.record["Contacts"] == [{"Title": "CTO"}]
    assert facts.record["Deals"] == [{"Type": "New"}]


def test_a_calls_minutes_are_those_in_which_people_talked() -> None:
    target = Target(state=State.LOGGED)
    facts = type_facts(b.a_call(), Outcome.ANSWERED, target, Owner(), Match(), b.a_team(), b.settings())
    assert (facts.minutes, facts.direction, facts.target) == (5, "inbound", "")
