"""Aircall's public API, as strict as it is documented to be."""

from activity_sync.simulator.dialers.aircall.simulator import AircallSimulator

__all__ = ["AircallSimulator"]
