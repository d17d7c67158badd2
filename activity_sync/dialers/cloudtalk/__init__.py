"""CloudTalk, polled: one list of calls for the whole company."""

from activity_sync.dialers.cloudtalk.source import CloudTalk
from activity_sync.dialers.cloudtalk.verification import verify

__all__ = ["CloudTalk", "verify"]
