"""What a call calls for in Zoho."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activity_sync.model.interactions import Direction, Outcome, RepShare
from tests import builders as b
from tests.rules.plans import a_plan, fields, on, the


def test_an_answered_call_from_outside() -> None:
    assert fields(b.a_call()) == {
        "Subject": "Call with Sam Poe",
        "Call_Type": "Inbound",
        "Call_Start_Time": "2026-03-02T12:00:00+00:00",
        "Call_Duration": "05:00",
        "Description": "Outcome: answered, 05:00\nNumber: +442079460958\nLine: +442079460100\nRep: Jo Rep",
        "Owner": {"id": "user-jo"},
        "What_Id": {"id": "big"},
        "$se_module": "Deals",
        "Who_Id": {"id": "sam"},
    }


@pytest.mark.parametrize(
    ("direction", "outcome", "kind"),
    [
        (Direction.OUTBOUND, Outcome.ANSWERED, "Outbound"),
        (Direction.OUTBOUND, Outcome.NO_ANSWER, "Outbound"),
        (Direction.OUTBOUND, Outcome.BUSY, "Outbound"),
        (Direction.INBOUND, Outcome.ANSWERED, "Inbound"),
        (Direction.INBOUND, Outcome.MISSED, "Missed"),
        (Direction.INBOUND, Outcome.VOICEMAIL, "Missed"),
        (Direction.INTERNAL, Outcome.ANSWERED, "Outbound"),
    ],
)
def test_zohos_call_type_follows_direction_and_outcome(direction: Direction, outcome: Outcome, kind: str) -> None:
    call = fields(b.a_call(direction=direction, outcome=outcome, talk_seconds=0))
    assert call["Call_Type"] == kind
    assert call.get("Outgoing_Call_Status") == ("Completed" if kind == "Outbound" else None)
    assert call.get("Call_Duration") == (None if kind == "Missed" else "00:01")


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:01"), (450, "07:30"), (3599, "59:59"), (3600, "01:00:00")])
def test_durations(seconds: int, text: str) -> None:
    assert fields(b.a_call(talk_seconds=seconds))["Call_Duration"] == text


def test_the_status_goes_under_the_name_that_the_org_has() -> None:
    org = b.an_org()
    calls = {name: facts for name, facts in org.fields["Calls"].items() if name != "Outgoing_Call_Status"}
    other = b.replace(org, fields={**org.fields, "Calls": {**calls, "Outbound_Call_Status": b.a_field("x")}})
    call = fields(b.a_call(direction=Direction.OUTBOUND), org=other)
    assert call["Outbound_Call_Status"] == "Completed"
    assert "Outgoing_Call_Status" not in call


def test_everything_known_is_in_the_description_once() -> None:
    call = b.a_call(
        outside_name="Sam", line_name="Sales", queue="Front desk", notes=("Wants a demo",), summary="Friendly.",
        tags=("hot",), disposition="Interested", recording_url="https://calls.example/1",
    )  # fmt: skip
    wanted = fields(call, then={"description": "{{ notes }}"})
    assert wanted["Description"] == (
        "Wants a demo\n\n"
        "Outcome: answered, 05:00\nNumber: +442079460958 (Sam)\nLine: Sales (+442079460100)\nQueue: Front desk\n"
        "Rep: Jo Rep\nDisposition: Interested\nTags: hot\nRecording: https://calls.example/1\n\n"
        "Summary:\nFriendly."
    )
    assert wanted["Call_Result"] == "Interested"


@pytest.mark.parametrize(("talk", "named"), [(0, "Jo Rep, Max Rep"), (300, "Jo Rep")])
def test_of_an_answered_call_those_are_named_who_talked_else_all_whom_it_rang(talk: int, named: str) -> None:
    reps = (RepShare(email="jo@acme.example", talk_seconds=talk), RepShare(email="max@acme.example"))
    outcome = Outcome.ANSWERED if talk else Outcome.MISSED
    text = fields(b.a_call(reps=reps, talk_seconds=talk, outcome=outcome))["Description"]
    assert f"Rep: {named}" in text.split("\n")


def test_notes_and_summary_stay_out_when_the_admin_says_so() -> None:
    call = b.a_call(notes=("Wants a demo",), summary="Friendly.")
    text = fields(call, settings=b.settings(calls={"summary": False}), then={"description": "{{ notes }}{{ summary }}"})
    assert "demo" not in text["Description"]
    assert "Friendly" not in text["Description"]


def test_a_disposition_that_the_org_does_not_know_is_text_only() -> None:
    call = fields(b.a_call(disposition="Keen"))
    assert "Call_Result" not in call
    assert "Disposition: Keen" in call["Description"]


def test_a_call_with_nobody_known_is_named_after_the_number() -> None:
    assert fields(b.a_call(), target=on(None))["Subject"] == "Call with +442079460958"
    assert fields(b.a_call(outside_name="Kim"), target=on(None))["Subject"] == "Call with Kim"
    assert fields(b.a_call(outside_number=""), target=on(None))["Subject"] == "Call with a withheld number"


def test_a_call_rests_before_it_is_judged_as_long_as_its_own_dialer_says() -> None:
    call, end = b.a_call(), b.NOON + timedelta(seconds=310)
    assert a_plan(call, now=end)[:3] == ((), (), end + timedelta(seconds=60))
    dialer = {"name": "aircall", "kind": "aircall", "api_id": "a", "api_token": "t", "settle": "90s"}
    own = b.settings(dialers=[dialer])
    assert a_plan(call, now=end + timedelta(seconds=89), settings=own).judge_again_at == end + timedelta(seconds=90)
    assert a_plan(call, now=end + timedelta(seconds=90), settings=own).wanted


def test_a_call_that_the_dialer_took_back_is_withdrawn() -> None:
    plan = a_plan(b.a_call(withdrawn=True), settings=b.settings(follow_ups={"call-back": {"subject": "x"}}))
    assert plan.wanted == ()
    assert plan.withdraw == ("activity", "task:call-back")


def test_a_calls_key_is_the_interactions() -> None:
    assert the(a_plan(b.a_call())).record_key == "c-1"
