"""What holds for every judgement and its plan, whatever the interaction: the promises of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.decisions import Candidates, Judgement, State, Surroundings
from activity_sync.model.interactions import Interaction, Outcome, Privacy, Response
from activity_sync.model.records import Record
from activity_sync.model.writes import Op
from activity_sync.rules.differences import differ
from activity_sync.rules.judgement import judge
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
PEOPLE = [b.ORGANIZER, b.a_person("max@acme.example"), *(
    b.a_person(email)
    for email in (
        "sam@globex.example", "ann@globex.example", "bob@globex.example", "lee@initech.example", "x@new.example",
    )
)]  # fmt: skip

meetings = st.builds(
    lambda people, title, answer, minutes, cancelled, private: b.a_meeting(
        *[person if person.organizer else b.a_person(person.email, answer) for person in people],
        title=title, start=b.at(minutes), end=b.at(minutes + 60), cancelled=cancelled,
        calendars=("jo@acme.example",), privacy=Privacy.PRIVATE if private else Privacy.OPEN,
    ),
    st.lists(st.sampled_from(PEOPLE), min_size=1, unique_by=lambda one: one.email),
    st.sampled_from(["Intro call", "Lunch", "Coffee", ""]),
    st.sampled_from(list(Response)),
    st.sampled_from([-2000, -70, 0, 3000, 40_000]),
    st.booleans(),
    st.sampled_from([False, False, True]),
)  # fmt: skip
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
    return b.a_shadow(*records, numbers={NUMBER: sam})


def judged(what: Interaction, records: Sequence[Record] = RECORDS, **around: Any) -> Judgement:
    here = {"now": b.NOON, "team": b.a_team(), "org": b.ORG, "candidates": shadow(records), **around}
    return judge(what, Surroundings(**here), SETTINGS)


@unhurried
@given(interactions, st.permutations(RECORDS), st.randoms(use_true_random=False))
def test_the_order_of_anything_never_changes_a_judgement(what: Any, records: Any, random: Any) -> None:
    shuffled = what
    if hasattr(what, "participants"):
        people = list(what.participants)
        random.shuffle(people)
        shuffled = replace(what, participants=tuple(people))
    first, second = judged(what), judged(shuffled, records)
    assert (second.wanted, second.withdraw, second.trace) == (first.wanted, first.withdraw, first.trace)
    assert (second.state, second.candidates, second.type_name) == (first.state, first.candidates, first.type_name)


@unhurried
@given(interactions, st.lists(st.sampled_from(STRANGERS), unique_by=lambda record: record.id))
def test_an_unrelated_record_never_changes_a_judgement(what: Any, strangers: Any) -> None:
    assert judged(what, [*RECORDS, *strangers]).wanted == judged(what).wanted


@unhurried
@given(interactions)
def test_the_same_plan_again_writes_nothing(what: Any) -> None:
    first = judged(what)
    writes = differ(first.wanted, first.withdraw, ())
    again = judged(what, logged=bool(writes), stage_decided=any(one.slot == "stage" for one in writes))
    assert differ(again.wanted, again.withdraw, written(writes)) == ()


def written(writes: Any) -> Any:
    return carried_out([replace(one, op=Op.CREATE) if one.slot == "stage" else one for one in writes])


@unhurried
@given(interactions)
def test_what_is_not_logged_writes_nothing_and_says_why(what: Any) -> None:
    found = judged(what)
    if found.state is not State.LOGGED:
        assert differ(found.wanted, found.withdraw, ()) == ()
        assert found.reason
