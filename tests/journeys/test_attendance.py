"""Who was really there, by Google Meet and by Teams: the outcome is what they tell, else the weaker words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.simulator.microsoft import person
from activity_sync.store import interactions
from tests.journeys.diary import GUESTS, HOUR, Diary

ANN, BOB, DOT, SAM = "ann@acme.example", "bob@acme.example", "dot@acme.example", GUESTS[0]
MEET = "https://meet.google.com/abc-mnop-xyz"
TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%3a%22t%22%7d"


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    with ExitStack() as stack:
        diary = Diary()
        diary.open(stack, tmp_path)
        diary.google.delegate("meetings.space.readonly")
        diary.microsoft.identity.permissions |= {"OnlineMeetings.Read.All", "OnlineMeetingArtifact.Read.All"}
        yield diary


def meet(diary: Diary, title: str = "Demo", start: datetime | None = None) -> datetime:
    """An hour that ended an hour ago, in Ann's and Bob's calendars."""
    at = start or _two_hours_ago()
    people = [{"email": one, "responseStatus": "accepted"} for one in (ANN, BOB, SAM)]
    diary.google.put_event([ANN, BOB], start=at, end=at + HOUR, summary=title, attendees=people, hangoutLink=MEET)
    return at


def teams(diary: Diary) -> datetime:
    at = _two_hours_ago()
    people = [person(DOT, response="organizer"), person(SAM)]
    link = {"joinUrl": TEAMS}
    diary.microsoft.put_event([DOT], start=at, end=at + HOUR, subject="Demo", attendees=people, onlineMeeting=link)
    return at


def outcome(diary: Diary) -> str:
    diary.sync()
    with diary.app.database.reading() as session:
        (one,) = interactions.listing(session)
        return str(one.outcome)


def user(number: int, name: str) -> dict[str, Any]:
    return {"signedinUser": {"user": f"users/{number}", "displayName": name}}


def _two_hours_ago() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - 2 * HOUR


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([user(1, "Ann Rep"), user(9, "Sam Poe")], "held"),
        ([user(1, "Ann Rep"), {"phoneUser": {"displayName": "+44 20 ····"}}], "held"),
        ([user(1, "Ann Rep"), user(1, "Ann Rep"), user(2, "bob rep")], "no_show"),
    ],
)
def test_google_meet_tells_who_was_there(diary: Diary, people: list[dict[str, Any]], expected: str) -> None:
    start = meet(diary)
    # Bob was in it, Ann, who organised it, may not see it
    diary.google.conferences.hold("abc-mnop-xyz", start, start + HOUR, [BOB], *people)
    diary.google.conferences.hold("abc-mnop-xyz", start - timedelta(days=7), start, [BOB], user(9, "Sam Poe"))
    assert outcome(diary) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [([(DOT, "Dot"), (SAM, "Sam")], "held"), ([(DOT, "Dot"), ("", "A stranger")], "held"), ([(DOT, "Dot")], "no_show")],
)
def test_teams_tells_who_was_there(diary: Diary, people: list[tuple[str, str]], expected: str) -> None:
    start = teams(diary)
    diary.microsoft.online.hold(DOT, TEAMS, start, start + HOUR, *people)
    diary.microsoft.online.hold(DOT, TEAMS, start - timedelta(days=7), start, (SAM, "Sam"))
    assert outcome(diary) == expected


def test_without_a_report_it_is_taken_to_be_held_and_asked_for_again_later(diary: Diary) -> None:
    meet(diary)
    assert outcome(diary) == "held"
    asked = len(_asked(diary))
    assert asked == 2  # as Ann, as Bob
    assert outcome(diary) == "held"
    assert len(_asked(diary)) == asked  # its turn comes in an hour


def test_without_the_permission_nothing_is_said_and_nobody_is_asked_again_for_a_day(diary: Diary) -> None:
    diary.google.tokens.delegated = {one for one in diary.google.tokens.delegated if "meetings" not in one}
    diary.microsoft.identity.permissions = {"Calendars.Read"}
    meet(diary, "One")
    teams(diary)
    result = diary.sync()
    assert result.problems == []
    tokens = len(diary.google.requests)
    meet(diary, "Two", _two_hours_ago() - timedelta(minutes=5))
    assert diary.sync().problems == []
    assert not [one for one in diary.google.requests[tokens:] if one.path == "/token"]
    assert len([one for one in diary.microsoft.requests if "onlineMeetings" in one.path]) == 1
    assert len(diary.zoho.records("Events")) == 3


def _asked(diary: Diary) -> list[Any]:
    return [one for one in diary.google.requests if one.path.startswith("/v2/")]
