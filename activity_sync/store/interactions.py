"""Interactions: which are due, what the last judgement said, and which ones a change in Zoho opens again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, delete, func, or_, update
from sqlmodel import Session, col, select

from activity_sync.model.activities import NEAR
from activity_sync.model.decisions import Judgement, Lookup, State
from activity_sync.model.interactions import Kind, MeetingCopy, Sighting
from activity_sync.store.sharing import by_kind, sharing
from activity_sync.store.tables import InteractionAddresses, Interactions
from activity_sync.store.upserting import in_portions, insert_missing, table_of

LONGEST_ADDRESS = 320
"""No e-mail address, number or domain is longer; what is, is no address, and would not fit an index."""

_UNFOUND = (State.UNMATCHED, State.WAITING)
_PLACED = (State.LOGGED, State.ADOPTED)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an earlier judgement left. `past`: a backfill brought it in; `stage_left`: its deal's stage is settled."""

    reason: str = ""
    past: bool = False
    stage_left: bool = False


def due(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """Keys of the interactions whose turn it is, longest overdue first; what was undone stays out."""
    rows = select(Interactions.key).where(col(Interactions.judge_at) <= now, col(Interactions.undone).is_(None))
    order = (col(Interactions.judge_at), col(Interactions.starts), col(Interactions.key))
    return session.exec(rows.order_by(*order).limit(limit)).all()


def due_count(session: Session, now: datetime) -> int:
    """How many interactions have their turn."""
    here = (col(Interactions.judge_at) <= now, col(Interactions.undone).is_(None))
    return session.exec(select(func.count()).select_from(Interactions).where(*here)).one()


def get(session: Session, key: str) -> Interactions | None:
    """One interaction."""
    return session.get(Interactions, key, populate_existing=True)


def standings(session: Session, keys: Sequence[str]) -> dict[str, Standing]:
    """How these stand before they are judged again, by key."""
    columns = select(Interactions.key, Interactions.reason, Interactions.backfilled, Interactions.decided)
    found = {}
    for portion in in_portions(keys):
        for key, reason, backfilled, decided in session.exec(columns.where(col(Interactions.key).in_(portion))):
            found[key] = Standing(reason, backfilled is not None, bool((decided or {}).get("stage_left")))
    return found


def states(session: Session, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """State and reason of each of these, by key."""
    columns = select(Interactions.key, Interactions.state, Interactions.reason)
    rows = (session.exec(columns.where(col(Interactions.key).in_(portion))) for portion in in_portions(keys))
    return {key: (state, reason) for portion in rows for key, state, reason in portion}


def open_new(session: Session, sightings: Iterable[Sighting], keys: Sequence[str], now: datetime) -> None:
    """Make the interactions that are not there yet, and open all of `keys` for judgement."""
    first = {sighting.key: _new(sighting, now) for sighting in sightings}
    insert_missing(session, Interactions, [first[key] for key in sorted(first)])
    reopen(session, keys, now)


def reopen(session: Session, keys: Iterable[str], now: datetime) -> None:
    """Make it the turn of these interactions, whatever their state."""
    for portion in in_portions(sorted(set(keys))):
        _open(session, portion, now)


def reopen_by_addresses(
    session: Session,
    lookups: Iterable[Lookup],
    since: datetime,
    now: datetime,
    logged: bool = False,
    screened: bool = False,
) -> Sequence[str]:
    """Open the interactions without a record that start at or after `since` and share one of these addresses: the
    unmatched, the waiting, and those that were logged on no record.

    `logged`: also the others that are in Zoho already; `screened`: also those that were left out (by a segment, say).
    Returns the keys that were opened, in order.
    """
    states = (*_UNFOUND, *(_PLACED if logged else ()), *((State.SCREENED,) if screened else ()))
    keys: set[str] = set()
    for kind, values in by_kind(lookups).items():
        for portion in in_portions(values):
            keys |= set(session.exec(sharing(kind, portion, states, since)))
            if not logged:
                nowhere = sharing(kind, portion, (State.LOGGED,), since).where(Interactions.target_id == "")
                keys |= set(session.exec(nowhere))
    reopen(session, keys, now)
    return sorted(keys)


def reopen_on(session: Session, records: Iterable[tuple[str, str]], since: datetime, now: datetime) -> Sequence[str]:
    """Open the interactions that start at or after `since` and go on one of these records (module, id), logged or on
    their way: the record was converted, merged or deleted. Returns the keys, in order."""
    keys: set[str] = set()
    states = [state.value for state in (*_PLACED, State.PLANNED, State.FAILED)]
    for portion in in_portions(sorted({record_id for _, record_id in records})):
        rows = select(Interactions.key).where(col(Interactions.target_id).in_(portion), Interactions.starts >= since)
        keys |= set(session.exec(rows.where(col(Interactions.state).in_(states))))
    reopen(session, keys, now)
    return sorted(keys)


def logged_near(session: Session, kind: str, owner_id: str, start: datetime) -> Sequence[str]:
    """Keys of the interactions of this kind and owner that start at about the same time and are logged or on their
    way."""
    span = (Interactions.starts >= start - NEAR, Interactions.starts <= start + NEAR)
    states = [state.value for state in (*_PLACED, State.PLANNED)]
    rows = select(Interactions.key).where(Interactions.kind == kind, Interactions.owner_id == owner_id, *span)
    return session.exec(rows.where(col(Interactions.state).in_(states)).order_by(Interactions.key)).all()


def logged_at(session: Session, kind: Kind, starts: Collection[datetime]) -> dict[datetime, list[Interactions]]:
    """Those of this kind that start at exactly these moments and are logged or on their way, by start."""
    found: dict[datetime, list[Interactions]] = {}
    states = [state.value for state in (*_PLACED, State.PLANNED)]
    for portion in in_portions(sorted(starts)):
        rows = select(Interactions).where(Interactions.kind == kind.value, col(Interactions.starts).in_(portion))
        for row in session.exec(rows.where(col(Interactions.state).in_(states)).order_by(Interactions.key)):
            found.setdefault(row.starts, []).append(row)
    return found


def save_judgement(
    session: Session,
    judgement: Judgement,
    decided: Mapping[str, Any],
    run: int | None,
    now: datetime,
) -> None:
    """Close an interaction with what was judged; its next turn is `judge_again_at`, or none.

    `decided`: JSON, for `explain` and listings. The interaction must be stored (KeyError).
    """
    key = judgement.interaction.key
    values = _judged(judgement) | {"decided": dict(decided), "run": run, "updated_at": now}
    if not session.connection().execute(_save(tuple(values)), {"which": key, **values}).rowcount:
        raise KeyError(key)


@cache
def _save(names: tuple[str, ...]) -> Update:
    """Made once: to make it again for each takes longer than to carry it out."""
    here = update(table_of(Interactions)).where(col(Interactions.key) == bindparam("which"))
    return here.values({name: bindparam(name) for name in names})


def keep_addresses(session: Session, asked: Mapping[str, Iterable[Lookup]]) -> None:
    """What the match of each of these looks for, by key, in the place of what it looked for before."""
    wanted = {(key, look.kind.value, look.value) for key, several in asked.items() for look in several if _fits(look)}
    table = InteractionAddresses
    before: set[tuple[str, str, str]] = set()
    for portion in in_portions(sorted(asked)):
        before |= set(session.exec(select(table.key, table.kind, table.value).where(col(table.key).in_(portion))))
    for key in sorted({key for key, _, _ in before - wanted}):
        session.exec(delete(table).where(col(table.key) == key))
        before = {one for one in before if one[0] != key}
    rows = [{"key": key, "kind": kind, "value": value} for key, kind, value in sorted(wanted - before)]
    insert_missing(session, table, rows)


def close(session: Session, key: str, state: State, reason: str, now: datetime) -> None:
    """Say what became of an interaction whose writes are through."""
    values = {"state": state.value, "reason": reason, "updated_at": now}
    session.connection().execute(_save(tuple(values)), {"which": key, **values})


def put_off(session: Session, key: str, at: datetime | None) -> None:
    """Set an interaction's next turn without a judgement (`at` None: none)."""
    session.exec(update(Interactions).where(col(Interactions.key) == key).values(judge_at=at))


def addresses_of(session: Session, key: str) -> Sequence[tuple[str, str]]:
    """The (kind, value) pairs that its match looked for, in order."""
    rows = select(InteractionAddresses.kind, InteractionAddresses.value).where(InteractionAddresses.key == key)
    return session.exec(rows.order_by(InteractionAddresses.kind, InteractionAddresses.value)).all()


def listing(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    states: Iterable[State | str] = (),
    kind: str = "",
    rep: str = "",
    run: int | None = None,
    limit: int | None = None,
) -> Sequence[Interactions]:
    """Interactions that start in [since, until), earliest first; what is not given does not filter."""
    wanted = [State(state).value if state else "" for state in states]
    conditions: list[Any] = [
        *([Interactions.starts >= since] if since else []),
        *([Interactions.starts < until] if until else []),
        *([col(Interactions.state).in_(wanted)] if wanted else []),
        *([Interactions.kind == kind] if kind else []),
        *([Interactions.rep == rep] if rep else []),
        *([Interactions.run == run] if run is not None else []),
    ]
    rows = select(Interactions).where(*conditions).order_by(col(Interactions.starts), col(Interactions.key))
    return session.exec(rows.limit(limit) if limit is not None else rows).all()


def keys_in(session: Session, state: State) -> Sequence[str]:
    """The keys of all interactions in a state, earliest first: there may be very many."""
    rows = select(Interactions.key).where(Interactions.state == state.value)
    return session.exec(rows.order_by(col(Interactions.starts), col(Interactions.key))).all()


def rows_of(session: Session, keys: Sequence[str]) -> Sequence[Interactions]:
    """These interactions, earliest first; at most a thousand."""
    rows = select(Interactions).where(col(Interactions.key).in_(keys))
    return session.exec(rows.order_by(col(Interactions.starts), col(Interactions.key))).all()


def counts(session: Session, since: datetime | None = None) -> dict[str, int]:
    """How many interactions are in each state ("": not judged yet)."""
    rows = select(Interactions.state, func.count()).group_by(Interactions.state)
    return dict(session.exec(rows.where(Interactions.starts >= since) if since else rows).all())


def _new(sighting: Sighting, now: datetime) -> dict[str, Any]:
    meeting = isinstance(sighting, MeetingCopy)
    texts = ("state", "reason", "outcome", "type_name", "rep", "owner_id", "target_module", "target_id")
    return dict.fromkeys(texts, "") | {
        "key": sighting.key,
        "kind": (Kind.MEETING if meeting else Kind.CALL).value,
        "source": sighting.source,
        "starts": sighting.start if isinstance(sighting, MeetingCopy) else sighting.started,
        "ends": sighting.end if isinstance(sighting, MeetingCopy) else sighting.ended,
        "first_seen": now,
        "updated_at": now,
    }


def _judged(judgement: Judgement) -> dict[str, Any]:
    interaction, target = judgement.interaction, judgement.target
    record = target.record if target is not None else None
    return {
        "source": interaction.source,
        "starts": interaction.start,
        "ends": interaction.end,
        "state": judgement.state.value,
        "reason": judgement.reason,
        "outcome": judgement.outcome.value,
        "type_name": judgement.type_name,
        "rep": judgement.owner.rep,
        "owner_id": judgement.owner.user.id if judgement.owner.user else "",
        "target_module": record.module.value if record else "",
        "target_id": record.id if record else "",
        "judge_at": judgement.judge_again_at,
    }


def _fits(look: Lookup) -> bool:
    return 0 < len(look.value) <= LONGEST_ADDRESS


def _open(session: Session, keys: Sequence[str], now: datetime) -> None:
    later = or_(col(Interactions.judge_at).is_(None), col(Interactions.judge_at) > now)
    session.exec(update(Interactions).where(col(Interactions.key).in_(keys), later).values(judge_at=now))
