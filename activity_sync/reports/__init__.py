"""Read-only answers for the faces: plain values, ready to be printed or sent as JSON.

A report takes a Session and settings, asks `store` and `rules`, and changes nothing. Times are UTC; in JSON they
are ISO 8601 with offset.
"""
