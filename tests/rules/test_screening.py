from dataclasses import replace

import pytest

from activity_sync.model.addresses import comparable_email
from activity_sync.model.interactions import Direction, Outcome, Privacy, RepShare, Response
from activity_sync.rules.outcomes import outcome
from activity_sync.rules.screening import screen
from tests.builders import NOON, ORGANIZER, a_call, a_meeting, a_person, a_team, a_user, at, settings

TEAM = a_team(numbers=frozenset({"+442079460100"}))
MAX = "max@acme.example"


def why(interaction, *, logged=False, team=TEAM, **config):
    chosen = settings(**config)
    return screen(interaction, outcome(interaction, team, chosen, NOON), team, chosen, logged=logged)


def never(**log):
    return {"never": {"log": log}}


def unseen(**match):
    return {"never": {"match": match}}


def test_an_ordinary_customer_meeting_and_call_are_not_screened():
    assert why(a_meeting()) is None
    assert why(a_call()) is None


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("outOfOffice", "out of office"),
        ("focusTime", "focus time"),
        ("working_location", "working location"),
        ("birthday", "birthday"),
    ],
)
def test_entries_that_are_no_meetings_are_called_what_they_are(kind, reason):
    assert why(a_meeting(ORGANIZER, kind_of_event=kind)) == reason


@pytest.mark.parametrize(("choice", "reason"), [("skip", "private"), ("redact", None), ("log", None)])
def test_private_meetings_follow_their_setting(choice, reason):
    assert why(a_meeting(privacy=Privacy.PRIVATE), meetings={"private": choice}) == reason


def test_all_day_entries_are_logged_only_when_the_admin_says_so():
    assert why(a_meeting(all_day=True)) == "all-day"
    assert why(a_meeting(all_day=True), meetings={"all_day": True}) is None


@pytest.mark.parametrize("text", [{"title": "Intro [NoLog]"}, {"notes": "please [nolog] this"}, {"marked": True}])
def test_the_word_that_stops_an_entry_works_in_title_and_text_in_any_case(text):
    assert why(a_meeting(**text)) == "marked [nolog]"


def test_the_word_can_be_changed_or_left_out():
    assert why(a_meeting(title="Intro #off"), **never(word="#OFF")) == "marked #OFF"
    assert why(a_meeting(marked=True), **never(word=None)) is None


@pytest.mark.parametrize(
    "other",
    [
        a_person(MAX),
        a_person("boardroom@globex.example", room=True),
        a_person("c_1@resource.calendar.google.com"),
        a_person("c_1@group.calendar.google.com"),
        a_person("unknownorganizer@calendar.google.com"),
        a_person("home@elsewhere.example"),
    ],
)
def test_colleagues_rooms_and_shared_calendars_are_nobody_from_outside(other):
    team = a_team(aliases={"home@elsewhere.example": MAX})
    assert why(a_meeting(ORGANIZER, other), team=team) == "only our own people"
    assert why(a_meeting(ORGANIZER, other), team=team, meetings={"external_only": False}) is None


@pytest.mark.parametrize("entry", [{"emails": ["bot@notes.example"]}, {"domains": ["notes.example"]}])
def test_a_meeting_with_only_a_never_matched_guest_has_nobody_from_outside(entry):
    bot = a_person("bot@notes.example")
    assert why(a_meeting(ORGANIZER, bot), **unseen(**entry)) == "nobody but those who are never matched"
    assert why(a_meeting(ORGANIZER, bot, a_person()), **unseen(**entry)) is None


def test_a_meeting_that_all_of_ours_declined_is_not_logged():
    declined = [a_person(email, Response.DECLINED) for email in ("jo@acme.example", MAX)]
    assert why(a_meeting(*declined, a_person(organizer=True))) == "all of ours declined"
    assert why(a_meeting(*declined, a_person(organizer=True)), meetings={"declined": "log"}) is None
    assert why(a_meeting(declined[0], a_person(MAX, Response.NONE), a_person(organizer=True))) is None


def test_a_rep_who_is_invited_by_a_group_only_has_not_declined():
    declined = a_person("jo@acme.example", Response.DECLINED)
    assert why(a_meeting(declined, a_person(organizer=True), calendars=(MAX,))) is None


def test_a_cancelled_meeting_is_screened_only_when_it_is_not_in_zoho_yet():
    assert why(a_meeting(cancelled=True)) == "cancelled before it was logged"
    assert why(a_meeting(cancelled=True), logged=True) is None


@pytest.mark.parametrize("meeting", [a_meeting(marked=True, cancelled=True), a_meeting(ORGANIZER, cancelled=True)])
def test_a_meeting_in_zoho_is_cancelled_there_too_though_it_would_not_be_logged_any_more(meeting):
    assert why(meeting, logged=True) is None
    assert why(replace(meeting, cancelled=False), logged=True) is not None


def test_what_becomes_of_a_cancelled_meeting_in_zoho_is_no_question_of_who_declined():
    declined = a_person("jo@acme.example", Response.DECLINED)
    assert why(a_meeting(declined, a_person(organizer=True), cancelled=True), logged=True) is None


def test_titles_on_the_never_list_are_whole_words_in_any_case_or_expressions():
    assert why(a_meeting(title="Team LUNCH at noon"), **never(titles=["lunch"])) == (
        "its title is on the never list: lunch"
    )
    assert why(a_meeting(title="Luncheon club"), **never(titles=["lunch"])) is None
    assert why(a_meeting(title="Gym talk"), **never(titles=["re:(?i)^gym\\b"])) is not None
    assert why(a_meeting(title="The gym"), **never(titles=["re:(?i)^gym\\b"])) is None


def test_an_expression_sees_only_the_beginning_of_an_endless_title():
    assert why(a_meeting(title="x" * 600 + "gym"), **never(titles=["re:gym"])) is None


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"emails": ["Sam@Globex.example"]}, "the e-mail address is on the never list: sam@globex.example"),
        ({"domains": ["globex.example"]}, "the domain is on the never list: globex.example"),
        ({"calendars": ["jo@acme.example"]}, "the calendar is on the never list: jo@acme.example"),
        ({"categories": ["personal"]}, "the category is on the never list: personal"),
    ],
)
def test_one_such_participant_calendar_or_category_stops_a_meeting(entry, reason):
    meeting = a_meeting(calendars=("jo@acme.example",), categories=("Personal",))
    assert why(meeting, **never(**entry)) == reason


def test_a_domain_on_the_never_list_is_no_other_domain_that_ends_like_it():
    assert why(a_meeting(a_person("x@notglobex.example")), **never(domains=["globex.example"])) is None
    assert why(a_meeting(a_person("x@eu.globex.example")), **never(domains=["globex.example"])) is not None


@pytest.mark.parametrize("call", [a_call(direction=Direction.INTERNAL), a_call(outside_number="020 7946 0100")])
def test_calls_between_our_own_lines_are_internal(call):
    assert why(call) == "internal call"
    assert why(call, calls={"internal": "log"}) is None


@pytest.mark.parametrize("number", ["", "anonymous", "+266696687"])
def test_withheld_numbers_follow_their_setting(number):
    assert why(a_call(outside_number=number)) == "withheld number"
    assert why(a_call(outside_number=number), calls={"withheld": "log"}) is None


@pytest.mark.parametrize("number", ["40404", "sip-gibberish"])
def test_a_number_that_tells_nobody_is_not_screened(number):
    assert why(a_call(outside_number=number)) is None


def test_numbers_on_the_never_lists_are_compared_however_they_are_written():
    assert why(a_call(), **never(numbers=["020 7946 0958"])) == "the number is on the never list: +442079460958"
    assert why(a_call(), **unseen(numbers=["(020) 79460958"])) == "nobody but those who are never matched"


def test_the_lines_region_stands_in_for_a_missing_country_code():
    call = a_call(outside_number="030 123456", region="DE")
    assert why(call, **never(numbers=["+49 30 123456"])) == "the number is on the never list: +4930123456"


def test_a_rep_on_the_never_list_and_the_word_in_the_notes_stop_a_call():
    assert why(a_call(), **never(emails=["jo@acme.example"])) is not None
    assert why(a_call(notes=("[NOLOG] family",))) == "marked [nolog]"


def test_only_answered_calls_can_be_too_short():
    assert why(a_call(talk_seconds=9), calls={"min_talk": "10s"}) == "shorter than calls.min_talk"
    assert why(a_call(talk_seconds=10), calls={"min_talk": "10s"}) is None
    assert why(a_call(talk_seconds=0, outcome=Outcome.MISSED), calls={"min_talk": "10s"}) is None


def test_only_the_outcomes_that_the_admin_names_are_logged():
    assert why(a_call(outcome=Outcome.FAILED)) == "calls with this outcome are not logged: failed"
    assert why(a_call(outcome=Outcome.NO_ANSWER), calls={"outcomes": ["answered"]}) is not None


def test_a_call_that_the_dialer_took_back_is_not_logged():
    assert why(a_call(withdrawn=True)) == "taken back by the dialer"


def test_a_gmail_colleague_with_a_zoho_user_is_ours():
    team = a_team(a_user("jo@acme.example"), a_user("kim@gmail.com"))
    assert why(a_meeting(ORGANIZER, a_person("k.im@googlemail.com")), team=team) == "only our own people"


@pytest.mark.parametrize("spelling", ["jo.smith@gmail.com", "JoSmith@gmail.com", "j.o.smith+work@googlemail.com"])
def test_a_gmail_address_of_ours_is_ours_in_every_spelling(spelling):
    team = a_team(
        a_user("jo@acme.example"), a_user("k.im@gmail.com"), aliases={"jo.smith@gmail.com": "jo@acme.example"}
    )
    assert team.home(comparable_email(spelling)) == "jo@acme.example"
    assert why(a_meeting(ORGANIZER, a_person("kim@gmail.com")), team=team) == "only our own people"
    elsewhere = a_team(a_user("jo@acme.example"), aliases={"jo.smith@mail.example": "jo@acme.example"})
    assert not elsewhere.is_ours("josmith@mail.example")


@pytest.mark.parametrize(
    ("meeting", "now", "expected"),
    [
        (a_meeting(), at(59), Outcome.SCHEDULED),
        (a_meeting(), at(60), Outcome.HELD),
        (a_meeting(cancelled=True), at(90), Outcome.CANCELLED),
        (a_meeting(ORGANIZER, a_person(response=Response.DECLINED)), at(), Outcome.DECLINED),
        (a_meeting(ORGANIZER, a_person("b@x.example"), a_person(response=Response.DECLINED)), at(90), Outcome.HELD),
        (a_meeting(ORGANIZER), at(90), Outcome.HELD),
    ],
)
def test_a_meetings_outcome_is_inferred_from_answers_and_time(meeting, now, expected):
    assert outcome(meeting, TEAM, settings(), now) is expected


def test_without_assume_held_nobody_knows_whether_it_was_held():
    assert outcome(a_meeting(), TEAM, settings(meetings={"assume_held": False}), at(90)) is Outcome.UNKNOWN


def test_a_never_matched_guest_who_accepts_does_not_undo_that_all_others_declined():
    meeting = a_meeting(ORGANIZER, a_person(response=Response.DECLINED), a_person("bot@notes.example"))
    assert outcome(meeting, TEAM, settings(**unseen(domains=["notes.example"])), at()) is Outcome.DECLINED


def test_a_calls_outcome_is_its_own():
    call = a_call(outcome=Outcome.BUSY, reps=(RepShare(email=MAX),))
    assert outcome(call, TEAM, settings(), at()) is Outcome.BUSY
