"""Aircall (public API v1), polled: one list of calls for the whole company."""

from activity_sync.dialers.aircall.source import Aircall

__all__ = ["Aircall"]
