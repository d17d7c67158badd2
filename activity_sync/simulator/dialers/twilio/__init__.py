"""Twilio's Calls and Recordings, as strict as they are documented to be."""

from activity_sync.simulator.dialers.twilio.simulator import TwilioSimulator

__all__ = ["TwilioSimulator"]
