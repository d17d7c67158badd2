"""Zoom's sign-in and Zoom Phone's call history, as strict as they are documented to be."""

from activity_sync.simulator.dialers.zoom_phone.simulator import ZoomPhoneSimulator

__all__ = ["ZoomPhoneSimulator"]
