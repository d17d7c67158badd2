"""A pretend JustCall: API v2.1 as far as a reader of calls meets it."""

from activity_sync.simulator.dialers.justcall.simulator import JustCallSimulator

__all__ = ["JustCallSimulator"]
