"""The ledger of API credits: what was booked, by purpose, in Zoho's rolling 24 hours."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from activity_sync.model.failures import OutOfCredits
from activity_sync.model.ports import Clock
from activity_sync.store.database import Database
from activity_sync.store.facts import dated_fact, keep_fact
from activity_sync.store.tables import Credits

WINDOW = timedelta(hours=24)

_REPORTED = "credits_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the last 24 hours cost. `remaining`: what Zoho reported as left, less what was booked since; None: it
    has not said so within the window. `oldest`: the first booking of the window, which falls out of it next."""

    by_purpose: Mapping[str, int] = field(default_factory=dict)
    remaining: int | None = None
    oldest: datetime | None = None

    @property
    def total(self) -> int:
        """All purposes together."""
        return sum(self.by_purpose.values())


May = Callable[[str, int, Spent], str]
"""(purpose, credits, what was spent) → "" if they may be booked, else the reason in a sentence."""


class Ledger:
    """Books credits before they are spent (`model.ports.CreditLedger`); each booking is on disk when it returns."""

    def __init__(self, database: Database, clock: Clock, may: May) -> None:
        """`may` decides; it is asked with the figures of this moment, and nobody books in between."""
        self._database = database
        self._clock = clock
        self._may = may
        self._lock = threading.Lock()
        self._reported: tuple[int, datetime] | None = None

    def book(self, purpose: str, credits: int, what: str) -> None:
        """Book a call. `purpose`: reading, writing, checking, backfill. Raises OutOfCredits with the reason."""
        with self._lock, self._database.transaction() as session:
            now = self._clock()
            self._keep_reported(session)
            if reason := self._may(purpose, credits, spent(session, now)):
                raise OutOfCredits(reason)
            session.add(Credits(at=now, purpose=purpose, credits=credits, what=what))

    def reported(self, remaining: int) -> None:
        """Zoho said how many credits are left. Kept with the next booking: a commit for each answer is too dear."""
        with self._lock:
            self._reported = (remaining, self._clock())

    def spent(self) -> Spent:
        """What the last 24 hours cost."""
        with self._lock, self._database.transaction() as session:
            self._keep_reported(session)
            return spent(session, self._clock())

    def _keep_reported(self, session: Session) -> None:
        if self._reported is not None:
            remaining, at = self._reported
            keep_fact(session, _REPORTED, {"remaining": remaining, "last": _last_booking(session)}, at)
            self._reported = None


def spent(session: Session, now: datetime) -> Spent:
    """What the 24 hours before `now` cost."""
    since = now - WINDOW
    rows = select(Credits.purpose, func.sum(Credits.credits)).where(Credits.at > since).group_by(Credits.purpose)
    by_purpose = {purpose: int(total) for purpose, total in session.exec(rows)}
    oldest = session.exec(select(func.min(Credits.at)).where(Credits.at > since)).one()
    return Spent(by_purpose=by_purpose, remaining=_remaining(session, since), oldest=oldest)


def used_between(session: Session, start: datetime, end: datetime) -> Spent:
    """What was booked at or after `start` and before `end` (a run)."""
    rows = select(Credits.purpose, func.sum(Credits.credits)).where(Credits.at >= start, Credits.at < end)
    return Spent(by_purpose={purpose: int(total) for purpose, total in session.exec(rows.group_by(Credits.purpose))})


def forget_bookings(session: Session, before: datetime) -> None:
    """Drop bookings older than a moment (retention)."""
    session.exec(delete(Credits).where(col(Credits.at) < before))


def _last_booking(session: Session) -> int:
    return session.exec(select(func.max(Credits.id))).one() or 0


def _remaining(session: Session, since: datetime) -> int | None:
    reported, at = dated_fact(session, _REPORTED)
    if reported is None or at is None or at <= since:
        return None
    later = select(func.coalesce(func.sum(Credits.credits), 0)).where(col(Credits.id) > reported["last"])
    return max(0, int(reported["remaining"]) - int(session.exec(later).one()))
