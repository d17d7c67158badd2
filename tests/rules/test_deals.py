from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.records import OrgFacts, Stage
from activity_sync.rules.deals import Occasion, choose_deal, is_closed
from tests.builders import NOON, ORG, a_deal, at, settings

TODAY = NOON.date()


def left(deals, *strategies, include_closed=False, **occasion):
    matching = settings(matching={"deal_preference": list(strategies), "include_closed": include_closed}).matching
    return [deal.id for deal in choose_deal(deals, Occasion(start=NOON, today=TODAY, **occasion), ORG, matching).left]


def day(days):
    return TODAY + timedelta(days=days)


def test_each_strategy_keeps_what_satisfies_it_and_the_next_decides_among_those():
    deals = [a_deal("a", contact_id="sam"), a_deal("b", contact_id="sam", owner_id="jo"), a_deal("c", owner_id="jo")]
    asked = {"contact_ids": frozenset({"sam"}), "attended": frozenset({"jo"})}
    assert left(deals, "has_participant", "owner_attended", **asked) == ["b"]
    assert left(deals, "owner_attended", **asked) == ["b", "c"]


def test_a_strategy_that_no_deal_satisfies_keeps_them_all():
    assert left([a_deal("a"), a_deal("b")], "has_participant", "owned_by_rep") == ["a", "b"]


def test_a_deal_without_an_owner_is_not_owned_by_a_missing_rep():
    assert left([a_deal("a"), a_deal("b", owner_id="jo")], "owned_by_rep", rep_id="") == ["a", "b"]
    assert left([a_deal("a"), a_deal("b", owner_id="jo")], "owned_by_rep", rep_id="jo") == ["b"]


@pytest.mark.parametrize(("created", "ids"), [(at(days=13), ["new", "old"]), (at(days=14), ["old"])])
def test_a_deal_made_long_after_the_meeting_was_not_open_at_the_time(created, ids):
    assert left([a_deal("new", created=created), a_deal("old")], "open_at_the_time") == ids


@pytest.mark.parametrize(("closing", "ids"), [(day(-13), ["open", "won"]), (day(-14), ["open"])])
def test_a_deal_closed_shortly_before_counts_as_open_at_the_time(closing, ids):
    deals = [a_deal("won", stage="Closed Won", closing=closing), a_deal("open")]
    assert left(deals, "open_at_the_time", include_closed=True) == ids


def test_closed_deals_are_not_looked_at_unless_the_admin_says_so():
    assert left([a_deal("won", stage="Closed Won")]) == []
    assert left([a_deal("won", stage="Closed Won")], include_closed=True) == ["won"]


@pytest.mark.parametrize(
    ("days", "first"),
    [
        ({"soon": 3, "later": 9, "past": -1}, "soon"),
        ({"today": 0, "past": -1}, "today"),
        ({"past": -5, "lately": -1, "none": None}, "lately"),
    ],
)
def test_closes_soonest_looks_ahead_first_and_then_back(days, first):
    deals = [a_deal(name, closing=None if days is None else day(days)) for name, days in days.items()]
    assert left(deals, "closes_soonest") == [first]


@pytest.mark.parametrize(
    ("strategy", "first"),
    [("modified_last", "b"), ("created_last", "c"), ("created_first", "a")],
)
def test_the_other_forcing_strategies_take_the_newest_or_oldest(strategy, first):
    deals = [
        a_deal("a", created=at(days=-9), modified=at(days=-3)),
        a_deal("b", created=at(days=-8), modified=at(days=-1)),
        a_deal("c", created=at(days=-7), modified=at(days=-2)),
        a_deal("d", created=None),
    ]
    assert left(deals, strategy) == [first]


def test_a_forcing_strategy_forces_a_choice_even_between_equals_but_the_next_one_is_asked_first():
    deals = [a_deal("a", closing=day(1)), a_deal("b", closing=day(1), owner_id="jo")]
    assert left(deals, "closes_soonest") == ["a"]
    assert left(deals, "closes_soonest", "owned_by_rep", rep_id="jo") == ["b"]


def test_every_deal_is_told_why_it_was_kept_or_dropped():
    matching = settings(matching={"deal_preference": ["owned_by_rep"]}).matching
    deals = [a_deal("a"), a_deal("b", owner_id="jo"), a_deal("c", stage="Closed Lost")]
    choice = choose_deal(deals, Occasion(start=NOON, today=TODAY, rep_id="jo"), ORG, matching)
    assert {one.id: (one.kept, one.because) for one in choice.candidates} == {
        "a": (False, "another goes before it: the rep owns it"),
        "b": (True, "the rep owns it"),
        "c": (False, "is closed"),
    }
    assert choice.trace == ("The deal is B deal: the rep owns it.",)


def test_a_stage_counts_in_its_own_pipeline_and_an_unlisted_one_by_its_name():
    org = OrgFacts(stages=(Stage(name="Done", pipeline="Sales", closed=True), Stage(name="Done", pipeline="Renewals")))
    assert is_closed(a_deal(stage="Done", pipeline="Sales"), org)
    assert not is_closed(a_deal(stage="Done", pipeline="Renewals"), org)
    assert is_closed(a_deal(stage="Closed-Lost to Competition"), OrgFacts())
    assert not is_closed(a_deal(stage="Proposal"), OrgFacts())


DEALS = [
    a_deal("a", closing=date(2026, 3, 9), owner_id="jo", modified=at(-5)),
    a_deal("b", closing=date(2026, 3, 9), contact_id="sam", modified=at(-5)),
    a_deal("c", closing=date(2026, 1, 9), owner_id="jo", created=at(-90)),
    a_deal("d", stage="Closed Won", closing=date(2026, 3, 1)),
]
STRATEGIES = [
    "has_participant", "owner_attended", "owned_by_rep", "open_at_the_time",
    "closes_soonest", "modified_last", "created_last", "created_first",
]  # fmt: skip


@given(st.permutations(DEALS), st.lists(st.sampled_from(STRATEGIES), unique=True), st.booleans())
def test_the_order_of_the_deals_never_changes_the_choice(deals, strategies, closed):
    asked = {"contact_ids": frozenset({"sam"}), "attended": frozenset({"jo"}), "include_closed": closed}
    chosen = left(deals, *strategies, **asked)
    assert chosen == left(DEALS, *strategies, **asked)
    if set(strategies) & set(STRATEGIES[4:]):
        assert len(chosen) == 1
