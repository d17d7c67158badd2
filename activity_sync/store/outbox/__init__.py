"""The outbox: planned writes and where they stand. `adding` puts in, `sending` takes to Zoho, `reading` tells.

A write is on disk as SENDING before it is sent. READY rows may be replaced by a newer plan; what may have reached
Zoho (SENDING, UNCERTAIN, PARKED) is never touched by a plan, and nothing else is sent for its slot meanwhile.
"""

from activity_sync.store.outbox.adding import Added, add
from activity_sync.store.outbox.reading import counts, failed_keys, next_turn, open_rows, row, rows_of, rows_of_run
from activity_sync.store.outbox.sending import (
    claim,
    drop,
    drop_creates,
    fail,
    looked,
    narrow,
    park,
    recover,
    release,
    retry,
    send_again,
    settle,
    uncertain,
)

__all__ = [
    "Added",
    "add",
    "claim",
    "counts",
    "drop",
    "drop_creates",
    "fail",
    "failed_keys",
    "looked",
    "narrow",
    "next_turn",
    "open_rows",
    "park",
    "recover",
    "release",
    "retry",
    "row",
    "rows_of",
    "rows_of_run",
    "send_again",
    "settle",
    "uncertain",
]
