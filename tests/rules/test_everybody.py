"""Participants on an Event, and an Event for each of our people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from activity_sync.model.decisions import Judgement, Surroundings
from activity_sync.model.interactions import Meeting, Response
from activity_sync.model.learned import Learned
from activity_sync.model.writes import Op, Written
from activity_sync.rules.differences import differ
from activity_sync.rules.judgement import judge
from tests import builders as b
from tests.rules.plans import LONG_AFTER, carried_out

JO, MAX, EVE = (b.a_user(f"{name}@acme.example") for name in ("jo", "max", "eve"))
OURS = [b.a_person("jo@acme.example", organizer=True), b.a_person("max@acme.example", Response.NONE)]
SAM, LEE = b.a_person("sam@globex.example"), b.a_person("lee@initech.example")
RECORDS = (b.a_contact(), b.an_account(), b.a_lead())


def judged(
    meeting: Meeting | None = None, written: tuple[Written, ...] = (), learned: Learned | None = None, **said: Any
) -> Judgement:
    what = meeting or b.a_meeting(*OURS, SAM, LEE, organizer="jo@acme.example", calendars=("jo@acme.example",))
    org = replace(b.an_org(), learned=learned or Learned())
    around = Surroundings(
        now=LONG_AFTER,
        team=b.a_team(JO, MAX, EVE),
        org=org,
        candidates=b.a_shadow(*RECORDS),
        logged=bool(written),
        there=frozenset(one.slot for one in written if not one.gone),
    )
    return judge(what, around, b.settings(meetings=said))


def participants(judgement: Judgement, slot: str = "activity") -> list[tuple[str, str]]:
    (event,) = (one for one in judgement.wanted if one.slot == slot)
    return [(one["type"], one["participant"]) for one in event.fields.get("Participants", ())]


def per_rep(*people: Any, written: tuple[Written, ...] = (), **said: Any) -> Judgement:
    meeting = b.a_meeting(*(people or (*OURS, SAM)), organizer="jo@acme.example", calendars=("jo@acme.example",))
    return judged(meeting, written, **{"one_activity_per": "rep"} | said)


def test_matched_people_and_our_users_are_participants_where_the_config_says_so() -> None:
    assert participants(judged()) == []
    assert participants(judged(participants=True)) == [
        ("contact", "sam"),
        ("lead", "lee"),
        ("user", JO.id),
        ("user", MAX.id),
    ]


def test_who_declined_or_is_unknown_is_no_participant() -> None:
    away = [OURS[0], replace(OURS[1], response=Response.DECLINED), SAM, replace(LEE, response=Response.DECLINED)]
    meeting = b.a_meeting(*away, b.a_person("nobody@globex.example"), organizer="jo@acme.example")
    assert participants(judged(meeting, participants=True)) == [("contact", "sam"), ("user", JO.id)]


def test_an_org_that_was_seen_to_invite_gets_no_participants() -> None:
    tested = Learned(at=b.at(), quiet_participants=False)
    told = judged(participants=True, learned=tested)
    assert participants(told) == []
    assert any("No participants" in line for line in told.trace)
    assert participants(judged(participants=True, learned=replace(tested, quiet_participants=True)))


def test_zoho_takes_fifty_and_no_more_are_sent() -> None:
    crowd = [b.a_user(f"r{number:02}@acme.example") for number in range(60)]
    meeting = b.a_meeting(SAM, *(b.a_person(one.email) for one in crowd), organizer="r00@acme.example")
    around = Surroundings(now=LONG_AFTER, team=b.a_team(*crowd), org=b.an_org(), candidates=b.a_shadow(*RECORDS))
    told = judge(meeting, around, b.settings(meetings={"participants": True}))
    assert len(participants(told)) == 50
    assert participants(told)[0] == ("contact", "sam")


def test_each_of_our_people_has_an_event_of_the_own() -> None:
    events = {one.slot: one for one in per_rep().wanted}
    assert list(events) == ["activity", f"activity:{MAX.id}"]
    owners = [one.fields["Owner"]["id"] for one in events.values()]
    keys = [one.record_key for one in events.values()]
    assert owners == [JO.id, MAX.id]
    assert len(set(keys)) == 2
    assert [one.record_key for one in per_rep().wanted] == keys
    assert per_rep(*OURS[::-1], SAM).wanted == per_rep().wanted


def test_who_declines_or_leaves_loses_the_event_and_nobody_else_does() -> None:
    first = per_rep()
    there = tuple(carried_out(differ(first.wanted, first.withdraw, ())))
    declined = replace(OURS[1], response=Response.DECLINED)
    later = per_rep(OURS[0], declined, SAM, written=there)
    [gone] = differ(later.wanted, later.withdraw, there)
    assert (gone.op, gone.slot) == (Op.DELETE, f"activity:{MAX.id}")
    assert differ(first.wanted, first.withdraw, there) == ()


def test_back_to_one_event_for_a_meeting() -> None:
    first = per_rep()
    there = tuple(carried_out(differ(first.wanted, first.withdraw, ())))
    later = per_rep(written=there, one_activity_per="meeting")
    assert [(one.op, one.slot) for one in differ(later.wanted, later.withdraw, there)] == [
        (Op.DELETE, f"activity:{MAX.id}")
    ]


def test_a_cancelled_meeting_is_marked_on_every_event() -> None:
    first = per_rep()
    there = tuple(carried_out(differ(first.wanted, first.withdraw, ())))
    meeting = b.a_meeting(*OURS, SAM, organizer="jo@acme.example", cancelled=True)
    later = judged(meeting, there, one_activity_per="rep")
    marked = differ(later.wanted, later.withdraw, there)
    assert [(one.op, one.fields["Event_Title"][:11]) for one in marked] == [(Op.UPDATE, "Cancelled: ")] * 2
    kept = judged(meeting, there, one_activity_per="rep", cancelled="keep")
    assert differ(kept.wanted, kept.withdraw, there) == ()


def test_follow_ups_stay_the_meetings() -> None:
    slots = [one.slot for one in per_rep().wanted]
    assert slots.count("activity") == 1
    assert len(slots) == len(set(slots))
