"""Reasons not to log, known before anybody is looked up: one small function each, asked in order.

A reason is the end of a sentence that begins with "Not logged: ". The first one found stands in the sync log, so
what says most comes first: an out-of-office entry is called that, and not "only our own people".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from activity_sync.model.addresses import NumberKind, domain_of
from activity_sync.model.interactions import Call, Interaction, Meeting, Outcome, Privacy, Response
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.patterns import fits
from activity_sync.rules.sides import (
    domains_hold,
    emails_hold,
    is_internal,
    is_person,
    numbers_hold,
    our_people,
    outside_number,
    outsiders,
)
from activity_sync.rules.texts import comparable


def screen(interaction: Interaction, outcome: Outcome, team: Team, settings: Settings, *, logged: bool) -> str | None:
    """Why this is not to be logged, or None.

    `logged`: it is in Zoho already. Then a cancellation is no reason, nor that it became private: it is to be planned
    again, without its texts, so that these go from Zoho.
    """
    match interaction:
        case Meeting():
            if outcome is Outcome.CANCELLED and not logged:
                return "cancelled before it was logged"
            checks = _OF_CANCELLED if interaction.cancelled else _OF_LOGGED
            return _first(checks if logged else _OF_MEETINGS, interaction, team, settings)
        case Call():
            return _first(_OF_CALLS, interaction, team, settings)


_Kind = TypeVar("_Kind", Meeting, Call)


def _first(
    checks: Iterable[Callable[[_Kind, Team, Settings], str | None]], what: _Kind, team: Team, settings: Settings
) -> str | None:
    for check in checks:
        if reason := check(what, team, settings):
            return reason
    return None


# By their names in Google; others write them apart or with other capitals (calendars.md A5).
_NO_MEETINGS = {
    "outofoffice": "out of office",
    "focustime": "focus time",
    "workinglocation": "working location",
    "birthday": "birthday",
}


def _kind_of_event(meeting: Meeting, _team: Team, _settings: Settings) -> str | None:
    if meeting.kind_of_event == "default":
        return None
    letters = "".join(character for character in meeting.kind_of_event.casefold() if character.isalpha())
    return _NO_MEETINGS.get(letters)


def _private(meeting: Meeting, _team: Team, settings: Settings) -> str | None:
    return "private" if meeting.privacy is Privacy.PRIVATE and settings.meetings.private == "skip" else None


def _all_day(meeting: Meeting, _team: Team, settings: Settings) -> str | None:
    return "all-day" if meeting.all_day and not settings.meetings.all_day else None


def _marked(meeting: Meeting, _team: Team, settings: Settings) -> str | None:
    word = settings.never.log.word
    if word and (meeting.marked or _holds(word, (meeting.title, meeting.notes))):
        return f"marked {word}"
    return None


def _only_ours(meeting: Meeting, team: Team, settings: Settings) -> str | None:
    if not settings.meetings.external_only or outsiders(meeting, team, settings):
        return None
    outside = any(is_person(person) and not team.is_ours(person.email) for person in meeting.participants)
    return "nobody but those who are never matched" if outside else "only our own people"


def _declined(meeting: Meeting, team: Team, settings: Settings) -> str | None:
    ours = our_people(meeting, team)
    if meeting.cancelled or settings.meetings.declined == "log" or not ours:
        return None
    return "all of ours declined" if all(person.response is Response.DECLINED for person in ours) else None


def _title(meeting: Meeting, _team: Team, settings: Settings) -> str | None:
    hits = (pattern for pattern in settings.never.log.titles if fits(pattern, meeting.title))
    return _listed("its title", next(hits, None))


def _guest(meeting: Meeting, _team: Team, settings: Settings) -> str | None:
    never = settings.never.log
    if not (never.emails or never.domains):
        return None
    emails = sorted(person.email for person in meeting.participants if person.email)
    email = next((email for email in emails if emails_hold(never.emails, email)), None)
    domain = next((name for name in map(domain_of, emails) if domains_hold(never.domains, name)), None)
    return _listed("the e-mail address", email) or _listed("the domain", domain)


def _calendar(meeting: Meeting, _team: Team, settings: Settings) -> str | None:
    return _listed("the calendar", _common(settings.never.log.calendars, meeting.calendars))


def _category(meeting: Meeting, _team: Team, settings: Settings) -> str | None:
    return _listed("the category", _common(settings.never.log.categories, meeting.categories))


def _internal(call: Call, team: Team, settings: Settings) -> str | None:
    return "internal call" if settings.calls.internal == "skip" and is_internal(call, team, settings) else None


def _withheld(call: Call, team: Team, settings: Settings) -> str | None:
    if settings.calls.withheld == "log" or is_internal(call, team, settings):
        return None
    return "withheld number" if outside_number(call, settings).kind is NumberKind.WITHHELD else None


def _number(call: Call, _team: Team, settings: Settings) -> str | None:
    number = outside_number(call, settings)
    if numbers_hold(settings.never.log.numbers, number, settings):
        return _listed("the number", number.e164 or number.raw)
    if numbers_hold(settings.never.match.numbers, number, settings):
        return "nobody but those who are never matched"
    return None


def _line_or_rep(call: Call, _team: Team, settings: Settings) -> str | None:
    emails = sorted(share.email for share in call.reps)
    return _listed("the e-mail address", next((e for e in emails if emails_hold(settings.never.log.emails, e)), None))


def _marked_call(call: Call, _team: Team, settings: Settings) -> str | None:
    word = settings.never.log.word
    texts = (*call.notes, call.summary, call.disposition, *call.tags)
    return f"marked {word}" if word and _holds(word, texts) else None


def _withdrawn(call: Call, _team: Team, _settings: Settings) -> str | None:
    return "taken back by the dialer" if call.withdrawn else None


def _too_short(call: Call, _team: Team, settings: Settings) -> str | None:
    short = call.outcome is Outcome.ANSWERED and call.length < settings.calls.min_talk
    return "shorter than calls.min_talk" if short else None


def _not_wanted(call: Call, _team: Team, settings: Settings) -> str | None:
    if call.outcome in settings.calls.outcomes:
        return None
    return f"calls with this outcome are not logged: {call.outcome.replace('_', ' ')}"


def _holds(word: str, texts: Iterable[str]) -> bool:
    return any(comparable(word) in comparable(text) for text in texts)


def _listed(what: str, entry: str | None) -> str | None:
    return f"{what} is on the never list: {entry}" if entry else None


def _common(listed: Collection[str], there: Iterable[str]) -> str | None:
    present = {entry.casefold() for entry in there} if listed else ()
    return next((entry for entry in listed if entry.casefold() in present), None)


_OF_MEETINGS: tuple[Callable[[Meeting, Team, Settings], str | None], ...] = (
    _kind_of_event,
    _private,
    _all_day,
    _marked,
    _only_ours,
    _declined,
    _title,
    _guest,
    _calendar,
    _category,
)
_OF_LOGGED = tuple(check for check in _OF_MEETINGS if check is not _private)
# What became of it before does not keep a cancelled one standing in Zoho.
_OF_CANCELLED = tuple(check for check in _OF_LOGGED if check not in {_marked, _only_ours})
_OF_CALLS: tuple[Callable[[Call, Team, Settings], str | None], ...] = (
    _withdrawn,
    _internal,
    _withheld,
    _number,
    _line_or_rep,
    _marked_call,
    _too_short,
    _not_wanted,
)
