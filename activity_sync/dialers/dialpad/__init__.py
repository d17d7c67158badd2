"""Dialpad, polled: the concluded calls of the whole company, joined from entry points and operators."""

from activity_sync.dialers.dialpad.source import Dialpad
from activity_sync.dialers.dialpad.verification import verify

__all__ = ["Dialpad", "verify"]
