"""Whom and what to leave out."""

from __future__ import annotations

from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import Address, AnyOf, Domain, Module, NonEmpty, Pattern, Value


class Segment(Section):
    """Records of a module whose fields have one of the values; all fields must fit."""

    name: NonEmpty
    module: Module
    when: dict[NonEmpty, AnyOf[Value]]


class NeverMatch(Section):
    """Participants who are treated as not present."""

    emails: tuple[Address, ...] = ()
    domains: tuple[Domain, ...] = ()
    numbers: tuple[NonEmpty, ...] = ()


class NeverLog(Section):
    """One of these stops the interaction. titles: plain words or `re:…`. word: in title or text; None: no such word."""

    titles: tuple[Pattern, ...] = ()
    emails: tuple[Address, ...] = ()
    domains: tuple[Domain, ...] = ()
    numbers: tuple[NonEmpty, ...] = ()
    calendars: tuple[NonEmpty, ...] = ()
    categories: tuple[NonEmpty, ...] = ()
    word: NonEmpty | None = "[nolog]"


class Never(Section):
    """What is not seen, and what is not logged."""

    match: NeverMatch = NeverMatch()
    log: NeverLog = NeverLog()
