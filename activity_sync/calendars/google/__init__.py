"""Google Workspace calendars (Calendar API v3), read as each rep through a service account's delegation."""

from activity_sync.calendars.google.source import GoogleCalendars

__all__ = ["GoogleCalendars"]
