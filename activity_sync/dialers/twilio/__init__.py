"""Twilio Programmable Voice, polled: the calls of one account, joined from parents and children."""

from activity_sync.dialers.twilio.source import Twilio
from activity_sync.dialers.twilio.verification import verify

__all__ = ["Twilio", "verify"]
