"""What is known of the whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from activity_sync.store.columns import Json, Moment


class Facts(SQLModel, table=True):
    """What is known of the whole: the org, what a self-test learned, what was said last."""

    __tablename__ = "fact"

    name: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=Json, nullable=True)
    at: datetime = Field(sa_type=Moment)


class Secrets(SQLModel, table=True):
    """A token, encrypted."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    value: str


class Forgotten(SQLModel, table=True):
    """What `erase` took away and no source is to bring back. `value`: a digest of a key or of a record's id."""

    __tablename__ = "forgotten"

    value: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
