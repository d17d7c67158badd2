"""Interactions of the past: brought in, taken back, taken up again, and asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from activity_sync.model.decisions import Lookup, State
from activity_sync.store.tables import InteractionAddresses, Interactions
from activity_sync.store.upserting import in_portions


def mark_backfilled(session: Session, keys: Iterable[str], run: int) -> None:
    """Those of these that were never judged were brought in from the past by this run."""
    for portion in in_portions(sorted(set(keys))):
        fresh = (
            col(Interactions.key).in_(portion),
            col(Interactions.state) == "",
            col(Interactions.backfilled).is_(None),
        )
        session.exec(update(Interactions).where(*fresh).values(backfilled=run))


def take_back(session: Session, key: str, run: int, now: datetime) -> None:
    """It is undone by `run`: nothing is planned for it until it is taken up again."""
    here = update(Interactions).where(col(Interactions.key) == key)
    session.exec(here.values(undone=run, state=State.PLANNED.value, reason="", judge_at=None, updated_at=now))


def take_up(session: Session, keys: Iterable[str], now: datetime) -> None:
    """Judge these anew, as if nothing had been settled about them: undone ones too."""
    for portion in in_portions(sorted(set(keys))):
        for row in session.exec(select(Interactions).where(col(Interactions.key).in_(portion))):
            row.undone, row.judge_at = None, now
            row.decided = {name: value for name, value in (row.decided or {}).items() if name != "stage_left"} or None
            session.add(row)
    session.flush()


def sharing(session: Session, lookups: Iterable[Lookup]) -> set[str]:
    """Keys of all interactions whose match looked for one of these addresses."""
    keys: set[str] = set()
    by_kind: dict[str, list[str]] = {}
    for lookup in lookups:
        by_kind.setdefault(lookup.kind.value, []).append(lookup.value)
    for kind, values in by_kind.items():
        for portion in in_portions(values):
            here = (InteractionAddresses.kind == kind, col(InteractionAddresses.value).in_(portion))
            keys |= set(session.exec(select(InteractionAddresses.key).where(*here)))
    return keys


def times(session: Session, since: datetime, until: datetime) -> Iterator[tuple[str, str, datetime]]:
    """Rep, source and start of every interaction that starts in [since, until), earliest first."""
    columns = select(Interactions.rep, Interactions.source, Interactions.starts)
    rows = columns.where(Interactions.starts >= since, Interactions.starts < until)
    yield from session.exec(rows.order_by(col(Interactions.starts)))
