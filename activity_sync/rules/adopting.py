"""What somebody else logged already is adopted, not doubled; what appears after ours takes its place.

The same: of one kind and owner, starting at about the same time, linked with the same person or the same record.
1. Before ours: nothing of ours is written for it. Follow-ups and the deal's stage go on as usual.
2. After ours: ours is removed if nobody touched it, and the links that the other lacks move over.
3. Ours was touched: both stay, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from activity_sync.model.activities import OtherActivity, Slot
from activity_sync.model.decisions import Judgement, State
from activity_sync.model.records import NOUNS, Module
from activity_sync.model.writes import Wanted, Written
from activity_sync.rules.differences import DOUBLE
from activity_sync.rules.planning import ACTIVITY

LINKS = "links"
"""The slot of the links that another's activity gets from ours."""

_STARTS = {Module.EVENTS: "Start_DateTime", Module.CALLS: "Call_Start_Time"}


def place_of(module: Module, fields: Mapping[str, Any]) -> Slot | None:
    """Where an activity with these fields stands; None for what is no activity with an owner and a start."""
    owner, start = fields.get("Owner"), fields.get(_STARTS.get(module, ""))
    if not isinstance(owner, Mapping) or not isinstance(start, str):
        return None
    return Slot(module=module, owner_id=str(owner.get("id", "")), start=datetime.fromisoformat(start))


def adopt(
    judged: Judgement, others: Sequence[OtherActivity], before: Sequence[Written], related: frozenset[str]
) -> Judgement:
    """The judgement with another's activity in the place of ours; as it is where there is none.

    `others`: nearest first, those that this interaction may have. `related`: ids of the records that its people are
    or belong to.
    """
    wanted = next((one for one in judged.wanted if one.slot == ACTIVITY), None)
    if judged.state is not State.LOGGED or wanted is None:
        return judged
    other = _same(others, judged.interaction.key, {*related, *_linked(wanted.fields)})
    if other is None:
        return judged
    noun = NOUNS[other.module]
    ours = next((one for one in before if one.slot == ACTIVITY and not one.gone), None)
    if ours is not None and ours.theirs:
        line = f"Somebody else logged the {noun} too ({other.id}); ours was edited by a person, so that both stay."
        return replace(judged, double=other.id, trace=(*judged.trace, line))
    line = f"Somebody else logged the {noun} ({other.id}): that one is adopted."
    rest = tuple(one for one in judged.wanted if one.slot != ACTIVITY)
    moved = _moved(wanted, other) if ours is not None else ()
    return replace(
        judged, state=State.ADOPTED, wanted=(*rest, *moved), trace=(*judged.trace, line),
        withdraw=(*judged.withdraw, ACTIVITY) if ours is not None else judged.withdraw,
        reason=f"{DOUBLE} {other.id}", adopted=other.id,
    )  # fmt: skip


def _same(others: Iterable[OtherActivity], key: str, related: set[str]) -> OtherActivity | None:
    free = [one for one in others if one.taken_by in ("", key)]
    mine = [one for one in free if one.taken_by == key]
    alike = [one for one in free if {one.what_id, one.who_id} & related]
    return next(iter(mine or alike), None)


def _linked(fields: Mapping[str, Any]) -> set[str]:
    links = (fields.get(name) for name in ("What_Id", "Who_Id"))
    return {str(link["id"]) for link in links if isinstance(link, Mapping) and link.get("id")}


def _moved(wanted: Wanted, other: OtherActivity) -> tuple[Wanted, ...]:
    """The links of ours that the other lacks."""
    fields: dict[str, Any] = {}
    if not other.what_id and wanted.fields.get("What_Id"):
        fields |= {name: wanted.fields[name] for name in ("What_Id", "$se_module") if name in wanted.fields}
    if not other.who_id and wanted.fields.get("Who_Id"):
        fields["Who_Id"] = wanted.fields["Who_Id"]
    if not fields or other.modified is None:
        return ()
    because = f"the links of ours move over to the {NOUNS[other.module]} that somebody else logged"
    return (
        Wanted(slot=LINKS, module=other.module, record_key=f"{wanted.record_key}/links", fields=fields,
               because=because, id=other.id, unless_changed_since=other.modified),
    )  # fmt: skip
