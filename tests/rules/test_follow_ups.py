"""Follow-ups: which tasks, for whom, due when."""

from __future__ import annotations

from typing import Any

import pytest

from activity_sync.model.decisions import Owner
from activity_sync.model.interactions import Outcome
from activity_sync.model.writes import Wanted
from activity_sync.rules.follow_ups import task_key
from tests import builders as b
from tests.rules.plans import LONG_AFTER, a_plan, on, the


def a_task(interaction: Any = None, *, name: str = "back", zone: str = "Europe/London", **asked: Any) -> Wanted:
    with_plan = {key: asked.pop(key) for key in ("target", "team", "owner", "org", "reached") if key in asked}
    settings = b.settings(timezone=zone, follow_ups={name: {"subject": "Call back {{ who }}", **asked}})
    plan = a_plan(interaction, then={"follow_ups": [name]}, settings=settings, now=LONG_AFTER, **with_plan)
    return the(plan, f"task:{name}")


def test_a_task_is_linked_like_its_activity_and_mails_nobody() -> None:
    task = a_task(priority="high", due="1 business day")
    assert (task.module, task.record_key) == ("Tasks", "m-1/back")
    assert task.fields == {
        "Subject": "Call back Sam Poe",
        "Due_Date": "2026-03-03",
        "Owner": {"id": "user-jo"},
        "Send_Notification_Email": False,
        "Status": "Not Started",
        "Priority": "High",
        "What_Id": {"id": "big"},
        "$se_module": "Deals",
        "Who_Id": {"id": "sam"},
    }


def test_the_day_it_is_due_is_the_owners_day() -> None:
    tokyo = Owner(rep="jo@acme.example", user=b.a_user(time_zone="Asia/Tokyo"))
    meeting = b.a_meeting(start=b.at(180), end=b.at(240))  # 16:00 in London is 01:00 of the next day in Tokyo
    assert a_task(meeting, owner=tokyo, due="1 day").fields["Due_Date"] == "2026-03-04"
    assert a_task(meeting, due="1 day").fields["Due_Date"] == "2026-03-03"


def test_an_owner_with_an_unknown_zone_has_the_companys() -> None:
    odd = Owner(rep="jo@acme.example", user=b.a_user(time_zone="Nowhere/Land"))
    assert a_task(owner=odd, due="1 day").fields["Due_Date"] == "2026-03-03"


def test_business_hours_set_the_reminder() -> None:
    task = a_task(due="4 business hours", remind=True)  # 13:00 Monday + 4 hours
    assert task.fields["Remind_At"] == {"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-03-02T17:00:00+00:00"}


def test_a_task_goes_to_the_rep_the_records_owner_or_an_address() -> None:
    max_deal = on(b.a_deal(owner_id="user-max"))
    assert a_task(owner=Owner(user=b.a_user(), rep="jo@acme.example")).fields["Owner"] == {"id": "user-jo"}
    settings = {"follow_ups": {"back": {"subject": "x", "owner": "record_owner"}}}
    plan = a_plan(then={"follow_ups": ["back"]}, settings=b.settings(**settings), target=max_deal)
    assert the(plan, "task:back").fields["Owner"] == {"id": "user-max"}
    settings["follow_ups"]["back"]["owner"] = "max@acme.example"
    plan = a_plan(then={"follow_ups": ["back"]}, settings=b.settings(**settings))
    assert the(plan, "task:back").fields["Owner"] == {"id": "user-max"}


def test_a_task_for_somebody_who_cannot_own_it_goes_to_the_rep_and_says_so() -> None:
    settings = b.settings(follow_ups={"back": {"subject": "x", "owner": "gone@acme.example"}})
    plan = a_plan(then={"follow_ups": ["back"]}, settings=settings)
    assert the(plan, "task:back").fields["Owner"] == {"id": "user-jo"}
    assert "gone@acme.example has no active Zoho user: the follow-up goes to the rep." in plan.trace


def test_a_picklist_value_that_the_org_does_not_have_is_never_written() -> None:
    settings = b.settings(follow_ups={"back": {"subject": "x", "priority": "Urgent", "status": "in progress"}})
    plan = a_plan(then={"follow_ups": ["back"]}, settings=settings)
    assert "Priority" not in the(plan, "task:back").fields
    assert the(plan, "task:back").fields["Status"] == "In Progress"
    assert 'Priority is left out: the org has no value "Urgent".' in plan.trace


@pytest.mark.parametrize(("outcome", "wanted"), [(Outcome.HELD, True), (Outcome.NO_SHOW, False)])
def test_a_follow_up_comes_only_when_its_own_conditions_fit(outcome: Outcome, wanted: bool) -> None:
    settings = b.settings(follow_ups={"recap": {"subject": "x", "when": {"outcome": "held"}}})
    plan = a_plan(outcome=outcome, then={"follow_ups": ["recap"]}, settings=settings)
    assert ("task:recap" in [one.slot for one in plan.wanted]) is wanted
    assert wanted or "No follow-up recap: outcome is no_show, not held." in plan.trace


def test_a_call_back_is_completed_once_the_number_was_reached() -> None:
    call = b.a_call(outcome=Outcome.MISSED, talk_seconds=0)
    assert a_task(call, close_when_reached=True).fields["Status"] == "Not Started"
    assert a_task(call, close_when_reached=True, reached=b.at(50)).fields["Status"] == "Completed"
    assert a_task(call, close_when_reached=False, reached=b.at(50)).fields["Status"] == "Not Started"


def test_a_due_date_beyond_the_calendar_costs_only_that_follow_up() -> None:
    settings = b.settings(follow_ups={"back": {"subject": "x", "due": "999999 weeks"}})
    plan = a_plan(then={"follow_ups": ["back"]}, settings=settings)
    assert [wanted.slot for wanted in plan.wanted] == ["activity"]
    assert any("No follow-up back" in words for words in plan.trace)


def test_task_keys_fit_the_field_and_are_never_taken_for_one_another() -> None:
    key = "m-0123456789abcdef0123"
    names = ["call-back", "Call-Back", "call back", "2", "x" * 200, "x" * 201, "Ünïcode ✓", "a/b", "a-b"]
    keys = [task_key(key, name) for name in names]
    assert keys[0] == f"{key}/call-back"
    assert all(len(one) <= 61 for one in keys)  # room for "/2"
    assert len({one.casefold() for one in keys}) == len(names)
    assert f"{key}/2" not in keys
