"""What Zoho said has changed, into the shadow: proved where it is too much to be true, and all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from activity_sync.model.decisions import Lookup, State
from activity_sync.model.failures import ConnectionFailure, SignInAgain
from activity_sync.model.ports import Refreshed, ShadowRow
from activity_sync.model.records import ACTIVITIES, SHADOWED, Module, OrgFacts, Record, User
from activity_sync.model.results import Problem
from activity_sync.rules import brakes
from activity_sync.steps import adopting, notice
from activity_sync.steps.means import Means
from activity_sync.steps.progress import USERS, agreed, hold, keep_progress, progress, withdraw
from activity_sync.store import interactions, shadow, sync_log

_MENDS_ITSELF = "Look in Zoho; if the records are there, this mends itself. Nothing was removed from the shadow."


@dataclass(slots=True)
class _Found:
    """What goes into the shadow. `unread`: cursor keys that stay where they were, because a list was not used."""

    rows: dict[Module, list[ShadowRow]] = field(default_factory=dict)
    gone: dict[Module, list[str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def apply(means: Means, refreshed: Refreshed, org: OrgFacts, run: int | None, now: datetime) -> Sequence[Problem]:
    """Changes into the shadow, cursors on, and what they touch opened: one transaction.

    `run` None: a preview, which leaves nothing in the sync log. Raises SignInAgain; other failures are problems.
    """
    found = _Found(rows={module: list(rows) for module, rows in refreshed.rows.items()})
    found.problems += [_noted(note) for note in refreshed.notes]
    if run is None:
        refreshed = _left_to_the_round(refreshed, found)
    for module in SHADOWED:
        if refreshed.deleted.get(module):
            _prove(means, module, refreshed.deleted[module], org, found)
    seen = notice.look(means, refreshed)
    found.problems += [_noted(note) for note in seen.notes]
    found.unread |= seen.unread
    with means.database.transaction() as session:
        opened = _keep(session, means, found, now)
        notice.keep(session, seen, run, now)
        if run is not None and means.settings.matching.adopt_existing:
            adopting.keep(session, refreshed.others, refreshed.deleted, run, now)
        if refreshed.users is not None:
            save_users(session, refreshed.users, now, means)
        if opened and run is not None:
            text = f"records changed in Zoho: {len(opened)} interactions are looked at again"
            sync_log.append(session, now, "in", "reopened", text, run=run)
        state = progress(session)
        cursors = {**state.cursors, **_used(refreshed.cursors, found.unread)}
        keep_progress(session, replace(state, cursors=cursors), now)
    return found.problems


def _left_to_the_round(refreshed: Refreshed, found: _Found) -> Refreshed:
    """Without what people did to activities: a preview writes no sync log, so the next round must meet it itself."""
    found.unread |= {f"{what}.{module}" for what in ("changed", "deleted") for module in ACTIVITIES}
    deleted = {module: ids for module, ids in refreshed.deleted.items() if module not in ACTIVITIES}
    return replace(refreshed, changed={}, deleted=deleted)


def take(means: Means, rows: Sequence[ShadowRow], gone: Mapping[Module, Sequence[str]], now: datetime) -> int:
    """Rows and deletions that are proved already into the shadow; how many interactions they opened."""
    found = _Found(gone={module: list(ids) for module, ids in gone.items()})
    for row in rows:
        found.rows.setdefault(row.record.module, []).append(row)
    with means.database.transaction() as session:
        return len(_keep(session, means, found, now))


def _noted(note: str) -> Problem:
    return Problem("reading Zoho", "Zoho", note)


def _used(cursors: Mapping[str, str], unread: set[str]) -> dict[str, str]:
    return {name: cursor for name, cursor in cursors.items() if name.removesuffix(".seen") not in unread}


# --- deletions -------------------------------------------------------------------------------------------------------


def _prove(means: Means, module: Module, ids: Sequence[str], org: OrgFacts, found: _Found) -> None:
    """Deleted records, and what was linked to them. Too many at once are asked for by id first; while that cannot be
    told, the list is asked for again at its next turn."""
    with means.database.reading() as session:
        gone = list(shadow.records(session, module, ids).values())
        known = shadow.count(session, module)
        control = shadow.some_id(session, module, but=[one.id for one in gone])
    held = brakes.hold(known, len(gone))
    try:
        if held:
            proved = means.crm.fetch(module, [one.id for one in gone], org, known=control, purpose="checking")
            found.rows.setdefault(module, []).extend(proved.rows)
            gone = [one for one in gone if one.id in set(proved.missing)]
        if held and not gone:
            found.problems.append(Problem("held back", f"Zoho {module}", held, _MENDS_ITSELF))
            found.unread.add(f"deleted.{module}")
            return
        linked = linked_to(means, gone, org)
    except SignInAgain:
        raise
    except ConnectionFailure as failure:
        found.problems.append(_noted(f"deleted {module} could not be followed: {failure.why}"))
        found.unread.add(f"deleted.{module}")
        return
    found.gone[module] = [one.id for one in gone]
    for row in linked:
        found.rows.setdefault(row.record.module, []).append(row)


def linked_to(means: Means, gone: Sequence[Record], org: OrgFacts) -> list[ShadowRow]:
    """What was linked to these records, as it is now: a merge moves it to the survivor, and dates nothing."""
    if not gone:
        return []
    with means.database.reading() as session:
        children = shadow.children(session, gone)
    return [row for module, ids in children.items() for row in means.crm.fetch(module, ids, org).rows]


# --- into the store --------------------------------------------------------------------------------------------------


def _keep(session: Session, means: Means, found: _Found, now: datetime) -> Sequence[str]:
    """Returns the keys of the interactions that were opened."""
    since, settings = now - means.settings.matching.retroactive, means.settings
    touched: set[Lookup] = set()
    moved = {(str(module), one) for module, ids in found.gone.items() for one in ids}
    for module, rows in found.rows.items():
        moved |= _newly_converted(session, module, rows)
        touched |= shadow.save_records(session, rows)
    for module, ids in found.gone.items():
        touched |= shadow.forget_records(session, module, ids)
    screened = bool(settings.segments)
    opened = set(interactions.reopen_by_addresses(session, touched, since, now, screened=screened))
    return sorted(opened | set(interactions.reopen_on(session, moved, since, now)))


def _newly_converted(session: Session, module: Module, rows: Sequence[ShadowRow]) -> set[tuple[str, str]]:
    """Leads that became something else, and records that came to be in the bin, since they were seen last."""
    before = shadow.records(session, module, [row.record.id for row in rows if row.gone or row.record.converted])
    return {(str(module), one.id) for one in before.values() if not one.converted}


def save_users(session: Session, users: Sequence[User], now: datetime, means: Means) -> None:
    """Keep the users; where they changed, interactions that nobody could own get another chance."""
    before = {user.id for user in shadow.users_of(session) if user.active}
    held = brakes.hold(len(before), len(before - {user.id for user in users}))
    if held and USERS not in agreed(session):
        hold(session, USERS, held, now)
        return
    hold(session, USERS, None, now)
    withdraw(session, USERS, now)
    if shadow.save_users(session, users):
        since = now - means.settings.matching.retroactive
        failed = interactions.listing(session, since=since, states=[State.FAILED])
        interactions.reopen(session, [one.key for one in failed], now)
