"""What is one event although two sources tell it is logged once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from activity_sync.model.decisions import Judgement, Lookup, State
from activity_sync.model.interactions import Call, Meeting
from activity_sync.model.records import AddressKind
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Written
from activity_sync.rules.twins import BEFORE, folded, is_entry_for_a_call
from activity_sync.store import interactions, twins


def told_by_another(
    session: Session, judgement: Judgement, before: Sequence[Written], asked: Sequence[Lookup], team: Team,
    settings: Settings,
) -> Judgement:  # fmt: skip
    """The judgement, folded into the interaction that is the same event."""
    owner, what = judgement.owner.user, judgement.interaction
    if judgement.state is not State.LOGGED or owner is None or not judgement.wanted:
        return judgement
    if isinstance(what, Call):
        numbers = [one.value for one in asked if one.kind is AddressKind.NUMBER]
        into = twins.earlier_call(session, what.key, what.source, owner.id, what.start, numbers) if numbers else ""
        return folded(judgement, into, before) if into else judgement
    if not is_entry_for_a_call(what, team, settings):
        return judgement
    into = twins.call_within(session, owner.id, what.start - BEFORE, what.end, _on(judgement))
    return folded(judgement, into, before, entry=True) if into else judgement


def open_entries(session: Session, judgement: Judgement, now: datetime) -> None:
    """Look again at the calendar entries that this call may be."""
    what, owner = judgement.interaction, judgement.owner.user
    if isinstance(what, Call) and owner is not None and judgement.state is State.LOGGED:
        interactions.reopen(session, twins.entries_around(session, owner.id, what.start, BEFORE), now)


def _on(judgement: Judgement) -> frozenset[str]:
    assert isinstance(judgement.interaction, Meeting)
    target = judgement.target
    records = (target.record, target.who) if target is not None else ()
    return frozenset(one.id for one in records if one is not None)
