"""CloudTalk's list of calls, as strict as it is documented to be."""

from activity_sync.simulator.dialers.cloudtalk.simulator import CloudTalkSimulator

__all__ = ["CloudTalkSimulator"]
