"""Writes: what a row may hold, what happens to the record, what the answer says."""
