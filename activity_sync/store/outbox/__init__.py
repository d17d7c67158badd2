"""The outbox: planned writes and where they stand. `adding` puts in, `sending` takes to Zoho, `reading` tells.

A write is on disk as SENDING before it is sent. READY rows may be replaced by a newer plan; what may have reached
Zoho (SENDING, UNCERTAIN, PARKED) is never touched by a plan, and nothing else is sent for its slot meanwhile.
"""

from activity_sync.store.outbox.adding import Added, add
from activity_sync.store.outbox.reading import (
    being_made,
    counts,
    failed_unsent,
    keys_open,
    keys_remade,
    next_turn,
    open_rows,
    ready,
    row,
    rows_of,
    rows_of_run,
    rows_undoing,
    waiting_for_credits,
)
from activity_sync.store.outbox.sending import (
    claim,
    drop,
    drop_creates,
    fail,
    hurry_backfill,
    looked,
    narrow,
    park,
    recover,
    release,
    remember,
    rest_backfill,
    retry,
    send_again,
    settle,
    uncertain,
)

__all__ = [
    "Added",
    "add",
    "being_made",
    "claim",
    "counts",
    "drop",
    "drop_creates",
    "fail",
    "failed_unsent",
    "hurry_backfill",
    "keys_open",
    "keys_remade",
    "looked",
    "narrow",
    "next_turn",
    "open_rows",
    "park",
    "ready",
    "recover",
    "release",
    "remember",
    "rest_backfill",
    "retry",
    "row",
    "rows_of",
    "rows_of_run",
    "rows_undoing",
    "send_again",
    "settle",
    "uncertain",
    "waiting_for_credits",
]
