"""Every table on one page. A change here needs a migration (see migrations/env.py); a test compares the two.

Class names are plural where the model has the noun itself. `key` is always an interaction's key.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from activity_sync.store.columns import Json, Moment, Words

_OPEN_CREATE = text("op = 'create' AND record_key <> '' AND state IN ('ready', 'sending', 'uncertain', 'parked')")


class Facts(SQLModel, table=True):
    """What is known of the whole: the org, what a self-test learned, what was said last."""

    __tablename__ = "fact"

    name: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=Json, nullable=True)
    at: datetime = Field(sa_type=Moment)


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
    """

    __tablename__ = "interaction"
    __table_args__ = (Index("interaction_state", "state", "starts"),)

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
    judge_at: datetime | None = Field(default=None, index=True, sa_type=Moment)
    decided: Any = Field(default=None, sa_type=Json, nullable=True)
    first_seen: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    run: int | None = None


class InteractionAddresses(SQLModel, table=True):
    """The addresses that an interaction's match asked the shadow for: a change under one of them reopens it."""

    __tablename__ = "interaction_address"
    __table_args__ = (Index("interaction_address_value", "kind", "value"), {"sqlite_with_rowid": False})

    key: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True, sa_type=Words)


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


class ShadowRecords(SQLModel, table=True):
    """A Contact, Lead, Account or Deal of Zoho (`model.records.Record`). `gone`: deleted or merged away."""

    __tablename__ = "record"
    __table_args__ = (Index("record_account", "account_id", "module"),)

    zoho_id: str = Field(primary_key=True)  # before the module: nearly all rows of the table may be of one module
    module: str = Field(primary_key=True)
    name: str = Field(sa_type=Words)
    first_name: str = Field(sa_type=Words)
    last_name: str = Field(sa_type=Words)
    email: str = Field(sa_type=Words)
    company: str = Field(sa_type=Words)
    owner_id: str
    account_id: str
    contact_id: str
    stage: str = Field(sa_type=Words)
    pipeline: str = Field(sa_type=Words)
    closing: date | None
    country: str = Field(sa_type=Words)
    converted: bool
    created: datetime | None = Field(sa_type=Moment)
    modified: datetime | None = Field(sa_type=Moment)
    fields: Any = Field(sa_type=Json)
    gone: bool


class ShadowAddresses(SQLModel, table=True):
    """Under which address a shadow record is found. Records that are gone have none."""

    __tablename__ = "address"
    __table_args__ = (Index("address_value", "kind", "value"), {"sqlite_with_rowid": False})

    zoho_id: str = Field(primary_key=True)
    module: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True, sa_type=Words)
    field: str = Field(primary_key=True)
    extension: str


class SeenRecords(SQLModel, table=True):
    """What a comparison with Zoho has seen so far: what the shadow holds beside it is to be looked for."""

    __tablename__ = "seen_record"
    __table_args__ = ({"sqlite_with_rowid": False},)

    zoho_id: str = Field(primary_key=True)
    module: str = Field(primary_key=True)


class DealRoles(SQLModel, table=True):
    """The contacts that have a role in a deal, as they were read last."""

    __tablename__ = "deal_role"

    deal_id: str = Field(primary_key=True)
    contact_ids: Any = Field(sa_type=Json)
    read_at: datetime = Field(sa_type=Moment)


class ZohoUsers(SQLModel, table=True):
    """A Zoho user (`model.records.User`)."""

    __tablename__ = "zoho_user"

    id: str = Field(primary_key=True)
    email: str = Field(sa_type=Words)
    first_name: str = Field(sa_type=Words)
    last_name: str = Field(sa_type=Words)
    active: bool
    time_zone: str
    role: str = Field(sa_type=Words)


class Secrets(SQLModel, table=True):
    """A token, encrypted."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    value: str
