"""What a meeting calls for in Zoho."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from activity_sync.model.decisions import Owner
from activity_sync.model.interactions import Outcome, Privacy
from tests import builders as b
from tests.rules.plans import LONG_AFTER, ON_DEAL, a_plan, fields, on, the

RECAP = {"follow_ups": {"recap": {"subject": "Recap"}, "gift": {"subject": "Gift"}}}


def test_an_event_on_a_deal_has_all_that_zoho_needs_and_nothing_that_invites() -> None:
    plan = a_plan(b.a_meeting(location="Room 5", notes="Agenda"))
    event = the(plan)
    assert (event.slot, event.module, event.record_key) == ("activity", "Events", "m-1")
    assert event.fields == {
        "Event_Title": "Intro call",
        "Start_DateTime": "2026-03-02T12:00:00+00:00",
        "End_DateTime": "2026-03-02T13:00:00+00:00",
        "Venue": "Room 5",
        "Description": "Agenda",
        "Owner": {"id": "user-jo"},
        "What_Id": {"id": "big"},
        "$se_module": "Deals",
        "Who_Id": {"id": "sam"},
    }
    assert event.because == "activity type Demo, on the deal Big deal"


@pytest.mark.parametrize(
    ("target", "links"),
    [
        (on(b.a_lead()), {"What_Id": {"id": "lee"}, "$se_module": "Leads"}),
        (on(b.a_lead(), who=b.a_contact()), {"What_Id": {"id": "lee"}, "$se_module": "Leads"}),
        (on(b.a_contact()), {"Who_Id": {"id": "sam"}}),
        (on(b.a_contact(), who=b.a_contact()), {"Who_Id": {"id": "sam"}}),
        (on(b.an_account()), {"What_Id": {"id": "globex"}, "$se_module": "Accounts"}),
        (
            on(b.an_account(), who=b.a_contact()),
            {"What_Id": {"id": "globex"}, "$se_module": "Accounts", "Who_Id": {"id": "sam"}},
        ),
        (on(None), {}),
    ],
)
def test_links_follow_the_target(target: Any, links: dict[str, Any]) -> None:
    event = fields(target=target)
    assert {name: event[name] for name in ("What_Id", "$se_module", "Who_Id") if name in event} == links


def test_a_meeting_without_length_lasts_a_minute() -> None:
    assert fields(b.a_meeting(end=b.NOON))["End_DateTime"] == "2026-03-02T12:01:00+00:00"


def test_an_all_day_meeting_says_so() -> None:
    assert fields(b.a_meeting(all_day=True))["All_day"] is True


def test_times_are_without_milliseconds() -> None:
    start = b.NOON + timedelta(milliseconds=120)
    assert fields(b.a_meeting(start=start))["Start_DateTime"] == "2026-03-02T12:00:00+00:00"


@pytest.mark.parametrize(
    ("target", "title"),
    [(ON_DEAL, "Meeting with Sam Poe"), (on(b.a_lead()), "Meeting with Lee Fox"), (on(None), "Meeting with Kim")],
)
def test_a_meeting_without_a_title_is_named_after_whom_it_is_with(target: Any, title: str) -> None:
    meeting = b.a_meeting(b.ORGANIZER, b.a_person(name="Kim"), title=" ")
    assert fields(meeting, target=target)["Event_Title"] == title


def test_a_subject_template_is_used_and_its_failure_costs_only_the_wording() -> None:
    assert fields(then={"subject": "Demo: {{ company }} with {{ rep.first_name }}"})["Event_Title"] == (
        "Demo: Globex with Jo"
    )
    plan = a_plan(then={"subject": "Demo: {{ compny }}"})
    assert the(plan).fields["Event_Title"] == "Intro call"
    assert any("compny" in words for words in plan.trace)


def test_a_title_is_cut_to_its_field() -> None:
    assert len(fields(b.a_meeting(title="x" * 400))["Event_Title"]) == 255
    assert len(fields(b.a_meeting(notes="x" * 40_000), target=on(None))["Description"]) == 32_000


def test_a_private_meeting_keeps_time_and_people_only() -> None:
    meeting = b.a_meeting(title="", notes="", privacy=Privacy.PRIVATE, location="Clinic", conference_url="x")
    then = {"subject": "Demo {{ title }}", "description": "{{ title }} {{ conference_url }}"}
    event = fields(meeting, then=then, settings=b.settings(meetings={"private": "redact"}), target=on(b.an_account()))
    assert event["Event_Title"] == "Private meeting"
    assert event["Description"] == "Also there: sam@globex.example"
    assert "Venue" not in event


def test_further_people_and_leads_are_named_once() -> None:
    lee = b.a_lead(first_name="Lee")
    meeting = b.a_meeting(
        b.ORGANIZER,
        b.a_person(),
        b.a_person("kim@globex.example", name="Kim Lo"),
        b.a_person(lee.email),
        notes="Agenda",
    )
    event = fields(meeting, target=on(b.a_deal(), who=b.a_contact(), leads=(lee,)))
    assert event["Description"] == (
        "Agenda\n\nAlso there: Lee Fox (lead, lee@initech.example), Kim Lo (kim@globex.example)"
    )


def test_whom_it_is_linked_with_is_not_named_again_under_another_address() -> None:
    meeting = b.a_meeting(b.ORGANIZER, b.a_person("sam.poe@home.example"), notes="Agenda")
    target = replace(on(b.a_deal(), who=b.a_contact()), met=("sam.poe@home.example",))
    assert fields(meeting, target=target)["Description"] == "Agenda"


def test_the_agenda_stays_out_when_the_admin_says_so() -> None:
    event = fields(b.a_meeting(notes="Agenda"), settings=b.settings(meetings={"description": False}))
    assert "Description" not in event


def test_a_types_fields_take_the_fields_type_and_what_does_not_fit_is_left_out_and_told() -> None:
    org = b.an_org(
        events=[
            b.a_field("Seats", data_type="integer"),
            b.a_field("Room_Kind", picklist=("Large", "Small")),
            b.a_field("Line"),
            b.a_field("Stage_Kind", picklist=("Demo",)),
        ]
    )
    asked = {"Seats": "12", "Room_Kind": "Huge", "Line": "for {{ company }}", "Nowhere": 1}
    settings = b.settings(zoho={"data_center": "eu", "client_id": "i", "client_secret": "s",
                                "activity_type_field": {"Events": "Stage_Kind"}})  # fmt: skip
    plan = a_plan(then={"fields": {"Events": asked}, "tags": ["demo", "demo"]}, org=org, settings=settings)
    event = the(plan).fields
    assert (event["Seats"], event["Line"], event["Stage_Kind"]) == (12, "for Globex", "Demo")
    assert event["Tag"] == [{"name": "demo"}]
    assert "Room_Kind" not in event
    assert "Nowhere" not in event
    assert 'Room_Kind is left out: it has no picklist value "Huge".' in plan.trace
    assert "Nowhere is left out: it is no field of a meeting in this org." in plan.trace


def test_before_it_is_over_there_are_no_follow_ups_and_time_will_tell() -> None:
    plan = a_plan(then={"follow_ups": ["recap"]}, settings=b.settings(**RECAP), now=b.at(74))
    assert [wanted.slot for wanted in plan.wanted] == ["activity"]
    assert plan.judge_again_at == b.at(75)
    assert plan.withdraw == ("task:recap", "task:gift")


def test_once_it_is_over_the_types_follow_ups_are_wanted_and_no_others() -> None:
    plan = a_plan(then={"follow_ups": ["recap"]}, settings=b.settings(**RECAP), now=b.at(75))
    assert [wanted.slot for wanted in plan.wanted] == ["activity", "task:recap"]
    assert plan.withdraw == ("task:gift",)
    assert plan.judge_again_at is None


def test_written_when_ended_means_nothing_before() -> None:
    settings = b.settings(meetings={"write": "ended"})
    assert a_plan(settings=settings, now=b.at(60))[:3] == ((), (), b.at(75))
    assert a_plan(settings=settings, now=b.at(75)).wanted


def test_a_declined_meeting_stays_without_follow_ups() -> None:
    plan = a_plan(outcome=Outcome.DECLINED, then={"follow_ups": ["recap"]}, settings=b.settings(**RECAP))
    assert [wanted.slot for wanted in plan.wanted] == ["activity"]
    assert plan.withdraw == ("task:recap", "task:gift")


@pytest.mark.parametrize(
    ("how", "now", "title", "withdraw"),
    [
        ("delete", b.at(-1), None, ("activity", "task:recap", "task:gift")),
        ("delete", b.at(0), "Cancelled: Intro call", ("task:recap", "task:gift")),
        ("mark", b.at(-1), "Cancelled: Intro call", ("task:recap", "task:gift")),
        ("mark", LONG_AFTER, "Cancelled: Intro call", ("task:recap", "task:gift")),
        ("keep", b.at(-1), None, ()),
        ("keep", LONG_AFTER, None, ()),
    ],
)
def test_a_cancelled_meeting_becomes_what_the_admin_says(how: str, now: Any, title: str | None, withdraw: Any) -> None:
    settings = b.settings(meetings={"cancelled": how}, **RECAP)
    plan = a_plan(b.a_meeting(cancelled=True), outcome=Outcome.CANCELLED, settings=settings, now=now,
                  then={"follow_ups": ["recap"]})  # fmt: skip
    assert [wanted.fields["Event_Title"] for wanted in plan.wanted] == ([title] if title else [])
    assert all(wanted.only_if_there for wanted in plan.wanted)
    assert plan.withdraw == withdraw


def test_without_an_owner_nothing_is_planned() -> None:
    assert a_plan(owner=Owner(rep="jo@acme.example")).wanted == ()


def test_the_same_interaction_gives_the_same_plan_whatever_the_order_of_its_people() -> None:
    people = [b.ORGANIZER, b.a_person(), b.a_person("kim@globex.example"), b.a_person("al@globex.example")]
    assert a_plan(b.a_meeting(*people)) == a_plan(b.a_meeting(*reversed(people)))
