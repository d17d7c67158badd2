"""What every calendar keeps, whatever its vendor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest

from activity_sync.calendars import KINDS
from activity_sync.model.failures import SignInAgain, TryLater, Unexpected
from activity_sync.model.interactions import MeetingCopy, Privacy, Response, fingerprint
from activity_sync.model.ports import Changes
from activity_sync.model.records import User
from activity_sync.simulator.mishaps import Mishap
from tests.contracts.calendar_cases import CalendarCase, InProcess, case
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, span


@pytest.fixture(params=[(kind, wire) for kind in KINDS for wire in ("loopback", "in process")], ids=", ".join)
def calendar(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CalendarCase]:
    kind, wire = request.param
    with case(kind, tmp_path) as opened:
        if wire == "in process":
            monkeypatch.setattr(httpx, "HTTPTransport", lambda **_: InProcess(opened.simulator))
        yield opened


def read(calendar: CalendarCase, part: str = JO, cursor: str = "", **asked: Any) -> Changes:
    return calendar.source.read(part, cursor, span(**asked))


def only(changes: Changes) -> MeetingCopy:
    assert len(changes.sightings) == 1, changes
    copy = changes.sightings[0]
    assert isinstance(copy, MeetingCopy)
    return copy


def test_every_active_user_has_a_part_of_its_own(calendar: CalendarCase) -> None:
    users = [User(id="1", email="Jo@Acme.example"), User(id="2", email=MAX, active=False), User(id="3", email="")]
    assert calendar.source.parts(users) == (JO,)


def test_a_meeting_comes_with_its_people_and_times(calendar: CalendarCase) -> None:
    event_id = calendar.put(NOON)
    copy = only(read(calendar))
    assert (copy.source, copy.calendar, copy.event_id) == (calendar.source.name, JO, event_id)
    assert (copy.start, copy.end, copy.title, copy.all_day) == (NOON, NOON + HOUR, "Demo", False)
    assert {person.email: person.response for person in copy.participants} == {
        JO: Response.ACCEPTED,
        "ann@customer.example": Response.NONE,
    }
    assert [person.email for person in copy.participants if person.organizer] == [JO]


def test_an_unchanged_meeting_has_an_unchanged_fingerprint(calendar: CalendarCase) -> None:
    calendar.put(NOON)
    first = read(calendar)
    second = read(calendar, cursor=first.cursor)
    assert [fingerprint(one) for one in first.sightings] == [fingerprint(one) for one in second.sightings]


def test_an_answer_changes_the_fingerprint(calendar: CalendarCase) -> None:
    event_id = calendar.put(NOON)
    before = fingerprint(only(read(calendar)))
    calendar.answer(event_id)
    assert fingerprint(only(read(calendar))) != before


def test_copies_of_one_meeting_share_the_key(calendar: CalendarCase) -> None:
    calendar.put(NOON, both=True)
    assert only(read(calendar, JO)).key == only(read(calendar, MAX)).key


def test_a_moved_meeting_keeps_key_and_id(calendar: CalendarCase) -> None:
    event_id = calendar.put(NOON)
    before = only(read(calendar))
    calendar.move(event_id, NOON + DAY)
    after = only(read(calendar))
    assert (after.key, after.event_id, after.start) == (before.key, event_id, NOON + DAY)


def test_a_meeting_moved_out_of_the_window_is_found_again_with_its_new_time(calendar: CalendarCase) -> None:
    event_id = calendar.put(NOON)
    calendar.move(event_id, NOON + 60 * DAY)
    changes = read(calendar)
    assert not changes.sightings
    assert changes.complete == (span().oldest, span().newest)
    assert only(calendar.source.again(JO, [event_id])).start == NOON + 60 * DAY


@pytest.mark.parametrize("stub", [True, False])
def test_a_cancelled_meeting_is_gone(calendar: CalendarCase, stub: bool) -> None:
    event_id = calendar.put(NOON)
    calendar.cancel(event_id, stub=stub)
    changes = read(calendar)
    gone = {*changes.gone, *(one.event_id for one in changes.sightings if isinstance(one, MeetingCopy) and one.gone)}
    assert gone == (set() if stub and calendar.traceless else {event_id})
    assert gone or (changes.complete and not changes.sightings)  # missed, to be asked for
    assert list(calendar.source.again(JO, [event_id]).gone) == [event_id]


def test_a_meeting_deleted_without_a_trace_is_gone_when_asked_for(calendar: CalendarCase) -> None:
    event_id = calendar.put(NOON)
    calendar.forget(event_id)
    assert not read(calendar).sightings
    assert list(calendar.source.again(JO, [event_id]).gone) == [event_id]


def test_only_what_starts_in_the_window_is_handed_over(calendar: CalendarCase) -> None:
    calendar.put(span().oldest - HOUR / 2)  # it ends inside
    inside = {calendar.put(span().oldest), calendar.put(span().newest - HOUR)}
    calendar.put(span().newest + HOUR)
    assert {one.event_id for one in read(calendar).sightings if isinstance(one, MeetingCopy)} == inside


def test_a_malformed_event_fails_alone(calendar: CalendarCase) -> None:
    good, bad = calendar.put(NOON), calendar.put_malformed(NOON)
    changes = read(calendar)
    assert only(changes).event_id == good
    assert [(bad in one.where, one.why) for one in changes.unreadable] == [(True, "it has no end")]


def test_no_text_of_a_private_meeting_leaves_the_source(calendar: CalendarCase) -> None:
    calendar.put_private(NOON)
    changes = read(calendar)
    copy = only(changes)
    assert "Damocles" not in repr(asdict(copy))
    assert (copy.privacy, copy.marked, copy.conference_url) == (Privacy.PRIVATE, True, "")
    assert "ann@customer.example" in {person.email for person in copy.participants}


def test_what_was_read_but_not_stored_is_read_again(calendar: CalendarCase) -> None:
    first = read(calendar)
    calendar.put(NOON)
    lost = read(calendar, cursor=first.cursor)  # killed before the cursor was stored
    assert [fingerprint(one) for one in read(calendar, cursor=first.cursor).sightings] == [
        fingerprint(one) for one in lost.sightings
    ]


def test_refused_credentials_are_named_with_what_to_do(calendar: CalendarCase) -> None:
    calendar.refuse_account()
    with pytest.raises(SignInAgain) as caught:
        read(calendar)
    assert caught.value.next_step
    with pytest.raises(SignInAgain):
        calendar.source.probe(JO)


def test_one_refused_rep_leaves_the_others(calendar: CalendarCase) -> None:
    calendar.put(NOON, both=True)
    calendar.refuse_jo()
    with pytest.raises(SignInAgain, match=JO):
        read(calendar, JO)
    assert only(read(calendar, MAX)).calendar == MAX


@pytest.mark.parametrize("mishap", [Mishap.ERROR_BEFORE, Mishap.BAD_GATEWAY, Mishap.TOO_MANY, Mishap.DROP_BEFORE])
def test_a_busy_or_missing_server_is_tried_later(calendar: CalendarCase, mishap: Mishap) -> None:
    calendar.befall(mishap)
    with pytest.raises(TryLater):
        read(calendar)


def test_a_web_page_for_an_answer_is_unexpected(calendar: CalendarCase) -> None:
    calendar.befall(Mishap.HTML)
    with pytest.raises(Unexpected):
        read(calendar)


def test_half_an_answer_is_no_empty_calendar(calendar: CalendarCase) -> None:
    calendar.put(NOON)
    calendar.befall(Mishap.TRUNCATED)
    with pytest.raises((Unexpected, TryLater)):
        read(calendar)


def test_a_probe_says_what_it_saw(calendar: CalendarCase) -> None:
    assert JO in calendar.source.probe(JO)


# --- the whole directory


def test_a_directory_lists_everybody_who_works_here_once_an_hour(calendar: CalendarCase) -> None:
    source = calendar.of_directory()
    users = [User(id="1", email="stranger@elsewhere.example"), User(id="2", email=JO)]
    assert sorted(source.parts(users)) == ["bare@acme.example", JO, MAX]
    asked = len(calendar.simulator.requests)
    assert len(source.parts(users)) == 3
    assert len(calendar.simulator.requests) == asked
    calendar.put(NOON)
    assert only(source.read(JO, "", span())).start == NOON
    bare = source.read("bare@acme.example", "", span())
    assert (bare.sightings, bare.complete, len(bare.unreadable)) == ((), None, 1)
    assert "left out" in source.probe("bare@acme.example")
    source.close()


def test_a_directory_that_is_closed_to_us_names_the_permission(calendar: CalendarCase) -> None:
    source = calendar.of_directory(allowed=False)
    with pytest.raises(SignInAgain) as caught:
        source.parts([User(id="2", email=JO)])
    assert re.search(r"User\.Read\.All|admin\.directory\.user\.readonly", caught.value.next_step)
    source.close()
