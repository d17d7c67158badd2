"""What becomes of a call."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator

from activity_sync.model.settings.durations import Duration
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import CallOutcome, unique


class Calls(Section):
    """settle: the wait after the end before a call is judged. min_talk: for answered calls."""

    settle: Duration = timedelta(seconds=60)
    min_talk: Duration = timedelta(0)
    internal: Literal["skip", "log"] = "skip"
    withheld: Literal["skip", "log"] = "skip"
    outcomes: Annotated[tuple[CallOutcome, ...], AfterValidator(unique)] = (
        "answered",
        "missed",
        "voicemail",
        "no_answer",
        "busy",
    )
    summary: bool = True
