"""Quo (formerly OpenPhone), polled: the calls of the whole workspace, by the API of 2026-03-30."""

from activity_sync.dialers.quo.source import Quo
from activity_sync.dialers.quo.verification import verify

__all__ = ["Quo", "verify"]
