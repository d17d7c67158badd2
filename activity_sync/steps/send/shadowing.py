"""People and companies that we made or changed go into the shadow at once: the next call finds them there."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, OutboxRow
from activity_sync.steps.means import Means
from activity_sync.store import interactions, shadow

_KEPT = (Module.CONTACTS, Module.LEADS, Module.ACCOUNTS)


def note(means: Means, session: Session, row: OutboxRow, record_id: str, modified: datetime | None) -> None:
    """A write of the outbox is so in Zoho now. What it touches is looked at again; of what was made, its own
    interaction too."""
    write, now = row.write, means.now()
    if write.module not in _KEPT:
        return
    if write.op is Op.DELETE:
        touched = shadow.forget_records(session, write.module, [record_id])
    else:
        before = shadow.record(session, write.module, record_id)
        if before is None and write.op is Op.UPDATE:
            return
        values = {**(before.fields if before else {"Created_Time": now.isoformat()}), **write.fields}
        at = modified or (before.modified if before else None) or now
        taken = means.crm.taken(write.module, {**values, "id": record_id, "Modified_Time": at.isoformat()})
        touched = shadow.save_records(session, [taken])
    settings = means.settings
    since = now - settings.matching.retroactive
    interactions.reopen_by_addresses(session, touched, since, now, screened=bool(settings.segments))
    if write.op is Op.CREATE:
        interactions.reopen(session, [row.key], now)
