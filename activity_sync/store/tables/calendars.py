"""What calendars have beside their meetings: channels by which they push, and who was there."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from activity_sync.store.columns import Moment


class Channels(SQLModel, table=True):
    """The channel by which one calendar of a connection pushes.

    `channel`: the vendor's id, "" when there is none; `resource`: what the vendor wants to hear of it besides.
    `digest`: of the word that each push has to bring. `next_at`: when it is to be made, or made to live longer.
    """

    __tablename__ = "channel"

    source: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    channel: str = ""
    resource: str = ""
    digest: str = ""
    url: str = ""
    ends: datetime | None = Field(default=None, sa_type=Moment)
    next_at: datetime = Field(sa_type=Moment)
    error: str = ""


class Attendances(SQLModel, table=True):
    """Who was in the online meeting of an interaction: how many of ours and how many others; -1: not known.

    `next_at`: when the vendor is asked again; None: no more.
    """

    __tablename__ = "attendance"

    key: str = Field(primary_key=True)
    ours: int = -1
    others: int = -1
    asked: int = 0
    next_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
