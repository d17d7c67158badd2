"""JustCall (API v2.1), polled: one list of calls for the whole company."""

from activity_sync.dialers.justcall.source import JustCall

__all__ = ["JustCall"]
