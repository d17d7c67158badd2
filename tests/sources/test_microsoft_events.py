"""What becomes of single Graph events, odd ones first; and that a Google copy of the same meeting has the same key."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activity_sync.calendars.google.translation import to_meeting_copy as google_copy
from activity_sync.calendars.microsoft.stubs import filled
from activity_sync.calendars.microsoft.translation import View, to_meeting_copy
from activity_sync.model.entries import NoMeeting
from activity_sync.model.interactions import MeetingCopy, Privacy, Response, fingerprint
from activity_sync.simulator.microsoft.uids import new_uid, of_day, wrapped
from tests.sources.recorded import recorded

JO = "jo@acme.example"
MALFORMED = recorded("microsoft", "malformed")
UID = new_uid()


def copy(event: dict[str, Any], word: str | None = "[nolog]", zone: str = "Europe/London", **view: Any) -> MeetingCopy:
    return to_meeting_copy(event, View("m365", JO, ZoneInfo(zone), word, **view))


def event(**more: Any) -> dict[str, Any]:
    times = {"start": {"dateTime": "2026-03-09T10:00:00.0000000", "timeZone": "UTC"},
             "end": {"dateTime": "2026-03-09T11:00:00.0000000", "timeZone": "UTC"}}  # fmt: skip
    return {"id": "e1", "iCalUId": UID, "subject": "Demo", "type": "singleInstance"} | times | more


def day_event(day: str, end: str, **more: Any) -> dict[str, Any]:
    times = {
        name: {"dateTime": f"{at}T00:00:00.0000000", "timeZone": "UTC"} for name, at in (("start", day), ("end", end))
    }
    return event(isAllDay=True, **times, **more)


def on_google(**more: Any) -> MeetingCopy:
    times = {"start": {"dateTime": "2026-03-09T10:00:00Z"}, "end": {"dateTime": "2026-03-09T11:00:00Z"}}
    return google_copy({"id": "g1"} | times | more, source="ws", calendar="max@acme.example", zone=ZoneInfo("Europe/London"), word=None)  # fmt: skip # noqa: E501


def test_a_teams_meeting_is_read_whole_and_without_its_joining_instructions() -> None:
    found = copy(recorded("microsoft", "teams_meeting"))
    assert (found.title, found.location) == ("Demo for two", "Big room")
    assert found.notes == "Numbers <before prices> & first.\n\nSee the price list (https://www.acme.example/prices)."
    assert found.conference_url.startswith("https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0")
    assert (found.start, found.end) == (datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC))
    assert found.categories == ("Customers", "Blue category")
    assert found.updated == datetime(2026, 3, 1, 10, 0, 0, 123456, UTC)
    assert fingerprint(found)


def test_people_rooms_and_addresses_that_are_none_are_told_apart() -> None:
    found = copy(recorded("microsoft", "teams_meeting"))
    assert {person.email or person.name: person.response for person in found.participants} == {
        "ann@customer.example": Response.ACCEPTED,
        JO: Response.TENTATIVE,  # of the mailbox; the guest list says none
        "big-room@acme.example": Response.NONE,
        "beamer@acme.example": Response.ACCEPTED,
        "Old Colleague": Response.DECLINED,
        "Bo": Response.ACCEPTED,
    }
    assert {person.email for person in found.participants if person.room} == {"big-room@acme.example", "beamer@acme.example"}  # fmt: skip # noqa: E501
    assert [person.email for person in found.participants if person.organizer] == ["ann@customer.example"]


def test_the_organizer_is_added_and_exchanges_own_addresses_are_no_names() -> None:
    nameless = {"address": "/O=EXCHANGELABS/CN=X", "name": "/O=EXCHANGELABS/CN=X"}
    ann = {"emailAddress": {"address": "ann@customer.example", "name": "ann@customer.example"}}
    odd = [{"emailAddress": nameless}, {"emailAddress": None}, {}, 7, {"emailAddress": "x"}]
    (person,) = copy(event(organizer=ann, attendees=odd)).participants
    assert (person.email, person.name, person.organizer) == ("ann@customer.example", "", True)


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("declined", Response.DECLINED),
        ("accepted", Response.ACCEPTED),
        ("organizer", Response.ACCEPTED),
        ("notResponded", Response.TENTATIVE),
        (None, Response.TENTATIVE),
    ],
)
def test_the_own_answer_is_that_of_the_mailbox(own: str | None, told: Response) -> None:
    me = {"emailAddress": {"address": JO}, "status": {"response": "tentativelyAccepted"}}
    (person,) = copy(event(attendees=[me], responseStatus={"response": own} if own else None)).participants
    assert person.response is told


def test_a_hidden_guest_list_is_marked() -> None:
    assert copy(event(hideAttendees=True)).participants_hidden
    assert not copy(event(hideAttendees=True, isOrganizer=True)).participants_hidden


# --- times -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("UTC", 10), ("", 9), ("W. Europe Standard Time", 8), ("Europe/Berlin", 8), ("Alberta Standard Time", 16),
     ("tzone://Microsoft/Custom", 9), ("Nowhere/Land", 9)],
)  # fmt: skip
def test_a_time_is_read_in_its_zone_by_whatever_name_and_in_the_companys_otherwise(zone: str, hour: int) -> None:
    start, end = ({"dateTime": f"2026-07-09T{at}:00:00.0000000", "timeZone": zone} for at in ("10", "11"))
    assert copy(event(start=start, end=end)).start == datetime(2026, 7, 9, hour, tzinfo=UTC)


def test_an_offset_is_believed_before_a_zone() -> None:
    start, end = ({"dateTime": f"2026-07-09T{at}:00:00+05:00", "timeZone": "UTC"} for at in ("10", "11"))
    assert copy(event(start=start, end=end)).start == datetime(2026, 7, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Tokyo Standard Time", "tzone://Microsoft/Custom"])
def test_a_day_is_its_date_whatever_zone_stands_beside_it(zone: str) -> None:
    start, end = ({"dateTime": f"2026-06-{at}T00:00:00.0000000", "timeZone": zone} for at in ("10", "12"))
    found = copy(event(isAllDay=True, start=start, end=end))
    google = on_google(start={"date": "2026-06-10"}, end={"date": "2026-06-12"})
    assert (found.start, found.end, found.all_day) == (google.start, google.end, True)
    assert found.start == datetime(2026, 6, 9, 23, tzinfo=UTC)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_event_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(NoMeeting, match=r"\w+ \w+"):
        copy(MALFORMED[name])


@pytest.mark.parametrize(("name", "day"), [("end", "9999-12-31"), ("start", "0001-01-02")])
def test_a_time_in_another_age_from_which_nothing_can_be_counted_is_refused(name: str, day: str) -> None:
    with pytest.raises(NoMeeting, match=f"its {name} is in another age"):
        copy(event(**{name: {"dateTime": f"{day}T23:30:00.0000000", "timeZone": "UTC"}}))


def test_the_reason_never_holds_text_of_the_event() -> None:
    with pytest.raises(NoMeeting) as caught:
        copy(event(subject="Damocles", sensitivity="private", end={"dateTime": "never"}))
    assert "Damocles" not in str(caught.value)


# --- one meeting, one key ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("uid", ["abc123@google.com", "Mixed-Case_UID+x@customer.example", "ünïcode@customer.example"])
def test_a_foreign_uid_in_exchanges_wrapping_is_the_uid_of_the_google_copy(uid: str) -> None:
    assert copy(event(iCalUId=wrapped(uid))).key == on_google(iCalUID=uid).key
    assert copy(event(iCalUId=uid)).key == on_google(iCalUID=uid).key


def test_a_uid_that_exchange_made_is_the_same_at_google_in_any_case() -> None:
    assert copy(event(iCalUId=UID)).key == on_google(iCalUID=UID.lower()).key


GOOGLE_ONE = {"originalStartTime": {"dateTime": "2026-03-09T11:00:00+01:00", "timeZone": "Europe/Berlin"}}


@pytest.mark.parametrize(("uid", "at_google"), [(UID, UID), (wrapped("abc@google.com"), "abc@google.com")])
@pytest.mark.parametrize("with_day", [True, False])
@pytest.mark.parametrize("kind", ["occurrence", "exception"])
def test_one_of_a_series_has_the_key_of_its_google_copy(uid: str, at_google: str, kind: str, with_day: bool) -> None:
    uid = of_day(uid, date(2026, 3, 9)) if with_day else uid
    google = on_google(iCalUID=at_google, **GOOGLE_ONE)
    assert copy(event(iCalUId=uid, type=kind, originalStart="2026-03-09T10:00:00Z")).key == google.key
    moved = {
        name: {"dateTime": f"2026-03-12T{at}:00:00", "timeZone": "UTC"} for name, at in (("start", "14"), ("end", "15"))
    }
    assert copy(event(iCalUId=uid, type="exception", originalStart="2026-03-09T10:00:00Z", **moved)).key == google.key


def test_an_unmoved_occurrence_without_its_original_start_starts_at_it() -> None:
    google = on_google(iCalUID=UID, **GOOGLE_ONE)
    assert copy(event(type="occurrence", iCalUId=of_day(UID, date(2026, 3, 9)))).key == google.key
    assert copy(event(type="occurrence", originalStart=None)).key == google.key


def test_one_occurrence_that_came_alone_knows_its_day_from_the_uid() -> None:
    alone = event(iCalUId=of_day(UID, date(2026, 3, 9)), originalStartTimeZone="W. Europe Standard Time")
    assert copy(alone).key == on_google(iCalUID=UID, **GOOGLE_ONE).key
    moved = alone | {"start": {"dateTime": "2026-03-12T10:00:00"}, "end": {"dateTime": "2026-03-12T11:00:00"}}
    assert copy(moved).occurrence == "2026-03-09"


def test_a_meeting_that_stands_alone_has_no_occurrence_even_if_an_original_start_is_told() -> None:
    assert copy(event(originalStart="2026-03-09T10:00:00Z")).occurrence == ""
    assert copy(event(originalStart="0001-01-01T00:00:00Z")).occurrence == ""


@pytest.mark.parametrize(
    ("original", "zone"),
    [
        ("2026-06-10T00:00:00Z", "Pacific Standard Time"),  # midnight as UTC
        ("2026-06-10T07:00:00Z", "Pacific Standard Time"),  # midnight of the mailbox
        ("2026-06-09T22:00:00Z", "W. Europe Standard Time"),
        ("2026-06-09T23:00:00Z", "tzone://Microsoft/Custom"),  # midnight of the company
    ],
)
@pytest.mark.parametrize("kind", ["occurrence", "exception"])
def test_the_occurrence_of_an_all_day_series_is_its_day(original: str, zone: str, kind: str) -> None:
    day = {"originalStartTime": {"date": "2026-06-10"}, "start": {"date": "2026-06-10"}, "end": {"date": "2026-06-11"}}
    google = on_google(iCalUID=UID, **day)
    start, end = ("2026-06-10", "2026-06-11") if kind == "occurrence" else ("2026-06-17", "2026-06-18")
    told = day_event(start, end, type=kind, originalStart=original, originalStartTimeZone=zone)
    assert copy(told).key == google.key


def test_an_occurrence_with_times_that_became_all_day_keeps_its_key() -> None:
    told = day_event("2026-03-09", "2026-03-10", type="exception", originalStart="2026-03-09T10:00:00Z", originalStartTimeZone="W. Europe Standard Time")  # fmt: skip # noqa: E501
    assert copy(told).key == on_google(iCalUID=UID, **GOOGLE_ONE).key


def test_the_day_of_a_moved_all_day_one_may_stand_in_the_uid_only() -> None:
    assert copy(day_event("2026-06-17", "2026-06-18", type="exception", iCalUId=of_day(UID, date(2026, 6, 10)))).occurrence == "2026-06-10"  # fmt: skip # noqa: E501


@pytest.mark.parametrize("uid", [None, "", 7])
def test_an_event_without_a_uid_still_has_a_key_of_its_own(uid: Any) -> None:
    one, other = copy(event(iCalUId=uid)), copy(event(iCalUId=uid, id="e2"))
    assert one.uid == f"{JO}:e1"
    assert one.key != other.key


# --- private, marked, kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sensitivity", ["private", "personal", "confidential"])
def test_private_text_is_struck_out_but_the_word_and_named_categories_are_still_seen(sensitivity: str) -> None:
    told = recorded("microsoft", "teams_meeting") | {"sensitivity": sensitivity}
    told["body"] = {"contentType": "text", "content": "About Damocles [noLOG]"}
    found = copy(told, categories=("customers",))
    assert (found.title, found.notes, found.location, found.conference_url) == ("", "", "", "")
    assert (found.privacy, found.marked, found.categories) == (Privacy.PRIVATE, True, ("Customers",))
    assert copy(told, as_open=True).title == "Demo for two"


@pytest.mark.parametrize(("word", "marked"), [("[nolog]", True), ("[private]", False), (None, False)])
def test_the_word_is_looked_for_in_title_and_text(word: str | None, marked: bool) -> None:
    assert copy(event(subject="Lunch [NoLog]"), word).marked is marked
    assert copy(event(body={"contentType": "html", "content": "<b>[no</b>log]"}), word).marked is marked


@pytest.mark.parametrize(
    ("shown", "kind"),
    [("oof", "outOfOffice"), ("workingElsewhere", "workingElsewhere"), ("busy", "default"), (None, "default")],
)
def test_what_it_is_shown_as_says_what_kind_it_is(shown: str | None, kind: str) -> None:
    assert copy(event(showAs=shown)).kind_of_event == kind


def test_a_cancelled_meeting_is_gone_and_keeps_its_title() -> None:
    found = copy(event(isCancelled=True, subject="Canceled: Demo: Canceled: 2"))
    assert (found.gone, found.title) == (True, "Demo: Canceled: 2")
    assert copy(event(subject="Canceled: flights")).title == "Canceled: flights"


def test_html_is_read_where_text_was_asked_for_in_vain() -> None:
    told = event(body={"contentType": "html", "content": "<html><body><p>First &amp; last</p><a href=\"https://teams.microsoft.com/l/meetup-join/1\">Join the meeting now</a></body></html>"})  # fmt: skip # noqa: E501
    assert copy(told).notes == "First & last"
    assert copy(told).conference_url == "https://teams.microsoft.com/l/meetup-join/1"


@pytest.mark.parametrize(
    "told",
    [
        {"onlineMeetingUrl": "https://zoom.us/j/99?pwd=x"},
        {"location": {"locationUri": "https://zoom.us/j/99?pwd=x"}},
        {"location": {"displayName": "https://zoom.us/j/99?pwd=x"}},
        {"locations": [{"displayName": "Room"}, {"displayName": "https://zoom.us/j/99?pwd=x"}]},
        {"body": {"contentType": "text", "content": "Join<https://zoom.us/j/99?pwd=x>"}},
        {
            "body": {
                "contentType": "text",
                "content": "https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fzoom.us%2Fj%2F99%3Fpwd%3Dx&data=1",
            }
        },
    ],
)
def test_the_link_to_join_is_found_wherever_it_stands_and_loses_its_passcode(told: dict[str, Any]) -> None:
    found = copy(event(**told))
    assert found.conference_url == "https://zoom.us/j/99"
    assert "pwd" not in repr(found)


def test_text_that_no_database_can_hold_is_made_harmless() -> None:
    found = copy(event(subject="a\x00b\ud800c", body={"contentType": "text", "content": "x\ud800\x00y"},
                       location={"displayName": "\ud83d"}, categories=["\ud800", "", 7, None]))  # fmt: skip
    assert fingerprint(found)
    assert (found.title, found.notes, found.categories) == ("ab?c", "x?y", ("?",))


def test_a_stub_that_cannot_be_asked_for_is_filled_from_its_series_and_left_out_without_one() -> None:
    times = {"start": event()["start"], "end": event()["end"], "type": "occurrence"}
    listed = [
        event(),
        *({"id": name, "seriesMasterId": of} | times for name, of in (("a", "m"), ("b", "n"), ("c", ""))),
    ]
    there = {"m": event(id="m", type="seriesMaster", subject="Weekly", start={"dateTime": "2012-01-01T00:00:00"})}
    whole, found = filled(listed, lambda ids: {name: there.get(name) for name in ids})
    assert (whole, copy(found).title, copy(found).event_id) == (event(), "Weekly", "a")  # type: ignore[arg-type]
    assert copy(found).start == copy(event()).start  # type: ignore[arg-type]
