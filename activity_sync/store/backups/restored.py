"""A database that came back from a backup may not know what was written since: it looks before it writes.

Where the key field is unique Zoho itself refuses a second record and names the first. Elsewhere every record that may
have been written meanwhile is looked for first, as after a lost answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from activity_sync.model.writes import Op, WriteState
from activity_sync.store.facts import note_restored
from activity_sync.store.tables import Outbox

_MARGIN = timedelta(days=1)


def after_restore(session: Session, now: datetime, ahead: timedelta) -> None:
    """Note it: what starts before now plus `ahead` may be in Zoho already, and so may be what waits to be made."""
    note_restored(session, now + ahead + _MARGIN, now)
    waiting = (col(Outbox.op) == Op.CREATE.value, col(Outbox.state) == WriteState.READY.value)
    session.exec(update(Outbox).where(*waiting).values(state=WriteState.UNCERTAIN.value, next_at=now, looked=0))
    sending = col(Outbox.state) == WriteState.SENDING.value
    session.exec(update(Outbox).where(sending).values(state=WriteState.UNCERTAIN.value, next_at=now, looked=0))
