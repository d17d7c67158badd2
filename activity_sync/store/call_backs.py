"""Missed calls, and the later ones in which their callers were reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import Session, col

from activity_sync.model.decisions import Lookup, State
from activity_sync.model.interactions import Outcome
from activity_sync.model.records import AddressKind
from activity_sync.store.interactions import reopen
from activity_sync.store.sharing import by_kind, sharing_one_of
from activity_sync.store.tables import Interactions

_PLACED = (State.LOGGED, State.ADOPTED)
_NOT_REACHED = (Outcome.MISSED.value, Outcome.VOICEMAIL.value, Outcome.NO_ANSWER.value, Outcome.BUSY.value)
_CALL_BACK_WITHIN = timedelta(days=30)


def reopen_missed(session: Session, numbers: Sequence[Lookup], before: datetime, now: datetime) -> None:
    """Open the missed calls of these numbers before a moment: one of our people has reached the caller since."""
    for values in by_kind(numbers).values():
        asked = {"kind": AddressKind.NUMBER.value, "values": values, "since": before - _CALL_BACK_WITHIN}
        missed = session.connection().execute(_missed(), {**asked, "before": before}).scalars().all()
        if missed:
            reopen(session, missed, now)


@cache
def _missed() -> Any:
    before = Interactions.starts < bindparam("before")
    return sharing_one_of(_PLACED).where(before, col(Interactions.outcome).in_(_NOT_REACHED))


def reached_at(session: Session, numbers: Sequence[Lookup], after: datetime) -> datetime | None:
    """When a call with one of these numbers that began after a moment was first answered; None: not since."""
    for values in by_kind(numbers).values():
        asked = {"kind": AddressKind.NUMBER.value, "values": values, "since": after}
        first: datetime | None = session.connection().execute(_answered(), {**asked, "after": after}).scalar_one()
        if first is not None:
            return first
    return None


@cache
def _answered() -> Any:
    answered = Interactions.outcome == Outcome.ANSWERED.value
    later = sharing_one_of(()).where(Interactions.starts > bindparam("after"), answered)
    return later.with_only_columns(func.min(Interactions.starts))
