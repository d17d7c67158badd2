"""What every step works with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from activity_sync.model.ports import Crm, Source
from activity_sync.model.settings import Settings
from activity_sync.model.storing import Storing
from activity_sync.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Handed to the steps by wiring.

    `stored`: the files of what was pushed, also of connections that are not read any more.
    `now`: aware, UTC. `pause(seconds)`: wait, or return True at once when the program is to stop. `tell(text)`:
    progress for a person. `still_alone()`: raises StoreFailure when another process may have taken our place.
    """

    settings: Settings
    database: Database
    crm: Crm
    sources: Sequence[Source]
    now: Callable[[], datetime]
    pause: Callable[[float], bool]
    tell: Callable[[str], None]
    stored: Sequence[Storing] = ()
    still_alone: Callable[[], None] = lambda: None
