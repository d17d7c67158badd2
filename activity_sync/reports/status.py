"""How it stands: connections, lags, outbox, shadow, alerts. Everything from the store; nobody is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlmodel import Session

from activity_sync.model.addresses import comparable_email
from activity_sync.model.records import ACTIVITIES, SHADOWED, Module, OrgFacts
from activity_sync.model.settings import Calendar, Dialer, Settings
from activity_sync.model.writes import WriteState
from activity_sync.reports import credits
from activity_sync.reports.alerts import Alert, of_doubles, of_failures, of_pushes
from activity_sync.rules.org_alerts import org_alerts
from activity_sync.rules.rows import when
from activity_sync.store import cursors, facts, interactions, outbox, runs, shadow
from activity_sync.store.tables import Cursors, Runs

_SHADOW = "shadow"
"""The fact whose time is that of the last refresh of the shadow (steps/refresh.py)."""

_HELD = "shadow.held"
_COMPARED = "shadow.compare"
"""The facts that tell which modules are not followed, and how comparing goes (steps/progress.py, steps/compare.py)."""

_SILENT = "silent"
"""The fact that tells who has fallen silent (steps/silence.py)."""

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A calendar connection, a dialer, or Zoho. `error` "": it works; `failing`: the parts (reps) that do not."""

    name: str
    kind: str
    enabled: bool = True
    last_success: datetime | None = None
    error: str = ""
    next_step: str = ""
    failing: tuple[str, ...] = ()
    failing_since: datetime | None = None

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The members that commands.md names, and a few more. `lag`: seconds since it last worked."""
        lag = None if self.last_success is None else max(0, round((now - self.last_success).total_seconds()))
        return {
            "name": self.name,
            "kind": self.kind,
            "enabled": self.enabled,
            "ok": not self.error,
            "last_success": _when(self.last_success),
            "lag": lag,
            "error": self.error or None,
            "next": self.next_step or None,
            "failing": list(self.failing),
            "failing_since": _when(self.failing_since),
        }


def status(session: Session, settings: Settings, now: datetime) -> dict[str, Any]:
    """The answer of `status --json`; `ok`: every connection works and there is no alert."""
    org = facts.org(session)
    connections = [_zoho(session, settings), *_sources(session, settings)]
    waiting = outbox.counts(session)
    told = [
        *_of_connections(connections),
        *_of_shadow(session),
        *_of_org(org, settings, facts.org_read_at(session)),
        *_of_writes(waiting),
        *of_failures(session, now),
        *_of_credits(session, settings, now),
        *_of_silence(session),
        *of_pushes(session, now),
        *of_doubles(session, now),
    ]
    return {
        "ok": not told and all(not one.error for one in connections),
        "connections": [one.as_json(now) for one in connections],
        "outbox": {state.value: count for state, count in waiting.items()},
        "alerts": [alert.as_json() for alert in told],
        "key_field": key_field(org),
        "rehearsal": not settings.zoho.write,
        "interactions": {state or "new": count for state, count in interactions.counts(session).items()},
        "shadow": _shadow(session),
        "migration": migration(session),
        "last_run": _run(next(iter(runs.latest_runs(session)), None)),
    }


def key_field(org: OrgFacts | None) -> bool:
    """Whether a unique key field guards every activity, so that a repeated insert is refused."""
    return org is not None and all(module in org.key_unique for module in ACTIVITIES)


def migration(session: Session) -> str | None:
    """The schema that the database has; None: it has no tables yet."""
    return MigrationContext.configure(session.connection()).get_current_revision()


# --- connections -------------------------------------------------------------------------------------------------


def _zoho(session: Session, settings: Settings) -> Connection:
    """Zoho worked when the shadow was last refreshed, unless the last run says otherwise."""
    refreshed = facts.fact_at(session, _SHADOW)
    run = next((one for one in runs.latest_runs(session, 5) if one.ended is not None and _was_round(one)), None)
    trouble = _trouble(run)
    recovered = run is None or (refreshed is not None and run.ended is not None and refreshed > run.ended)
    blank = Connection(name=settings.zoho.name, kind="zoho", last_success=refreshed)
    if trouble is None or recovered or run is None:
        return blank
    return Connection(
        name=settings.zoho.name,
        kind="zoho",
        last_success=refreshed,
        error=trouble["why"],
        next_step=trouble["next"],
        failing_since=run.ended,
    )


def _was_round(run: Runs) -> bool:
    return isinstance(run.result, Mapping) and "problems" in run.result


def _trouble(run: Runs | None) -> Mapping[str, str] | None:
    """What a run says against Zoho itself; a module or a row that was refused is no broken connection."""
    problems: Sequence[Mapping[str, str]] = run.result["problems"] if run is not None else ()
    broken = ("Zoho could not be read", "not sent")
    return next((one for one in problems if one["where"] == "Zoho" and one["what"] in broken), None)


def _sources(session: Session, settings: Settings) -> Iterator[Connection]:
    active = [user.email for user in shadow.users_of(session) if user.active]
    for calendar in settings.calendars:
        yield _source(calendar, cursors.cursors(session, calendar.name), _reps(calendar, active))
    for dialer in settings.dialers:
        yield _source(dialer, cursors.cursors(session, dialer.name), None)


def _reps(calendar: Calendar, active: Sequence[str]) -> set[str]:
    """Whose calendars are read now: a rep who left must not fail for ever."""
    asked: Iterable[str] = active if isinstance(calendar.reps, str) else calendar.reps
    return {comparable_email(one) or one for one in asked}


def _source(connection: Calendar | Dialer, rows: Sequence[Cursors], parts: set[str] | None) -> Connection:
    mine = [row for row in rows if parts is None or row.part in parts]
    failing = [row for row in mine if row.failing_since is not None] if connection.enabled else []
    return Connection(
        name=connection.name,
        kind=connection.kind,
        enabled=connection.enabled,
        last_success=max((row.read_at for row in mine if row.read_at), default=None),
        error=_error(failing, len(mine)),
        next_step=next((row.next_step for row in failing if row.next_step), ""),
        failing=tuple(row.part for row in failing if row.part),
        failing_since=min((row.failing_since for row in failing if row.failing_since), default=None),
    )


def _error(failing: Sequence[Cursors], of: int) -> str:
    """What ails it, with the reps; the same reason for several is said once."""
    reasons: dict[str, list[str]] = {}
    for row in failing:
        reasons.setdefault(row.error, []).append(row.part)
    share = f" ({len(failing)} of {of} calendars)" if any(row.part for row in failing) and of > 1 else ""
    return "; ".join(_reason(why, parts) for why, parts in reasons.items()) + (share if failing else "")


def _reason(why: str, parts: Sequence[str]) -> str:
    named = [part for part in parts if part]
    if not named:
        return why
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return f"{', '.join(named[:_MOST_NAMED])}{more}: {why}"


# --- alerts ------------------------------------------------------------------------------------------------------


def _of_connections(connections: Iterable[Connection]) -> Iterator[Alert]:
    for one in connections:
        if one.error:
            text = f"{one.name}: {one.error}" + (f" {one.next_step}" if one.next_step else "")
            yield Alert(about=one.name, text=text, since=one.failing_since)


def _of_org(org: OrgFacts | None, settings: Settings, read_at: datetime | None) -> Iterator[Alert]:
    for text in org_alerts(org, settings) if org is not None else ():
        yield Alert(about=settings.zoho.name, text=text, since=read_at)


def _of_shadow(session: Session) -> Iterator[Alert]:
    for module, why in (facts.fact(session, _HELD) or {}).items():
        agree = f"Have they gone for good: `activity-sync sync --agree {module}`."
        yield Alert(about=f"Zoho {module}", text=f"{module}: {why}. {agree}", since=facts.fact_at(session, _HELD))


def _of_writes(waiting: Mapping[WriteState, int]) -> Iterator[Alert]:
    if failed := waiting[WriteState.FAILED]:
        text = f"{failed} writes were refused by Zoho: `activity-sync log --failed`, then `activity-sync retry`."
        yield Alert(about="outbox", text=text)
    if parked := waiting[WriteState.PARKED]:
        text = f"{parked} writes may have happened, and Zoho cannot tell: look there, then `activity-sync retry`."
        yield Alert(about="outbox", text=text)


def _of_credits(session: Session, settings: Settings, now: datetime) -> Iterator[Alert]:
    known = credits.report(session, settings, now)
    if known.forecast.lasts is not None and not known.assumed:
        yield Alert(about="credits", text=known.outlook())


def _of_silence(session: Session) -> Iterator[Alert]:
    for one in facts.fact(session, _SILENT) or ():
        since = datetime.fromisoformat(one["since"])
        whose = "No meeting and no call of" if one["kind"] == "rep" else "Nothing from"
        text = f"{whose} {one['name']} since {since:%Y-%m-%d}, longer than is usual there. Is the connection right?"
        yield Alert(about=one["name"], text=text, since=since)


# --- the rest ----------------------------------------------------------------------------------------------------


def _shadow(session: Session) -> dict[str, Any]:
    counts: dict[str, int] = {Module(module).value: shadow.count(session, module) for module in SHADOWED}
    refreshed = facts.fact_at(session, _SHADOW)
    return {
        **counts,
        "Users": len(shadow.users_of(session)),
        "refreshed": _when(refreshed),
        "compared": _compared(session),
        "held": facts.fact(session, _HELD) or {},
    }


def _compared(session: Session) -> str | None:
    """When every module had been compared with Zoho last; None: not since the first load."""
    done = (facts.fact(session, _COMPARED) or {}).get("done", {})
    times = [done[module] for module in SHADOWED if module in done]
    return min(times) if len(times) == len(SHADOWED) else None


def _run(run: Runs | None) -> dict[str, Any] | None:
    if run is None:
        return None
    result = run.result if isinstance(run.result, Mapping) else {}
    return {
        "run": f"R{run.number}",
        "command": run.command,
        "started": when(run.started),
        "ended": _when(run.ended),
        "problems": len(result.get("problems", ())),
    }


def _when(moment: datetime | None) -> str | None:
    return None if moment is None else when(moment)
