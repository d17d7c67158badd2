"""Plans go by what a self-test learned of the org."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from activity_sync.model.interactions import Direction
from activity_sync.model.learned import Learned
from activity_sync.model.records import OrgFacts
from activity_sync.rules.sameness import same
from tests import builders as b
from tests.rules.plans import a_plan, fields, on, the


def knowing(**lessons: Any) -> OrgFacts:
    return replace(b.an_org(), learned=Learned(**lessons))


DURATIONS = [
    ({}, {0: "00:01", 90: "01:30", 3599: "59:59", 3630: "01:00:30"}),
    ({"long_durations": False}, {0: "00:01", 90: "01:30", 3630: "60:30"}),
    ({"duration_unit": "HH:mm"}, {0: "00:00:01", 90: "00:01:30", 3630: "01:00:30"}),
    ({"duration_unit": "HH:mm", "long_durations": False}, {0: "00:01", 60: "00:01", 90: "00:02", 3630: "01:01"}),
]


@pytest.mark.parametrize(("lessons", "texts"), DURATIONS, ids=str)
def test_a_duration_is_written_as_the_org_reads_it(lessons: dict[str, Any], texts: dict[int, str]) -> None:
    org = knowing(**lessons)
    written = {seconds: fields(b.a_call(talk_seconds=seconds), org=org)["Call_Duration"] for seconds in texts}
    assert written == texts


def test_the_description_says_minutes_and_seconds_whatever_the_org_reads() -> None:
    text = fields(b.a_call(talk_seconds=90), org=knowing(duration_unit="HH:mm"))["Description"]
    assert "Outcome: answered, 01:30" in text


def test_the_status_goes_under_the_name_that_was_learned() -> None:
    call = b.a_call(direction=Direction.OUTBOUND)
    assert fields(call, org=knowing(call_status_key="Outbound_Call_Status"))["Outbound_Call_Status"] == "Completed"
    assert "Outgoing_Call_Status" not in fields(call, org=knowing(call_status_key="Outbound_Call_Status"))
    assert fields(call, org=knowing())["Outgoing_Call_Status"] == "Completed"


def test_a_meeting_with_a_lead_goes_on_the_lead_where_the_org_takes_it() -> None:
    lead = b.a_lead()
    written = fields(b.a_meeting(), target=on(lead), org=knowing())
    assert (written["What_Id"], written["$se_module"]) == ({"id": lead.id}, "Leads")
    assert "Participants" not in written


@pytest.mark.parametrize("quiet", [True, False])
def test_elsewhere_the_lead_is_named_and_only_where_it_is_quiet_a_participant(quiet: bool) -> None:
    lead = b.a_lead()
    org = knowing(events_take_leads=False, quiet_participants=quiet)
    written = fields(b.a_meeting(), target=on(lead), org=org)
    assert "What_Id" not in written
    assert "$se_module" not in written
    people = [{"type": "lead", "participant": lead.id}]
    assert written.get("Participants") == (people if quiet else None)
    assert lead.email in written["Description"]


def test_calls_and_tasks_stay_on_their_leads() -> None:
    lead, org = b.a_lead(), knowing(events_take_leads=False)
    assert fields(b.a_call(), target=on(lead), org=org)["What_Id"] == {"id": lead.id}
    follow_up = {"recap": {"subject": "Recap"}}
    planned = a_plan(
        target=on(lead), org=org, then={"follow_ups": ["recap"]}, settings=b.settings(follow_ups=follow_up)
    )
    assert the(planned, "task:recap").fields["What_Id"] == {"id": lead.id}


def test_a_participant_read_back_is_the_one_that_was_sent() -> None:
    back = {"type": "lead", "participant": "7", "id": "99", "name": "Lee", "Email": "lee@x.example", "invited": False}
    assert same([{"type": "lead", "participant": "7"}], [back])
    assert not same([{"type": "lead", "participant": "8"}], [back])
