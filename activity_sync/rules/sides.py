"""Who stands on which side of an interaction: our people, outsiders, and what is no person at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from operator import attrgetter

from activity_sync.model.addresses import Number, NumberKind, comparable_email, domain_of, folded_email, read_number
from activity_sync.model.interactions import Call, Interaction, Meeting, Participant, Response
from activity_sync.model.numbers import region_of_number
from activity_sync.model.settings import NeverMatch, Settings
from activity_sync.model.team import Team
from activity_sync.rules.remembering import remembered

# calendars.md E2: rooms, shared calendars, imported ones, holidays.
_NO_PEOPLE = (
    "@resource.calendar.google.com",
    "@group.calendar.google.com",
    "@import.calendar.google.com",
    "@group.v.calendar.google.com",
)
_NOBODY = "unknownorganizer@calendar.google.com"

_EMAIL_KEYS = ("email", "contact_email", "caller_email", "customer_email")
"""Under these a dialer or an import delivers the address of the person outside."""


@remembered()
def outsiders(interaction: Interaction, team: Team, settings: Settings) -> tuple[Participant, ...]:
    """The people from outside, sorted by e-mail; without rooms and without whom `never.match` names.

    A call has one, with the caller's name and without an e-mail; none when it is internal or the number is withheld.
    """
    match interaction:
        case Meeting():
            return _guests(interaction, team, settings)
        case Call():
            return _caller(interaction, team, settings)


@remembered()
def our_people(meeting: Meeting, team: Team) -> tuple[Participant, ...]:
    """Our people in a meeting under the e-mail that Zoho knows, each once, sorted by it.

    Whose calendar shows it is in it, even where only a group was invited.
    """
    known: dict[str, Participant] = {}
    for person in sorted(meeting.participants, key=lambda person: (_PRESENCE[person.response], person.email)):
        if is_person(person) and team.is_ours(person.email):
            home = team.home(person.email)
            if home not in known:
                known[home] = person if home == person.email else _at_home(person, home)
    for home in map(team.home, meeting.calendars):
        if home not in known:
            known[home] = Participant(email=home)
    return tuple(known[email] for email in sorted(known))


def is_person(participant: Participant) -> bool:
    """Whether this is somebody with an address: no room, no shared calendar."""
    email = participant.email
    return bool(email) and not participant.room and email != _NOBODY and not email.endswith(_NO_PEOPLE)


@remembered()
def outside_number(call: Call, settings: Settings) -> Number:
    """The other side's number. Where it has no country code a region stands in: that of the line, else of the rep's
    own lines in the config, else the company's.

    The line's region: what its vendor or the dialer's config says, else where the line's own country code belongs.
    """
    said = call.region if call.region != settings.default_region else ""  # where nobody says, dialers give the default
    region = said or region_of_number(call.line) or _region_of_reps(call, settings) or settings.default_region
    return read_number(call.outside_number, region)


def caller_email(call: Call, team: Team) -> str:
    """The outside person's address where a dialer or an import delivered one; "" for none, or for one of ours."""
    email = next((found for name in _EMAIL_KEYS if (found := comparable_email(call.extra.get(name, "")))), "")
    return "" if not email or team.is_ours(email) else email


def _region_of_reps(call: Call, settings: Settings) -> str:
    """Where the lines belong that the config gives to who talked, longest first, or whose line it is."""
    lines = [(comparable_email(rep), line) for dialer in settings.dialers for line, rep in dialer.lines.items()]
    for rep in (*(share.email for share in call.reps), call.line_rep):
        found = (region_of_number(line) for whose, line in lines if whose and whose == comparable_email(rep))
        if region := next((one for one in found if one), ""):
            return region
    return ""


def is_internal(call: Call, team: Team, settings: Settings) -> bool:
    """Whether both ends are ours: the other number is one of our lines, or an extension that the config names."""
    number = outside_number(call, settings)
    extensions = next((dialer.extensions for dialer in settings.dialers if dialer.name == call.source), {})
    return call.direction == "internal" or number.e164 in team.numbers or number.raw.strip() in extensions


def emails_hold(emails: Collection[str], email: str) -> bool:
    """Whether a list of the config names this address (comparable), or the mailbox behind it."""
    if not emails:
        return False
    listed = _forms(tuple(emails))
    return email in listed or folded_email(email) in listed


@lru_cache(maxsize=20)
def _forms(emails: tuple[str, ...]) -> frozenset[str]:
    return frozenset(comparable_email(entry) for entry in emails)


def domains_hold(domains: Collection[str], domain: str) -> bool:
    """Whether a list of the config names this domain or one above it."""
    return bool(domains) and any(map(domains.__contains__, with_parents(domain)))


@lru_cache(maxsize=10_000)
def with_parents(domain: str) -> tuple[str, ...]:
    """A domain and all above it: `mail.acme.example`, `acme.example`, `example`."""
    labels = domain.split(".")
    return tuple(".".join(labels[place:]) for place in range(len(labels)))


def numbers_hold(numbers: Iterable[str], number: Number, settings: Settings) -> bool:
    """Whether a list of the config names this number; one that could not be read is compared as written."""
    if number.kind is not NumberKind.E164:
        return number.raw in numbers
    return number.e164 in _read(tuple(numbers), settings.default_region)


@lru_cache(maxsize=20)
def _read(numbers: tuple[str, ...], region: str) -> frozenset[str]:
    return frozenset(read_number(entry, region).e164 for entry in numbers)


_PRESENCE = {Response.ACCEPTED: 0, Response.TENTATIVE: 1, Response.NONE: 2, Response.DECLINED: 3}


def presence(participant: Participant) -> int:
    """Lower the more likely this person comes: accepted, tentative, not answered, declined."""
    return _PRESENCE[participant.response]


def _at_home(person: Participant, home: str) -> Participant:
    return Participant(email=home, name=person.name, response=person.response, organizer=person.organizer)


def _guests(meeting: Meeting, team: Team, settings: Settings) -> tuple[Participant, ...]:
    people = [person for person in meeting.participants if is_person(person) and not team.is_ours(person.email)]
    never = settings.never.match
    if never.emails or never.domains:
        people = [person for person in people if not _unseen(person.email, never)]
    return tuple(sorted(people, key=attrgetter("email")))


def _unseen(email: str, never: NeverMatch) -> bool:
    return emails_hold(never.emails, email) or domains_hold(never.domains, domain_of(email))


def _caller(call: Call, team: Team, settings: Settings) -> tuple[Participant, ...]:
    number = outside_number(call, settings)
    if number.kind is NumberKind.WITHHELD or is_internal(call, team, settings):
        return ()
    if numbers_hold(settings.never.match.numbers, number, settings):
        return ()
    return (Participant(email="", name=call.outside_name),)
