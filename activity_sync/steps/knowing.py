"""What we know of people beside the shadow: the records that were made for them once, and those under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from activity_sync.model.answers import Rule
from activity_sync.model.decisions import Judgement, Lookup, State
from activity_sync.model.interactions import Interaction
from activity_sync.model.records import ACTIVITIES, NEW, NOUNS, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Op, Write
from activity_sync.rules.people import record_keys
from activity_sync.rules.review import answer_to, askable
from activity_sync.store import answers, outbox, shadow, written

_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`beside`: the records to be found under addresses under which the shadow shows none. `removed`, `ignored`: see
    `Surroundings`."""

    beside: Mapping[Lookup, Sequence[Record]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    ignored: Mapping[tuple[str, str], str] = field(default_factory=dict)


def known(session: Session, met: Sequence[Interaction], team: Team, settings: Settings) -> Known:
    """What was answered about the people of these interactions, and what was made for them before.

    A person may have changed the address of what was made since: it is that record all the same; one that somebody
    removed is not made again.
    """
    made = _made(session, met, team, settings)
    rules = answers.all_rules(session)
    if not rules:
        return made
    asked = frozenset().union(*(askable(one, team, settings) for one in met))
    return _with_answers(session, made, [rule for rule in rules if (rule.kind, rule.value) in asked])


def _with_answers(session: Session, made: Known, rules: Iterable[Rule]) -> Known:
    beside = dict(made.beside)
    ignored: dict[tuple[str, str], str] = {}
    for rule in rules:
        if rule.module is None:
            ignored[rule.kind, rule.value] = rule.id
        elif record := shadow.record(session, rule.module, rule.record_id):
            where = answer_to(rule.kind, rule.value)
            beside[where] = [*beside.get(where, ()), record]
    return replace(made, beside=beside, ignored=ignored)


def _made(session: Session, met: Iterable[Interaction], team: Team, settings: Settings) -> Known:
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
    session: Session, judgement: Judgement, writes: tuple[Write, ...], now: datetime, *, foretold: bool = False
) -> tuple[Judgement, tuple[Write, ...]]:
    """Without the records that another interaction makes just now; what would go on one of them waits for it.

    `foretold`: nothing is sent, so that nothing waits: what would be written in the end is wanted.
    """
    mine = judgement.interaction.key
    creates = {write.record_key: write for write in writes if write.op is Op.CREATE and write.module not in ACTIVITIES}
    theirs = outbox.being_made(session, creates, mine) if creates else frozenset()
    if not theirs:
        return judgement, writes
    left = tuple(write for write in writes if write.record_key not in theirs)
    if foretold or not any(_names(write.fields, f"{NEW}{key}") for write in left for key in theirs):
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
