import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.interactions import Direction, Outcome, RepShare, Response
from activity_sync.rules.owners import attended, choose_owner
from tests.builders import ORGANIZER, a_call, a_contact, a_deal, a_meeting, a_person, a_team, a_user, an_account

JO, MAX, ANN = (a_user(f"{name}@acme.example") for name in ("jo", "max", "ann"))
GONE = a_user("gone@acme.example", active=False)
TEAM = a_team(JO, MAX, ANN, GONE)
OUTSIDER = a_person(organizer=True)


def owner(interaction, record=None, team=TEAM):
    found = choose_owner(interaction, record, team)
    return found.user.email if found.user else None


def ours(name, response=Response.ACCEPTED, **changes):
    return a_person(f"{name}@acme.example", response, **changes)


def rep(name, talk=0):
    return RepShare(email=f"{name}@acme.example", talk_seconds=talk)


def test_the_organiser_owns_the_meeting_if_one_of_ours():
    found = choose_owner(a_meeting(ORGANIZER, ours("ann"), a_person()), None, TEAM)
    assert (found.user, found.rep) == (JO, "jo@acme.example")
    assert found.trace == ("The owner is jo@acme.example: organised the meeting.",)


def test_a_cancelled_meeting_that_all_of_ours_declined_has_an_owner_so_that_its_record_can_follow():
    declined = [ours(name, response=Response.DECLINED) for name in ("max", "jo")]
    assert owner(a_meeting(OUTSIDER, *declined, cancelled=True)) == JO.email
    team = a_team(JO, MAX, default_owner=MAX.email)
    assert owner(a_meeting(OUTSIDER, *declined, cancelled=True), team=team) == MAX.email


def test_an_organiser_is_known_by_an_alias():
    team = a_team(JO, MAX, aliases={"jo.smith@elsewhere.example": "jo@acme.example"})
    assert owner(a_meeting(a_person("jo.smith@elsewhere.example", organizer=True), ours("max")), team=team) == JO.email


@pytest.mark.parametrize("organizer", [OUTSIDER, ours("gone", organizer=True), ours("room", organizer=True)])
def test_without_an_organiser_who_can_own_it_an_attendee_of_ours_does(organizer):
    assert owner(a_meeting(organizer, ours("max"), a_person())) == MAX.email


@pytest.mark.parametrize(
    ("max_says", "ann_says", "expected"),
    [
        (Response.ACCEPTED, Response.TENTATIVE, MAX),
        (Response.TENTATIVE, Response.NONE, MAX),
        (Response.NONE, Response.DECLINED, MAX),
        (Response.ACCEPTED, Response.ACCEPTED, ANN),
    ],
)
def test_attendees_come_by_their_answer_then_by_their_address(max_says, ann_says, expected):
    assert owner(a_meeting(OUTSIDER, ours("max", max_says), ours("ann", ann_says))) == expected.email


def test_among_equals_the_owner_of_the_target_comes_first():
    meeting = a_meeting(OUTSIDER, ours("ann"), ours("max"))
    assert owner(meeting, a_deal(owner_id=MAX.id)) == MAX.email
    assert owner(meeting, a_deal(owner_id=JO.id)) == ANN.email


def test_the_targets_owner_does_not_overtake_a_better_answer():
    meeting = a_meeting(OUTSIDER, ours("ann"), ours("max", Response.TENTATIVE))
    assert owner(meeting, an_account(owner_id=MAX.id)) == ANN.email


def test_somebody_in_whose_calendar_it_is_can_own_it_though_only_a_group_was_invited():
    assert owner(a_meeting(OUTSIDER, calendars=("max@acme.example",))) == MAX.email


def test_nobody_of_ours_who_declined_owns_it():
    team = a_team(JO, MAX, default_owner="max@acme.example")
    assert owner(a_meeting(OUTSIDER, ours("jo", Response.DECLINED)), team=team) == MAX.email
    assert owner(a_meeting(OUTSIDER, ours("jo", Response.DECLINED))) is None


def test_the_default_owner_stands_in_and_the_rep_stays_the_rep():
    team = a_team(JO, GONE, default_owner="jo@acme.example")
    found = choose_owner(a_meeting(ours("gone", organizer=True), a_person()), None, team)
    assert (found.rep, found.user) == ("gone@acme.example", JO)
    assert found.trace == (
        "gone@acme.example has no active Zoho user: the owner is team.default_owner, jo@acme.example.",
    )


@pytest.mark.parametrize(
    ("default", "words"),
    [("", "team.default_owner is not set"), ("gone@acme.example", "has no active Zoho user either")],
)
def test_without_anybody_who_can_own_it_the_trace_says_why(default, words):
    found = choose_owner(a_call(reps=(rep("gone", 9),)), None, a_team(GONE, default_owner=default))
    assert (found.rep, found.user) == ("gone@acme.example", None)
    assert words in found.trace[0]


def test_who_talked_longest_owns_an_answered_call():
    assert (
        owner(a_call(reps=(rep("max", 90), rep("ann", 30)), line_rep=JO.email), a_contact(owner_id=JO.id)) == MAX.email
    )


def test_who_made_it_owns_an_outbound_call_that_nobody_picked_up():
    call = a_call(direction=Direction.OUTBOUND, outcome=Outcome.NO_ANSWER, reps=(rep("max"),), line_rep=JO.email)
    assert owner(call) == MAX.email


@pytest.mark.parametrize("outcome", [Outcome.MISSED, Outcome.VOICEMAIL])
def test_a_missed_call_belongs_to_the_line_then_the_queue_then_the_targets_owner(outcome):
    def missed(**changes):
        return a_call(outcome=outcome, talk_seconds=0, **{"reps": (rep("gone"),), **changes})

    record = a_contact(owner_id=ANN.id)
    assert owner(missed(line_rep=JO.email, queue=MAX.email), record) == JO.email
    assert owner(missed(line_rep=GONE.email, queue=MAX.email), record) == MAX.email
    assert owner(missed(queue="Sales"), record) == ANN.email
    assert owner(missed(reps=(rep("max"),))) == MAX.email
    assert owner(missed(), team=a_team(JO, GONE, default_owner=JO.email)) == JO.email


def test_those_attended_who_did_not_decline_or_were_on_the_call():
    meeting = a_meeting(ORGANIZER, ours("ann", Response.DECLINED), ours("max", Response.NONE), a_person())
    assert attended(meeting, TEAM) == {JO.id, MAX.id}
    assert attended(a_call(reps=(rep("ann", 5), rep("stranger"))), TEAM) == {ANN.id}


@given(st.permutations([OUTSIDER, ours("max"), ours("ann"), ours("jo", Response.TENTATIVE)]))
def test_the_order_of_the_people_never_changes_the_owner(people):
    assert owner(a_meeting(*people)) == ANN.email
