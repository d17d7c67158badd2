"""RingCentral (RingEX), polled: the company's call log in its detailed view."""

from activity_sync.dialers.ringcentral.source import RingCentral
from activity_sync.dialers.ringcentral.verification import handshake, verify

__all__ = ["RingCentral", "handshake", "verify"]
