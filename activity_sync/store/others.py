"""Recent activities that others logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Text, cast, or_, update
from sqlmodel import Session, col, delete, select

from activity_sync.model.activities import NEAR, OtherActivity, Slot
from activity_sync.model.decisions import State
from activity_sync.model.records import Module
from activity_sync.store.tables import Interactions, OtherActivities
from activity_sync.store.upserting import in_portions, upsert
from activity_sync.store.written import written_as


def save(session: Session, found: Iterable[OtherActivity]) -> list[OtherActivity]:
    """Store them as they are now, without those that are ours; returns those that are new or stood elsewhere."""
    listed = {one.id: one for one in found}
    for module in {one.module for one in listed.values()}:
        ours = written_as(session, module, [one.id for one in listed.values() if one.module is module])
        listed = {record_id: one for record_id, one in listed.items() if record_id not in ours}
    before = {one.id: one for one in _by_id(session, listed)}
    upsert(session, OtherActivities, [_row(one, before.get(one.id)) for one in listed.values()])
    return [one for one in listed.values() if _place(before.get(one.id)) != _place(one)]


def near(session: Session, slot: Slot) -> list[OtherActivity]:
    """Those of the same kind and owner that start at about the same time, nearest first."""
    span = (OtherActivities.starts >= slot.start - NEAR, OtherActivities.starts <= slot.start + NEAR)
    rows = select(OtherActivities).where(
        OtherActivities.owner_id == slot.owner_id, OtherActivities.module == slot.module.value, *span
    )
    found = [_value(row) for row in session.exec(rows).all()]
    return sorted(found, key=lambda one: (abs(one.start - slot.start), one.id))


def any_since(session: Session, starts: datetime) -> bool:
    """Whether others logged anything that starts at this time or later."""
    return (
        session.exec(select(OtherActivities.zoho_id).where(OtherActivities.starts >= starts).limit(1)).first()
        is not None
    )


def taken_by(session: Session, key: str) -> OtherActivity | None:
    """The one that this interaction adopted."""
    row = session.exec(select(OtherActivities).where(OtherActivities.taken_by == key)).first()
    return _value(row) if row is not None else None


def take(session: Session, key: str, record_id: str) -> None:
    """The interaction adopted this one, and no other."""
    mine = or_(col(OtherActivities.taken_by) == key, col(OtherActivities.zoho_id) == record_id)
    session.exec(update(OtherActivities).where(mine).values(taken_by=""))
    session.exec(update(OtherActivities).where(col(OtherActivities.zoho_id) == record_id).values(taken_by=key))


def forget(session: Session, ids: Iterable[str], older: datetime | None = None) -> None:
    """They are gone; what was adopted is remembered, so that nothing comes in its place."""
    for portion in in_portions(list(ids)):
        here = (col(OtherActivities.zoho_id).in_(portion), col(OtherActivities.taken_by) == "")
        session.exec(delete(OtherActivities).where(*here))
    if older is not None:
        session.exec(delete(OtherActivities).where(col(OtherActivities.starts) < older))


def doubles(session: Session, since: datetime) -> list[tuple[str, str]]:
    """Keys of interactions that start after a moment, each with the id of another's record that stands beside ours."""
    decided = cast(col(Interactions.decided), Text)
    told = (decided.like('%"double":"%'), ~decided.like('%"double":""%'))
    rows = select(Interactions).where(Interactions.starts >= since, Interactions.state == State.LOGGED.value, *told)
    found = session.exec(rows.order_by(col(Interactions.starts), col(Interactions.key))).all()
    return [(row.key, str(row.decided["double"])) for row in found if row.decided and row.decided.get("double")]


def _by_id(session: Session, ids: Iterable[str]) -> Sequence[OtherActivity]:
    found: list[OtherActivity] = []
    for portion in in_portions(list(ids)):
        rows = select(OtherActivities).where(col(OtherActivities.zoho_id).in_(portion))
        found += [_value(row) for row in session.exec(rows.execution_options(populate_existing=True)).all()]
    return found


def _place(one: OtherActivity | None) -> tuple[object, ...] | None:
    return None if one is None else (one.owner_id, one.start, one.what_id, one.who_id)


def _row(one: OtherActivity, before: OtherActivity | None) -> dict[str, object]:
    return {
        "zoho_id": one.id, "module": one.module.value, "owner_id": one.owner_id, "starts": one.start,
        "what_id": one.what_id, "what_module": "", "who_id": one.who_id, "made_by": one.made_by,
        "modified": one.modified, "taken_by": before.taken_by if before else "",
    }  # fmt: skip


def _value(row: OtherActivities) -> OtherActivity:
    return OtherActivity(
        module=Module(row.module), id=row.zoho_id, owner_id=row.owner_id, start=row.starts.astimezone(UTC),
        what_id=row.what_id, who_id=row.who_id, made_by=row.made_by, modified=row.modified, taken_by=row.taken_by,
    )  # fmt: skip
