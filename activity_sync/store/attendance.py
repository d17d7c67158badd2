"""Who was in online meetings, as far as their vendors tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from activity_sync.model.decisions import State
from activity_sync.model.interactions import Kind
from activity_sync.store.tables import Attendances, Interactions


def to_ask(session: Session, since: datetime, until: datetime, now: datetime, limit: int) -> Sequence[str]:
    """The keys of meetings that ended between these moments and whose turn it is, the oldest first."""
    asked = select(Interactions.key).join(Attendances, col(Attendances.key) == col(Interactions.key), isouter=True)
    found = asked.where(
        Interactions.kind == Kind.MEETING.value,
        col(Interactions.ends) > since,
        col(Interactions.ends) <= until,
        Interactions.state != State.SCREENED.value,
        or_(col(Attendances.key).is_(None), col(Attendances.next_at) <= now),
    )
    return session.exec(found.order_by(col(Interactions.ends), col(Interactions.key)).limit(limit)).all()


def asked(session: Session, key: str) -> int:
    """How often the vendor was asked about this meeting."""
    row = session.get(Attendances, key, populate_existing=True)
    return row.asked if row is not None else 0


def attended(session: Session, key: str) -> tuple[int, int] | None:
    """How many of ours and how many others were there; None: not known."""
    row = session.get(Attendances, key, populate_existing=True)
    return (row.ours, row.others) if row is not None and row.others >= 0 else None


def keep(session: Session, key: str, seen: tuple[int, int] | None, times: int, next_at: datetime | None) -> None:
    """Keep what the vendor said, None: nothing; what was known before stays then. `next_at`: None: ask no more."""
    before = session.get(Attendances, key, populate_existing=True)
    ours, others = seen or ((before.ours, before.others) if before else (-1, -1))
    session.merge(Attendances(key=key, ours=ours, others=others, asked=times, next_at=next_at))
    session.flush()
