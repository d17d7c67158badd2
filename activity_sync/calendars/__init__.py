"""EDGE: calendars. One file or folder for each vendor; nothing outside it knows the vendor's field names.

To add one: its settings class, its file, its arm here, its pretend in `simulator`, its case in `tests/contracts`.
Imports `activity_sync.model` and `activity_sync.net` only; imported by `wiring`.
"""

from __future__ import annotations

from typing import assert_never

from activity_sync.calendars.google import GoogleCalendars
from activity_sync.calendars.microsoft import MicrosoftCalendars
from activity_sync.model.ports import Clock, Source, TokenStore
from activity_sync.model.settings import Calendar, GoogleCalendar, MicrosoftCalendar, Settings

KINDS = ("google", "microsoft")
"""The kinds that `open_calendar` opens; the contract suite has a case for each."""


def open_calendar(calendar: Calendar, whole: Settings, tokens: TokenStore, clock: Clock) -> Source:
    """The connection that these settings describe; nothing is asked of it yet."""
    match calendar:
        case GoogleCalendar():
            return GoogleCalendars(calendar, whole, tokens, clock)
        case MicrosoftCalendar():
            return MicrosoftCalendars(calendar, whole, tokens, clock)
        case _:
            assert_never(calendar)
