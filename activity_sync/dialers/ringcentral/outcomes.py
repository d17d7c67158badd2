"""RingCentral's many results, and what they mean (dialers.md 3.5, 3.6). Pure."""

from __future__ import annotations

from activity_sync.model.interactions import Outcome

RUNNING = "in progress"

_CONNECTED = frozenset({"accepted", "call connected"})
_MESSAGE = frozenset({"voicemail", "reply"})
_NOT_REACHED_IN = frozenset({
    "missed", "no answer", "abandoned", "rejected", "declined", "hang up", "busy", "answered not accepted",
})  # fmt: skip
_NOT_REACHED_OUT = frozenset({"no answer", "hang up", "stopped", "missed", "abandoned"})


def is_running(result: str) -> bool:
    """Whether this result says that the call goes on."""
    return result.casefold() == RUNNING


def is_connected(result: str) -> bool:
    """Whether this result says that somebody answered."""
    return result.casefold() in _CONNECTED


def to_outcome(result: str, *, inbound: bool) -> Outcome:
    """What became of a call with this result; UNKNOWN without one."""
    word = result.casefold()
    if word in _CONNECTED:
        return Outcome.ANSWERED
    if word in _MESSAGE:
        return Outcome.VOICEMAIL
    if inbound and word in _NOT_REACHED_IN:
        return Outcome.MISSED
    if not inbound and word in _NOT_REACHED_OUT:
        return Outcome.NO_ANSWER
    if word == "busy":
        return Outcome.BUSY
    return Outcome.UNKNOWN if word in {"", "unknown", RUNNING} else Outcome.FAILED
