"""What somebody or something else logged is adopted, not doubled, whoever came first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.desk import JO, ago, meet, ring

QUIET = ["Nobody knows the stranger"]
NORA = "+44 7700 900101"


def log_by_hand(company: Company, **changes: Any) -> str:
    """A rep's own Call with Nora; its id."""
    ids = company.stage.ids
    call = {
        "Subject": "Talked to Nora", "Call_Type": "Inbound", "Call_Start_Time": ago(hours=4), "Call_Duration": "02:00",
        "Owner": {"id": ids.users[JO]}, "Who_Id": {"id": ids.of("Contacts", "Nora Quill")}, **changes,
    }  # fmt: skip
    return company.stage.zoho.add("Calls", **call)


def test_what_was_logged_before_is_adopted(found: Founded) -> None:
    company = found(QUIET)
    company.sync()
    at = ago(hours=4)
    theirs = log_by_hand(company, Call_Start_Time=at + timedelta(seconds=90))
    other_rep = log_by_hand(company, Call_Start_Time=at, Owner={"id": company.stage.ids.users["max@acme.example"]})
    ring(company, "c1", NORA, at)
    ring(company, "c2", NORA, at + timedelta(hours=1))
    result = company.sync()
    assert (result["interactions"]["adopted"], result["interactions"]["logged"]) == (1, 1)
    assert len(company.written("Calls")) == 3
    (row,) = (one for one in company.rows() if one["state"] == "adopted")
    assert theirs in row["reason"]
    assert not any(company.sync()["writes"].values())
    company.stage.zoho.delete("Calls", theirs)
    for _ in range(2):
        company.sync()
    assert {one["id"] for one in company.written("Calls")} >= {other_rep}
    assert len(company.written("Calls")) == 2


def test_what_appears_after_ours_takes_its_place_unless_somebody_touched_ours(found: Founded) -> None:
    company = found(QUIET)
    at, later = ago(hours=4), ago(hours=2)
    ring(company, "c1", NORA, at)
    ring(company, "c2", NORA, later)
    company.sync()
    touched = max(company.written("Calls"), key=lambda one: datetime.fromisoformat(one["Call_Start_Time"]))
    company.stage.zoho.edit("Calls", touched["id"], by=company.stage.ids.users[JO], Description="My own words")
    theirs = log_by_hand(company, Call_Start_Time=at + timedelta(seconds=30))
    log_by_hand(company, Call_Start_Time=later + timedelta(seconds=30))
    rounds = iter(range(19))  # Zoho's lists are asked for in turn
    while len(company.written("Calls")) > 3:
        assert next(rounds, None) is not None, "ours is still there"
        company.sync()
    calls = {one["id"]: one for one in company.written("Calls")}
    assert len(calls) == 3
    assert touched["id"] in calls
    assert calls[theirs]["What_Id"]["id"]  # the link of ours has moved over
    assert sum(row["state"] == "adopted" for row in company.rows()) == 1
    assert not any(company.sync()["writes"].values())
    assert "doubl" in company.command("check").words


def test_a_meeting_that_a_rep_put_into_zoho_is_adopted(found: Founded) -> None:
    company = found(QUIET)
    start = ago(hours=5)
    ids = company.stage.ids
    company.stage.zoho.add(
        "Events", Event_Title="Price talk", Start_DateTime=start, End_DateTime=start + timedelta(minutes=30),
        Owner={"id": ids.users[JO]}, Who_Id={"id": ids.of("Contacts", "Nora Quill")},
    )  # fmt: skip
    meet(company, "Price talk", "nora.quill@brightwater.example", start=start)
    company.sync()
    assert len(company.written("Events")) == 1
    assert company.row("Price talk")["state"] == "adopted"


def test_one_call_told_by_two_dialers_and_a_rep_is_one_call(found: Founded) -> None:
    company = found(QUIET)
    at = ago(hours=4)
    company.stage.aircall.add_call("inbound", NORA, at, line=company.stage.world.reps[0].line, talk=120)
    ring(company, "c1", NORA, at + timedelta(seconds=20))
    log_by_hand(company, Call_Start_Time=at + timedelta(seconds=50))
    company.sync()
    company.sync()
    assert len(company.written("Calls")) == 1
    calls = [row for row in company.rows() if row["kind"] == "call" and row["start"][:13] == f"{at:%Y-%m-%dT%H}"]
    assert {row["state"] for row in calls} == {"adopted"}
    later = ago(hours=3)
    log_by_hand(company, Call_Start_Time=later + timedelta(seconds=50))
    company.stage.aircall.add_call("inbound", NORA, later, line=company.stage.world.reps[0].line, talk=120)
    company.sync()
    ring(company, "c2", NORA, later + timedelta(seconds=20))  # told when the other is adopted already
    company.sync()
    assert len(company.written("Calls")) == 2


def test_a_call_and_the_calendar_entry_made_for_it_become_one(found: Founded) -> None:
    company = found(QUIET)
    at = ago(hours=3)
    meet(company, "Call with Nora", "nora.quill@brightwater.example", start=at)
    meet(company, "Workshop", "nora.quill@brightwater.example", start=at)
    company.sync()
    assert len(company.written("Events")) == 2
    ring(company, "c1", NORA, at + timedelta(minutes=4))
    company.sync()
    company.sync()
    assert [one["Event_Title"] for one in company.written("Events")] == ["Workshop"]
    assert len(company.written("Calls")) == 1
    assert "calendar entry" in company.row("Call with Nora")["reason"]
