"""Google Calendar v3, its token endpoint and the Workspace directory, as strict as they are documented to be."""

from activity_sync.simulator.google.meetings import instance_id
from activity_sync.simulator.google.simulator import GoogleSimulator

__all__ = ["GoogleSimulator", "instance_id"]
