"""What people told us, and what others logged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from activity_sync.store.columns import Moment, Words


class ReviewRules(SQLModel, table=True):
    """A person's answer: what `kind` and `value` are. `answer`: `record`, `deal`, `account` or `ignore`."""

    __tablename__ = "review_rule"
    __table_args__ = (UniqueConstraint("kind", "value", "answer"), {"sqlite_autoincrement": True})

    number: int | None = Field(default=None, primary_key=True)
    kind: str
    value: str = Field(sa_type=Words)
    answer: str
    module: str = ""
    zoho_id: str = ""
    name: str = Field(default="", sa_type=Words)
    at: datetime = Field(sa_type=Moment)


class OtherActivities(SQLModel, table=True):
    """A recent Event or Call that we did not write (`model.activities.OtherActivity`). No text of it stands here.

    `taken_by`: the interaction that adopted it.
    """

    __tablename__ = "other_activity"
    __table_args__ = (Index("other_activity_place", "owner_id", "module", "starts"),)

    zoho_id: str = Field(primary_key=True)
    module: str
    owner_id: str
    starts: datetime = Field(sa_type=Moment)
    what_id: str
    what_module: str
    who_id: str
    made_by: str
    modified: datetime | None = Field(default=None, sa_type=Moment)
    taken_by: str = Field(default="", index=True)
