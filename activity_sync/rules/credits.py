"""What each purpose may spend now: comparing in idle credits yields first, then backfill, then reading; live writes
last (zoho.md 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(hours=24)
"""Zoho's window is rolling: a credit returns this long after it was spent."""

_BASE = 50_000
_CAREFUL = 5_000
_EDITIONS: dict[str, tuple[int, int | None]] = {
    "standard": (250, 100_000),
    "starter": (250, 100_000),
    "professional": (500, 3_000_000),
    "enterprise": (1_000, 5_000_000),
    "zohoone": (1_000, 5_000_000),
    "ultimate": (2_000, None),
    "crmplus": (2_000, None),
}
_SHARES = {"comparing": 0.5, "backfill": 0.6, "reading": 0.85, "checking": 0.95, "writing": 1.0}


@dataclass(frozen=True, slots=True)
class Forecast:
    """A day's spending at the present pace, what may be spent, and how long that `lasts`; None: long enough."""

    expected: int
    usable: int
    lasts: timedelta | None


def daily_limit(edition: str, licences: int) -> int:
    """Credits that an org has in 24 hours. An edition that is not known counts as Free, the smallest."""
    terms = _EDITIONS.get(edition.casefold().replace(" ", "").replace("_", "").replace("-", ""))
    if terms is None:
        return _CAREFUL
    per_user, ceiling = terms
    total = _BASE + per_user * max(licences, 0)
    return total if ceiling is None else min(total, ceiling)


def usable(limit: int, keep_free: float) -> int:
    """What we may spend of a daily limit when the share `keep_free` (0..1) is left to others."""
    return int(limit * (1 - keep_free))


def allowance(purpose: str, limit: int, keep_free: float, used: int) -> int:
    """Credits that `purpose` may spend now, when `used` were spent in the window by all of them.

    `purpose`: writing, checking, reading, backfill or comparing; another counts as reading.
    """
    share = _SHARES.get(purpose, _SHARES["reading"])
    return max(0, int(usable(limit, keep_free) * share) - used)


def objection(purpose: str, credits: int, limit: int, keep_free: float, used: int, remaining: int | None) -> str:
    """Why a call may not be made now, in a sentence; "" when it may.

    `used`: booked by us in the window. `remaining`: what Zoho said is left, others' use included; None: it did not.
    """
    spent = used if remaining is None else max(used, limit - remaining)
    left = allowance(purpose, limit, keep_free, spent)
    if credits <= left:
        return ""
    needed = "1 credit" if credits == 1 else f"{credits:,} credits"
    return (
        f"{purpose} needs {needed} and may use {left:,} now: {spent:,} of {limit:,} were spent in 24 hours"
        f" and {keep_free:.0%} are kept free for others"
    )


def forecast(used: int, over: timedelta, limit: int, keep_free: float) -> Forecast:
    """Where `used` credits, spent during `over`, lead by the end of a day."""
    most = usable(limit, keep_free)
    span = min(max(over, timedelta(minutes=1)), WINDOW)
    expected = round(used * (WINDOW / span))
    if expected <= most:
        return Forecast(expected, most, None)
    return Forecast(expected, most, max(span * ((most - used) / used), timedelta(0)))
