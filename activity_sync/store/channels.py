"""The channels by which calendars push."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from activity_sync.store.tables import Channels


def channels(session: Session, source: str | None = None) -> Sequence[Channels]:
    """All of them, or those of one connection, by source and part."""
    rows = select(Channels).order_by(col(Channels.source), col(Channels.part))
    return session.exec(rows.where(Channels.source == source) if source is not None else rows).all()


def by_id(session: Session, source: str, channel: str) -> Channels | None:
    """The channel of a connection that has this id at the vendor."""
    if not channel:
        return None
    return session.exec(select(Channels).where(Channels.source == source, Channels.channel == channel)).first()


def keep(session: Session, row: Channels) -> None:
    """Store a channel, in place of what was known of it."""
    session.merge(row)
    session.flush()


def forget(session: Session, source: str, part: str) -> None:
    """There is no channel any more."""
    row = session.get(Channels, (source, part))
    if row is not None:
        session.delete(row)
        session.flush()


def renew_soon(session: Session, source: str, channel: str, now: datetime, *, ended: bool) -> None:
    """The vendor says that a channel must be renewed, or (`ended`) that it is no more."""
    row = by_id(session, source, channel)
    if row is not None:
        row.next_at = now
        row.channel = "" if ended else row.channel
        session.add(row)
        session.flush()
