"""Our edge against the simulator over real HTTP, with a ledger that remembers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from activity_sync.model.failures import OutOfCredits
from activity_sync.model.ports import LoadPage, Refreshed
from activity_sync.model.records import SHADOWED, Module, OrgFacts
from activity_sync.model.settings import Settings
from activity_sync.model.writes import Op, OutboxRow, Write, WriteState
from activity_sync.net.patience import Patience
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.zoho import ZohoCrm, open_zoho
from tests.builders import settings

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2025, 1, 1, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class Ledger:
    """Books everything; `limit` is what may be spent."""

    limit: int = 1_000_000
    booked: list[tuple[str, int, str]] = field(default_factory=list)
    told: list[int] = field(default_factory=list)

    def book(self, purpose: str, credits: int, what: str) -> None:
        if self.spent + credits > self.limit:
            raise OutOfCredits("nothing is left")
        self.booked.append((purpose, credits, what))

    def reported(self, remaining: int) -> None:
        self.told.append(remaining)

    @property
    def spent(self) -> int:
        return sum(credits for _, credits, _ in self.booked)


@dataclass(slots=True)
class Tokens:
    """A token store in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, value: str) -> None:
        self.kept[name] = value


@dataclass(slots=True)
class Stage:
    """An organisation, our edge before it, and what the edge booked."""

    sim: ZohoSimulator
    crm: ZohoCrm
    ledger: Ledger
    tokens: Tokens
    config: Settings
    waits: list[float]
    known: list[OrgFacts]

    @property
    def clock(self) -> Clock:
        return self.sim.clock

    def learn(self) -> OrgFacts:
        """What the org is like; remembered for writes and proofs."""
        self.known[:] = [self.crm.org()]
        return self.known[0]

    def load(self, module: Module, org: OrgFacts) -> list[LoadPage]:
        return list(self.crm.load(module, org))

    def begin(self) -> Refreshed:
        """Everything loaded: the cursors as a caller has them after a first load."""
        org = self.learn()
        cursors = {}
        for module in SHADOWED:
            times = [row.record.modified for page in self.load(module, org) for row in page.rows]
            newest = max((time for time in times if time), default=self.clock.now())
            cursors[str(module)] = newest.isoformat()
        return Refreshed(cursors=cursors)

    def refresh(self, before: Refreshed) -> Refreshed:
        """The next refresh; its cursors are complete, as a caller keeps them."""
        cursors = dict(before.cursors)
        after = self.crm.refresh(cursors, self.known[0])
        return Refreshed(
            rows=after.rows,
            deleted=after.deleted,
            users=after.users,
            cursors={**cursors, **after.cursors},
            notes=after.notes,
        )

    def cost(self) -> tuple[int, int]:
        """What we booked and what the simulator charged, since the last asking."""
        booked, charged = self.ledger.spent, self.sim.credits.used()
        self.ledger.booked.clear()
        self.sim.credits._spent.clear()
        self.sim.credits._sum = 0
        return booked, charged

    def asked(self, path: str = "") -> list[Any]:
        """The API requests so far whose path contains this."""
        return [one for one in self.sim.requests if one.path.startswith("/crm/") and path in one.path]


@contextmanager
def a_stage(
    sim: ZohoSimulator | None = None, tokens: Tokens | None = None, read: float = 2, **overrides: Any
) -> Iterator[Stage]:
    """The simulator served, and our edge connected to it. `overrides`: settings; those of zoho are added."""
    sim = sim or ZohoSimulator(Clock(NOW))
    ledger, tokens, waits, known = Ledger(), tokens or Tokens(), [], [OrgFacts()]
    with sim.serve() as url:
        zoho = {
            "client_id": sim.client_id,
            "client_secret": sim.client_secret,
            "refresh_token": sim.refresh_token,
            "accounts_url": url,
            "api_url": url,
            **overrides.pop("zoho", {}),
        }
        config = settings(zoho=zoho, **overrides)
        patience = Patience(pause=waits.append)
        quick = httpx.Timeout(5, read=read)
        crm = open_zoho(config, tokens, ledger, sim.clock.now, lambda: known[0], patience=patience, timeouts=quick)
        try:
            yield Stage(sim, crm, ledger, tokens, config, waits, known)
        finally:
            crm.close()


def a_row(
    number: int = 1,
    module: Module = Module.EVENTS,
    op: Op = Op.CREATE,
    record_id: str = "",
    sent_at: datetime | None = NOW,
    **fields: Any,
) -> OutboxRow:
    """A write on its way; without fields, a sound one of its module."""
    given = fields if fields or op is Op.DELETE else sound_fields(module, number)
    write = Write(slot="activity", module=module, op=op, record_key=f"meeting/{number}", id=record_id, fields=given)
    return OutboxRow(
        number=number, key=f"m{number}", write=write, state=WriteState.SENDING, next_at=NOW, sent_at=sent_at
    )


def sound_fields(module: Module, number: int = 1) -> Mapping[str, Any]:
    """What Zoho takes without a word."""
    match module:
        case Module.EVENTS:
            times = {"Start_DateTime": "2026-03-02T10:00:00+00:00", "End_DateTime": "2026-03-02T11:00:00+00:00"}
            return {"Event_Title": f"Demo {number}", **times}
        case Module.CALLS:
            call = {"Call_Type": "Inbound", "Call_Start_Time": "2026-03-02T09:00:00+00:00", "Call_Duration": "02:30"}
            return {"Subject": f"Call {number}", **call}
        case Module.TASKS:
            return {"Subject": f"Task {number}", "Due_Date": "2026-03-04"}
        case _:
            return {"Last_Name": f"Person {number}"}
