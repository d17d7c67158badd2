import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.decisions import State
from activity_sync.model.interactions import Response
from activity_sync.model.records import Module
from activity_sync.rules.matching import match
from activity_sync.rules.targets import choose_target
from tests.builders import (
    NOON,
    ORG,
    ORGANIZER,
    a_call,
    a_contact,
    a_deal,
    a_lead,
    a_meeting,
    a_person,
    a_shadow,
    a_team,
    an_account,
    settings,
)

TEAM = a_team()
GLOBEX, INITECH = an_account(), an_account("initech")
SAM, ANN = a_contact(), a_contact("ann")
IAN = a_contact("ian", email="ian@initech.example", account_id="initech")
GUEST, ANN_THERE = a_person(), a_person("ann@globex.example")
IAN_THERE, LEE_THERE = a_person("ian@initech.example"), a_person("lee@initech.example")


def where(interaction, shadow, **config):
    chosen = settings(**config)
    found = match(interaction, shadow, TEAM, chosen)
    return choose_target(interaction, found, shadow, TEAM, ORG, chosen, NOON)


def ids(target):
    return (target.record and target.record.id, target.who and target.who.id)


def told(target):
    return " ".join(target.trace)


def test_the_only_open_deal_of_the_guests_account_is_the_target():
    target = where(a_meeting(), a_shadow(SAM, GLOBEX, a_deal()))
    assert target.state is State.LOGGED
    assert ids(target) == ("big", "sam")
    assert target.account == GLOBEX


def test_without_an_open_deal_it_goes_on_the_account():
    target = where(a_meeting(), a_shadow(SAM, GLOBEX, a_deal(stage="Closed Lost")))
    assert ids(target) == ("globex", "sam")
    assert [(one.id, one.kept, one.because) for one in target.candidates] == [("big", False, "is closed")]


def test_only_a_lead_known_means_the_lead():
    assert ids(where(a_meeting(ORGANIZER, LEE_THERE), a_shadow(a_lead()))) == ("lee", None)


def test_a_contact_without_an_account_stands_alone():
    alone = a_contact(account_id="")
    assert ids(where(a_meeting(), a_shadow(alone))) == ("sam", "sam")


def test_an_account_that_zoho_no_longer_has_is_never_written():
    assert ids(where(a_meeting(), a_shadow(SAM))) == ("sam", "sam")


def test_one_certain_contact_is_enough_whoever_else_is_there():
    meeting = a_meeting(ORGANIZER, GUEST, a_person("new@umbrella.example"))
    assert ids(where(meeting, a_shadow(SAM, GLOBEX))) == ("globex", "sam")


def test_the_account_with_most_people_wins():
    meeting = a_meeting(ORGANIZER, IAN_THERE, GUEST, ANN_THERE)
    assert ids(where(meeting, a_shadow(SAM, ANN, IAN, GLOBEX, INITECH))) == ("globex", "ann")


def test_one_contact_with_two_addresses_counts_once():
    twice = a_shadow(SAM, a_contact(email="sam@other.example"), IAN, GLOBEX, INITECH)
    meeting = a_meeting(ORGANIZER, IAN_THERE, GUEST, a_person("sam@other.example"))
    assert where(meeting, twice).state is State.WAITING


def test_the_addresses_of_whom_it_is_linked_with_are_kept():
    twice = a_shadow(SAM, a_contact(email="sam@other.example"), GLOBEX, domains={"globex.example": [GLOBEX]})
    meeting = a_meeting(ORGANIZER, a_person("sam@other.example"), a_person("new@globex.example"), LEE_THERE)
    assert where(meeting, twice).met == ("sam@other.example",)


def test_on_a_tie_the_outside_organisers_account_wins():
    meeting = a_meeting(a_person("jo@acme.example"), a_person("ian@initech.example", organizer=True), GUEST)
    assert ids(where(meeting, a_shadow(SAM, IAN, GLOBEX, INITECH))) == ("initech", "ian")


@pytest.mark.parametrize(
    ("choice", "expected"), [("certain", State.WAITING), ("review", State.WAITING), ("best", State.LOGGED)]
)
def test_a_tie_that_no_outside_organiser_breaks_is_ambiguous(choice, expected):
    target = where(
        a_meeting(ORGANIZER, GUEST, IAN_THERE), a_shadow(SAM, IAN, GLOBEX, INITECH), matching={"ambiguous": choice}
    )
    assert target.state is expected
    assert (target.record and target.record.id) == ("initech" if choice == "best" else None)
    if choice != "best":
        assert target.reason == "as many people are from one company as from another: Globex and Initech"


def test_a_person_whose_company_only_is_known_counts_for_the_account_and_its_deal():
    shadow = a_shadow(GLOBEX, a_deal(), domains={"globex.example": [GLOBEX]})
    assert ids(where(a_meeting(), shadow)) == ("big", None)


# Two deals


@pytest.mark.parametrize(
    ("choice", "state", "record"),
    [("certain", State.LOGGED, "globex"), ("review", State.WAITING, "globex"), ("best", State.LOGGED, "big")],
)
def test_two_deals_that_nothing_tells_apart_follow_the_setting(choice, state, record):
    shadow = a_shadow(SAM, GLOBEX, a_deal("big"), a_deal("small"))
    target = where(a_meeting(), shadow, matching={"ambiguous": choice})
    assert (target.state, target.record.id) == (state, record)
    assert {(one.id, one.kept) for one in target.candidates} == {("big", True), ("small", True)}
    if choice == "best":
        assert "The first of 2 deals is taken: Big deal." in target.trace


def test_the_deal_whose_contact_takes_part_wins_and_that_contact_is_who():
    shadow = a_shadow(SAM, ANN, GLOBEX, a_deal("small", contact_id="sam"), a_deal("big"))
    target = where(a_meeting(ORGANIZER, GUEST, ANN_THERE), shadow)
    assert ids(target) == ("small", "sam")


# Who


def test_the_outside_organiser_is_who_before_those_who_accepted():
    meeting = a_meeting(a_person("jo@acme.example"), a_person(response=Response.NONE, organizer=True), ANN_THERE)
    assert ids(where(meeting, a_shadow(SAM, ANN, GLOBEX))) == ("globex", "sam")


@pytest.mark.parametrize(
    ("sams", "anns", "who"),
    [
        (Response.ACCEPTED, Response.TENTATIVE, "sam"),
        (Response.NONE, Response.TENTATIVE, "ann"),
        (Response.NONE, Response.DECLINED, "sam"),
        (Response.NONE, Response.NONE, "ann"),
    ],
)
def test_who_is_the_first_contact_by_answer_then_by_address(sams, anns, who):
    meeting = a_meeting(ORGANIZER, a_person(response=sams), a_person("ann@globex.example", anns))
    assert ids(where(meeting, a_shadow(SAM, ANN, GLOBEX))) == ("globex", who)


def test_who_is_never_a_contact_of_another_account():
    meeting = a_meeting(a_person("ian@initech.example", organizer=True), GUEST, ANN_THERE)
    assert ids(where(meeting, a_shadow(SAM, ANN, IAN, GLOBEX, INITECH))) == ("globex", "ann")


def test_a_lead_beside_a_contact_is_only_named():
    target = where(a_meeting(ORGANIZER, LEE_THERE, GUEST), a_shadow(SAM, a_lead(), GLOBEX))
    assert ids(target) == ("globex", "sam")
    assert [lead.id for lead in target.leads] == ["lee"]


def test_of_several_leads_one_carries_it_and_the_rest_are_named():
    other = a_lead("max2", email="aa@hooli.example")
    target = where(a_meeting(ORGANIZER, LEE_THERE, a_person("aa@hooli.example")), a_shadow(a_lead(), other))
    assert (target.record.id, [lead.id for lead in target.leads]) == ("max2", ["lee"])


# Uncertain people


def test_an_unsure_person_of_a_certain_company_goes_on_the_account_and_not_on_its_deal():
    shadow = a_shadow(GLOBEX, a_deal(), numbers={"+442079460958": [SAM, ANN]})
    target = where(a_call(), shadow)
    assert ids(target) == ("globex", None)
    assert "The company is certain, but not the person: it goes on the account." in target.trace


def test_a_certain_colleague_makes_the_deal_certain_again():
    twin = a_contact("twin", email="sam@globex.example")
    target = where(a_meeting(ORGANIZER, GUEST, ANN_THERE), a_shadow(SAM, twin, ANN, GLOBEX, a_deal()))
    assert ids(target) == ("big", "ann")


@pytest.mark.parametrize(
    ("choice", "state", "record"),
    [("certain", State.WAITING, None), ("review", State.WAITING, None), ("best", State.LOGGED, "globex")],
)
def test_a_person_unsure_between_two_companies_follows_the_setting(choice, state, record):
    twin = a_contact("twin", email="sam@globex.example", account_id="initech")
    target = where(a_meeting(), a_shadow(SAM, twin, GLOBEX, INITECH), matching={"ambiguous": choice})
    assert (target.state, target.record and target.record.id) == (state, record)
    if choice == "best":
        assert "the contact Twin Poe: the first is taken" in told(target)
    else:
        assert target.reason == "sam@globex.example may be the contact Sam Poe or the contact Twin Poe"


def test_two_leads_with_one_address_wait_for_an_answer():
    twin = a_lead("twin", email="lee@initech.example")
    assert where(a_meeting(ORGANIZER, LEE_THERE), a_shadow(a_lead(), twin)).state is State.WAITING


def test_review_waits_even_when_somebody_else_is_certain():
    twin = a_contact("twin", email="sam@globex.example")
    shadow = a_shadow(SAM, twin, ANN, GLOBEX)
    target = where(a_meeting(ORGANIZER, GUEST, ANN_THERE), shadow, matching={"ambiguous": "review"})
    assert target.state is State.WAITING


# Unknown people


@pytest.mark.parametrize(
    ("choice", "state"), [("review", State.UNMATCHED), ("skip", State.UNMATCHED), ("log", State.LOGGED)]
)
def test_unknown_people_follow_their_setting(choice, state):
    target = where(a_meeting(), a_shadow(), matching={"unmatched": choice})
    assert (target.state, target.record) == (state, None)
    assert target.reason == "nobody known: sam@globex.example"


def test_with_nobody_to_look_for_it_is_logged_on_no_record():
    target = where(a_call(outside_number="anonymous"), a_shadow())
    assert (target.state, target.record) == (State.LOGGED, None)


# Order


PEOPLE = [ORGANIZER, GUEST, ANN_THERE, IAN_THERE, LEE_THERE]
RECORDS = [SAM, ANN, IAN, a_lead(), GLOBEX, INITECH, a_deal("big"), a_deal("small"), a_deal("old", stage="Closed Won")]
CHOICES = st.sampled_from(["certain", "best", "review"])
LISTS = st.lists(
    st.sampled_from(["has_participant", "owner_attended", "owned_by_rep", "open_at_the_time", "closes_soonest"]),
    unique=True,
)


@given(st.permutations(PEOPLE), st.permutations(RECORDS), CHOICES, LISTS)
def test_the_order_of_people_and_records_never_changes_the_target(people, records, choice, preference):
    matching = {"ambiguous": choice, "deal_preference": preference}
    shuffled = where(a_meeting(*people), a_shadow(*records), matching=matching)
    assert shuffled == where(a_meeting(*PEOPLE), a_shadow(*RECORDS), matching=matching)


@given(st.lists(st.sampled_from([a_contact("zed", email="z@umbrella.example"), an_account("umbrella"), a_lead("kay")])))
def test_an_unrelated_record_never_changes_the_target(strangers):
    known = where(a_meeting(*PEOPLE), a_shadow(*RECORDS))
    assert where(a_meeting(*PEOPLE), a_shadow(*RECORDS, *strangers)) == known


def test_a_deal_is_never_chosen_for_a_lead():
    target = where(a_meeting(ORGANIZER, LEE_THERE), a_shadow(a_lead(), GLOBEX, a_deal()))
    assert target.record.module is Module.LEADS
