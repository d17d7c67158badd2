"""Zoho's own SDK is the judge: what it cannot read, we answered wrongly."""

from __future__ import annotations

import csv
import zipfile
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


def test_the_official_sdk_reads_the_users(judged: ZohoSimulator) -> None:
    from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, ParameterMap
    from zohocrmsdk.src.com.zoho.crm.api.users import GetUsersParam, UsersOperations

    judged.add_user("jo@acme.example", "Jo", "Rep", status="inactive")
    params = ParameterMap()
    params.add(GetUsersParam.type, "AllUsers")
    users = UsersOperations().get_users(params, HeaderMap()).get_object().get_users()
    seen = {user.get_email(): (user.get_status(), user.get_role().get_name()) for user in users}
    assert seen == {"admin@acme.example": ("active", "CEO"), "jo@acme.example": ("inactive", "Sales")}


def test_the_official_sdk_asks_a_query(judged: ZohoSimulator) -> None:
    from zohocrmsdk.src.com.zoho.crm.api.coql import BodyWrapper, CoqlOperations

    account = judged.add("Accounts", Account_Name="Globex")
    for number in range(3):
        judged.add("Contacts", Last_Name=f"P{number}", Email=f"p{number}@globex.example", Account_Name=account)
    body = BodyWrapper()
    columns = "Last_Name, Email, Account_Name, Account_Name.Account_Name, Modified_Time"
    where = f"((Email like '%globex.example%' and Account_Name = '{account}') and id is not null)"
    body.set_select_query(f"select {columns} from Contacts where {where} order by Last_Name asc limit 2")
    answer = CoqlOperations().get_records(body).get_object()
    rows = [row.get_key_values() for row in answer.get_data()]
    assert [row["Email"] for row in rows] == ["p0@globex.example", "p1@globex.example"]
    assert {row["Account_Name.Account_Name"] for row in rows} == {"Globex"}
    assert (answer.get_info().get_count(), answer.get_info().get_more_records()) == (2, True)
    body.set_select_query("select Last_Name from Contacts where id is not null and Email is not null and Phone is null")
    refused = CoqlOperations().get_records(body).get_object()
    assert refused.get_code().get_value() == "SYNTAX_ERROR"


def test_the_official_sdk_exports_a_module(judged: ZohoSimulator, tmp_path: Path) -> None:
    from zohocrmsdk.src.com.zoho.crm.api.bulk_read import BodyWrapper, BulkReadOperations, Query
    from zohocrmsdk.src.com.zoho.crm.api.modules import MinifiedModule

    ids = [judged.add("Contacts", Last_Name=f"P{one}", Email=f"p{one}@globex.example") for one in range(30)]
    module, query, body = MinifiedModule(), Query(), BodyWrapper()
    module.set_api_name("Contacts")
    query.set_module(module)
    query.set_fields(["Last_Name", "Email"])
    body.set_query(query)
    made = BulkReadOperations().create_bulk_read_job(body).get_object().get_data()[0]
    job = int(made.get_details()["id"])
    [detail] = BulkReadOperations().get_bulk_read_job_details(job).get_object().get_data()
    assert detail.get_state().get_value() == "ADDED"
    judged.clock.shift(timedelta(minutes=1))
    [detail] = BulkReadOperations().get_bulk_read_job_details(job).get_object().get_data()
    assert detail.get_state().get_value() == "COMPLETED"
    assert (detail.get_result().get_count(), detail.get_result().get_more_records()) == (30, False)
    file = tmp_path / "export.zip"
    file.write_bytes(BulkReadOperations().download_result(job).get_object().get_file().get_stream().content)
    with zipfile.ZipFile(file) as archive:
        [name] = archive.namelist()
        rows = list(csv.DictReader(archive.read(name).decode().splitlines()))
    assert {row["id"]: row["Email"] for row in rows}.keys() == set(ids)


def test_the_official_sdk_subscribes_renews_and_ends_notifications(judged: ZohoSimulator) -> None:
    from zohocrmsdk.src.com.zoho.crm.api import ParameterMap
    from zohocrmsdk.src.com.zoho.crm.api.notifications import (
        BodyWrapper,
        DeleteNotificationParam,
        GetNotificationsParam,
        Notification,
        NotificationsOperations,
    )

    now = datetime.now(UTC).replace(microsecond=0)
    wish, body, calls = Notification(), BodyWrapper(), NotificationsOperations()
    wish.set_channel_id("1000000068001")
    wish.set_events(["Contacts.all", "Deals.edit"])
    wish.set_notify_url("https://hooks.acme.example/hooks/zoho")
    wish.set_token("secret")
    wish.set_channel_expiry(now + timedelta(days=2))
    body.set_watch([wish])
    [row] = calls.enable_notifications(body).get_object().get_watch()
    assert row.get_status().get_value() == "success"
    [channel] = judged.world.channels.values()
    assert (channel.id, channel.expiry, channel.token) == ("1000000068001", now + timedelta(days=2), "secret")

    later = Notification()
    later.set_channel_id("1000000068001")
    later.set_channel_expiry(now + timedelta(days=6))
    body.set_watch([later])
    assert calls.update_notification(body).get_object().get_watch()[0].get_status().get_value() == "success"
    params = ParameterMap()
    params.add(GetNotificationsParam.channel_id, 1000000068001)
    shown = calls.get_notifications(params).get_object().get_watch()
    assert {one.get_resource_name() for one in shown} == {"Contacts", "Deals"}
    assert {one.get_channel_expiry() for one in shown} == {now + timedelta(days=6)}

    params = ParameterMap()
    params.add(DeleteNotificationParam.channel_ids, "1000000068001")
    assert calls.delete_notification(params).get_object().get_watch()[0].get_status().get_value() == "success"
    assert not judged.world.channels


def test_the_official_sdk_takes_a_grant_code_and_gives_the_access_back(tmp_path: Path) -> None:
    from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, ParameterMap
    from zohocrmsdk.src.com.zoho.crm.api.users import UsersOperations

    org = ZohoSimulator()
    with org.serve() as url:
        token = sign_in(org, url, tmp_path, grant=org.grant_code())
        create("Contacts", Last_Name="Boyle")
        assert token.get_refresh_token() in set(org.accounts._grants) - {org.refresh_token}
        org.accounts.expire_access_tokens()
        refused = UsersOperations().get_users(ParameterMap(), HeaderMap()).get_object()
        assert refused.get_code().get_value() == "INVALID_TOKEN"
        assert token.revoke_refresh_token(token.get_refresh_token(), f"{url}/oauth/v2/token/revoke")
        assert token.get_refresh_token() not in org.accounts._grants
