"""What holds for every judgement and its plan, whatever the interaction: the promises of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.decisions import Candidates, Judgement, Lookup, State, Surroundings
from activity_sync.model.interactions import Interaction, Outcome, Privacy, Response
from activity_sync.model.records import Record
from activity_sync.model.settings import ActivityType, Settings, Then
from activity_sync.model.writes import Op
from activity_sync.rules.differences import differ
from activity_sync.rules.joining import join
from activity_sync.rules.judgement import judge
from activity_sync.rules.lookups import at_first, by_colleagues, if_unknown, lookups
from tests import builders as b
from tests.rules.plans import carried_out, unhurried

SETTINGS = b.settings(
    activity_types=[
        {"name": "No coffee", "when": {"title": "coffee"}, "then": {"skip": True}},
        {
            "name": "Demo",
            "when": {"kind": "meeting"},
            "then": {"follow_ups": ["recap"], "deal_stage": {"from": ["Proposal"], "to": "Closed Won"}},
        },
        {"name": "Missed", "when": {"outcome": ["missed", "voicemail"]}, "then": {"follow_ups": ["call-back"]}},
        {"name": "Other", "when": {}},
    ],
    follow_ups={
        "recap": {"subject": "Recap for {{ who }}", "when": {"outcome": "held"}},
        "call-back": {"subject": "Call {{ who }} back", "close_when_reached": True},
    },
    never={"log": {"titles": ["lunch"]}},
    segments=[],
)
NUMBER = "+442079460958"
RECORDS = (
    b.a_contact(),
    b.a_contact("ann", account_id="initech"),
    b.a_contact("bob"),
    b.a_contact("twin", email="bob@globex.example"),
    b.a_lead(),
    b.a_lead("lost", email="lost@initech.example", converted=True, contact_id="nobody"),
    b.a_lead("old", email="old@hooli.example", converted=True, contact_id="sam"),
    b.a_contact("kim", email="kim+crm@globex.example"),
    b.an_account(),
    b.an_account("initech"),
    b.a_deal(modified=b.NOON, contact_id="sam", owner_id="user-jo"),
    b.a_deal("small", modified=b.NOON, owner_id="user-max"),
    b.a_deal("other", account_id="initech", stage="Closed Lost"),
)
STRANGERS = (
    b.a_contact("zed", email="zed@umbrella.example", account_id="umbrella"),
    b.a_lead("kay", email="kay@hooli.example"),
    b.an_account("umbrella"),
    b.a_deal("far", account_id="umbrella", modified=b.NOON),
)
PEOPLE = [
    b.a_person(email)
    for email in (
        "sam@globex.example", "ann@globex.example", "bob@globex.example", "lee@initech.example", "x@new.example",
        "new@globex.example", "kim@globex.example", "bob+me@globex.example", "old@hooli.example",
        "lost@initech.example",
    )
]  # fmt: skip


def mostly(usual: Any, *others: Any) -> Any:
    """The usual value four times of five, so that most examples go all the way."""
    return st.sampled_from([usual] * 4 * len(others) + list(others))


def a_drawn_meeting(
    ours: Any, guests: Any, title: str, answer: Any, minutes: int, cancelled: bool, privacy: Any
) -> Any:
    return b.a_meeting(
        *[person if person.organizer else b.a_person(person.email, answer) for person in (*ours, *guests)],
        title=title, start=b.at(minutes), end=b.at(minutes + 60), cancelled=cancelled, privacy=privacy,
        calendars=("jo@acme.example",),
    )  # fmt: skip


meetings = st.builds(
    a_drawn_meeting,
    mostly((b.ORGANIZER,), (b.ORGANIZER, b.a_person("max@acme.example")), (b.a_person("max@acme.example"),), ()),
    st.lists(st.sampled_from(PEOPLE), max_size=4, unique_by=lambda one: one.email),
    mostly("Intro call", "Lunch", "Coffee", ""),
    mostly(Response.ACCEPTED, *Response),
    mostly(-2000, -70, 0, 3000, 40_000),
    mostly(False, True),
    mostly(Privacy.OPEN, Privacy.PRIVATE),
)
calls = st.builds(
    lambda number, outcome, minutes, talk: b.a_call(
        outside_number=number, outcome=outcome, start=b.at(minutes), end=b.at(minutes + 5), talk_seconds=talk
    ),
    st.sampled_from([NUMBER, "+442079460999", "anonymous", "40404"]),
    st.sampled_from([Outcome.ANSWERED, Outcome.MISSED, Outcome.VOICEMAIL, Outcome.BUSY]),
    st.sampled_from([-2000, -6, 0]),
    st.sampled_from([0, 300]),
)
interactions = st.one_of(meetings, calls)


def shadow(records: Sequence[Record]) -> Candidates:
    sam = [record for record in records if record.id in ("sam", "ann")]
    site = [record for record in records if record.id == "initech"]
    return b.a_shadow(*records, numbers={NUMBER: sam}, domains={"initech.example": site})


def judged(
    what: Interaction, records: Sequence[Record] = RECORDS, settings: Settings = SETTINGS, **around: Any
) -> Judgement:
    here = {"now": b.NOON, "team": b.a_team(), "org": b.ORG, "candidates": shadow(records), **around}
    return judge(what, Surroundings(**here), settings)


def with_matching(**matching: Any) -> Settings:
    return SETTINGS.model_copy(update={"matching": SETTINGS.matching.model_copy(update=matching)})


ways = st.sampled_from(
    [
        SETTINGS,
        with_matching(ambiguous="best"),
        with_matching(ambiguous="review", unmatched="log"),
        with_matching(deal_preference=("modified_last",), include_closed=True),
        with_matching(deal_preference=("owned_by_rep", "closes_soonest"), unmatched="skip", fold_aliases=False),
    ]
)


def the_same(one: Judgement, other: Judgement) -> None:
    """All but the interactions themselves, in which people may stand in another order."""
    assert replace(one, interaction=other.interaction) == other


@unhurried
@given(interactions, st.permutations(RECORDS), st.randoms(use_true_random=False), ways)
def test_the_order_of_anything_never_changes_a_judgement(what: Any, records: Any, random: Any, way: Settings) -> None:
    shuffled = what
    if hasattr(what, "participants"):
        people = list(what.participants)
        random.shuffle(people)
        shuffled = replace(what, participants=tuple(people))
    the_same(judged(shuffled, records, way), judged(what, settings=way))


@unhurried
@given(meetings, st.permutations(["jo@acme.example", "max@acme.example", "kim@acme.example"]), ways)
def test_the_order_in_which_it_is_seen_never_changes_a_judgement(meeting: Any, calendars: Any, way: Settings) -> None:
    copies = {
        calendar: b.a_copy(
            calendar=calendar,
            title=f"{meeting.title} of {calendar[:3]}",
            participants=meeting.participants[number % 2 :],
            gone=calendar.startswith("kim"),
        )
        for number, calendar in enumerate(sorted(calendars))
    }
    seen = [join([copies[calendar] for calendar in order]) for order in (calendars, sorted(calendars))]
    the_same(judged(seen[0], settings=way), judged(seen[1], settings=way))


@unhurried
@given(interactions, st.lists(st.sampled_from(STRANGERS), unique_by=lambda record: record.id), ways)
def test_an_unrelated_record_never_changes_a_judgement(what: Any, strangers: Any, way: Settings) -> None:
    the_same(judged(what, [*strangers, *RECORDS], way), judged(what, settings=way))


@unhurried
@given(interactions, ways)
def test_what_the_ladder_leaves_unasked_never_changes_a_judgement(what: Any, way: Settings) -> None:
    everything = shadow(RECORDS)
    asked = lookups(what, b.a_team(), way)
    found = climbed(asked, everything)
    the_same(judged(what, settings=way, candidates=replace(everything, by_address=found)), judged(what, settings=way))


def climbed(asked: Sequence[Lookup], everything: Candidates) -> dict[Lookup, Sequence[Record]]:
    """What is found when each step of the ladder is asked only after the one before."""
    found: dict[Lookup, Sequence[Record]] = {}
    for step in (lambda asked, _: at_first(asked), if_unknown, by_colleagues):
        found |= {one: everything.by_address[one] for one in step(asked, found) if one in everything.by_address}
    return found


@unhurried
@given(interactions, ways)
def test_the_same_plan_again_writes_nothing(what: Any, way: Settings) -> None:
    first = judged(what, settings=way)
    writes = differ(first.wanted, first.withdraw, ())
    slots = frozenset(one.slot for one in writes)
    again = judged(what, settings=way, there=slots, logged=bool(writes), stage_decided="stage" in slots)
    assert differ(again.wanted, again.withdraw, written(writes)) == ()


def written(writes: Any) -> Any:
    return carried_out([replace(one, op=Op.CREATE) if one.slot == "stage" else one for one in writes])


@unhurried
@given(interactions, ways)
def test_what_is_not_logged_writes_nothing_and_says_why(what: Any, way: Settings) -> None:
    found = judged(what, settings=way)
    if found.state is not State.LOGGED:
        assert differ(found.wanted, found.withdraw, ()) == ()
        assert found.reason


@unhurried
@given(interactions, ways)
def test_what_was_logged_and_is_screened_today_keeps_its_records(what: Any, way: Settings) -> None:
    first = judged(what, settings=way)
    rows = written(differ(first.wanted, first.withdraw, ()))
    stricter = way.model_copy(update={"activity_types": (ActivityType(name="None", then=Then(skip=True)),)})
    today = judged(what, settings=stricter, logged=bool(rows))
    if today.state is State.SCREENED:
        assert differ(today.wanted, today.withdraw, rows) == ()
