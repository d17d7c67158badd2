"""The nouns: frozen values that every other part speaks in.

Imports nothing of ours, reads no clock, does no I/O. Times are aware datetimes in UTC throughout.
"""
