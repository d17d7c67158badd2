"""Puts the pretend vendors, the company and the scenes together, for demo and tests."""

from activity_sync.simulator.stage.expectations import Expectation, mistakes
from activity_sync.simulator.stage.stage import Stage

__all__ = ["Expectation", "Stage", "mistakes"]
