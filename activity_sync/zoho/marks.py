"""How far a list of changes has been read, so that a quiet organisation costs nothing twice.

A change may become visible a little after the time that it carries. So a list is read again from two minutes before
the latest change that was seen, until some minutes have passed by our own clock (a duration, so that a clock that
is wrong does no harm): from then on the mark is settled and only what is later than it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from activity_sync.zoho.coql import moment
from activity_sync.zoho.payloads import moment_of

OVERLAP = timedelta(minutes=2)
_SETTLING = timedelta(minutes=3)
_LONG_AGO = timedelta(hours=1)
_SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`at`: the latest change seen, as Zoho dates it. `reached`: when we saw it first; None: settled."""

    key: str
    at: datetime
    reached: datetime | None

    @property
    def floor(self) -> datetime:
        """Ask for what is not before this (for lists that know only an If-Modified-Since)."""
        return self.at if self.reached is None else self.at - OVERLAP

    def condition(self) -> str:
        """The same as a condition of a query."""
        return f"Modified_Time {'>' if self.reached is None else '>='} {moment(self.floor)}"

    def is_due(self, now: datetime) -> bool:
        """Whether one last look at the overlap settles it."""
        return self.reached is not None and now - self.reached >= _SETTLING

    def moved(self, newest: datetime | None, now: datetime, *, complete: bool) -> Mark:
        """After an answer. `complete`: nothing that was asked for is missing from it."""
        if newest is not None and newest > self.at:
            return replace(self, at=newest, reached=now)
        return replace(self, reached=None) if complete and self.is_due(now) else self

    def cursors(self) -> dict[str, str]:
        """What is kept until the next time."""
        at = self.at.isoformat()
        reached = _SETTLED if self.reached is None else self.reached.isoformat()
        return {self.key: at, f"{self.key}.seen": f"{at} {reached}"}


def read_mark(cursors: Mapping[str, str], key: str, now: datetime, otherwise: datetime | None = None) -> Mark | None:
    """The mark that is kept under `key`; `otherwise`: where to begin when there is none. None: nowhere to begin."""
    at = moment_of(cursors.get(key)) or otherwise
    if at is None:
        return None
    of, _, reached = cursors.get(f"{key}.seen", "").partition(" ")
    if moment_of(of) != at:  # the cursor was set anew, by a load
        return Mark(key=key, at=at, reached=None if now - at > _LONG_AGO else now)
    return Mark(key=key, at=at, reached=None if reached == _SETTLED else moment_of(reached) or now.astimezone(UTC))
