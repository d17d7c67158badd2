"""A shadow in a database of its own beside the made-up Zoho, refreshed by the real steps over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from activity_sync.model.decisions import Lookup
from activity_sync.model.records import SHADOWED, AddressKind, Module, Record
from activity_sync.model.results import Problem
from activity_sync.model.writes import Op, Write, Written
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.steps.means import Means
from activity_sync.steps.refresh import refresh
from activity_sync.steps.send import send
from activity_sync.store import facts, outbox, runs, shadow, sync_log, written
from activity_sync.store.database import Database, open_database
from tests.zoho.stage import Stage, a_stage, sound_fields

FIVE_MINUTES = timedelta(minutes=5)
HALF_AN_HOUR = timedelta(minutes=30)


@dataclass(slots=True)
class Shadowing:
    """`stage`: Zoho and our edge; `means`: what the steps work with. Waiting moves the made-up clock."""

    stage: Stage
    database: Database
    means: Means
    told: list[str] = field(default_factory=list)

    @property
    def sim(self) -> ZohoSimulator:
        return self.stage.sim

    def now(self) -> datetime:
        return self.stage.clock.now()

    def round(self, later: timedelta = FIVE_MINUTES) -> Sequence[Problem]:
        """One refresh, some time after the last."""
        self.stage.clock.shift(later)
        now = self.now()
        with self.database.transaction() as session:
            run = runs.start_run(session, "run", now)
        return refresh(self.means, run, now)

    def rounds(self, count: int = 18, later: timedelta = FIVE_MINUTES) -> list[Problem]:
        """Several; 18 go through all lists."""
        return [problem for _ in range(count) for problem in self.round(later)]

    def load(self) -> None:
        """The first load, and the round in which the lists of activities begin."""
        assert not self.round()
        assert not self.round()

    def log(self, key: str = "m-1", module: Module = Module.EVENTS, **fields: Any) -> str:
        """Write an activity by the real outbox; gives its id in Zoho."""
        write = Write(
            slot="activity",
            module=module,
            op=Op.CREATE,
            record_key=f"key/{key}",
            fields={**sound_fields(module), **fields},
            because="it is new",
        )
        with self.database.transaction() as session:
            facts.save_org(session, self.stage.learn(), self.now())
            outbox.add(session, key, [write], None, self.now())
        send(self.means, 1, wait=False)
        return self.written(key).id

    def written(self, key: str = "m-1") -> Written:
        with self.database.reading() as session:
            (found,) = written.written_of(session, key)
            return found

    def events(self) -> list[str]:
        """What the sync log says of activities that people touched."""
        with self.database.reading() as session:
            return [line.event for line in sync_log.lines(session) if line.direction == "in" and line.zoho_id]

    def record(self, module: Module, record_id: str) -> Record | None:
        with self.database.reading() as session:
            return shadow.record(session, module, record_id)

    def count(self, module: Module) -> int:
        with self.database.reading() as session:
            return shadow.count(session, module)

    def under(self, kind: AddressKind, value: str) -> list[str]:
        """The names of the records that are found under an address."""
        with self.database.reading() as session:
            found = shadow.candidates(session, [Lookup(kind, value)]).by_address
        return [one.name for records in found.values() for one in records]

    def everything(self) -> dict[tuple[str, str], Record]:
        """All that the shadow holds."""
        with self.database.reading() as session:
            ids = {module: self._ids(session, module) for module in SHADOWED}
            found = [one for module in SHADOWED for one in shadow.records(session, module, ids[module]).values()]
            return {(str(one.module), one.id): one for one in found}

    def _ids(self, session: Any, module: Module) -> list[str]:
        rows = session.connection().exec_driver_sql(f"SELECT zoho_id FROM record WHERE module = '{module.value}'")
        return [row[0] for row in rows]


@contextmanager
def a_shadow(folder: Path, sim: ZohoSimulator | None = None, **overrides: Any) -> Iterator[Shadowing]:
    """`overrides`: settings."""
    database = open_database(f"sqlite:///{folder / 'shadow.db'}")
    database.upgrade()
    with a_stage(sim, read=20, **overrides) as stage:

        def pause(seconds: float) -> bool:
            stage.clock.shift(timedelta(seconds=seconds))
            return False

        told: list[str] = []
        means = Means(
            settings=stage.config,
            database=database,
            crm=stage.crm,
            sources=(),
            now=stage.clock.now,
            pause=pause,
            tell=told.append,
        )
        yield Shadowing(stage, database, means, told)
    database.dispose()
