"""Dialpad's list of concluded calls, as strict as it is documented to be."""

from activity_sync.simulator.dialers.dialpad.simulator import DialpadSimulator

__all__ = ["DialpadSimulator"]
