"""Activities in Zoho that somebody else wrote: a rep by hand, a dialer's own app, the tool used before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from activity_sync.model.records import Module

NEAR = timedelta(seconds=120)
"""Two activities of one kind, owner and person are the same when they start no further apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherActivity:
    """An Event or Call of others. `what_id`, `who_id`: its links, "" without; `made_by`: the user who wrote it.

    `taken_by`: the key of the interaction that adopted it, "" while it is free.
    """

    module: Module
    id: str
    owner_id: str
    start: datetime
    what_id: str = ""
    who_id: str = ""
    made_by: str = ""
    modified: datetime | None = None
    taken_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where in Zoho an activity of ours is to be: its module, owner and start."""

    module: Module
    owner_id: str
    start: datetime

    def is_near(self, other: OtherActivity) -> bool:
        """Whether the other is of the same kind and owner, and starts at about the same time."""
        same = (self.module, self.owner_id) == (other.module, other.owner_id)
        return same and abs(self.start - other.start) <= NEAR
