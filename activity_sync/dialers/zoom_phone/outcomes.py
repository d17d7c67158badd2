"""Zoom's many results, and what they mean (dialers.md 5.5, 15.5). Pure."""

from __future__ import annotations

from activity_sync.model.interactions import Outcome

_CONNECTED = frozenset({"answered", "accepted", "picked_up", "connected", "succeeded"})
_BROKEN = frozenset({
    "call_failed", "invalid_key", "invalid_operation", "system_blocked", "service_unavailable",
})  # fmt: skip
_NOT_REACHED = frozenset({
    "no_answer", "ring_timeout", "rejected", "abandoned", "overflowed", "hang_up", "unconnected", "canceled", "busy",
})  # fmt: skip


def is_connected(result: str) -> bool:
    """Whether this result says that somebody or something answered."""
    return result.casefold() in _CONNECTED


def to_outcome(result: str, *, inbound: bool) -> Outcome:
    """What became of a call with this result; UNKNOWN without one, or with a word that is new."""
    word = result.casefold()
    if word in _CONNECTED:
        return Outcome.ANSWERED
    if word == "voicemail":
        return Outcome.VOICEMAIL
    if word in _BROKEN or (word == "canceled" and not inbound):
        return Outcome.FAILED
    if word == "busy" and not inbound:
        return Outcome.BUSY
    if word in _NOT_REACHED:
        return Outcome.MISSED if inbound else Outcome.NO_ANSWER
    return Outcome.UNKNOWN
