"""Microsoft 365 calendars (Graph v1.0), read for all reps by an app, or for the one person who signed in."""

from activity_sync.calendars.microsoft.device_code import device_code_sign_in
from activity_sync.calendars.microsoft.source import MicrosoftCalendars

__all__ = ["MicrosoftCalendars", "device_code_sign_in"]
