"""Open interactions → judgement → outbox and sync log, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from sqlmodel import Session

from activity_sync.model.decisions import Candidates, Judgement, Lookup, State, Surroundings
from activity_sync.model.interactions import Call, Interaction, Outcome
from activity_sync.model.records import NOUNS, AddressKind, OrgFacts
from activity_sync.model.team import Team
from activity_sync.model.writes import Write, Written
from activity_sync.rules import rows
from activity_sync.rules.deal_stages import STAGE
from activity_sync.rules.differences import differ
from activity_sync.rules.joining import join
from activity_sync.rules.judgement import judge
from activity_sync.rules.long_ago import as_history
from activity_sync.rules.lookups import lookups
from activity_sync.rules.shortcomings import shortcomings
from activity_sync.rules.teams import team_of
from activity_sync.steps import adopting, echoing, folding, knowing, roles
from activity_sync.steps.apart import each_apart
from activity_sync.steps.knowing import Known
from activity_sync.steps.means import Means
from activity_sync.steps.pace import Pace
from activity_sync.steps.undisturbed import undisturbed
from activity_sync.store import (
    attendance,
    call_backs,
    facts,
    interactions,
    outbox,
    shadow,
    sightings,
    sync_log,
    written,
)
from activity_sync.store.interactions import Standing
from activity_sync.store.upserting import in_portions

_AT_ONCE = 100

_REHEARSED = "rehearsed"
"""Stands in an interaction's `decided` when it was judged while `zoho.write` was off."""

TURNS = 3
"""One interaction is judged this often in a round at most: judging one may open another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A judgement and the writes that it calls for."""

    judgement: Judgement
    writes: tuple[Write, ...]
    asked: tuple[Lookup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What all judgements of a round share."""

    team: Team
    org: OrgFacts


def bench(session: Session, means: Means) -> Bench:
    """The team and the org, as the shadow knows them now."""
    return Bench(team=team_of(means.settings, shadow.users_of(session)), org=facts.org(session) or OrgFacts())


def reopen_rehearsed(session: Session, now: datetime) -> None:
    """Open what a rehearsal planned: nothing of it was sent."""
    for keys in in_portions(interactions.keys_in(session, State.PLANNED)):
        planned = interactions.rows_of(session, keys)
        interactions.reopen(session, [row.key for row in planned if (row.decided or {}).get(_REHEARSED)], now)
        session.expunge_all()


def decide_all(means: Means, run: int, now: datetime) -> AbstractSet[str]:
    """Judge everything whose turn it is, some at a time, each batch in one transaction; returns the keys judged.

    What waits for contact roles is judged again as soon as these were read.
    """
    judged: Counter[str] = Counter()
    waiting = _decide_due(means, run, now, judged)
    if waiting and roles.read(means, {deal for deals in waiting.values() for deal in deals}, now):
        with means.database.transaction() as session:
            interactions.reopen(session, waiting, now)
        _decide_due(means, run, now, judged)
    return judged.keys()


def _decide_due(means: Means, run: int, now: datetime, judged: Counter[str]) -> dict[str, Sequence[str]]:
    """What waits for contact roles, by key: the ids of the deals."""
    waiting: dict[str, Sequence[str]] = {}
    pace = None
    while True:
        with means.database.reading() as session:
            keys = [key for key in interactions.due(session, now, _AT_ONCE) if judged[key] < TURNS]
            pace = pace or Pace(means, "Judging", "meetings and calls", interactions.due_count(session, now))
        for decision in _decided(means, keys, run, now):
            key = decision.judgement.interaction.key
            waiting |= {key: needed} if (needed := roles_needed(decision)) else {}
        judged.update(keys)
        pace.at(judged.total())
        if not keys or means.pause(0):
            return waiting


def _decided(means: Means, keys: Sequence[str], run: int, now: datetime) -> list[Decision]:
    def at_once(some: Sequence[str]) -> list[Decision]:
        with means.database.transaction() as session:
            return decide(session, means, some, run, now)

    def give_up(key: str, reason: str) -> None:
        with means.database.transaction() as session:
            interactions.close(session, key, State.FAILED, reason, now)
            interactions.put_off(session, key, None)
            sync_log.append(session, now, "out", State.FAILED.value, f"{key}: {reason}", run=run, key=key, failed=True)

    return each_apart(at_once, keys, give_up)


def foretold(session: Session, means: Means, keys: Sequence[str], now: datetime) -> list[Decision]:
    """What a `sync` would decide of these, in a session that is thrown away; what cannot be judged is told, and left
    out."""
    return each_apart(
        lambda some: decide(session, means, some, None, now), keys, lambda key, why: means.tell(f"{key}: {why}")
    )


def roles_needed(decision: Decision) -> Sequence[str]:
    """The deals whose contact roles this decision waits for."""
    target = decision.judgement.target
    return target.roles_of if target is not None else ()


@undisturbed()
def decide(session: Session, means: Means, keys: Sequence[str], run: int | None, now: datetime) -> list[Decision]:
    """Judge some interactions and keep the outcomes; one of which nothing is stored is left out.

    The shadow is asked once for all of them: what others find never changes a judgement.
    """
    shared, settings = bench(session, means), means.settings
    seen, before = sightings.sightings_by_key(session, keys), written.written_by_key(session, keys)
    for key in keys:
        if key not in seen:
            interactions.put_off(session, key, None)
    joined = [join(seen[key]) for key in keys if key in seen]
    asked = {one.key: lookups(one, shared.team, settings) for one in joined}
    interactions.keep_addresses(session, asked)
    standings = interactions.standings(session, keys)
    beside = knowing.known(session, joined, shared.team, settings)
    found = roles.candidates(session, frozenset(chain.from_iterable(asked.values())), now, beside.beside)
    ours_again = echoing.echoes(session, joined, seen, shared.team)
    planned = outbox.keys_open(session, keys)
    decisions = []
    for one in joined:
        case = _Case(interaction=one, asked=asked[one.key], before=before.get(one.key, ()), candidates=found,
            known=beside, echo=one.key in ours_again, standing=standings.get(one.key, Standing()),
            planned=one.key in planned)  # fmt: skip
        decisions.append(_judged(session, means, shared, case, now, foretold=run is None))
        _keep(session, means, decisions[-1], run, now, planned=case.planned)
    return decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An interaction, how it stood, the addresses that it asks for, what was written for it, what the shadow holds, and
    whether a write of it is open."""

    interaction: Interaction
    asked: Sequence[Lookup]
    before: Sequence[Written]
    candidates: Candidates
    known: Known
    echo: bool
    standing: Standing
    planned: bool


def _judged(
    session: Session, means: Means, shared: Bench, case: _Case, now: datetime, *, foretold: bool
) -> Decision:  # fmt: skip
    interaction, before = case.interaction, case.before
    around = Surroundings(
        now=now,
        team=shared.team,
        org=shared.org,
        candidates=case.candidates,
        logged=any(one.slot == "activity" and not one.gone for one in before),
        echo=case.echo,
        attended=_attended(session, interaction, now),
        there=frozenset(one.slot for one in before if not one.gone),
        reached=_reached(session, interaction, case.asked),
        stage_decided=case.standing.stage_left or any(one.slot == STAGE for one in before),
        removed=case.known.removed,
        ignored=case.known.ignored,
    )
    judgement = judge(interaction, around, means.settings)
    if around.logged and judgement.state in (State.WAITING, State.UNMATCHED):
        # What is in Zoho stays as it is: a record that vanished since is no reason to take a link away.
        judgement = replace(judgement, state=State.LOGGED, reason="")
    if case.standing.past:
        judgement = as_history(judgement, {one.slot for one in before}, now.astimezone(means.settings.zone).date())
    if means.settings.matching.adopt_existing:
        judgement = folding.told_by_another(session, judgement, before, case.asked, shared.team, means.settings)
        judgement = adopting.held_against(session, judgement, before)
    writes = adopting.as_doubles(judgement, differ(judgement.wanted, judgement.withdraw, before))
    judgement, writes = knowing.made_by_others(session, judgement, writes, now, foretold=foretold)
    return Decision(judgement=judgement, writes=writes, asked=tuple(case.asked))


def _reached(session: Session, interaction: Interaction, asked: Sequence[Lookup]) -> datetime | None:
    """When one of our people reached the caller of a missed call afterwards."""
    if not isinstance(interaction, Call) or interaction.outcome is Outcome.ANSWERED:
        return None
    return call_backs.reached_at(session, _numbers(asked), interaction.start)


def _attended(session: Session, interaction: Interaction, now: datetime) -> tuple[int, int] | None:
    ended = not isinstance(interaction, Call) and interaction.end <= now
    return attendance.attended(session, interaction.key) if ended else None


def _numbers(asked: Sequence[Lookup]) -> Sequence[Lookup]:
    return [one for one in asked if one.kind is AddressKind.NUMBER]


def _keep(
    session: Session, means: Means, decision: Decision, run: int | None, now: datetime, *, planned: bool
) -> None:  # fmt: skip
    judgement, key = decision.judgement, decision.judgement.interaction.key
    live = means.settings.zoho.write
    # No writes at all is an answer too: what was not sent yet is withdrawn. A rehearsal leaves no older plan behind.
    if planned or (live and decision.writes):
        outbox.add(session, key, knowing.sendable(decision.writes) if live else (), run, now)
    if live:
        adopting.taken(session, judgement)
    said = rows.decided(judgement) | ({} if live else {_REHEARSED: True})
    state = State.PLANNED if decision.writes else judgement.state
    interactions.save_judgement(session, replace(judgement, state=state), said, run, now)
    if isinstance(judgement.interaction, Call) and judgement.outcome is Outcome.ANSWERED:
        call_backs.reopen_missed(session, _numbers(decision.asked), judgement.interaction.start, now)
    if means.settings.matching.adopt_existing and decision.writes:
        folding.open_entries(session, judgement, now)
    sync_log.append(
        session, now, "out", state.value, _sentence(decision, said), run=run, key=key, kind=said["kind"],
        rep=said["rep"] or "", failed=judgement.state is State.FAILED,
    )  # fmt: skip


def _sentence(decision: Decision, said: Mapping[str, Any]) -> str:
    """The decision in one line of the sync log. A private meeting has no title here either."""
    title = "a private meeting" if said["title"] is None else said["title"].strip() or "an untitled meeting"
    if said["reason"]:
        return f"{title}: {said['reason']}"
    target = f"on {said['target']['name']}" if said["target"] else "on no record"
    writes = ", ".join(f"{write.op.value} {NOUNS[write.module]}" for write in decision.writes) or "nothing to change"
    return "; ".join((f"{title}: {target} ({writes})", *shortcomings(said["trace"])))
