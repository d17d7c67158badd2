"""Writes, reads back and deletes records of its own, and says what they taught (zoho.md 11).

Everything that it makes bears `MARKER` as its title; whatever happens, it removes these again: at its end by their
ids, and at the beginning of the next one by the marker, should it have been killed in between.
"""

from activity_sync.zoho.self_test.records import MARKER
from activity_sync.zoho.self_test.running import self_test

__all__ = ["MARKER", "self_test"]
