"""Telephone numbers: what libphonenumber says about a text, and what we do with it."""

from activity_sync.model.numbers.canonical import canonical
from activity_sync.model.numbers.reading import Key, Number, NumberKind, plain_number, read_number, region_of_number

__all__ = ["Key", "Number", "NumberKind", "canonical", "plain_number", "read_number", "region_of_number"]
