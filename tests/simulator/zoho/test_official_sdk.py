"""Zoho's own SDK is the judge: what it cannot read, we answered wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.simulator.zoho import ZohoSimulator

pytestmark = [pytest.mark.judge, pytest.mark.filterwarnings("ignore::DeprecationWarning:zohocrmsdk")]


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[ZohoSimulator]:
    from zohocrmsdk.src.com.zoho.api.authenticator import OAuthToken
    from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
    from zohocrmsdk.src.com.zoho.api.logger import Logger
    from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
    from zohocrmsdk.src.com.zoho.crm.api.initializer import Initializer
    from zohocrmsdk.src.com.zoho.crm.api.sdk_config import SDKConfig

    org = ZohoSimulator()
    resources = tmp_path / "resources"
    resources.mkdir()
    with org.serve() as url:
        Initializer.initialize(
            environment=DataCenter.Environment(url, f"{url}/oauth/v2/token", url),
            token=OAuthToken(client_id=org.client_id, client_secret=org.client_secret, refresh_token=org.refresh_token),
            store=FileStore(str(tmp_path / "tokens")),
            sdk_config=SDKConfig(
                auto_refresh_fields=False,
                pick_list_validation=True,
                update_api_domain=False,
                connect_timeout=5,
                read_timeout=20,
            ),
            resource_path=str(resources),
            logger=Logger.get_instance(Logger.Levels.ERROR, str(tmp_path / "sdk.log")),
        )
        yield org


def _create(module: str, **fields: Any) -> int:
    from zohocrmsdk.src.com.zoho.crm.api import HeaderMap
    from zohocrmsdk.src.com.zoho.crm.api.record import BodyWrapper, Record, RecordOperations

    record, body = Record(), BodyWrapper()
    for name, value in fields.items():
        record.add_key_value(name, value)
    body.set_data([record])
    body.set_trigger([])
    answer = RecordOperations(module).create_records(body, HeaderMap()).get_object()
    row = answer.get_data()[0]
    assert row.get_status().get_value() == "success", row.get_details()
    return int(row.get_details()["id"])


def _read(module: str, record_id: int) -> dict[str, Any]:
    from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, ParameterMap
    from zohocrmsdk.src.com.zoho.crm.api.record import RecordOperations

    answer = RecordOperations(module).get_record(record_id, ParameterMap(), HeaderMap()).get_object()
    return dict(answer.get_data()[0].get_key_values())


def _pointer(record_id: str) -> Any:
    from zohocrmsdk.src.com.zoho.crm.api.record import Record

    record = Record()
    record.set_id(int(record_id))
    return record


def test_the_official_sdk_creates_and_reads_a_meeting_a_call_and_a_task(judged: ZohoSimulator) -> None:
    from zohocrmsdk.src.com.zoho.crm.api.util import Choice

    contact, lead = judged.add("Contacts", Last_Name="Boyle"), judged.add("Leads", Last_Name="Lee")
    now = datetime.now(UTC).replace(microsecond=0)
    times = {"Start_DateTime": now, "End_DateTime": now + timedelta(hours=1)}
    meeting = _create("Events", Event_Title="Demo", Who_Id=_pointer(contact), **times)
    call = _create(
        "Calls",
        Subject="Call",
        Call_Type=Choice("Outbound"),
        Outgoing_Call_Status=Choice("Completed"),
        Call_Start_Time=now - timedelta(hours=1),
        Call_Duration="01:30",
    )
    task = _create(
        "Tasks", Subject="Offer", Status=Choice("Not Started"), What_Id=_pointer(lead), **{"$se_module": "Leads"}
    )
    read = _read("Events", meeting)
    assert (read["Event_Title"], read["Start_DateTime"]) == ("Demo", now)
    assert read["Who_Id"].get_id() == int(contact)
    assert _read("Calls", call)["Call_Duration_in_seconds"] == 90
    assert _read("Tasks", task)["What_Id"].get_id() == int(lead)
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
