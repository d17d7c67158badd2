"""What one reading of an import has found so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from activity_sync.dialers.imported.rows import Told
from activity_sync.model.call_window import is_inside
from activity_sync.model.interactions import CallLeg
from activity_sync.model.ports import Changes, Span, Unreadable


@dataclass(slots=True)
class Portion:
    """Rows of a range. `most`: how many are read at once. `older`: how many were of calls before the range, of which
    `oldest` is the first."""

    span: Span
    most: int
    told: list[Told] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    rows: int = 0
    older: int = 0
    oldest: datetime | None = None

    @property
    def is_full(self) -> bool:
        """Whether the rest is for the next portion."""
        return self.rows >= self.most

    def leave_out(self, started: datetime) -> None:
        """A row of a call outside the range. In a range of the past that is nothing to tell of."""
        if started < self.span.oldest and self.span.newest >= self.span.now:
            self.older += 1
            self.oldest = min(started, self.oldest or started)

    def changes(self, told: Iterable[Told], cursor: str) -> Changes:
        """What is handed over. `told`: of each row that counts."""
        legs: list[CallLeg] = []
        gone: list[str] = []
        for one in told:
            if one.leg and is_inside(one.leg.started, self.span):
                legs.append(one.leg)
            elif one.withdrawn:
                gone.append(one.record_id)
        return Changes(
            sightings=legs,
            gone=gone,
            unreadable=self.unreadable,
            cursor=cursor,
            more=self.is_full,
            left_out=self._told_of_older(),
        )

    def _told_of_older(self) -> str:
        """A sentence about the rows that are too old; "" when there are none."""
        if self.oldest is None:
            return ""
        rows = "1 row is" if self.older == 1 else f"{self.older:,} rows are"
        return (
            f"{rows} of calls from before {self.span.oldest:%Y-%m-%d %H:%M} UTC and wait for a backfill: "
            f"activity-sync backfill --from {self.oldest:%Y-%m-%d}"
        )
