"""Findings in words, for `explain`, `preview` and the sync log."""

from __future__ import annotations

from activity_sync.model.light import light_dataclass


@light_dataclass(frozen=True, slots=True)
class Candidate:
    """A record that was looked at, and why it was kept or dropped."""

    module: str
    id: str
    name: str
    kept: bool
    because: str
