"""The company of the journeys."""

from tests.journeys.conftest import found, nursery

__all__ = ["found", "nursery"]
