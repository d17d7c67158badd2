"""What goes to Zoho and what is there because of us."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from activity_sync.store.columns import Json, Moment, Words

_OPEN_CREATE = text("op = 'create' AND record_key <> '' AND state IN ('ready', 'sending', 'uncertain', 'parked')")


class WrittenRecords(SQLModel, table=True):
    """What we wrote and Zoho holds (`model.writes.Written`). `modified`: as Zoho dated our last write of it."""

    __tablename__ = "written"
    __table_args__ = (Index("written_zoho_id", "module", "zoho_id"),)

    key: str = Field(primary_key=True)
    slot: str = Field(primary_key=True, sa_type=Words)
    module: str
    record_key: str = Field(index=True)
    zoho_id: str
    fields: Any = Field(sa_type=Json)
    theirs: Any = Field(sa_type=Json)
    gone: str = ""
    run: int | None = None
    at: datetime = Field(sa_type=Moment)
    modified: datetime | None = Field(default=None, sa_type=Moment)


class Outbox(SQLModel, table=True):
    """A write on its way (`model.writes.OutboxRow`), kept when it is done: `undo` and `explain` read it.

    `plan_waits`: a newer plan waits until this row is settled. `unless_changed_since`: see `model.writes.Write`. The
    unique index is the last line of defence: no two creates of one record are ever open together.

    `run` planned it, `sent_by` sent it. `before`: what an update replaced, or the record that was deleted, as it could
    be sent again. `undoes`: the run that this write takes back. `purpose`: of its credits; None: `writing`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_state", "state", "next_at"),
        Index(
            "outbox_open_create", "record_key", unique=True, sqlite_where=_OPEN_CREATE, postgresql_where=_OPEN_CREATE
        ),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True)
    key: str = Field(index=True)
    slot: str = Field(sa_type=Words)
    module: str
    op: str
    record_key: str = ""
    zoho_id: str = ""
    fields: Any = Field(sa_type=Json)
    because: str = Field(default="", sa_type=Words)
    state: str
    attempts: int = 0
    next_at: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    looked: int = 0
    plan_waits: bool = False
    error: str = Field(default="", sa_type=Words)
    code: str = ""
    run: int | None = Field(default=None, index=True)
    added_at: datetime = Field(sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    unless_changed_since: datetime | None = Field(default=None, sa_type=Moment)
    before: Any = Field(default=None, sa_type=Json, nullable=True)
    sent_by: int | None = Field(default=None, index=True)
    undoes: int | None = None
    purpose: str | None = None


class SyncLog(SQLModel, table=True):
    """Every decision and every write, both directions, one line each. `direction`: `in` or `out`."""

    __tablename__ = "sync_log"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True, sa_type=Moment)
    run: int | None = None
    direction: str
    key: str = Field(default="", index=True)
    kind: str = ""
    rep: str = Field(default="", sa_type=Words)
    event: str
    module: str = ""
    zoho_id: str = ""
    text: str = Field(default="", sa_type=Words)
    failed: bool = False


class Credits(SQLModel, table=True):
    """A booking of API credits, made before the call."""

    __tablename__ = "credit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True, sa_type=Moment)
    purpose: str
    credits: int
    what: str = Field(default="", sa_type=Words)


class Runs(SQLModel, table=True):
    """One command or round (`R12`). `ended` None: it runs, or it was killed. `result`: RESULT of commands.md."""

    __tablename__ = "run"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: int | None = Field(default=None, primary_key=True)
    command: str
    started: datetime = Field(sa_type=Moment)
    ended: datetime | None = Field(default=None, sa_type=Moment)
    result: Any = Field(default=None, sa_type=Json, nullable=True)
