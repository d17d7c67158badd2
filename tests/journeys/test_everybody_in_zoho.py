"""Everybody who is in a meeting, seen in Zoho: as participants, or with an Event for each of our people."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.journeys.diary import GUESTS, Diary, Entry

ANN, BOB, DOT, SAM, LEA = "ann@acme.example", "bob@acme.example", "dot@acme.example", *GUESTS


def test_participants_and_then_an_event_for_each_of_our_people(tmp_path: Path) -> None:
    with ExitStack() as stack:
        diary = Diary()
        diary.open(stack, tmp_path, meetings={"participants": True})
        entry = diary.put([ANN, DOT], [SAM], 3, 0)
        (event,) = at_rest(diary)
        assert participants(diary, event) == {ANN, DOT, SAM}
        diary.forward(entry, BOB)
        entry.guests = [SAM, LEA]
        diary.change(entry)
        (event,) = at_rest(diary)
        assert participants(diary, event) == {ANN, BOB, DOT, SAM, LEA}

        under(diary, participants=False, one_activity_per="rep")
        entry.title = "One for each"
        diary.change(entry)
        each = at_rest(diary)
        assert owners(diary, each) == [ANN, BOB, DOT]
        assert event["id"] in {one["id"] for one in each}
        entry.start += timedelta(hours=26)
        diary.change(entry)
        assert {one["id"] for one in at_rest(diary)} == {one["id"] for one in each}
        assert all(shows(one, entry) for one in at_rest(diary))
        diary.leave(entry, BOB)
        diary.change(entry)
        assert owners(diary, at_rest(diary)) == [ANN, DOT]
        diary.cancel(entry, stub=True)
        assert at_rest(diary) == []
        assert diary.zoho.mails == []


def at_rest(diary: Diary) -> list[Mapping[str, Any]]:
    """The Events after two rounds, of which the second writes nothing."""
    assert diary.sync().problems == []
    assert sum(diary.sync().writes.values()) == 0
    return list(diary.zoho.records("Events"))


def under(diary: Diary, **meetings: Any) -> None:
    """Go on with other settings of meetings."""
    settings = diary.app.settings
    changed = settings.model_copy(update={"meetings": settings.meetings.model_copy(update=meetings)})
    diary.app = replace(diary.app, means=replace(diary.app.means, settings=changed))


def participants(diary: Diary, event: Mapping[str, Any]) -> set[str]:
    """Their addresses; each stands there once."""
    contacts = {one["id"]: one["Email"] for one in diary.zoho.records("Contacts")}
    known = {user["id"]: user["email"] for user in diary.zoho.world.users.values()} | contacts
    found = [known[one["participant"]] for one in event["Participants"]]
    assert len(found) == len(set(found))
    return set(found)


def owners(diary: Diary, events: list[Mapping[str, Any]]) -> list[str]:
    """The addresses of those whose Events these are."""
    return sorted(diary.zoho.world.users[event["Owner"]["id"]]["email"] for event in events)


def shows(event: Mapping[str, Any], entry: Entry) -> bool:
    """Whether it says what the meeting is."""
    return (event["Event_Title"], datetime.fromisoformat(event["Start_DateTime"])) == (entry.title, entry.start)
