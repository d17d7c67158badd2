"""Quo's API of 2026-03-30, as strict as it is documented to be."""

from activity_sync.simulator.dialers.quo.simulator import QuoSimulator

__all__ = ["QuoSimulator"]
