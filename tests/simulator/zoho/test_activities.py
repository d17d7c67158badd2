from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.zoho.client import Crm, call, event, new_id, refused, task

LATER = "2025-06-19T13:05:00+02:00"


def _scheduled(**changed: Any) -> dict[str, Any]:
    row = call(Outgoing_Call_Status="Scheduled", Call_Start_Time=LATER, **changed)
    del row["Call_Duration"]
    return row


@pytest.mark.parametrize(("module", "row"), [("Events", event()), ("Calls", call()), ("Tasks", task())])
def test_activities_hang_on_accounts_deals_leads_and_contacts(crm: Crm, module: str, row: dict[str, Any]) -> None:
    contact = crm.org.add("Contacts", Last_Name="Boyle")
    lead = crm.org.add("Leads", Last_Name="Lee")
    deal = crm.org.add("Deals", Deal_Name="Big", Stage="Qualification")
    on_deal = new_id(
        crm.insert(module, {**row, "What_Id": {"id": deal}, "$se_module": "Deals", "Who_Id": {"id": contact}})
    )
    record = crm.org.record(module, on_deal)
    assert (record["What_Id"], record["$se_module"]) == ({"name": "Big", "id": deal}, "Deals")
    assert record["Who_Id"]["id"] == contact
    assert new_id(crm.insert(module, {**row, "What_Id": {"id": lead}, "$se_module": "Leads"}))
    assert new_id(crm.insert(module, {**row, "Who_Id": {"id": contact}, "$se_module": "Contacts"}))
    assert refused(crm.insert(module, {**row, "What_Id": {"id": lead}}), "$se_module") == "MANDATORY_NOT_FOUND"
    assert (
        refused(crm.insert(module, {**row, "What_Id": {"id": lead}, "$se_module": "Deals"}), "What_Id")
        == "INVALID_DATA"
    )
    assert refused(crm.insert(module, {**row, "What_Id": deal, "$se_module": "Deals"}), "What_Id") == "INVALID_DATA"
    assert refused(crm.insert(module, {**row, "Who_Id": {"id": lead}}), "Who_Id") == "INVALID_DATA"
    crm.org.delete("Deals", deal)
    assert (
        refused(crm.insert(module, {**row, "What_Id": {"id": deal}, "$se_module": "Deals"}), "What_Id")
        == "INVALID_DATA"
    )


@pytest.mark.parametrize(("way", "kept"), [("drop_contact", "What_Id"), ("drop_lead", "Who_Id")])
def test_a_contact_together_with_a_lead(crm: Crm, way: str, kept: str) -> None:
    contact, lead = crm.org.add("Contacts", Last_Name="Boyle"), crm.org.add("Leads", Last_Name="Lee")
    row = task(Who_Id={"id": contact}, What_Id={"id": lead}, **{"$se_module": "Leads"})
    assert refused(crm.insert("Tasks", row), "Who_Id") == "INVALID_DATA"
    crm.org.switches.contact_and_lead = way  # type: ignore[assignment]
    record = crm.org.record("Tasks", new_id(crm.insert("Tasks", row)))
    assert [name for name in ("Who_Id", "What_Id") if record[name]] == [kept]


def test_a_lead_activity_takes_no_contact_later(crm: Crm) -> None:
    contact, lead = crm.org.add("Contacts", Last_Name="Boyle"), crm.org.add("Leads", Last_Name="Lee")
    key = new_id(crm.insert("Tasks", task(What_Id={"id": lead}, **{"$se_module": "Leads"})))
    assert refused(crm.put(f"Tasks/{key}", {"Who_Id": {"id": contact}}), "Who_Id") == "INVALID_DATA"
    crm.put(f"Tasks/{key}", {"What_Id": None, "Who_Id": {"id": contact}})
    assert crm.org.record("Tasks", key)["What_Id"] is None


def test_meetings_may_refuse_leads(crm: Crm) -> None:
    lead = crm.org.add("Leads", Last_Name="Lee")
    crm.org.switches.events_take_leads = False
    row = {"What_Id": {"id": lead}, "$se_module": "Leads"}
    assert refused(crm.insert("Events", event(**row)), "What_Id") == "INVALID_DATA"
    assert new_id(crm.insert("Calls", call(**row)))


def test_converted_leads_take_no_more_activities(crm: Crm) -> None:
    lead = crm.org.add("Leads", Last_Name="Lee")
    crm.org.convert_lead(lead)
    row = task(What_Id={"id": lead}, **{"$se_module": "Leads"})
    assert refused(crm.insert("Tasks", row), "What_Id") == "INVALID_DATA"
    assert refused(crm.put(f"Leads/{lead}", {"Company": "x"})) == "ID_ALREADY_CONVERTED"
    crm.org.switches.converted_lead_parent = True
    assert new_id(crm.insert("Tasks", row))


def test_a_meeting_ends_after_it_starts(crm: Crm) -> None:
    assert (
        refused(crm.insert("Events", event(End_DateTime="2025-06-20T09:00:00+02:00")), "End_DateTime") == "INVALID_DATA"
    )
    key = new_id(crm.insert("Events", event()))
    assert refused(crm.put(f"Events/{key}", {"Start_DateTime": "2025-06-20T10:00:01+02:00"})) == "INVALID_DATA"


def test_participants_are_mailed_unless_the_key_forbids_it(crm: Crm) -> None:
    people = [{"type": "email", "Email": "a@b.example", "participant": "a@b.example"}]
    quiet = new_id(crm.insert("Events", event(Participants=people, **{"$send_notification": False})))
    assert crm.org.mails == []
    assert crm.org.record("Events", quiet)["Participants"][0]["invited"] is False
    new_id(crm.insert("Events", event(Participants=people)))
    assert [(mail.kind, mail.to) for mail in crm.org.mails] == [("invitation", "a@b.example")]
    crm.org.switches.invites_by_default = False
    new_id(crm.insert("Events", event(Participants=people)))
    assert len(crm.org.mails) == 1
    crm.org.switches.notification_key = "send_notification"
    loud = new_id(crm.insert("Events", event(Participants=people, send_notification=True)))
    assert len(crm.org.mails) == 2
    crm.delete(f"Events/{loud}")
    assert crm.org.mails[-1].kind == "cancellation"


def test_participants_are_checked(crm: Crm) -> None:
    many = [{"type": "email", "Email": f"p{number}@b.example"} for number in range(51)]
    assert refused(crm.insert("Events", event(Participants=many)), "Participants") == "LIMIT_EXCEEDED"
    assert new_id(crm.insert("Events", event(Participants=many[:50])))
    assert (
        refused(crm.insert("Events", event(Participants=[{"type": "contact", "participant": "1"}]))) == "INVALID_DATA"
    )
    contact = crm.org.add("Contacts", Last_Name="Boyle", Email="b@acme.example")
    key = new_id(crm.insert("Events", event(Participants=[{"type": "contact", "participant": contact}])))
    person = crm.org.record("Events", key)["Participants"][0]
    assert (person["name"], person["Email"], person["participant"]) == ("Boyle", "b@acme.example", contact)
    assert person["id"] != contact


def test_a_repetition_gives_a_row_for_each_meeting(crm: Crm) -> None:
    rule = {"RRULE": "FREQ=DAILY;INTERVAL=1;DTSTART=2025-06-20;UNTIL=2025-06-22"}
    row = event(Recurring_Activity=rule, Remind_At=[{"unit": 15, "period": "minutes"}])
    assert len(crm.insert("Events", row).json()["data"]) == 3
    assert refused(crm.insert("Events", event(Recurring_Activity=rule)), "Remind_At") == "MANDATORY_NOT_FOUND"


def test_all_day_times_may_be_moved(crm: Crm) -> None:
    key = new_id(crm.insert("Events", event(All_day=True)))
    assert crm.org.record("Events", key)["Start_DateTime"] == "2025-06-20T00:00:00-07:00"
    crm.org.switches.all_day_times = "midnight"
    key = new_id(crm.insert("Events", event(All_day=True)))
    assert crm.org.record("Events", key)["End_DateTime"] == "2025-06-20T23:59:00-07:00"


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"Call_Duration": "00:00"}, "Call_Duration", "DEPENDENT_MISMATCH"),
        ({"Call_Duration": None}, "Call_Duration", "MANDATORY_NOT_FOUND"),
        ({"Call_Duration": "ninety"}, "Call_Duration", "INVALID_DATA"),
        ({"Call_Start_Time": LATER}, "Call_Start_Time", "INVALID_DATA"),
        ({"Call_Type": "Sideways"}, "Call_Type", "INVALID_DATA"),
        ({"Call_Type": None}, "Call_Type", "MANDATORY_NOT_FOUND"),
        (
            {"Call_Type": "Inbound", "Outgoing_Call_Status": None, "Call_Duration": "00:00"},
            "Call_Duration",
            "DEPENDENT_MISMATCH",
        ),
    ],
)
def test_a_completed_call_must_make_sense(crm: Crm, changed: dict[str, Any], field: str, code: str) -> None:
    assert refused(crm.insert("Calls", call(**changed)), field) == code


def test_a_missed_call_needs_no_duration(crm: Crm) -> None:
    row = call(Call_Type="Missed")
    del row["Call_Duration"], row["Outgoing_Call_Status"]
    assert crm.org.record("Calls", new_id(crm.insert("Calls", row)))["Call_Duration_in_seconds"] is None


def test_a_scheduled_call_lies_ahead_and_hangs_on_somebody(crm: Crm) -> None:
    contact = crm.org.add("Contacts", Last_Name="Boyle")
    who = {"Who_Id": {"id": contact}}
    assert new_id(crm.insert("Calls", _scheduled(**who)))
    assert refused(crm.insert("Calls", _scheduled()), "Who_Id") == "MANDATORY_NOT_FOUND"
    past = {**_scheduled(**who), "Call_Start_Time": "2025-06-18T13:05:00+02:00"}
    assert refused(crm.insert("Calls", past), "Call_Start_Time") == "INVALID_DATA"


@pytest.mark.parametrize(
    ("unit", "text", "seconds"), [("mm:ss", "01:30", 90), ("HH:mm", "01:30", 5400), ("mm:ss", "01:00:01", 3601)]
)
def test_seconds_follow_from_the_duration(crm: Crm, unit: str, text: str, seconds: int) -> None:
    crm.org.switches.call_duration_unit = unit  # type: ignore[assignment]
    key = new_id(crm.insert("Calls", call(Call_Duration=text)))
    assert crm.org.record("Calls", key)["Call_Duration_in_seconds"] == seconds


def test_a_calls_type_and_a_completed_calls_owner_stay(crm: Crm) -> None:
    rep = crm.org.add_user("rep@acme.example", "Rep", "One")
    key = new_id(crm.insert("Calls", call()))
    assert refused(crm.put(f"Calls/{key}", {"Call_Type": "Inbound"}), "Call_Type") == "INVALID_DATA"
    assert refused(crm.put(f"Calls/{key}", {"Owner": {"id": rep}}), "Owner") == "INVALID_DATA"
    assert crm.put(f"Calls/{key}", {"Call_Type": "Outbound", "Subject": "New"}).status_code == 200


def test_the_calls_status_has_one_of_two_names(crm: Crm) -> None:
    crm.org.switches.call_status_key = "Outbound_Call_Status"
    row = call()
    row["Outbound_Call_Status"] = row.pop("Outgoing_Call_Status")
    record = crm.org.record("Calls", new_id(crm.insert("Calls", row)))
    assert record["Outbound_Call_Status"] == "Completed"
    other = crm.org.record("Calls", new_id(crm.insert("Calls", call())))
    assert other["Outbound_Call_Status"] is None


def test_a_task_is_closed_when_completed_and_mails_only_when_told(crm: Crm) -> None:
    key = new_id(crm.insert("Tasks", task(Send_Notification_Email=False)))
    assert crm.org.record("Tasks", key)["Closed_Time"] is None
    crm.put(f"Tasks/{key}", {"Status": "Completed"})
    assert crm.org.record("Tasks", key)["Closed_Time"] == "2025-06-18T05:00:00-07:00"
    assert crm.org.mails == []
    crm.insert("Tasks", task(Send_Notification_Email=True))
    assert [mail.kind for mail in crm.org.mails] == ["task_notification"]
