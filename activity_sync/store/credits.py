"""The ledger of API credits: what was booked, by purpose, in Zoho's rolling 24 hours."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
_REPORT_LASTS = timedelta(hours=1)
"""After this a report stops nothing any more: one call finds out how it stands now (zoho.md 2.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the last 24 hours cost. `remaining`: what Zoho reported as left, less what was booked since; None: it
    has not said so within the window; `heard`: when it did. `oldest`: the first booking of the window, which falls
    out of it next."""

    by_purpose: Mapping[str, int] = field(default_factory=dict)
    remaining: int | None = None
    heard: datetime | None = None
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
        self._heard = False

    def book(self, purpose: str, credits: int, what: str) -> None:
        """Book a call. `purpose`: reading, writing, checking, backfill. Raises OutOfCredits with the reason."""
        with self._lock, self._database.transaction() as session:
            now = self._clock()
            self._keep_reported(session)
            reason = self._may(purpose, credits, self._believed(spent(session, now), now))
            if not reason:
                session.add(Credits(at=now, purpose=purpose, credits=credits, what=what))
        if reason:  # outside, so that what Zoho reported stays on disk
            raise OutOfCredits(reason)

    def reported(self, remaining: int) -> None:
        """Zoho said how many credits are left. Kept with the next booking: a commit for each answer is too dear."""
        with self._lock:
            self._reported = (remaining, self._clock())
            self._heard = True

    def keep(self) -> None:
        """Put on disk what Zoho said last, for the next process."""
        if self._reported is not None:
            with self._lock, self._database.transaction() as session:
                self._keep_reported(session)

    def spent(self) -> Spent:
        """What the last 24 hours cost."""
        with self._lock, self._database.transaction() as session:
            self._keep_reported(session)
            return spent(session, self._clock())

    def _believed(self, known: Spent, now: datetime) -> Spent:
        """Without what Zoho said long ago or to another process: credits come back all day, and a call tells it."""
        fresh = self._heard and known.heard is not None and now - known.heard < _REPORT_LASTS
        return known if fresh else replace(known, remaining=None)

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
    remaining, heard = _remaining(session, since)
    return Spent(by_purpose=by_purpose, remaining=remaining, heard=heard, oldest=oldest)


def used_between(session: Session, start: datetime, end: datetime) -> Spent:
    """What was booked at or after `start` and before `end` (a run)."""
    rows = select(Credits.purpose, func.sum(Credits.credits)).where(Credits.at >= start, Credits.at < end)
    return Spent(by_purpose={purpose: int(total) for purpose, total in session.exec(rows.group_by(Credits.purpose))})


def forget_bookings(session: Session, before: datetime) -> None:
    """Drop bookings older than a moment (retention)."""
    session.exec(delete(Credits).where(col(Credits.at) < before))


def _last_booking(session: Session) -> int:
    return session.exec(select(func.max(Credits.id))).one() or 0


def _remaining(session: Session, since: datetime) -> tuple[int | None, datetime | None]:
    reported, at = dated_fact(session, _REPORTED)
    if reported is None or at is None or at <= since:
        return None, None
    later = select(func.coalesce(func.sum(Credits.credits), 0)).where(col(Credits.id) > reported["last"])
    return max(0, int(reported["remaining"]) - int(session.exec(later).one())), at
