"""What is kept of an invitation's text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.invitations import LONGEST, agenda, comparable_uid, joining_link, place, plain_text, says

ZOOM = """Agenda: pricing
- 10:00 intro

Jo Smith is inviting you to a scheduled Zoom meeting.

Join Zoom Meeting
https://us02web.zoom.us/j/85812345678?pwd=abcDEF.1

Meeting ID: 858 1234 5678
Passcode: 993311
One tap mobile
+16465550100,,85812345678#,,,,*993311# US (New York)

Dial by your location
• +1 646 555 0100 US (New York)
• +44 20 7946 0100 United Kingdom
Find your local number: https://us02web.zoom.us/u/kdx

Thanks, see you there. Docs: https://docs.example/a?b=c"""
MEET = (
    "<b>Goals</b><br>Talk<br><br>-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-<br>Join with Google Meet: "
    '<a href="https://meet.google.com/abc-mnop-xyz">https://meet.google.com/abc-mnop-xyz</a><br>Or dial: (GB) '
    "+44 20 7946 0100 PIN: 123456789#<br>More phone numbers: https://tel.meet/abc-mnop-xyz?pin=1<br>Learn more about "
    "Meet at: https://support.google.com/a/users/answer/9282720<br><br>Please do not edit this section.<br>"
    "-::~:~::~:~:~::~:~::-"
)
TEAMS = (
    'Hi,<br>read <a href="https://docs.example/x">the paper</a>.<p>______________________________</p>'
    '<p>Microsoft Teams meeting</p><p><a href="https://teams.microsoft.com/l/meetup-join/19%3ameeting_x">Click here to '
    "join the meeting</a></p><p>Meeting ID: 123 456 789</p><p>Passcode: aBc12</p><p>______________________________</p>"
    "<p>Bring numbers.</p>"
)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (ZOOM, "Agenda: pricing\n- 10:00 intro\n\nThanks, see you there. Docs: https://docs.example/a?b=c"),
        (MEET, "Goals\nTalk"),
        (TEAMS, "Hi,\nread [the paper](https://docs.example/x).\n\nBring numbers."),
        ("Kenncode: 1234\nThemen\nMot de passe : x1", "Themen"),
        ("Call +44 20 7946 0100,,123456# at ten", "Call  at ten"),
        ("See https://acme.example/room?pwd=s3cret now", "See  now"),
        ("one\ntwo <b>three</b>", "one\ntwo three"),
        ("a &amp; b", "a & b"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
        ("", ""),
    ],
)
def test_the_agenda_stays_and_the_way_in_goes(raw: str, kept: str) -> None:
    assert agenda(raw) == kept


@pytest.mark.parametrize(
    "words",
    [
        "Join the team for the kick-off and discuss prices",
        "Dial plan review",
        "We pin down the budget",
        "Meeting notes of 2026-03-09",
        "Order number 12345678",
        "Call us at +44 20 7946 0100",
        "________________\nSignature",
    ],
)
def test_an_agenda_that_sounds_alike_is_left_alone(words: str) -> None:
    assert agenda(words) == words


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        (ZOOM, "https://us02web.zoom.us/j/85812345678"),
        (MEET, "https://meet.google.com/abc-mnop-xyz"),
        (TEAMS, "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x"),
        ("https://teams.live.com/meet/9312345?p=x", "https://teams.live.com/meet/9312345"),
        ("https://www.google.com/url?q=https://zoom.us/j/123456789&amp;sa=D", "https://zoom.us/j/123456789"),
        ("https://urldefense.com/v3/__https://zoom.us/j/123456789__;!!x", "https://zoom.us/j/123456789"),
        ("https://zoom.us/s/123456789", ""),
        ("https://zoom.us.evil.example/j/123456789", ""),
        ("no link", ""),
    ],
)
def test_the_joining_link_is_found_without_its_passcode(raw: str, link: str) -> None:
    assert joining_link(raw) == link


def test_a_place_is_one_line_without_the_way_in() -> None:
    assert place("Room 4,\n1 High Street") == "Room 4, 1 High Street"
    assert place("https://zoom.us/j/123456789?pwd=x") == ""
    assert place("Room 4 (PIN: 1234)") == "Room 4"


def test_a_word_is_seen_across_tags_and_in_any_case() -> None:
    assert says("[nolog]", "Lunch", "a <b>[No</b>Log] &amp; more")
    assert not says("[nolog]", "nolog")


@pytest.mark.parametrize(
    "raw",
    [
        "<div>" * 40_000 + "x",
        "[" * 200_000,
        "a" * 10_000_000,
        "<" * 200_000,
        "PIN:" * 50_000,
        "+1" + " 2" * 100_000,
        ("(" * 2_000 + "\n") * 100,
        "https://" + "a." * 90_000,
        "meeting id " * 20_000,
        ("https://x" * 200 + "\n") * 100,
        "<a href='" * 20_000,
    ],
    ids=lambda raw: raw[:12].strip(),
)
def test_no_text_takes_long(raw: str) -> None:
    began = time.process_time()
    assert len(agenda(raw)) <= LONGEST
    assert time.process_time() - began < 5


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_can_be_read_and_stored(raw: str) -> None:
    for found in (agenda(raw), plain_text(raw), place(raw), joining_link(raw)):
        assert "\x00" not in found.encode().decode()


def test_a_uid_is_the_same_for_every_occurrence_and_system() -> None:
    head, tail = "040000008200E00074C5B7101A82E008", "80A2B5D4F1A0DA01000000000000000010000000" + "B1" * 16
    assert comparable_uid(f"{head}07EA0309{tail}".lower()) == comparable_uid(f"{head}00000000{tail}")
    foreign = b"vCal-Uid\x01\x00\x00\x00abc@google.com\x00".hex()
    assert comparable_uid(f"{head}00000000{tail[:40]}{foreign}") == "abc@google.com"
    assert comparable_uid(" Abc@google.com ") == "Abc@google.com"


def test_what_google_wrote_under_an_invitation_before_and_a_linked_heading_of_teams_go() -> None:
    link = "https://meet.google.com/abc-mnop-xyz"
    google = (
        f"Prices\n\nTo join the video meeting, click this link: {link}\nOtherwise, to join by phone, dial "
        "+44 20 7946 0100 and enter this PIN: 123 456 789#\nMore phone numbers: https://tel.meet/abc?pin=9876543210123"
    )
    teams = (
        "<div>Prices</div><ul><li>one</li></ul><br><div>______________</div><div>Microsoft Teams "
        "<a href='https://aka.ms/JoinTeamsMeeting'>Need help?</a></div><div>Meeting ID: 345 678 901</div>"
    )
    assert agenda(google) == "Prices"
    assert agenda(teams) == "Prices\n* one"
    assert agenda("To join the dots: prices.\nTo join the meeting of minds we need prices") != ""
