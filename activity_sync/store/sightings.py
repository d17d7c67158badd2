"""What the sources showed. A sighting that says the same as before is left alone, and opens nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from activity_sync.model.decisions import State
from activity_sync.model.interactions import CallLeg, Kind, MeetingCopy, Sighting, fingerprint
from activity_sync.store import privacy
from activity_sync.store.columns import storable
from activity_sync.store.forgetting import wanted_sightings
from activity_sync.store.interactions import open_new
from activity_sync.store.payloads import sighting_from, sighting_payload
from activity_sync.store.tables import Interactions, Sightings
from activity_sync.store.upserting import in_portions, upsert

_UNIQUE = ("source", "part", "native_id")


@dataclass(frozen=True, slots=True)
class Saved:
    """How many sightings were new, changed and unchanged, and the keys of the interactions to judge again."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    keys: tuple[str, ...] = ()


def save_sightings(session: Session, part: str, sightings: Sequence[Sighting], now: datetime) -> Saved:
    """Store what a source showed of one part, and open the interactions whose sightings are new or changed.

    Of two sightings with one native id the last counts. A sighting that moved to another key (its uid changed)
    opens both. All sightings are of one source. What was erased stays out. A leg whose summary was not asked for keeps
    the one it had.
    """
    if not sightings:
        return Saved()
    latest = {storable(native_id(sighting)): sighting for sighting in wanted_sightings(session, sightings)}
    latest |= _with_summaries(session, part, latest)
    before = _stored(session, part, latest)
    rows, keys, new = [], set(), 0
    for native, sighting in latest.items():
        seen, stored = fingerprint(sighting), before.get(native)
        if stored is not None and stored.fingerprint == seen:
            continue
        new += stored is None
        rows.append(_row(part, native, sighting, seen, now))
        keys |= {sighting.key} | ({stored.key} if stored is not None else set())
    privacy.note(session, [latest[row["native_id"]] for row in rows], _kin(session, latest, rows), now)
    upsert(session, Sightings, rows, on=_UNIQUE)
    open_new(session, [latest[row["native_id"]] for row in rows], sorted(keys), now)
    return Saved(new, len(rows) - new, len(latest) - len(rows), tuple(sorted(keys)))


def mark_gone(session: Session, source: str, part: str, native_ids: Sequence[str], now: datetime) -> Sequence[str]:
    """Sightings that the source says are deleted: gone from now on. Returns the keys that this opened."""
    gone = []
    for ids in in_portions([storable(native) for native in native_ids]):
        found = session.exec(_of(source, part).where(col(Sightings.native_id).in_(ids), ~col(Sightings.gone)))
        gone += [_gone(sighting_from(row.kind, row.payload)) for row in found]
    return save_sightings(session, part, gone, now).keys


def native_ids_between(session: Session, source: str, part: str, start: datetime, end: datetime) -> Sequence[str]:
    """Native ids of the live sightings that start at or after `start` and before `end`."""
    rows = select(Sightings.native_id).where(Sightings.source == source, Sightings.part == part, ~col(Sightings.gone))
    return session.exec(
        rows.where(Sightings.starts >= start, Sightings.starts < end).order_by(Sightings.native_id)
    ).all()


def logged_from(session: Session, start: datetime) -> dict[tuple[str, str], list[str]]:
    """Native ids of the live sightings of logged interactions that start at or after `start`, by source and part."""
    columns = select(Sightings.source, Sightings.part, Sightings.native_id)
    rows = columns.join(Interactions, col(Interactions.key) == col(Sightings.key)).where(~col(Sightings.gone))
    logged = rows.where(Interactions.state == State.LOGGED.value, Interactions.starts >= start)
    found: dict[tuple[str, str], list[str]] = {}
    for source, part, native in session.exec(logged.order_by(Sightings.native_id)):
        found.setdefault((source, part), []).append(native)
    return found


def live_count(session: Session, source: str, part: str) -> int:
    """How many live sightings a part has: what a brake compares a sudden emptiness with."""
    mine = (Sightings.source == source, Sightings.part == part, ~col(Sightings.gone))
    return session.exec(select(func.count()).select_from(Sightings).where(*mine)).one()


def sightings_of(session: Session, key: str) -> Sequence[Sighting]:
    """All sightings of an interaction, gone ones too, in a stable order."""
    return sightings_by_key(session, [key]).get(key, ())


def sightings_by_key(session: Session, keys: Iterable[str]) -> dict[str, list[Sighting]]:
    """The sightings of several interactions by key."""
    found: dict[str, list[Sighting]] = {}
    for portion in in_portions(list(keys)):
        rows = select(Sightings.key, Sightings.kind, Sightings.payload).where(col(Sightings.key).in_(portion))
        order = (col(Sightings.source), col(Sightings.part), col(Sightings.native_id))
        for key, kind, payload in session.exec(rows.order_by(*order)):
            found.setdefault(key, []).append(sighting_from(kind, payload))
    return found


def native_id(sighting: Sighting) -> str:
    """What the source calls it: a calendar's event id, a dialer's record id."""
    return sighting.event_id if isinstance(sighting, MeetingCopy) else sighting.record_id


def start_of(sighting: Sighting) -> datetime:
    """When it starts."""
    return sighting.start if isinstance(sighting, MeetingCopy) else sighting.started


def _stored(session: Session, part: str, latest: dict[str, Sighting]) -> dict[str, Any]:
    if not latest:
        return {}
    source = next(iter(latest.values())).source
    columns = select(Sightings.native_id, Sightings.fingerprint, Sightings.key)
    found: dict[str, Any] = {}
    for ids in in_portions(list(latest)):
        mine = columns.where(Sightings.source == source, Sightings.part == part, col(Sightings.native_id).in_(ids))
        found |= {row.native_id: row for row in session.exec(mine)}  # type: ignore[attr-defined]
    return found


def _kin(session: Session, latest: dict[str, Sighting], rows: Sequence[dict[str, Any]]) -> Sequence[Sighting]:
    """All that is stored of the meetings of which something new is shown."""
    keys = {row["key"] for row in rows if isinstance(latest[row["native_id"]], MeetingCopy)}
    return list(chain.from_iterable(sightings_by_key(session, sorted(keys)).values()))


def _with_summaries(session: Session, part: str, latest: dict[str, Sighting]) -> dict[str, Sighting]:
    """The legs that do not say what their summary is, with what is stored of it."""
    silent = {native: one for native, one in latest.items() if isinstance(one, CallLeg) and one.summary is None}
    told: dict[str, str] = {}
    for ids in in_portions(list(silent)):
        source = silent[ids[0]].source
        for row in session.exec(_of(source, part).where(col(Sightings.native_id).in_(ids))):
            told[row.native_id] = row.payload.get("summary") or ""
    return {native: replace(one, summary=told.get(native, "")) for native, one in silent.items()}


def _of(source: str, part: str) -> Any:
    return select(Sightings).where(Sightings.source == source, Sightings.part == part)


def _row(part: str, native: str, sighting: Sighting, seen: str, now: datetime) -> dict[str, Any]:
    meeting = isinstance(sighting, MeetingCopy)
    return {
        "source": sighting.source,
        "part": part,
        "native_id": native,
        "key": sighting.key,
        "kind": (Kind.MEETING if meeting else Kind.CALL).value,
        "starts": start_of(sighting),
        "fingerprint": seen,
        "payload": sighting_payload(sighting),
        "gone": sighting.gone if isinstance(sighting, MeetingCopy) else sighting.withdrawn,
        "seen_at": now,
    }


def _gone(sighting: Sighting) -> Sighting:
    return replace(sighting, withdrawn=True) if isinstance(sighting, CallLeg) else replace(sighting, gone=True)
