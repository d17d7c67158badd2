"""What we know of people beside the shadow: the records that were made for them once, and those under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from activity_sync.model.decisions import Judgement, Lookup, State
from activity_sync.model.interactions import Interaction
from activity_sync.model.records import ACTIVITIES, NEW, NOUNS, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Op, Write
from activity_sync.rules.people import record_keys
from activity_sync.store import outbox, shadow, written

_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`beside`: the records to be found under addresses under which the shadow shows none. `removed`: see
    `Surroundings`."""

    beside: Mapping[Lookup, Sequence[Record]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


def known(session: Session, met: Iterable[Interaction], team: Team, settings: Settings) -> Known:
    """What was made before for the people of these interactions. A person may have changed the address since: it is
    that record all the same; one that somebody removed is not made again."""
    keys = {key: where for one in met for key, where in record_keys(one, team, settings).items()}
    beside: dict[Lookup, Sequence[Record]] = {}
    removed: set[str] = set()
    for made in written.made_for(session, keys):
        record = shadow.record(session, made.module, made.id) if made.gone != "us" else None
        if record is not None:
            beside[keys[made.record_key]] = [record]
        elif made.gone != "us":
            removed.add(made.record_key)
    return Known(beside=beside, removed=frozenset(removed))


def made_by_others(
    session: Session, judgement: Judgement, writes: tuple[Write, ...], now: datetime
) -> tuple[Judgement, tuple[Write, ...]]:
    """Without the records that another interaction makes just now; what would go on one of them waits for it."""
    mine = judgement.interaction.key
    creates = {write.record_key: write for write in writes if write.op is Op.CREATE and write.module not in ACTIVITIES}
    theirs = outbox.being_made(session, creates, mine) if creates else frozenset()
    if not theirs:
        return judgement, writes
    left = tuple(write for write in writes if write.record_key not in theirs)
    if not any(_names(write.fields, f"{NEW}{key}") for write in left for key in theirs):
        return judgement, left
    noun = NOUNS[creates[min(theirs)].module]
    reason = f"it waits for the {noun} that another interaction makes"
    waiting = replace(judgement, state=State.WAITING, reason=reason, wanted=(), judge_again_at=now + _AGAIN)
    return waiting, ()


def sendable(writes: Iterable[Write]) -> tuple[Write, ...]:
    """Those that name no record which is still to be made; the others follow when it is there."""
    return tuple(write for write in writes if not _names(write.fields, NEW))


def _names(fields: Mapping[str, Any], begin: str) -> bool:
    return any(isinstance(value, Mapping) and str(value.get("id", "")).startswith(begin) for value in fields.values())
