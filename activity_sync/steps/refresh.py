"""Zoho → shadow: the first load, resumable, then only changes. What changed opens the interactions that it touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from activity_sync.model.decisions import Lookup, State
from activity_sync.model.failures import Refused
from activity_sync.model.ports import LoadPage, Refreshed
from activity_sync.model.records import SHADOWED, Module, OrgFacts, User
from activity_sync.model.results import Problem
from activity_sync.rules import brakes
from activity_sync.steps.means import Means
from activity_sync.store import facts, interactions, shadow, sync_log

ORG_IS_FRESH_FOR = timedelta(days=1)

_FACT = "shadow"
_DELETED_AT_ONCE = "Look in Zoho; if the records are there, this mends itself. Nothing was removed from the shadow."


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the shadow is.

    `loading`: where each unfinished first load stopped. `begun`: when it began by our clock, and `newest`: the latest
    Modified_Time that it saw; the earlier of the two is where reading changes begins, so that neither a record changed
    during the load nor a clock that is ahead of Zoho's loses a change. `cursors`: of the loaded modules.
    """

    loading: Mapping[str, str] = field(default_factory=dict)
    begun: Mapping[str, str] = field(default_factory=dict)
    newest: Mapping[str, str] = field(default_factory=dict)
    cursors: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    @property
    def loaded(self) -> bool:
        """Whether every module is there, or is known to be closed to us."""
        return all(module in self.cursors or module in self.refused for module in SHADOWED)


def progress(session: Session) -> Progress:
    """How far the shadow is."""
    kept = facts.fact(session, _FACT) or {}
    return Progress(**{**kept, "refused": tuple(kept.get("refused", ()))})


def refresh(means: Means, run: int | None, now: datetime) -> Sequence[Problem]:
    """Bring the shadow up to date: one credit when it is loaded. Raises what the CRM raises; what was read stays.

    `run` None: a preview, which leaves nothing in the sync log.
    """
    org = _org(means, now)
    with means.database.reading() as session:
        before = progress(session)
    problems: list[Problem] = []
    for module in SHADOWED:
        if module not in before.cursors:
            problems += _load(means, module, org)
    with means.database.reading() as session:
        after = progress(session)
    known = {name: cursor for name, cursor in after.cursors.items() if name in before.cursors}
    if any(module in known for module in SHADOWED):
        problems += _apply(means, means.crm.refresh(known, org), run, now)
    return problems


def _org(means: Means, now: datetime) -> OrgFacts:
    """The org's facts and users, read again once a day."""
    with means.database.reading() as session:
        stored, read_at = facts.org(session), facts.org_read_at(session)
    if stored is not None and read_at is not None and now - read_at < ORG_IS_FRESH_FOR:
        return stored
    means.tell("Reading the org, its fields and its users from Zoho")
    org = means.crm.org()
    users = means.crm.users()
    with means.database.transaction() as session:
        facts.save_org(session, org, now)
        _save_users(session, users, now, means)
    return org


# --- the first load ----------------------------------------------------------------------------------------------


def _load(means: Means, module: Module, org: OrgFacts) -> Sequence[Problem]:
    """Load one module page by page; each page is stored with the place where to go on after a crash."""
    after = _begin(means, module)
    pages = means.crm.resume(module, org, after) if after else means.crm.load(module, org)
    rows = 0
    try:
        for page in pages:
            rows += len(page.rows)
            _keep_page(means, module, page)
            means.tell(f"Reading {module} from Zoho: {rows:,} records")
    except Refused as failure:
        _close(means, module)
        return [Problem("module not readable", f"Zoho {module}", failure.why, failure.next_step)]
    return []


def _begin(means: Means, module: Module) -> str:
    """Where the load goes on, "" when it begins."""
    with means.database.transaction() as session:
        state = progress(session)
        if module not in state.begun:
            _save(session, replace(state, begun={**state.begun, module: means.now().isoformat()}), means.now())
        return state.loading.get(module, "")


def _keep_page(means: Means, module: Module, page: LoadPage) -> None:
    with means.database.transaction() as session:
        shadow.save_records(session, page.rows, first_load=True)
        state = progress(session)
        loading = {name: after for name, after in state.loading.items() if name != module}
        newest = {**state.newest, module: _newest(state.newest.get(module, ""), page)}
        cursors = dict(state.cursors)
        if page.after:
            loading[module] = page.after
        else:
            cursors[module] = min(one for one in (state.begun[module], newest[module]) if one)
        _save(session, replace(state, loading=loading, newest=newest, cursors=cursors), means.now())


def _newest(before: str, page: LoadPage) -> str:
    """The later of what was seen before and the latest Modified_Time of this page; ISO in UTC, so text compares."""
    moments = [row.record.modified.astimezone(UTC).isoformat() for row in page.rows if row.record.modified]
    return max([before, *moments])


def _close(means: Means, module: Module) -> None:
    with means.database.transaction() as session:
        now = progress(session)
        _save(session, replace(now, refused=tuple(sorted({*now.refused, module}))), means.now())


def _save(session: Session, state: Progress, now: datetime) -> None:
    facts.keep_fact(session, _FACT, asdict(state), now)


# --- changes -----------------------------------------------------------------------------------------------------


def _apply(means: Means, refreshed: Refreshed, run: int | None, now: datetime) -> Sequence[Problem]:
    """Changes into the shadow, cursors on, and what they touch opened: one transaction."""
    problems = [Problem("reading Zoho", "Zoho", note) for note in refreshed.notes]
    since = now - means.settings.matching.retroactive
    with means.database.transaction() as session:
        touched: set[Lookup] = set()
        for rows in refreshed.rows.values():
            touched |= set(shadow.save_records(session, rows))
        for module, ids in refreshed.deleted.items():
            held = brakes.hold(shadow.count(session, module), len(ids))
            if held:
                problems.append(Problem("held back", f"Zoho {module}", held, _DELETED_AT_ONCE))
            else:
                touched |= set(shadow.forget_records(session, module, ids))
        if refreshed.users is not None:
            _save_users(session, refreshed.users, now, means)
        opened = interactions.reopen_by_addresses(session, touched, since, now)
        if opened and run is not None:
            text = f"records changed in Zoho: {len(opened)} waiting interactions are looked at again"
            sync_log.append(session, now, "in", "reopened", text, run=run)
        state = progress(session)
        _save(session, replace(state, cursors={**state.cursors, **refreshed.cursors}), now)
    return problems


def _save_users(session: Session, users: Sequence[User], now: datetime, means: Means) -> None:
    """Keep the users; where they changed, interactions that nobody could own get another chance."""
    if shadow.save_users(session, users):
        since = now - means.settings.matching.retroactive
        failed = interactions.listing(session, since=since, states=[State.FAILED])
        interactions.reopen(session, [one.key for one in failed], now)
