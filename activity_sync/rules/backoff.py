"""After a failure: when to try again, or whether to give up."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from activity_sync.model.failures import (
    ConnectionFailure,
    OutOfCredits,
    Refused,
    SignInAgain,
    StartOver,
    TryLater,
    Uncertain,
    Unexpected,
)

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(hours=1)
_UNCERTAIN = timedelta(minutes=2)  # longer than any late commit that was seen (stack.md 5)
_OUT_OF_CREDITS = timedelta(hours=1)  # zoho.md 2.5: the window is rolling, credits trickle back
_SIGN_IN = timedelta(minutes=15)
_MOST_ODD_ANSWERS = 8
_MOST_TRIES = 200  # about a week


def next_try(attempts: int, failure: ConnectionFailure, now: datetime, number: int = 0) -> datetime | None:
    """When to try again after `attempts` tries (1 or more) of which the last failed so; None: give up.

    `number`: of the outbox row; it spreads rows that failed together, always in the same way.
    """
    wait = _wait(attempts, failure)
    return None if wait is None else now + wait + _spread(wait, attempts, number)


def _wait(attempts: int, failure: ConnectionFailure) -> timedelta | None:
    match failure:
        case Refused():
            return None
        case Uncertain():
            return _UNCERTAIN
        case SignInAgain():
            return _SIGN_IN
        case OutOfCredits():
            return _OUT_OF_CREDITS
        case StartOver():
            return timedelta(0)
        case Unexpected() if attempts >= _MOST_ODD_ANSWERS:
            return None
        case TryLater() if attempts >= _MOST_TRIES:
            return None
        case TryLater(after=timedelta() as asked):
            return max(asked, timedelta(0))
    return _doubled(attempts)


def _doubled(attempts: int) -> timedelta:
    return min(_FIRST * (1 << min(max(attempts, 1) - 1, 20)), _LONGEST)


def _spread(wait: timedelta, attempts: int, number: int) -> timedelta:
    """Up to a fifth of the wait, never less than was asked for."""
    digest = hashlib.sha256(f"{number}/{attempts}".encode()).digest()
    return wait * 0.2 * (int.from_bytes(digest[:4], "big") / 2**32)
