"""Google calendars (Calendar API v3), read as each rep by delegation, or as the one person who signed in."""

from activity_sync.calendars.google.person import Question, client_of, exchange
from activity_sync.calendars.google.source import GoogleCalendars

__all__ = ["GoogleCalendars", "Question", "client_of", "exchange"]
