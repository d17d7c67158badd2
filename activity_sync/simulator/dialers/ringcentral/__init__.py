"""RingCentral's call log, as strict as it is documented to be."""

from activity_sync.simulator.dialers.ringcentral.simulator import RingCentralSimulator

__all__ = ["RingCentralSimulator"]
