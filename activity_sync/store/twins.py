"""Interactions that may be one: of one owner, at one time, with one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from activity_sync.model.activities import NEAR
from activity_sync.model.decisions import State
from activity_sync.model.interactions import Kind, Outcome
from activity_sync.model.records import AddressKind
from activity_sync.store.sharing import unindexed
from activity_sync.store.tables import InteractionAddresses, Interactions

_LONGEST = timedelta(days=2)
"""No appointment for a telephone call is longer; without it all that began earlier would be looked through."""

_THERE = [state.value for state in (State.PLANNED, State.LOGGED)]


def earlier_call(
    session: Session, key: str, source: str, owner_id: str, start: datetime, numbers: Iterable[str]
) -> str:
    """The key of the same call as another source told it before, or as which somebody's own record was adopted; "":
    there is none."""
    same = select(Interactions).join(
        InteractionAddresses, col(InteractionAddresses.key) == col(Interactions.key)
    ).where(
        InteractionAddresses.kind == AddressKind.NUMBER.value, col(InteractionAddresses.value).in_(list(numbers)),
        *_at(Kind.CALL, owner_id, start - NEAR, start + NEAR),
        unindexed(Interactions.state).in_([*_THERE, State.ADOPTED.value]),
        Interactions.source != source, Interactions.key != key,
    )  # fmt: skip
    rows = session.exec(same).all()
    mine = session.get(Interactions, key, populate_existing=True) if rows else None
    rank = (mine.first_seen, key) if mine is not None else None
    found = [row for row in rows if row.state != State.ADOPTED and (rank is None or (row.first_seen, row.key) < rank)]
    return min((row.key for row in [*found, *filter(_has_adopted, rows)]), default="")


def call_within(session: Session, owner_id: str, begin: datetime, end: datetime, records: frozenset[str]) -> str:
    """The key of an answered call of this owner with one of these people or records, begun in that time; "": none."""
    rows = select(Interactions).where(
        *_of(Kind.CALL, owner_id, begin, end), Interactions.outcome == Outcome.ANSWERED.value
    )
    found = (row.key for row in session.exec(rows.order_by(col(Interactions.starts))).all() if _on(row) & records)
    return next(found, "")


def entries_around(session: Session, owner_id: str, at: datetime, before: timedelta) -> Sequence[str]:
    """The keys of the meetings of this owner during which, or so long before which, something began."""
    rows = select(Interactions.key).where(
        Interactions.kind == Kind.MEETING.value, Interactions.owner_id == owner_id,
        Interactions.starts >= at - _LONGEST, Interactions.starts <= at + before, col(Interactions.ends) >= at,
        col(Interactions.state).in_(_THERE),
    )  # fmt: skip
    return session.exec(rows.order_by(Interactions.key)).all()


def _has_adopted(row: Interactions) -> bool:
    """Whether it stands as a record that somebody else made, not as another interaction."""
    return row.state == State.ADOPTED and str((row.decided or {}).get("adopted", "")).isdigit()


def _of(kind: Kind, owner_id: str, begin: datetime, end: datetime) -> tuple[Any, ...]:
    return (*_at(kind, owner_id, begin, end), col(Interactions.state).in_(_THERE))


def _at(kind: Kind, owner_id: str, begin: datetime, end: datetime) -> tuple[Any, ...]:
    return (
        Interactions.kind == kind.value, Interactions.owner_id == owner_id,
        Interactions.starts >= begin, Interactions.starts <= end,
    )  # fmt: skip


def _on(row: Interactions) -> frozenset[str]:
    said = row.decided or {}
    named = (said.get("target"), said.get("who"))
    return frozenset(str(one["id"]) for one in named if one and one.get("id"))
