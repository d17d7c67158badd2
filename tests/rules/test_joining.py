from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.interactions import Direction, Outcome, Privacy, RepShare, Response
from activity_sync.rules.joining import PRIVATE_TITLE, join
from tests.builders import ORGANIZER, a_copy, a_leg, a_person, at

MAX = "max@acme.example"
SAM = "sam@globex.example"
OURS = ("jo@acme.example", MAX, "zoe@acme.example")


def test_the_organisers_copy_gives_text_and_times_even_when_another_is_fresher():
    organisers = a_copy(title="The real title")
    fresher = a_copy(calendar=MAX, title="My own title", start=at(5), updated=at())
    joined = join([fresher, organisers])
    assert (joined.title, joined.start) == ("The real title", at())


def test_without_an_organiser_of_ours_the_copy_that_was_updated_last_wins():
    people = (a_person(organizer=True), a_person("jo@acme.example"), a_person(MAX))
    old = a_copy(title="Old", participants=people)
    new = a_copy(calendar=MAX, title="New", participants=people, updated=at())
    assert join([new, old]).title == "New"


def test_everybody_whom_any_live_copy_names_takes_part():
    hidden = a_copy(calendar=MAX, participants=(ORGANIZER, a_person(MAX)), participants_hidden=True)
    people = [person.email for person in join([hidden, a_copy()]).participants]
    assert people == ["jo@acme.example", MAX, "sam@globex.example"]


def test_a_persons_own_copy_is_the_authority_for_the_answer():
    organisers = a_copy(participants=(ORGANIZER, a_person(MAX, Response.ACCEPTED)))
    own = a_copy(calendar=MAX, participants=(ORGANIZER, a_person(MAX, Response.DECLINED)))
    assert _answer(join([organisers, own]), MAX) is Response.DECLINED


def test_an_answer_that_only_another_copy_knows_counts():
    winner = a_copy(participants=(ORGANIZER, a_person(response=Response.NONE)))
    other = a_copy(calendar=MAX, participants=(ORGANIZER, a_person(response=Response.TENTATIVE)))
    assert _answer(join([winner, other]), "sam@globex.example") is Response.TENTATIVE


def test_one_private_copy_makes_all_of_it_private_and_people_stay():
    text = {"notes": "Secret", "location": "Secret", "conference_url": "https://secret.example"}
    joined = join([a_copy(**text), a_copy(calendar=MAX, privacy=Privacy.PRIVATE)])
    assert joined.title == PRIVATE_TITLE
    assert (joined.notes, joined.location, joined.conference_url) == ("", "", "")
    assert joined.privacy is Privacy.PRIVATE
    assert "sam@globex.example" in {person.email for person in joined.participants}


def test_a_meeting_stays_private_when_the_private_copy_is_deleted():
    assert join([a_copy(), a_copy(calendar=MAX, privacy=Privacy.PRIVATE, gone=True)]).title == PRIVATE_TITLE


def test_a_copy_that_one_rep_deleted_leaves_the_meeting_alive_without_that_rep():
    people = (ORGANIZER, a_person(MAX), a_person())
    joined = join([a_copy(participants=people), a_copy(calendar=MAX, participants=people, gone=True)])
    assert not joined.cancelled
    assert joined.calendars == ("jo@acme.example",)
    assert _answer(joined, MAX) is Response.DECLINED


def test_an_organiser_who_deletes_it_cancels_it_for_all():
    assert join([a_copy(gone=True), a_copy(calendar=MAX)]).cancelled


def test_an_organiser_who_still_has_it_in_another_connection_has_not_cancelled_it():
    assert not join([a_copy(gone=True), a_copy(source="m365"), a_copy(calendar=MAX)]).cancelled


def test_a_meeting_of_which_no_copy_is_left_is_cancelled_and_keeps_its_text():
    joined = join([a_copy(gone=True), a_copy(calendar=MAX, gone=True)])
    assert joined.cancelled
    assert joined.calendars == ()
    assert joined.title == "Intro call"
    assert _answer(joined, "sam@globex.example") is Response.ACCEPTED


def test_a_mark_on_any_copy_marks_the_meeting():
    assert join([a_copy(), a_copy(calendar=MAX, marked=True)]).marked


def test_categories_and_rooms_are_those_of_every_live_copy():
    room, person = a_person("hall@acme.example", room=True), a_person("hall@acme.example")
    one = a_copy(categories=("Later",), participants=(ORGANIZER, person))
    other = a_copy(calendar=MAX, categories=("Family", "Later"), participants=(ORGANIZER, room))
    deleted = a_copy(calendar="zoe@acme.example", categories=("Old",), gone=True)
    joined = join([one, other, deleted])
    assert joined.categories == ("Family", "Later")
    assert [person.email for person in joined.participants if person.room] == ["hall@acme.example"]
    assert join([deleted]).categories == ("Old",)


def test_a_queue_call_that_rang_everywhere_and_was_answered_once_is_answered():
    rang = a_leg(record_id="2", outcome=Outcome.MISSED, talk_seconds=0, answered=None, reps=(RepShare(email=MAX),))
    joined = join([rang, a_leg()])
    assert joined.outcome is Outcome.ANSWERED
    assert [rep.email for rep in joined.reps] == ["jo@acme.example", MAX]


def test_a_voicemail_says_more_than_a_missed_call():
    missed = a_leg(outcome=Outcome.MISSED)
    assert join([missed, a_leg(record_id="2", outcome=Outcome.VOICEMAIL)]).outcome is Outcome.VOICEMAIL


def test_reps_stand_in_the_order_of_their_talk_and_on_a_tie_who_talked_last_is_first():
    long = RepShare(email="zoe@acme.example", talk_seconds=90)
    early = RepShare(email="ann@acme.example", talk_seconds=60, last_at=at(1))
    late = RepShare(email="bob@acme.example", talk_seconds=60, last_at=at(2))
    joined = join([a_leg(reps=(early, late, long))])
    assert [rep.email for rep in joined.reps] == ["zoe@acme.example", "bob@acme.example", "ann@acme.example"]


def test_a_rep_on_two_legs_is_one_rep_with_all_the_talk():
    parts = [a_leg(record_id=name, reps=(RepShare(email=MAX, talk_seconds=40),)) for name in "12"]
    assert [(rep.email, rep.talk_seconds) for rep in join(parts).reps] == [(MAX, 80)]


def test_where_nobody_says_when_a_rep_stopped_the_end_of_the_leg_does():
    first = a_leg(reps=(RepShare(email="ann@acme.example", talk_seconds=60),), started=at(0), ended=at(2))
    then = a_leg(record_id="2", reps=(RepShare(email="bob@acme.example", talk_seconds=60),), ended=at(9))
    assert [rep.email for rep in join([first, then]).reps] == ["bob@acme.example", "ann@acme.example"]


def test_a_transferred_call_is_what_the_outside_leg_says_and_lasts_over_all_legs():
    inside = a_leg(
        record_id="0", direction=Direction.INTERNAL, outside_number="201", started=at(-1), ended=at(10), notes=("b",)
    )
    outside = a_leg(notes=("a",), tags=("hot",), final=False)
    joined = join([inside, outside])
    assert (joined.direction, joined.outside_number) == (Direction.INBOUND, "+442079460958")
    assert (joined.start, joined.end) == (at(-1), at(10))
    assert (joined.notes, joined.tags, joined.final) == (("a", "b"), ("hot",), False)


def test_talk_on_overlapping_legs_is_not_longer_than_the_call():
    assert join([a_leg(), a_leg(record_id="2")]).talk_seconds == 300


def test_talk_is_what_the_legs_say_even_when_the_call_took_longer():
    assert join([a_leg(talk_seconds=100), a_leg(record_id="2", talk_seconds=20)]).talk_seconds == 120


def test_talk_that_the_source_cannot_say_is_the_time_from_answer_to_end():
    assert join([a_leg(talk_seconds=None)]).talk_seconds == 300


def test_a_call_is_withdrawn_only_when_all_of_its_legs_are():
    assert not join([a_leg(withdrawn=True), a_leg(record_id="2")]).withdrawn
    assert join([a_leg(withdrawn=True), a_leg(record_id="2", withdrawn=True)]).withdrawn


def test_a_withdrawn_leg_says_nothing_while_another_stands():
    wrong = a_leg(withdrawn=True, notes=("wrong",), outside_number="+442079460111")
    joined = join([wrong, a_leg(record_id="2", outcome=Outcome.MISSED)])
    assert (joined.outcome, joined.notes, joined.outside_number) == (Outcome.MISSED, (), "+442079460958")


@pytest.mark.parametrize("nonsense", [[], [a_copy(), a_leg()]])
def test_nothing_and_a_mixture_are_refused(nonsense):
    with pytest.raises(ValueError, match="copies of one meeting"):
        join(nonsense)


def diaries():
    """Copies of one meeting in up to three calendars of two connections, deleted or not, never two equally fresh."""
    one = st.fixed_dictionaries(
        {
            "calendar": st.sampled_from(OURS),
            "source": st.sampled_from(["here", "there"]),
            "organizer": st.sampled_from([*OURS, SAM, ""]),
            "gone": st.booleans(),
            "fresh": st.integers(0, 20),
            "answers": st.fixed_dictionaries({email: st.sampled_from(Response) for email in (*OURS, SAM)}),
            "hides": st.sampled_from([*OURS, SAM, ""]),
        }
    )
    own = (lambda told: (told["calendar"], told["source"]), lambda told: told["fresh"])
    return st.lists(one, min_size=1, max_size=6, unique_by=own).map(lambda told: [_told(one) for one in told])


def _told(told):
    shown = [email for email in told["answers"] if email != told["hides"] or email == told["organizer"]]
    people = tuple(
        a_person(
            email, told["answers"][email], organizer=email == told["organizer"], name=f"{email} of {told['fresh']}"
        )
        for email in shown
    )
    where = {name: told[name] for name in ("calendar", "source", "gone")}
    return a_copy(participants=people, updated=at(told["fresh"]), title=f"Told {told['fresh']}", **where)


def _organizer_of(copy):
    return next((one.email for one in copy.participants if one.organizer), None)


def _speaks(copies):
    """Whose word counts, as a person would find out: the deleted are asked only when nobody else is left."""
    present = [copy for copy in copies if not copy.gone]
    ranking = sorted(present or copies, key=lambda copy: copy.updated, reverse=True)
    organizers = [copy for copy in ranking if copy.calendar == _organizer_of(copy)]
    return (organizers or ranking)[0]


def _without_it(copies):
    """Who of us had it and has it nowhere any more."""
    return {one.calendar for one in copies} - {one.calendar for one in copies if not one.gone}


@given(diaries())
def test_the_organisers_own_copy_speaks_and_otherwise_the_freshest(copies):
    joined, voice = join(copies), _speaks(copies)
    assert (joined.title, joined.source, joined.key) == (voice.title, voice.source, voice.key)
    assert joined.organizer == (_organizer_of(voice) or "")
    assert {one.email for one in joined.participants if one.organizer} == {_organizer_of(voice)} - {None}


@given(diaries())
def test_a_meeting_ends_when_its_organiser_or_everybody_has_deleted_it_and_not_before(copies):
    lost, voice = _without_it(copies), _speaks(copies)
    nobody_has_it = all(copy.calendar in lost for copy in copies)
    assert join(copies).cancelled == (nobody_has_it or _organizer_of(voice) in lost)
    assert set(join(copies).calendars) == {copy.calendar for copy in copies} - lost


@given(diaries())
def test_who_deleted_the_own_copy_is_not_coming_unless_nobody_has_it(copies):
    lost, voice = _without_it(copies), _speaks(copies)
    present = [copy for copy in copies if not copy.gone]
    ranking = sorted(present or copies, key=lambda copy: (copy is not voice, -copy.updated.timestamp()))
    people = {person.email: person for person in join(copies).participants}
    assert set(people) == {person.email for copy in present or copies for person in copy.participants}
    for email, joined in people.items():
        own_first = [copy for copy in ranking if copy.calendar == email] + [
            copy for copy in ranking if copy.calendar != email
        ]
        shown = [one for copy in own_first for one in copy.participants if one.email == email]
        answers = [one.response for one in shown if one.response is not Response.NONE]
        expected = Response.DECLINED if present and email in lost else (answers or [Response.NONE])[0]
        assert (joined.response, joined.name) == (expected, shown[0].name), email


@given(diaries(), st.randoms(use_true_random=False))
def test_whatever_the_order_they_come_in_the_copies_tell_the_same(copies, chance):
    mixed = list(copies)
    chance.shuffle(mixed)
    assert join(mixed) == join(copies)


COPIES = [
    a_copy(calendar=calendar, gone=gone, title=f"{calendar}{gone}", updated=at(minutes), event_id=str(minutes))
    for minutes, (calendar, gone) in enumerate(
        [("jo@acme.example", False), (MAX, False), (MAX, True), ("x@y.z", False)]
    )
]
LEGS = [
    a_leg(record_id=str(n), started=at(n), outcome=outcome, notes=(f"n{n}",), talk_seconds=n, extra={"k": str(n)})
    for n, outcome in enumerate([Outcome.MISSED, Outcome.ANSWERED, Outcome.VOICEMAIL])
]


@given(st.permutations(COPIES), st.permutations(LEGS))
def test_the_order_in_which_copies_and_legs_come_never_matters(copies, legs):
    assert join(copies) == join(COPIES)
    assert join(legs) == join(LEGS)


@given(st.permutations([ORGANIZER, a_person(), a_person(MAX), a_person("bo@globex.example", Response.NONE)]))
def test_the_order_of_the_participants_never_matters(people):
    copy = a_copy(participants=tuple(people))
    ordered = replace(copy, participants=tuple(sorted(people, key=lambda person: person.email)))
    assert join([copy]) == join([ordered])
    assert join([copy]).length == timedelta(hours=1)


def _answer(meeting, email):
    return next(person.response for person in meeting.participants if person.email == email)
