"""Activities that others logged: remembered as they are seen, and held against what is to be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from activity_sync.model.activities import OtherActivity
from activity_sync.model.decisions import Judgement
from activity_sync.model.records import Module
from activity_sync.model.writes import Write, Written
from activity_sync.rules.adopting import adopt, place_of
from activity_sync.rules.differences import as_double
from activity_sync.rules.planning import ACTIVITY
from activity_sync.store import interactions, others, outbox, sync_log, written
from activity_sync.store.outbox.reading import IN_FLIGHT

_KINDS = {Module.EVENTS: "meeting", Module.CALLS: "call"}
_KEPT = timedelta(days=90)


def keep(
    session: Session, seen: Iterable[OtherActivity], deleted: Mapping[Module, Sequence[str]], run: int, now: datetime
) -> None:
    """Store what others logged or removed. An interaction of ours at the same place is judged again."""
    gone = [one for module in _KINDS for one in deleted.get(module, ())]
    others.forget(session, gone, now - _KEPT)
    for one in others.save(session, seen):
        keys = interactions.logged_near(session, _KINDS[one.module], one.owner_id, one.start)
        interactions.reopen(session, keys, now)
        if keys:
            text = "somebody logged what may be the same: it is looked at again"
            sync_log.append(
                session, now, "in", "other", text, run=run, key=keys[0], module=one.module.value, zoho_id=one.id
            )


def held_against(session: Session, judgement: Judgement, before: Sequence[Written]) -> Judgement:
    """The judgement with the activity of somebody else in the place of ours, where there is one."""
    wanted = next((one for one in judgement.wanted if one.slot == ACTIVITY), None)
    place = place_of(wanted.module, wanted.fields) if wanted is not None else None
    if place is None:
        return judgement
    mine = others.taken_by(session, judgement.interaction.key)
    there = [*([mine] if mine else []), *others.near(session, place)]
    ours = written.written_as(session, place.module, [one.id for one in there]) if there else {}
    there = [one for one in there if one.id not in ours]
    if not there or _on_its_way(session, judgement.interaction.key):
        return judgement
    return adopt(judgement, there, before, _related(judgement))


def taken(session: Session, judgement: Judgement) -> None:
    """Remember what the judgement adopted."""
    if judgement.adopted:
        others.take(session, judgement.interaction.key, judgement.adopted)


def as_doubles(judgement: Judgement, writes: tuple[Write, ...]) -> tuple[Write, ...]:
    """What is removed because another stands in its place is not marked as cancelled if somebody touched it."""
    return tuple(as_double(one, judgement.adopted) for one in writes) if judgement.adopted else writes


def _on_its_way(session: Session, key: str) -> bool:
    """Ours may be in Zoho already, and look like somebody else's until that is proved: it is in flight, or waits to be
    sent a second time."""
    tried = (row for row in outbox.open_rows(session, keys=[key]) if row.state in IN_FLIGHT or row.attempts)
    return any(row.write.slot == ACTIVITY for row in tried)


def _related(judgement: Judgement) -> frozenset[str]:
    target = judgement.target
    records = (target.record, target.who, target.account) if target is not None else ()
    met = {one.id for one in judgement.candidates if one.kept and one.module != Module.DEALS}
    return frozenset(met | {one.id for one in records if one is not None})
