"""What stands in the place of ours, and what is one event though two sources tell it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activity_sync.model.activities import OtherActivity, Slot
from activity_sync.model.decisions import Judgement, State, Surroundings
from activity_sync.model.records import Module
from activity_sync.model.writes import Op, Written
from activity_sync.rules.adopting import LINKS, adopt, place_of
from activity_sync.rules.differences import as_double, differ, respect
from activity_sync.rules.judgement import judge
from activity_sync.rules.twins import is_entry_for_a_call
from tests import builders as b

SHADOW = b.a_shadow(b.a_contact(), b.an_account(), b.a_deal(), numbers={"+442079460958": [b.a_contact()]})


def judged() -> Judgement:
    around = Surroundings(now=b.at(days=3), team=b.a_team(), org=b.an_org(), candidates=SHADOW)
    return judge(b.a_call(), around, b.settings())


def another(**changes: Any) -> OtherActivity:
    own = {"id": "5", "owner_id": "user-jo", "start": b.NOON, "who_id": "sam", "modified": b.at(5)}
    return OtherActivity(**{"module": Module.CALLS, **own, **changes})


def ours(found: Judgement, *theirs: str) -> Written:
    (wanted,) = (one for one in found.wanted if one.slot == "activity")
    return Written(slot="activity", module=wanted.module, record_key=wanted.record_key, id="9", fields=wanted.fields,
                   theirs=frozenset(theirs))  # fmt: skip


@pytest.mark.parametrize(
    ("other", "near"),
    [
        ({}, True), ({"start": b.NOON + timedelta(seconds=120)}, True),
        ({"start": b.NOON + timedelta(seconds=121)}, False),
        ({"owner_id": "user-max"}, False), ({"module": Module.EVENTS}, False),
    ],
)  # fmt: skip
def test_only_what_is_of_one_kind_and_owner_and_starts_within_two_minutes_is_near(other: Any, near: bool) -> None:
    found = judged()
    place = place_of(Module.CALLS, found.wanted[0].fields)
    assert place == Slot(module=Module.CALLS, owner_id="user-jo", start=b.NOON)
    assert place is not None
    assert place.is_near(another(**other)) is near


def test_what_was_logged_before_is_adopted_and_nothing_of_ours_is_written() -> None:
    found = adopt(judged(), [another()], (), frozenset())
    assert (found.state, found.adopted, found.wanted, found.withdraw) == (State.ADOPTED, "5", (), ())


def test_what_goes_with_somebody_else_or_is_taken_is_not_the_same() -> None:
    for other in (another(who_id="ann"), another(taken_by="c-2"), another(who_id="", what_id="")):
        assert adopt(judged(), [other], (), frozenset()).state is State.LOGGED
    assert adopt(judged(), [another(who_id="", taken_by="c-1")], (), frozenset()).state is State.ADOPTED
    assert adopt(judged(), [another(who_id="", what_id="globex")], (), frozenset({"globex"})).adopted == "5"


def test_ours_goes_when_the_others_appears_and_its_links_move_over() -> None:
    before = judged()
    found = adopt(before, [another()], [ours(before)], frozenset())
    writes = [as_double(one, found.adopted) for one in differ(found.wanted, found.withdraw, [ours(before)])]
    assert [(one.op, one.id, one.slot) for one in writes] == [(Op.UPDATE, "5", LINKS), (Op.DELETE, "9", "activity")]
    assert writes[0].fields == {"What_Id": {"id": "big"}, "$se_module": "Deals"}
    current = {**ours(before).fields, "Subject": "My own words"}
    kept, theirs = respect(writes[1], ours(before), current)
    assert (kept, theirs) == (None, frozenset({"Subject"}))


def test_both_stay_when_somebody_touched_ours() -> None:
    before = judged()
    found = adopt(before, [another()], [ours(before, "Subject")], frozenset())
    assert (found.state, found.double, found.withdraw) == (State.LOGGED, "5", ())


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        ({"title": "Call with Sam"}, True), ({"title": "Phone: Sam"}, True),
        ({"title": "Sam", "location": "+44 20 7946 0958"}, True),
        ({"title": "Call with Sam", "conference_url": "https://meet.example/x"}, False), ({"title": "Workshop"}, False),
        ({"title": "Recall of parts"}, False),
    ],
)  # fmt: skip
def test_an_appointment_for_a_call_is_told_by_its_title_or_place(changes: Any, is_one: bool) -> None:
    assert is_entry_for_a_call(b.a_meeting(**changes), b.a_team(), b.settings()) is is_one
