"""Zoom Phone, polled: the call history of the whole account, with the path of every call that somebody answered."""

from activity_sync.dialers.zoom_phone.source import ZoomPhone
from activity_sync.dialers.zoom_phone.verification import handshake, verify

__all__ = ["ZoomPhone", "handshake", "verify"]
