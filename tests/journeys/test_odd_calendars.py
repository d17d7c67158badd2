"""Odd events and odd accounts at both vendors in one round: each is named with its remedy, and the rest is logged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.simulator.microsoft import person
from tests.journeys.diary import GUESTS, HOUR, Diary

ANN, BOB, CID, DOT, ELI = (f"{name}@acme.example" for name in ("ann", "bob", "cid", "dot", "eli"))
SAM = GUESTS[0]


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    with ExitStack() as stack:
        diary = Diary()
        diary.open(stack, tmp_path)
        yield diary


def tomorrow(hours: int = 0) -> datetime:
    at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return at + timedelta(days=1, hours=hours)


def on_google(diary: Diary, number: int, **event: Any) -> None:
    told = {"summary": f"Google {number}", "attendees": [{"email": ANN}, {"email": SAM}], **event}
    told = {name: value for name, value in told.items() if value is not None}
    diary.google.put_event([ANN], start=tomorrow(number), **({"end": tomorrow(number) + HOUR} | told))


def on_microsoft(diary: Diary, number: int, **event: Any) -> None:
    told = {"subject": f"Microsoft {number}", "attendees": [person(DOT), person(SAM)], **event}
    diary.microsoft.put_event([DOT], start=tomorrow(number), **({"end": tomorrow(number) + HOUR} | told))


def test_each_odd_event_is_told_alone_and_the_good_ones_are_logged(diary: Diary) -> None:
    crowd = [f"c{number}@globex.example" for number in range(2000)]
    huge = "<p>" + "word " * 2_000_000 + "</p>"
    nobody = "/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=x"
    nowhere = {"dateTime": "2026-13-45T25:61:00", "timeZone": "Mars/Olympus"}

    on_google(diary, 1)
    on_google(diary, 2, attendees=None)
    on_google(diary, 3, attendees=[{"email": one} for one in (ANN, SAM, *crowd)])
    on_google(diary, 4, description=huge)
    on_google(diary, 5, end=None)
    on_google(diary, 6, iCalUID=None)
    on_google(diary, 7, attendees=[{"email": "unknownorganizer@calendar.google.com"}, {"email": ANN}, {"email": SAM}])
    for copy in list(diary.google.meetings.calendars[ANN].copies.values()):
        if copy.event["summary"] == "Google 5":
            copy.event["end"] = nowhere
    diary.google.cancel_event(diary.google.put_event([ANN], start=tomorrow(8), end=tomorrow(9)), as_stub=True)

    on_microsoft(diary, 1)
    on_microsoft(diary, 2, attendees=[])
    on_microsoft(diary, 3, attendees=[person(one) for one in (DOT, SAM, *crowd)])
    on_microsoft(diary, 4, body=huge)
    on_microsoft(diary, 5, end=None)
    on_microsoft(diary, 6, iCalUId=None)
    on_microsoft(diary, 7, attendees=[person(nobody), person("outlook_0123456789abcdef@outlook.com"), person(SAM)])

    result = diary.sync()
    assert sorted(one.where.partition(":")[0] for one in result.problems) == ["here", "there"]
    assert all((one.what == "unreadable" and "its end" in one.why) or "no end" in one.why for one in result.problems)
    assert all(one.next for one in result.problems)
    titles = sorted(one["Event_Title"] for one in diary.zoho.records("Events"))
    assert titles == sorted(f"{vendor} {number}" for vendor in ("Google", "Microsoft") for number in (1, 3, 4, 6, 7))
    assert diary.sync().problems == []  # told once


def test_each_odd_account_is_told_with_its_remedy_and_the_others_go_on(diary: Diary) -> None:
    diary.put([ANN], [SAM], 2, 0)
    diary.put([ELI], [SAM], 2, 2)
    diary.google.refuse_token(BOB)  # deleted
    diary.google.refuse(CID, 403, "notACalendarUser")
    diary.microsoft.meetings.mailboxes[DOT].licensed = False
    diary.google.refuse(ANN, 410, "fullSyncRequired", times=1)
    diary.microsoft.refuse(ELI, 410, "SyncStateNotFound", times=1)  # these two are simply read anew
    result = diary.sync()
    told = {one.where: f"{one.why} {one.next}" for one in result.problems}
    assert set(told) == {f"here: {BOB}", f"here: {CID}", f"there: {DOT}"}
    assert "does not exist, is suspended or was renamed" in told[f"here: {BOB}"]
    assert "Switch Calendar on" in told[f"here: {CID}"]
    assert "licence with Exchange Online" in told[f"there: {DOT}"]
    assert len(diary.zoho.records("Events")) == 2


def test_a_delegation_that_lacks_one_scope_is_told_with_the_scope(tmp_path: Path) -> None:
    """The directory is closed to us; the calendars that are known go on."""
    with ExitStack() as stack:
        diary = Diary()
        diary.open(stack, tmp_path)
        diary.put([ANN], [SAM], 2, 0)
        diary.sync()
        source = next(one for one in diary.app.means.sources if one.kind == "google")
        source.calendar = source.calendar.model_copy(update={"reps": "directory"})  # type: ignore[attr-defined]
        diary.put([BOB], [SAM], 2, 3)
        result = diary.sync()
        (problem,) = result.problems
        assert "list the users" in problem.why
        assert "admin.directory.user.readonly" in problem.next
        assert len(diary.zoho.records("Events")) == 2
        diary.google.delegate("admin.directory.user.readonly")
        assert diary.sync().problems == []
