"""The whole life of a meeting, seen in calendars of both vendors: one record, whatever happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activity_sync.simulator.microsoft import person
from activity_sync.simulator.microsoft.uids import wrapped
from activity_sync.store import interactions
from tests.journeys.diary import EVERYBODY, GUESTS, HOUR, Diary

ANN, BOB, DOT, SAM, LEA = "ann@acme.example", "bob@acme.example", "dot@acme.example", *GUESTS


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    with ExitStack() as stack:
        diary = Diary()
        diary.open(stack, tmp_path, meetings={"all_day": True})
        yield diary


def events(diary: Diary) -> list[tuple[str, datetime]]:
    """Title and start of what is in Zoho, after two rounds of which the second writes nothing."""
    diary.sync()
    assert sum(diary.sync().writes.values()) == 0
    return shown(diary)


def shown(diary: Diary) -> list[tuple[str, datetime]]:
    """Title and start of what is in Zoho."""
    found = [
        (one["Event_Title"], datetime.fromisoformat(one["Start_DateTime"])) for one in diary.zoho.records("Events")
    ]
    return sorted((title, start.astimezone(UTC)) for title, start in found)


def reasons(diary: Diary) -> list[str]:
    with diary.app.database.reading() as session:
        return sorted(one.reason for one in interactions.listing(session) if one.state == "screened")


def test_one_meeting_in_five_calendars_and_a_series_of_three(diary: Diary) -> None:
    one = diary.put([DOT, *(who for who in EVERYBODY if who != DOT)], [SAM], 3, 0)
    series = diary.put_series([ANN, BOB, DOT], [LEA], 5)
    starts = [entry.start for entry in series]
    assert events(diary) == sorted([(one.title, one.start), *((series[0].title, start) for start in starts)])
    assert len(diary.known()) == 4  # one for each, whichever vendor tells it

    series[1].start += timedelta(hours=30)  # on the day of the third
    diary.change(series[1])
    diary.cancel(series[2], stub=True)
    moved = [(one.title, one.start), (series[0].title, starts[0]), (series[0].title, series[1].start)]
    assert events(diary) == sorted(moved)

    one.organizer = ANN  # who organised it leaves, and hands it over
    diary.change(one)
    diary.leave(one, DOT)
    diary.change(one)
    assert events(diary) == sorted(moved)


def test_the_rest_of_a_series_is_cut_and_goes_on_under_another_uid(diary: Diary) -> None:
    old = diary.put_series([ANN, DOT], [SAM], 3)
    assert len(events(diary)) == 3
    for entry in old[1:]:
        diary.cancel(entry, stub=True)
    new = diary.put_series([ANN, DOT], [SAM], 6)
    assert events(diary) == sorted((one.title, one.start) for one in (old[0], *new))


def test_a_meeting_ends_with_its_organisers_copy_or_with_the_last_one(diary: Diary) -> None:
    ours, theirs = diary.put([ANN, DOT], [SAM], 3, 0), diary.put([ANN, DOT], [SAM], 4, 0, organizer=SAM)
    assert events(diary) == [(ours.title, ours.start), (theirs.title, theirs.start)]
    diary.cancel_quietly(ours)  # Dot's calendar shows it still
    diary.leave(theirs, ANN)
    assert events(diary) == [(theirs.title, theirs.start)]
    diary.leave(theirs, DOT)
    assert events(diary) == []


def test_a_logged_meeting_that_moved_beyond_the_horizon_is_followed_there(diary: Diary) -> None:
    here, there = diary.put([ANN], [SAM], 3, 0), diary.put([DOT], [SAM], 3, 2)
    diary.put([ANN], [SAM], 40, 0)  # beyond it from the beginning: nobody asks for it
    diary.sync()
    for entry in (here, there):
        entry.start += timedelta(days=40)
        diary.change(entry)
    diary.sync()
    for entry in (here, there):
        entry.title += ", with the board"
        entry.start += timedelta(days=1)
        diary.change(entry)
    asked = len(diary.google.requests) + len(diary.microsoft.requests)
    diary.sync()
    assert len(diary.google.requests) + len(diary.microsoft.requests) - asked == 5 + 2  # a listing each, and these two
    assert shown(diary) == [(here.title, here.start), (there.title, there.start)]
    diary.cancel(here, stub=True)
    diary.cancel(there, stub=False)
    assert events(diary) == []


def test_a_guest_who_is_added_after_the_end_is_linked(diary: Diary) -> None:
    entry = diary.put([ANN, DOT], [SAM], 0, -3)
    assert len(events(diary)) == 1
    account = diary.zoho.add("Accounts", Account_Name="Initech")
    kit = diary.zoho.add("Contacts", Last_Name="Kit", Email="kit@initech.example", Account_Name=account)
    entry.guests = ["kit@initech.example"]
    diary.change(entry)
    events(diary)
    (event,) = diary.zoho.records("Events")
    assert event["Who_Id"]["id"] == kit


def test_the_echo_of_our_own_event_never_comes_back(diary: Diary) -> None:
    here, there = diary.put([ANN], [SAM], 3, 0), diary.put([DOT], [SAM], 3, 2)
    before = events(diary)
    for entry, who in ((here, ANN), (there, DOT)):  # as Zoho's own calendar sync makes it, with whom it links
        times = {"start": entry.start, "end": entry.start + HOUR}
        if who == ANN:
            people = [{"email": who}, {"email": SAM}]
            echo = diary.google.put_event([who], summary=entry.title, attendees=people, **times)
        else:
            diary.microsoft.put_event([who], subject=entry.title, attendees=[person(SAM)], **times)
    assert events(diary) == before
    assert reasons(diary) == ["the echo of an Event that we wrote"] * 2
    here.start += timedelta(hours=5)  # the meeting moves, and Zoho's sync moves the echo after it
    diary.change(here)
    moved = events(diary)
    assert len(moved) == 2
    diary.google.move_event(echo, here.start)
    assert events(diary) == moved
    # somebody else's meeting of the same name and time is no echo, nor is one that was made anew
    diary.google.put_event(
        [BOB], summary=here.title, attendees=[{"email": SAM}], start=here.start, end=here.start + HOUR
    )
    assert len(events(diary)) == 3
    diary.cancel(there, stub=True)
    diary.microsoft.put_event(
        [DOT], subject=there.title, attendees=[person(SAM)], start=there.start, end=there.start + HOUR
    )
    assert len(events(diary)) == 3


def test_summer_time_and_days_are_the_same_at_both_vendors(diary: Diary) -> None:
    """A series at nine in Berlin over the change of the clocks, and a day, each with a copy at both."""
    berlin = ZoneInfo("Europe/Berlin")
    first = (datetime.now(berlin) + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
    starts = [first, first + timedelta(days=7)]  # wall clock
    uid, people = "berlin@google.com", [{"email": one} for one in (ANN, SAM)]
    guests = [person(ANN), person(DOT), person(SAM)]
    organizer: dict[str, Any] = {"emailAddress": {"name": "Ann", "address": ANN}}
    diary.google.put_series(
        [ANN], starts=starts, length=HOUR, recurrence="RRULE:FREQ=WEEKLY;COUNT=2", summary="Weekly", iCalUID=uid,
        attendees=people, timeZone="Europe/Berlin",
    )  # fmt: skip
    diary.microsoft.put_series(
        [DOT], starts=starts, length=HOUR, subject="Weekly", iCalUId=wrapped(uid), attendees=guests,
        organizer=organizer, originalStartTimeZone="W. Europe Standard Time",
    )  # fmt: skip
    day: date = (first + timedelta(days=1)).date()
    diary.google.put_event(
        [ANN], start=day, end=day + timedelta(days=1), summary="Fair", iCalUID="fair@google.com", attendees=people
    )
    diary.microsoft.put_event(
        [DOT], start=day, end=day + timedelta(days=1), subject="Fair", iCalUId=wrapped("fair@google.com"),
        attendees=guests, organizer=organizer,
    )  # fmt: skip
    found = events(diary)
    assert [title for title, _ in found] == ["Fair", "Weekly", "Weekly"]
    assert [start for title, start in found if title == "Weekly"] == [one.astimezone(UTC) for one in starts]
