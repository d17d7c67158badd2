"""Twilio: what becomes of its legs."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from activity_sync.dialers.twilio.conversations import to_call_leg
from activity_sync.dialers.twilio.families import families, root_of
from activity_sync.dialers.twilio.legs import Recording, to_leg, to_recording
from activity_sync.dialers.twilio.parties import to_party
from activity_sync.model.addresses import NumberKind, read_number
from activity_sync.model.interactions import CallLeg, Direction, Outcome
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall
from tests.sources.recorded import recorded
from tests.sources.stage import JO, MAX
from tests.sources.twilio_stage import CALLER, EXTENSIONS, OUR_LINE

MALFORMED = recorded("twilio", "malformed")
ENDS = OurEnds("GB", {"020 7946 0100": MAX}, EXTENSIONS)


def joined(calls: Any, *recordings: Recording) -> CallLeg:
    ((root, legs),) = families([to_leg(call, ENDS) for call in calls]).items()
    return to_call_leg(root, legs, recordings, source="twilio", ends=ENDS)


def told(name: str) -> CallLeg:
    return joined(recorded("twilio", name))


def changed(name: str, number: int = 0, **changes: Any) -> CallLeg:
    calls = recorded("twilio", name)
    calls[number] |= changes
    return joined(calls)


def shares(found: CallLeg) -> dict[str, int]:
    return {rep.email: rep.talk_seconds for rep in found.reps}


@pytest.mark.parametrize(
    ("name", "direction", "outcome", "talk", "reps"),
    [
        ("simultaneous_ring", "inbound", "answered", 288, {JO: 0, MAX: 288}),
        ("transferred", "inbound", "answered", 280, {JO: 90, MAX: 190}),
        ("client_dials_out", "outbound", "answered", 100, {JO: 100}),
        ("click_to_call", "outbound", "answered", 80, {MAX: 80}),
        ("customer_first", "outbound", "answered", 110, {JO: 95}),
        ("bot_only", "inbound", "missed", 0, {}),
        ("trunk_in", "inbound", "answered", 110, {}),
        ("trunk_out", "outbound", "answered", 110, {}),
    ],
)
def test_each_way_to_call_is_one_call_as_our_company_sees_it(
    name: str, direction: str, outcome: str, talk: int, reps: dict[str, int]
) -> None:
    found = told(name)
    assert (found.direction, found.outcome, found.talk_seconds) == (direction, outcome, talk)
    assert (found.outside_number, found.line, found.line_rep) == (CALLER, OUR_LINE, MAX)
    assert (shares(found), found.conversation_id, found.record_id, found.final) == (reps, "CA1", "CA1", True)


def test_device_to_device_is_internal_with_both_people() -> None:
    found = told("internal")
    assert (found.direction, found.outcome, shares(found)) == (
        Direction.INTERNAL,
        Outcome.ANSWERED,
        {JO: 110, MAX: 110},
    )


def test_times_are_those_of_the_whole_conversation() -> None:
    found = told("simultaneous_ring")
    assert (found.started, found.ended) == (
        datetime(2026, 3, 9, 10, tzinfo=UTC),
        datetime(2026, 3, 9, 10, 5, tzinfo=UTC),
    )
    assert found.answered == datetime(2026, 3, 9, 10, 0, 12, tzinfo=UTC)
    assert found.outside_name == "ANN LEE"


@pytest.mark.parametrize("name", ["simultaneous_ring", "transferred"])
def test_legs_make_the_same_call_in_whatever_order_they_come(name: str) -> None:
    legs = recorded("twilio", name)
    assert {repr(joined(order)) for order in permutations(legs)} == {repr(told(name))}


def test_legs_lead_to_one_root_also_where_a_parent_is_missing_or_they_go_round() -> None:
    known = {leg.sid: leg for leg in (to_leg(call, ENDS) for call in recorded("twilio", "transferred"))}
    assert {root_of(leg, known) for leg in known.values()} == {"CA1"}
    orphans = {sid: leg for sid, leg in known.items() if sid != "CA1"}
    assert {root_of(leg, orphans) for leg in orphans.values()} == {"CA1"}
    calls = recorded("twilio", "transferred")
    calls[0]["parent_call_sid"] = "CA3"
    circle = {leg.sid: leg for leg in (to_leg(call, ENDS) for call in calls)}
    assert {root_of(leg, circle) for leg in circle.values()} == {"CA1"}


@pytest.mark.parametrize("name", ["simultaneous_ring", "client_dials_out"])
def test_children_without_their_root_still_tell_which_way_it_went(name: str) -> None:
    found = joined(recorded("twilio", name)[1:])
    assert (found.direction, found.conversation_id, found.outside_number) == (told(name).direction, "CA1", CALLER)


def test_a_conversation_is_over_when_all_its_legs_are() -> None:
    assert not changed("simultaneous_ring", 2, status="in-progress", duration=None, end_time=None).final
    assert not changed("bot_only", status="queued", start_time=None, end_time=None, duration=None).final


def test_a_caller_who_spoke_on_the_tape_left_a_voicemail() -> None:
    calls = recorded("twilio", "bot_only")
    assert joined(calls, Recording("RE1", "CA1", message=True)).outcome is Outcome.VOICEMAIL
    recorded_only = joined(calls, Recording("RE1", "CA1", message=False))
    assert (recorded_only.outcome, recorded_only.extra["recording"]) == (Outcome.MISSED, "RE1")


def test_a_message_beside_a_talk_is_no_voicemail_and_no_link_is_kept() -> None:
    found = joined(recorded("twilio", "simultaneous_ring"), Recording("RE1", "CA1", message=True))
    assert (found.outcome, found.recording_url) == (Outcome.ANSWERED, "")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("busy", Outcome.BUSY),
        ("no-answer", Outcome.NO_ANSWER),
        ("failed", Outcome.FAILED),
        ("canceled", Outcome.FAILED),
    ],
)
def test_what_a_call_out_came_to_without_an_answer(status: str, outcome: Outcome) -> None:
    found = changed("client_dials_out", 1, status=status, duration="")
    assert (found.outcome, found.talk_seconds, shares(found)) == (outcome, 0, {JO: 0})


def test_completed_without_a_second_of_talk_is_no_answer() -> None:
    assert changed("client_dials_out", 1, duration="0").outcome is Outcome.NO_ANSWER


@pytest.mark.parametrize("heard", ["machine_start", "machine_end_beep", "fax"])
def test_only_detection_tells_a_machine_from_a_person(heard: str) -> None:
    found = changed("client_dials_out", 1, answered_by=heard)
    assert (found.outcome, found.talk_seconds, found.extra["answered_by"]) == (Outcome.VOICEMAIL, 0, heard)
    assert changed("client_dials_out", 1, answered_by="human").outcome is Outcome.ANSWERED
    assert changed("transferred", 1, answered_by=heard).talk_seconds == 190


@pytest.mark.parametrize(("status", "outcome"), [("busy", "missed"), ("canceled", "missed"), ("failed", "failed")])
def test_a_caller_whom_nobody_reached_was_missed_unless_the_call_failed(status: str, outcome: str) -> None:
    assert changed("bot_only", status=status, duration=None).outcome == outcome


@pytest.mark.parametrize(
    "caller", ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "anonymous", "RESTRICTED",
               "sip:anonymous@anonymous.invalid"]
)  # fmt: skip
def test_a_withheld_caller_is_a_customer_without_a_number(caller: str) -> None:
    calls = recorded("twilio", "withheld")
    calls[0]["from"] = caller
    found = joined(calls)
    assert (found.direction, found.outcome) == (Direction.INBOUND, Outcome.MISSED)
    assert read_number(found.outside_number, "GB").kind is NumberKind.WITHHELD


@pytest.mark.parametrize(
    ("raw", "number", "rep", "ours"),
    [
        ("client:jo", "", JO, True),
        ("client:nobody", "", "", True),
        ("client:ann%40acme.example", "", "ann@acme.example", True),
        ("sip:max@acme.sip.twilio.com", "", MAX, True),
        ("sip:MAX@acme.sip.twilio.com;transport=udp", "", MAX, True),
        ("sip:front-desk@acme.sip.twilio.com", "", "", True),
        ("sip:+447700900123@trunk.example", CALLER, "", False),
        ("sim:DE0123", "", "", True),
        ("+447700900999", "+447700900999", MAX, True),
        ("+442079460100", OUR_LINE, "", True),
        ("+447700900123", CALLER, "", False),
        ("", "", "", False),
    ],
)
def test_each_end_is_a_number_or_a_device_of_ours(raw: str, number: str, rep: str, ours: bool) -> None:
    party = to_party(raw, ENDS)
    assert (party.number, party.rep, party.ours) == (number, rep, ours)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_leg_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(NoCall, match=r"^(it|its) "):
        to_leg(MALFORMED[name], ENDS)


@pytest.mark.parametrize("item", ["x", {}, {"sid": "RE1"}, {"sid": "RE1", "call_sid": "CA1", "status": "absent"}])
def test_a_recording_that_is_not_there_counts_for_nothing(item: Any) -> None:
    assert to_recording(item) is None
