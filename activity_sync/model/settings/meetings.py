"""What becomes of a meeting."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from activity_sync.model.settings.durations import Duration
from activity_sync.model.settings.section import Section


class Meetings(Section):
    """horizon: how far ahead. settle: the wait after the end before outcome and follow-ups."""

    write: Literal["scheduled", "ended"] = "scheduled"
    horizon: Duration = timedelta(days=14)
    settle: Duration = timedelta(minutes=15)
    assume_held: bool = True
    all_day: bool = False
    private: Literal["skip", "redact", "log"] = "skip"
    declined: Literal["skip", "log"] = "skip"
    cancelled: Literal["delete", "mark", "keep"] = "delete"
    external_only: bool = True
    one_activity_per: Literal["meeting", "rep"] = "meeting"
    participants: bool = False
    description: bool = True
