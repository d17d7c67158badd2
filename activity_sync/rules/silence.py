"""Who has fallen silent: nothing for longer than is usual for this rep or connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from activity_sync.model.settings import BusinessDays, Delay
from activity_sync.rules.business_time import add

ENOUGH = 3
"""Of fewer interactions nobody can tell what is usual."""

_SLACK = 1.25
"""So much longer than the longest pause before, before it is said."""


def silent_since(
    times: Sequence[datetime], now: datetime, after: Delay | timedelta, business_days: BusinessDays, zone: ZoneInfo
) -> datetime | None:
    """When the last one was, if the pause since then is longer than `after` and than any pause before; else None.

    `times`: when the interactions of the last weeks started, in order, none of them after `now`.
    """
    if len(times) < ENOUGH:
        return None
    last = times[-1]
    allowed = add(after, last, business_days, zone) if isinstance(after, Delay) else last + after
    longest = max(later - earlier for earlier, later in pairwise(times))
    return last if now > allowed and now - last > longest * _SLACK else None
