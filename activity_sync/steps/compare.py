"""The shadow held against the whole of Zoho, once a week, in credits that nobody needs.

Everything is read again, as at the first load, and only what differs is taken; it costs the same as ids alone would,
because Zoho prices rows. It mends what no list of changes shows: a restored record, a link that a merge moved, an
edit of long ago. What the shadow holds and Zoho did not show is asked for by id before it is let go. A module that
shows much less than is known stops being followed, and says so, until it shows it again or a person agrees.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from activity_sync.model.failures import ConnectionFailure, OutOfCredits, Refused, SignInAgain
from activity_sync.model.ports import LoadPage, ShadowRow
from activity_sync.model.records import SHADOWED, Module, OrgFacts
from activity_sync.model.results import Problem
from activity_sync.model.writes import WriteState
from activity_sync.rules import brakes
from activity_sync.steps.applying import linked_to, take
from activity_sync.steps.means import Means
from activity_sync.steps.progress import agreed, hold, progress, withdraw
from activity_sync.store import facts, outbox, seen, shadow

EVERY = timedelta(days=7)
EMPTY_AGAIN = timedelta(hours=1)
"""A module that was loaded without a record is looked at again this soon."""

HELD_AGAIN = timedelta(hours=6)
LONGEST = timedelta(seconds=20)
"""A round compares no longer than this; the next one goes on."""

_PURPOSE = "comparing"
_FACT = "shadow.compare"
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """`module` "": none is under way, else it stopped at `after`. `done`: when each module was through, `due`: when
    its turn is, `wanted`: since when it has to be done whatever the config says; ISO in UTC."""

    module: str = ""
    after: str = ""
    done: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, str] = field(default_factory=dict)


def comparing(session: Session) -> Comparing:
    """How far it is."""
    return Comparing(**(facts.fact(session, _FACT) or {}))


def compare(means: Means, org: OrgFacts, now: datetime) -> Sequence[Problem]:
    """Go on comparing, for some seconds, if its turn has come and nothing is waiting to be written.

    Raises SignInAgain; what else fails is tried again in another round.
    """
    until = means.now() + LONGEST
    problems: list[Problem] = []
    while (module := _next(means, now)) is not None and not _is_busy(means):
        try:
            ended = _some_pages(means, module, org, until)
            if not ended:
                break
            _end(means, module, org, now)
        except OutOfCredits:
            break  # these credits are not idle
        except SignInAgain:
            raise
        except Refused as failure:
            _postpone(means, module, now + EVERY)
            problems.append(Problem("not compared", f"Zoho {module}", failure.why, failure.next_step))
        except ConnectionFailure:
            break
    return problems


def want(means: Means, modules: Collection[Module], now: datetime) -> None:
    """Compare these modules soon, whatever the config says: we were away for longer than Zoho lists deleted records,
    or want fields that were not read before."""
    with means.database.transaction() as session:
        state, known = comparing(session), progress(session)
        begun = [module for module in modules if module in known.cursors or module in known.loading]
        due = {module.value: now.isoformat() for module in begun}
        wanted = {**state.wanted, **due}
        _save(session, replace(state, due={**state.due, **due}, wanted=wanted), now)


def _next(means: Means, now: datetime) -> Module | None:
    """The module that is under way, else one whose turn it is."""
    with means.database.transaction() as session:
        state = comparing(session)
        if state.module:
            return Module(state.module)
        loaded = [module for module in SHADOWED if module in progress(session).cursors]
        if means.settings.zoho.shadow.full_compare == "never":
            loaded = [module for module in loaded if module in state.wanted]
        fresh = {module.value: _first_turn(session, module, now) for module in loaded if module not in state.due}
        state = replace(state, due={**state.due, **fresh})
        module = next((one for one in loaded if datetime.fromisoformat(state.due[one]) <= now), None)
        if module is not None:
            seen.forget(session, module)
            state = replace(state, module=module.value, after="")
        if fresh or module is not None:
            _save(session, state, now)
    return module


def _first_turn(session: Session, module: Module, now: datetime) -> str:
    """The first load was as good as a comparison, unless it found nothing."""
    return (now + (EVERY if shadow.count(session, module) else EMPTY_AGAIN)).isoformat()


def _is_busy(means: Means) -> bool:
    with means.database.reading() as session:
        return bool(outbox.open_rows(session, [WriteState.READY], due_at=means.now()))


def _some_pages(means: Means, module: Module, org: OrgFacts, until: datetime) -> bool:
    """Whether the module is through. A page that Zoho still prepares is left to the next round."""
    with means.database.reading() as session:
        after = comparing(session).after
    pages = means.crm.resume(module, org, after, _PURPOSE) if after else means.crm.load(module, org, _PURPOSE)
    for page in pages:
        _compared(means, module, page, org)
        if not page.after:
            return True
        if page.wait or means.now() >= until or means.pause(0):
            return False
    return True


def _compared(means: Means, module: Module, page: LoadPage, org: OrgFacts) -> None:
    now = means.now()
    with means.database.reading() as session:
        differing = shadow.news(session, page.rows)
    rows: Sequence[ShadowRow] = differing
    if differing and not page.fresh:  # the export may be older than what we know: ask for these as they are now
        rows = means.crm.fetch(module, [row.record.id for row in differing], org, purpose=_PURPOSE).rows
    if rows:
        take(means, rows, {}, now)
    with means.database.transaction() as session:
        seen.see(session, module, [row.record.id for row in page.rows])
        _save(session, replace(comparing(session), after=page.after), now)


def _end(means: Means, module: Module, org: OrgFacts, now: datetime) -> None:
    """All pages were seen: what of the shadow was not among them?"""
    missing = _too_few(means, module)
    if missing and module is Module.LEADS:
        _look_for_converted(means, org, now)
        missing = _too_few(means, module)
    with means.database.reading() as session:
        sure, some = module in agreed(session), seen.unseen(session, module, _AT_ONCE)
    if missing and not sure:
        _close(means, module, now, again=HELD_AGAIN, why=missing)
        return
    while some:
        _let_go(means, module, some, org, now, sure=sure)
        with means.database.transaction() as session:
            seen.see(session, module, some)
            some = seen.unseen(session, module, _AT_ONCE)
    _close(means, module, now, again=EVERY, why=None)


def _too_few(means: Means, module: Module) -> str | None:
    with means.database.reading() as session:
        left, known = seen.unseen_count(session, module), shadow.count(session, module)
    return brakes.shrunk(known, known - left)


def _look_for_converted(means: Means, org: OrgFacts, now: datetime) -> None:
    """Leads may be missing because they became contacts: some orgs' lists show no converted ones, and date nothing."""
    with means.database.reading() as session:
        ids = seen.unseen(session, Module.LEADS, _AT_ONCE)
    rows = means.crm.fetch(Module.LEADS, ids, org, purpose=_PURPOSE).rows
    take(means, [row for row in rows if row.record.converted], {}, now)


def _let_go(means: Means, module: Module, ids: Sequence[str], org: OrgFacts, now: datetime, *, sure: bool) -> None:
    """What is not there by id either has gone, where one that was shown proves the answer. `sure`: a person agreed,
    so that an answer without one counts too."""
    with means.database.reading() as session:
        control = seen.some_seen(session, module)
        records = shadow.records(session, module, ids)
    fetched = means.crm.fetch(module, ids, org, known=control, purpose=_PURPOSE)
    gone = list(fetched.missing)
    if sure and not control:
        shown = {row.record.id for row in fetched.rows}
        gone = [one for one in ids if one not in shown]
    linked = linked_to(means, [records[one] for one in gone if one in records], org)
    take(means, [*fetched.rows, *linked], {module: gone}, now)


def _close(means: Means, module: Module, now: datetime, *, again: timedelta, why: str | None) -> None:
    with means.database.transaction() as session:
        seen.forget(session, module)
        state = comparing(session)
        at, ended = now.isoformat(), why is None
        due = {**state.due, module.value: (now + again).isoformat()}
        done = {**state.done, module.value: at} if ended else dict(state.done)
        wanted = {name: since for name, since in state.wanted.items() if name != module}
        # A held one is looked at again, whatever the config says.
        _save(session, Comparing(done=done, due=due, wanted=wanted if ended else {**wanted, module.value: at}), now)
        if ended:
            withdraw(session, module, now)
        hold(session, module, why, now)


def _postpone(means: Means, module: Module, to: datetime) -> None:
    with means.database.transaction() as session:
        seen.forget(session, module)
        state = comparing(session)
        due = {**state.due, module.value: to.isoformat()}
        _save(session, replace(state, module="", after="", due=due), means.now())


def _save(session: Session, state: Comparing, now: datetime) -> None:
    facts.keep_fact(session, _FACT, asdict(state), now)
