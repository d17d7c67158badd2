"""Findings in words, for `explain`, `preview` and the sync log."""

from __future__ import annotations

from typing import NamedTuple


class Candidate(NamedTuple):
    """A record that was looked at, and why it was kept or dropped."""

    module: str
    id: str
    name: str
    kept: bool
    because: str
