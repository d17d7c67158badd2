"""Of what took place with customers: how much of it is in Zoho, and what became of the rest. A number, by rep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.records import Module
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.store import interactions
from activity_sync.store.tables import Interactions

NOBODY = "(nobody)"


@dataclass(slots=True)
class Tally:
    """Counts of one rep, or of all. `eligible` is what was not screened: logged, waiting and failed together.

    `on_deal` of the logged ones; `unmatched` of the waiting ones. In a rehearsal `logged` is what would have been.
    """

    logged: int = 0
    on_deal: int = 0
    waiting: int = 0
    unmatched: int = 0
    failed: int = 0
    screened: Counter[str] = field(default_factory=Counter)

    @property
    def eligible(self) -> int:
        """What should be in Zoho."""
        return self.logged + self.waiting + self.failed

    @property
    def share(self) -> float | None:
        """Logged of eligible, 0..1; None when nothing was eligible."""
        return round(self.logged / self.eligible, 3) if self.eligible else None

    def as_json(self) -> dict[str, Any]:
        """The members that commands.md names, and a few more."""
        return {
            "eligible": self.eligible,
            "logged": self.logged,
            "on_deal": self.on_deal,
            "waiting": self.waiting,
            "screened": dict(sorted(self.screened.items())),
            "failed": self.failed,
            "unmatched": self.unmatched,
            "share": self.share,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """`rehearsal`: nothing was sent, `logged` means would have been logged."""

    all: Tally
    reps: Mapping[str, Tally]
    rehearsal: bool

    def as_json(self) -> dict[str, Any]:
        """As commands.md has it; what belongs to no rep is in `all` only."""
        reps = {rep: tally.as_json() for rep, tally in sorted(self.reps.items()) if rep != NOBODY}
        return {"all": self.all.as_json(), "reps": reps, "rehearsal": self.rehearsal}


def coverage(session: Session, since: datetime, now: datetime, *, rehearsal: bool) -> Coverage:
    """Of what started in [since, now)."""
    return tallied(interactions.listing(session, since=since, until=now), rehearsal=rehearsal)


def tallied(rows: Iterable[Interactions], *, rehearsal: bool) -> Coverage:
    """These interactions counted; those whose time has not come are none."""
    everything = Tally()
    reps: dict[str, Tally] = {}
    for row in rows:
        if row.reason == NOT_DUE:
            continue
        rep = (row.decided or {}).get("rep") or row.rep or NOBODY
        for tally in (everything, reps.setdefault(rep, Tally())):
            _count(tally, row, rehearsal=rehearsal)
    return Coverage(everything, reps, rehearsal)


def rule(reason: str) -> str:
    """The rule behind a reason, without what it named: a title, an address."""
    return reason.partition(":")[0].strip() or "screened"


def _count(tally: Tally, row: Interactions, *, rehearsal: bool) -> None:
    match row.state:
        case State.SCREENED:
            tally.screened[rule(row.reason)] += 1
        case State.FAILED:
            tally.failed += 1
        case State.LOGGED | State.ADOPTED:
            _logged(tally, row)
        case State.PLANNED if rehearsal:
            _logged(tally, row)
        case _:
            tally.waiting += 1
            tally.unmatched += row.state == State.UNMATCHED


def _logged(tally: Tally, row: Interactions) -> None:
    tally.logged += 1
    tally.on_deal += row.target_module == Module.DEALS


COLUMNS = ("Rep", "Eligible", "Logged", "On a deal", "Waiting", "Failed", "Screened")


def cells(found: Coverage) -> Sequence[tuple[str, ...]]:
    """A line for each rep, and one for all."""
    return [*(_cells(rep, tally) for rep, tally in sorted(found.reps.items())), _cells("all", found.all)]


def _cells(name: str, tally: Tally) -> tuple[str, ...]:
    share = "" if tally.share is None else f" ({tally.share:.0%})"
    counts = (tally.eligible, f"{tally.logged}{share}", tally.on_deal, tally.waiting, tally.failed)
    return (name, *map(str, counts), str(tally.screened.total()))
