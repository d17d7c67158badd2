"""What Zoho holds, as far as matching needs it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from activity_sync.store.columns import Json, Moment, Words


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
    """Under which address a shadow record is found. Records that are gone have none. `extension`: those of a number, a
    space between."""

    __tablename__ = "address"
    __table_args__ = (Index("address_value", "value", "kind"), {"sqlite_with_rowid": False})

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
