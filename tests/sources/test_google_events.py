"""What becomes of single events of Google's calendar service, odd ones first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import respx

from activity_sync.calendars.google.owner import owner
from activity_sync.calendars.google.translation import NoMeeting, to_meeting_copy
from activity_sync.model.interactions import MeetingCopy, Privacy, Response, fingerprint
from activity_sync.model.settings import GoogleCalendar
from tests.sources.recorded import recorded

MALFORMED = recorded("google", "malformed")


def copy(event: dict[str, Any], word: str | None = "[nolog]", zone: str = "Europe/London") -> MeetingCopy:
    return to_meeting_copy(event, source="ws", calendar="jo@acme.example", zone=ZoneInfo(zone), word=word)


def event(**more: Any) -> dict[str, Any]:
    times = {"start": {"dateTime": "2026-03-09T10:00:00Z"}, "end": {"dateTime": "2026-03-09T11:00:00Z"}}
    return {"id": "e1", "iCalUID": "e1@google.com", "summary": "Demo"} | times | more


def people(found: MeetingCopy) -> dict[str, Response]:
    return {person.email or person.name: person.response for person in found.participants}


def test_a_moved_instance_keeps_its_original_start_as_an_instant() -> None:
    found = copy(recorded("google", "instance_moved"))
    assert (found.uid, found.occurrence) == ("abc123@google.com", "2026-03-09T09:00:00+00:00")
    assert found.start == datetime(2026, 3, 9, 13, tzinfo=UTC)
    assert found.conference_url == "https://meet.google.com/abc-mnop-xyz"


def test_a_day_begins_at_the_companys_midnight() -> None:
    found = copy(recorded("google", "all_day"))
    assert found.all_day
    assert (found.start, found.end) == (datetime(2026, 6, 9, 23, tzinfo=UTC), datetime(2026, 6, 11, 23, tzinfo=UTC))
    assert [person.room for person in found.participants if person.organizer] == [True]


def test_the_occurrence_of_an_all_day_series_is_its_day() -> None:
    assert copy(recorded("google", "all_day_instance")).occurrence == "2026-06-10"


def test_a_guest_list_that_is_kept_back_is_marked_and_the_organizer_is_added() -> None:
    found = copy(recorded("google", "hidden_guests"))
    assert found.participants_hidden
    assert [person.email for person in found.participants if person.organizer] == ["events@customer.example"]


def test_rooms_are_rooms_and_odd_addresses_do_no_harm() -> None:
    found = copy(recorded("google", "room_and_odd_addresses"))
    assert found.title == "Two lines"
    assert [person.email for person in found.participants if person.room] == ["c_188@resource.calendar.google.com"]
    assert people(found) == {
        "c_188@resource.calendar.google.com": Response.ACCEPTED,
        "ann@customer.example": Response.TENTATIVE,
        "Somebody": Response.NONE,
        "jörg@xn--mller-kva.example": Response.NONE,
    }
    assert fingerprint(found)


def test_an_invitation_from_outlook_has_the_uid_of_its_series_and_keeps_no_passcode() -> None:
    found = copy(recorded("google", "from_outlook"))
    assert found.uid == "040000008200E00074C5B7101A82E0080000000080A2B5D4F1A0DA01000000000000000010000000B1A5E3C1D2F4A84CB0E6A7C8D9E0F1A2"  # fmt: skip # noqa: E501
    assert found.notes == "Numbers first."
    assert found.conference_url == "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0"


def test_an_event_without_a_known_end_ends_where_it_begins() -> None:
    found = copy(recorded("google", "unknown_end"))
    assert found.start == found.end
    assert copy(event(end=None, endTimeUnspecified=True)).end == copy(event()).start


def test_a_time_without_an_offset_is_read_in_its_own_zone() -> None:
    assert copy(recorded("google", "unspecified_zone")).start == datetime(2026, 7, 9, 14, tzinfo=UTC)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_event_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(NoMeeting, match=r"\w+ \w+"):
        copy(MALFORMED[name])


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-02"])
@pytest.mark.parametrize("name", ["start", "end"])
@pytest.mark.parametrize("shape", ["date", "dateTime"])
def test_a_time_in_another_age_from_which_nothing_can_be_counted_is_refused(day: str, name: str, shape: str) -> None:
    with pytest.raises(NoMeeting, match=r"its start is|its end is|it ends before"):
        copy(event(**{name: {shape: day if shape == "date" else f"{day}T23:30:00Z"}}))


def test_the_reason_never_holds_text_of_the_event() -> None:
    with pytest.raises(NoMeeting) as caught:
        copy(event(summary="Damocles", description="Damocles", visibility="private", end={"dateTime": "never"}))
    assert "Damocles" not in str(caught.value)


@pytest.mark.parametrize("visibility", ["private", "confidential"])
def test_private_text_is_struck_out_but_the_word_is_still_seen(visibility: str) -> None:
    found = copy(event(description="<b>[no</b>log] PIN 1234", hangoutLink="https://meet.google.com/abc-mnop-xyz",
                       visibility=visibility))  # fmt: skip
    assert (found.title, found.notes, found.location, found.conference_url) == ("", "", "", "")
    assert (found.privacy, found.marked) == (Privacy.PRIVATE, True)


@pytest.mark.parametrize(("word", "marked"), [("[nolog]", True), ("[private]", False), (None, False)])
def test_the_word_is_looked_for_in_title_and_text(word: str | None, marked: bool) -> None:
    assert copy(event(summary="Lunch [NoLog]"), word).marked is marked
    assert copy(event(description="x" * 300_000 + "[nolog]"), word).marked is marked


def test_public_and_unmarked_events_are_open() -> None:
    found = copy(event(visibility="public"))
    assert (found.privacy, found.marked, found.kind_of_event) == (Privacy.OPEN, False, "default")


def test_other_kinds_of_event_say_so() -> None:
    assert copy(event(eventType="focusTime")).kind_of_event == "focusTime"


def test_the_meetings_own_link_comes_before_what_people_wrote() -> None:
    entries = {"entryPoints": [{"entryPointType": "phone", "uri": "tel:+1"}, {"entryPointType": "video", "uri": "https://zoom.us/j/1234567890?pwd=x&from=cal"}]}  # fmt: skip # noqa: E501
    told = event(
        conferenceData=entries, hangoutLink="https://meet.google.com/abc-mnop-xyz", location="https://zoom.us/j/99"
    )
    assert copy(told).conference_url == "https://zoom.us/j/1234567890?from=cal"
    assert copy(event(location="https://zoom.us/j/99?pwd=x")).conference_url == "https://zoom.us/j/99"
    assert copy(event(location="https://zoom.us/j/99?pwd=x")).location == ""
    assert (
        copy(event(description="see https://acme.webex.com/meet/jo")).conference_url == "https://acme.webex.com/meet/jo"
    )


def test_an_event_without_a_uid_still_has_a_key_of_its_own() -> None:
    one, other = copy(event(iCalUID=None)), copy(event(iCalUID="", id="e2"))
    assert one.uid == "jo@acme.example:e1"
    assert one.key != other.key


def test_an_answer_matters_and_a_reminder_does_not() -> None:
    assert fingerprint(copy(event(updated="2026-03-01T10:00:00Z"))) == fingerprint(
        copy(event(updated="2026-03-02T10:00:00Z"))
    )
    assert copy(event(updated="rubbish")).updated is None


def test_text_that_no_database_can_hold_is_made_harmless() -> None:
    found = copy(event(summary="a\x00b\ud800c", description="x\ud800\x00y", location="\ud83d"))
    assert fingerprint(found)
    assert (found.title, found.notes) == ("ab?c", "x?y")


@respx.mock
@pytest.mark.parametrize(
    ("told", "whose"),
    [
        ({"summary": "Jo@acme.example", "items": []}, "jo@acme.example"),
        ({"summary": "Work", "items": [{}, {"organizer": {"email": "a@b.example"}},
          {"attendees": [{"email": "x@y.example"}, {"email": "jo@acme.example", "self": True}]}]}, "jo@acme.example"),
        ({"summary": "Work", "items": 5}, ""),
        ([], ""),
    ],
)  # fmt: skip
def test_a_calendar_tells_whose_it_is(told: Any, whose: str) -> None:
    respx.get(path="/calendar/v3/calendars/primary/events").respond(200, json=told)
    assert owner(GoogleCalendar(name="mine", kind="google"), "token") == whose
