"""What hangs on a record of Zoho, as far as is known here without asking."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Text, cast, or_
from sqlmodel import Session, col, select

from activity_sync.model.records import NOUNS, Module
from activity_sync.store import shadow
from activity_sync.store.tables import OtherActivities, WrittenRecords


def hangs_on(session: Session, module: Module, record_id: str, but: Collection[str]) -> str:
    """What would lose this record, as the end of a sentence; "" when nothing would. `but`: ids that go as well."""
    record = shadow.record(session, module, record_id)
    if record is not None and record.converted:
        return "it has been converted since"
    children = shadow.children(session, [record]) if record is not None else {}
    for kind, ids in children.items():
        if set(ids) - set(but):
            return f"a {NOUNS[kind]} hangs on it"
    ours = select(WrittenRecords).where(cast(WrittenRecords.fields, Text).like(f'%"{record_id}"%'))
    for row in session.exec(ours.where(WrittenRecords.gone == "")):
        if row.zoho_id not in (record_id, *but):
            return f"a {NOUNS[Module(row.module)]} hangs on it ({row.key})"
    theirs = or_(col(OtherActivities.what_id) == record_id, col(OtherActivities.who_id) == record_id)
    other = session.exec(select(OtherActivities).where(theirs)).first()
    return f"a {NOUNS[Module(other.module)]} that somebody else logged hangs on it" if other is not None else ""
