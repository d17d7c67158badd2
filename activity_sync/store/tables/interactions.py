"""What sources showed, what was judged of it, what was written and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from activity_sync.store.columns import Json, Moment, Words

_OPEN = text("judge_at IS NOT NULL")


class Cursors(SQLModel, table=True):
    """Where a reading starts next: a calendar, a dialer, a module of Zoho. `failing_since` None: it works."""

    __tablename__ = "cursor"

    source: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    cursor: str = Field(default="", sa_type=Words)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    next_at: datetime | None = Field(default=None, sa_type=Moment)
    failures: int = 0
    error: str = Field(default="", sa_type=Words)
    next_step: str = Field(default="", sa_type=Words)
    failing_since: datetime | None = Field(default=None, sa_type=Moment)


class Sightings(SQLModel, table=True):
    """An interaction as one source shows it. `part`: the calendar, "" for a dialer; `native_id` is unique in it."""

    __tablename__ = "sighting"
    __table_args__ = (
        UniqueConstraint("source", "part", "native_id"),
        Index("sighting_starts", "source", "part", "starts"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    part: str
    native_id: str = Field(sa_type=Words)
    key: str = Field(index=True)
    kind: str
    starts: datetime = Field(sa_type=Moment)
    fingerprint: str
    payload: Any = Field(sa_type=Json)
    gone: bool = False
    seen_at: datetime = Field(sa_type=Moment)


class Interactions(SQLModel, table=True):
    """A meeting or call and what the last judgement said. `state` "": never judged. No text of it stands here.

    `judge_at`: when its turn is; None: nothing is open. `decided`: the last judgement, for `explain` and listings.
    `undone`: the run that took it back; it stays out until `reapply` or `retry`. `backfilled`: the run that brought it
    in from the past.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        Index("interaction_state", "state", "starts"),
        Index("interaction_owner", "owner_id", "kind", "starts"),
        Index("interaction_turn", "judge_at", "starts", "key", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    key: str = Field(primary_key=True)
    kind: str
    source: str
    starts: datetime = Field(index=True, sa_type=Moment)
    ends: datetime | None = Field(default=None, sa_type=Moment)
    state: str = ""
    reason: str = Field(default="", sa_type=Words)
    outcome: str = ""
    type_name: str = Field(default="", sa_type=Words)
    rep: str = Field(default="", sa_type=Words)
    owner_id: str = ""
    target_module: str = ""
    target_id: str = ""
    judge_at: datetime | None = Field(default=None, sa_type=Moment)
    decided: Any = Field(default=None, sa_type=Json, nullable=True)
    first_seen: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    run: int | None = None
    undone: int | None = None
    backfilled: int | None = None


class InteractionAddresses(SQLModel, table=True):
    """The addresses that an interaction's match asked the shadow for: a change under one of them reopens it."""

    __tablename__ = "interaction_address"
    __table_args__ = (Index("interaction_address_value", "kind", "value"), {"sqlite_with_rowid": False})

    key: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True, sa_type=Words)
