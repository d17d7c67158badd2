"""Microsoft Graph's calendars and users, and the sign-in service, as strict as they are documented to be."""

from activity_sync.simulator.microsoft.meetings import person
from activity_sync.simulator.microsoft.simulator import MicrosoftSimulator

__all__ = ["MicrosoftSimulator", "person"]
