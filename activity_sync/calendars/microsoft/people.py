"""Who is in a Graph event. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from activity_sync.model.addresses import comparable_email
from activity_sync.model.interactions import Participant, Response
from activity_sync.model.members import Holder, flag, items, text

_RESPONSES = {
    "organizer": Response.ACCEPTED,
    "accepted": Response.ACCEPTED,
    "tentativelyAccepted": Response.TENTATIVE,
    "declined": Response.DECLINED,
}
# Made by Exchange and Outlook.com where they know no address: nobody gets mail there (calendars.md C6).
_MADE_UP = re.compile(r"/o=.*|imceaex-.*|outlook_[0-9a-f]{16}@outlook\.com", re.IGNORECASE)


def participants(event: Holder, calendar: str) -> Iterator[Participant]:
    """Everybody invited, once, and the organiser, whom Graph does not always list.

    Answers are told reliably only to the organiser; the calendar's owner knows the own one, so that one counts.
    """
    organizer = event.get("organizer")
    organizer_email = _email(organizer)
    own = _RESPONSES.get(text(event.get("responseStatus"), "response"), Response.NONE)
    rooms = _rooms(event)
    seen: set[str] = set()
    for one in items(event, "attendees"):
        person = _participant(one, organizer_email)
        if person.email in rooms:
            person = replace(person, room=True)
        if person.email == calendar and own is not Response.NONE:
            person = replace(person, response=own)
        if (person.email and person.email not in seen) or (not person.email and person.name):
            seen.add(person.email)
            yield person
    if organizer_email and organizer_email not in seen:
        yield Participant(email=organizer_email, name=_name(organizer), organizer=True)


def are_hidden(event: Holder) -> bool:
    """Whether the guest list is kept from this calendar."""
    return flag(event, "hideAttendees") and not flag(event, "isOrganizer")


def _rooms(event: Holder) -> set[str]:
    places = (event.get("location"), *items(event, "locations"))
    return {comparable_email(text(one, "locationEmailAddress")) for one in places} - {""}


def _participant(attendee: Holder, organizer: str) -> Participant:
    email = _email(attendee)
    return Participant(
        email=email,
        name=_name(attendee),
        response=_RESPONSES.get(text(attendee.get("status"), "response"), Response.NONE),
        organizer=bool(email) and email == organizer,
        room=text(attendee, "type") == "resource",
    )


def _email(holder: object) -> str:
    address = text(holder.get("emailAddress"), "address") if isinstance(holder, dict) else ""
    return "" if _MADE_UP.fullmatch(address) else comparable_email(address)


def _name(holder: object) -> str:
    """A display name; Exchange repeats the address where it knows none, also an address that is none."""
    shown = text(holder.get("emailAddress"), "name") if isinstance(holder, dict) else ""
    return "" if _MADE_UP.fullmatch(shown) or comparable_email(shown) else shown
