"""Zoho's own SDK is the judge: what it cannot read, we answered wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activity_sync.simulator.zoho import ZohoSimulator
from tests.official_sdk import create, pointer, read, sign_in

pytestmark = [pytest.mark.judge, pytest.mark.filterwarnings("ignore::DeprecationWarning:zohocrmsdk")]


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[ZohoSimulator]:
    org = ZohoSimulator()
    with org.serve() as url:
        sign_in(org, url, tmp_path)
        yield org


def test_the_official_sdk_creates_and_reads_a_meeting_a_call_and_a_task(judged: ZohoSimulator) -> None:
    from zohocrmsdk.src.com.zoho.crm.api.util import Choice

    contact, lead = judged.add("Contacts", Last_Name="Boyle"), judged.add("Leads", Last_Name="Lee")
    now = datetime.now(UTC).replace(microsecond=0)
    times = {"Start_DateTime": now, "End_DateTime": now + timedelta(hours=1)}
    meeting = create("Events", Event_Title="Demo", Who_Id=pointer(contact), **times)
    call = create(
        "Calls",
        Subject="Call",
        Call_Type=Choice("Outbound"),
        Outgoing_Call_Status=Choice("Completed"),
        Call_Start_Time=now - timedelta(hours=1),
        Call_Duration="01:30",
    )
    task = create(
        "Tasks", Subject="Offer", Status=Choice("Not Started"), What_Id=pointer(lead), **{"$se_module": "Leads"}
    )
    seen = read("Events", meeting)
    assert (seen["Event_Title"], seen["Start_DateTime"]) == ("Demo", now)
    assert seen["Who_Id"].get_id() == int(contact)
    assert read("Calls", call)["Call_Duration_in_seconds"] == 90
    assert read("Tasks", task)["What_Id"].get_id() == int(lead)
    assert judged.mails == []


def test_the_official_sdk_reads_a_list(judged: ZohoSimulator) -> None:
    from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, ParameterMap
    from zohocrmsdk.src.com.zoho.crm.api.record import GetRecordsParam, RecordOperations

    judged.add("Contacts", Last_Name="Boyle", Email="b@acme.example", Modified_Time="2025-06-01T10:00:00+02:00")
    params = ParameterMap()
    params.add(GetRecordsParam.fields, "Last_Name,Email,Modified_Time")
    answer = RecordOperations("Contacts").get_records(params, HeaderMap()).get_object()
    (record,) = answer.get_data()
    assert record.get_key_value("Email") == "b@acme.example"
    assert record.get_modified_time() == datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
