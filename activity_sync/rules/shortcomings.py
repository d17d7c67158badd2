"""What of a plan could not be had as the admin asked: a template that fails, a value that its field does not take."""

from __future__ import annotations

from collections.abc import Iterable

_FAILS, _LEFT_OUT = "the template ", " is left out: "


def shortcomings(trace: Iterable[str]) -> tuple[str, ...]:
    """Those lines of a trace that say so, each once, for the sync log."""
    return tuple(dict.fromkeys(line for line in trace if line.startswith(_FAILS) or _LEFT_OUT in line))
