"""What nobody could confirm about Zoho, both ways: the company ends as it should, whichever is true."""

from __future__ import annotations

from typing import Any

import pytest

from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.simulator.zoho.switches import Switches
from tests.dose import dose
from tests.journeys.conftest import Founded
from tests.journeys.test_kills import HURRY

SCENES = (
    "A meeting with a contact", "A lead alone", "A contact without an account gets it alone", "A contact beside a lead",
    "A meeting that moves", "is cancelled before its start", "What a person wrote in Zoho", "What a person deleted",
    "declines: a colleague", "What is noted after the call", "Nobody picks up at a lead's", "Missed on a rep's line",
)  # fmt: skip

ORGS: dict[str, dict[str, Any]] = {
    "other names, and a stricter Zoho": {
        "invalid_token_code": "INVALID_OAUTHTOKEN", "too_many_code": "RATE_LIMIT_EXCEEDED", "retry_after": 1,
        "call_status_key": "Outbound_Call_Status", "notification_key": "send_notification",
        "converted_lead_write": "INVALID_DATA", "token_throttle_status": 400,
        "unknown_names_refused": True, "mixed_status": 200, "upsert_insert_status": 201,
    },
    "a COQL that knows less, and empty parts are objects": {
        "coql_compares_ids": False, "coql_converted_column": False, "coql_what_module": False,
        "coql_hides_converted": True, "coql_row_limit": 200,
        "composite_empty_body": "object", "unknown_record": 400, "coql_delay": 0.5,
        "role_change_moves_modified_time": True, "conversion_moves_modified_time": False,
    },
    "empty parts are null, and an older duplicate": {
        "composite_empty_body": "null", "empty_answers_cost": False, "refusals_cost": False,
        "duplicate_record_details": False, "contact_and_lead": "drop_contact", "converted_lead_parent": True,
    },
    "empty parts are text, and a duplicate that names nobody": {
        "composite_empty_body": "text", "unknown_record": 404, "ids_limit": 10,
        "duplicate_record_details": False, "duplicate_id": False,
    },
    "an easier Zoho": {
        "milliseconds": True, "zulu": True, "inactive_owner": "accept", "invites_by_default": False,
        "call_duration_unit": "HH:mm", "all_day_times": "midnight", "contact_activities_roll_up": False,
        "contact_and_lead": "drop_lead", "closing_date_follows_stage": True, "restore_moves_modified_time": False,
    },
}  # fmt: skip


@pytest.mark.torture
@pytest.mark.parametrize("name", dose(list(ORGS)[::2], list(ORGS)))
def test_the_company_ends_as_it_should_in(found: Founded, name: str) -> None:
    company = found(SCENES, org=ZohoSimulator(company="Acme", switches=Switches(**ORGS[name])))
    company.set_ |= HURRY
    for number, method in ((1, "POST"), (2, "PUT")):
        for mishap in (Mishap.DROP_AFTER, Mishap.TOO_MANY, Mishap.UNAUTHORIZED):
            company.stage.zoho.mishaps.plan(mishap, method, "/Events")
        company.play_and_sync(number)
        company.stage.zoho.mishaps.clear()
        assert company.mistakes(number) == []
        assert company.doubles() == []
    assert company.stage.zoho.mails == []
    result = company.sync()
    assert not any(result["writes"].values())
    assert result["problems"] == []


def test_where_no_lead_can_carry_a_meeting_it_is_logged_all_the_same(found: Founded) -> None:
    company = found(SCENES[:2], org=ZohoSimulator(company="Acme", switches=Switches(events_take_leads=False)))
    assert company.play_and_sync()["interactions"]["logged"] == 2
    assert sorted(bool(one.get("What_Id")) for one in company.written("Events")) == [False, True]
    assert not any(company.sync()["writes"].values())
