"""The state of one made-up organisation; every route works on it under one lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho.fields import Field, Module
from activity_sync.simulator.zoho.jobs import BulkJobs
from activity_sync.simulator.zoho.standard import standard_modules
from activity_sync.simulator.zoho.switches import Switches
from activity_sync.simulator.zoho.tables import Row, Table, Undo

STAGES = (
    ("Qualification", 10, "Open"),
    ("Needs Analysis", 20, "Open"),
    ("Value Proposition", 40, "Open"),
    ("Id. Decision Makers", 60, "Open"),
    ("Proposal/Price Quote", 75, "Open"),
    ("Negotiation/Review", 90, "Open"),
    ("Closed Won", 100, "Closed Won"),
    ("Closed Lost", 0, "Closed Lost"),
    ("Closed Lost to Competition", 0, "Closed Lost"),
)
STAGE_LABELS = {"Id. Decision Makers": "Identify Decision Makers"}


@dataclass(frozen=True, slots=True)
class Mail:
    """What would have gone to somebody: an invitation, a cancellation, a notification, what a workflow sends."""

    kind: str
    to: str
    module: str
    record_id: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """The automation keys of one written record: None = everything runs, () = nothing."""

    module: str
    record_id: str
    trigger: tuple[str, ...] | None


@dataclass(slots=True)
class Pipeline:
    """A pipeline of Deals and its stages by their actual values, in order."""

    id: str
    name: str
    stages: tuple[str, ...]
    default: bool = False


@dataclass(slots=True)
class World:
    """Users, modules, records, and what happened to them."""

    clock: Clock
    switches: Switches
    edition: str
    licences: int
    company: str
    lock: threading.RLock = field(default_factory=threading.RLock)
    modules: dict[str, Module] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    users: dict[str, Row] = field(default_factory=dict)
    token_user: str = ""
    org_id: str = ""
    stages: dict[str, tuple[int, str]] = field(default_factory=dict)
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    pipelines_enabled: bool = True
    blueprint_stages: bool = False
    contact_roles: dict[str, str] = field(default_factory=dict)
    deal_roles: dict[str, dict[str, str]] = field(default_factory=dict)
    page_tokens: dict[str, tuple[datetime, str, int]] = field(default_factory=dict)
    bulk: BulkJobs = field(default_factory=BulkJobs)
    channels: dict[str, Any] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    _last_id: int = 5725767000000000000

    def __post_init__(self) -> None:
        self.org_id = self.new_id()
        self.modules = standard_modules(self.new_id)
        self.tables = {name: Table() for name in self.modules}
        self.stages = {name: (probability, kind) for name, probability, kind in STAGES}
        self.contact_roles = {
            self.new_id(): name for name in ("Developer/Evaluator", "Decision Maker", "Executive Sponsor", "End User")
        }
        self.add_pipeline("Standard (Standard)", [name for name, _, _ in STAGES], default=True)

    def new_id(self) -> str:
        """The next id: 19 digits, ascending, as text."""
        self._last_id += 1
        return str(self._last_id)

    def now(self) -> datetime:
        """The present, UTC, whole seconds as Zoho keeps times."""
        return self.clock.now().replace(microsecond=0)

    def apply_switches(self) -> None:
        """Give the field for a call's status the name that is switched on."""
        fields, wanted = self.modules["Calls"].fields, self.switches.call_status_key
        if wanted not in fields:
            status = fields.pop("Outgoing_Call_Status", None) or fields.pop("Outbound_Call_Status")
            status.api_name, status.label = wanted, wanted.replace("_", " ")
            fields[wanted] = status

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which all times are given: the token user's."""
        return ZoneInfo(self.users[self.token_user]["time_zone"])

    def add_pipeline(self, name: str, stages: list[str], *, default: bool = False) -> None:
        """A pipeline for Deals; unknown stages are added as open ones."""
        self.pipelines[name] = Pipeline(self.new_id(), name, tuple(stages), default)
        for stage in stages:
            self.stages.setdefault(stage, (50, "Open"))
        deals = self.modules["Deals"].fields
        deals["Stage"].picklist = tuple(self.stages)
        deals["Pipeline"].picklist = tuple(self.pipelines)

    def live(self, module: str, record_id: object) -> Row | None:
        """The record with this id, unless it was deleted."""
        table = self.tables.get(module)
        return table.rows.get(record_id) if table and isinstance(record_id, str) else None

    def find(self, record_id: str) -> str | None:
        """The module in which a record with this id lives."""
        return next((name for name, table in self.tables.items() if record_id in table.rows), None)

    def target_of(self, field: Field, row: Row) -> str:
        """The module a lookup of this row points to."""
        return str(row.get("$se_module") or "") if field.target == "se_module" else field.target

    def user_name(self, user_id: str) -> str:
        """A user's full name."""
        user = self.users[user_id]
        return " ".join(part for part in (user["first_name"], user["last_name"]) if part)

    def put(self, module: str, row: Row) -> None:
        """Store a row that was written through the API or by a person."""
        self.tables[module].put(row)
        self.tables[module].written[row["id"]] = self.now()

    @contextmanager
    def undoable(self) -> Iterator[list[Undo]]:
        """Gathers how to undo each change to records made inside."""
        steps: list[Undo] = []
        for table in self.tables.values():
            table.undo = steps
        try:
            yield steps
        finally:
            for table in self.tables.values():
                table.undo = None


def display_name(world: World, module: str, record_id: str) -> str | None:
    """What a lookup shows as the name of the record it points to."""
    row = world.live(module, record_id)
    value: Any = row.get(world.modules[module].name_field) if row else None
    return value if value is None else str(value)
