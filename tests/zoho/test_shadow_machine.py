"""Whatever people do in Zoho and whatever goes wrong on the way: at rest the shadow is what the org holds."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.records import SHADOWED
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.steps import progress
from activity_sync.zoho.payloads import addressing, to_row
from tests.zoho.shadowing import Shadowing, a_shadow
from tests.zoho.stage import LONG_AGO, NOW

_TORTURE = bool(os.environ.get("TORTURE"))
_NAMES = {"Contacts": "Last_Name", "Leads": "Last_Name", "Accounts": "Account_Name", "Deals": "Deal_Name"}
_STAGES = ("Qualification", "Needs Analysis", "Closed Won")
_WRONG = tuple(mishap for mishap in Mishap if mishap not in (Mishap.SLOW, Mishap.LATE))

modules = st.sampled_from([str(module) for module in SHADOWED])
pick = st.integers(0, 10_000)


class ShadowMachine(RuleBasedStateMachine):
    """An org of some dozen records, people at work in it, and rounds between."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.company: Shadowing
        self.made = 0
        self.away = False
        self.legitimate: set[tuple[str, str]] = set()

    @initialize(
        moves=st.booleans(), hides=st.booleans(), dated=st.booleans(), compares=st.booleans(),
        empty=st.sampled_from(["missing", "null", "object", "text"]),
    )  # fmt: skip
    def begin(self, moves: bool, hides: bool, dated: bool, compares: bool, empty: Any) -> None:
        sim = ZohoSimulator(Clock(NOW))
        switches = sim.switches
        switches.restore_moves_modified_time, switches.coql_hides_converted = moves, hides
        switches.conversion_moves_modified_time, switches.coql_compares_ids = dated, compares
        switches.composite_empty_body = empty
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        self.company = self._open.enter_context(a_shadow(folder, sim))
        self.owners = [sim.token_user, sim.add_user("jo@acme.example", "Jo", "Rep")]
        for module in _NAMES:
            for _ in range(4):
                self._make(module, Modified_Time=LONG_AGO)
        self.company.load()

    def teardown(self) -> None:
        if hasattr(self, "company"):
            self._rest()
        self._open.close()

    # --- people

    @rule(module=modules, link=pick)
    def create(self, module: str, link: int) -> None:
        self._make(module, **self._links(module, link))

    @rule(module=modules, which=pick, what=st.sampled_from(["Email", "Phone", "links", "Owner", "Website", "Stage"]))
    def edit(self, module: str, which: int, what: str) -> None:
        if record := self._some(module, which):
            self.company.sim.edit(module, record, **self._change(module, which, what))

    @rule(module=modules, which=pick, permanent=st.booleans())
    def delete(self, module: str, which: int, permanent: bool) -> None:
        if record := self._some(module, which):
            self.legitimate.add((module, record))
            self.company.sim.delete(module, record, permanent=permanent)

    @rule(module=modules, which=pick)
    def restore(self, module: str, which: int) -> None:
        binned = [one["id"] for one in self.company.sim.deleted(module) if one["type"] == "recycle"]
        if binned:
            self.company.sim.restore(module, binned[which % len(binned)])

    @rule(module=st.sampled_from(["Contacts", "Leads", "Accounts"]), which=pick, other=pick)
    def merge(self, module: str, which: int, other: int) -> None:
        master, loser = self._some(module, which), self._some(module, other)
        if master and loser and master != loser:
            self.legitimate.add((module, loser))
            self.company.sim.merge(module, master, [loser])

    @rule(which=pick, deal=st.booleans(), known=st.booleans())
    def convert(self, which: int, deal: bool, known: bool) -> None:
        if lead := self._some("Leads", which):
            self.legitimate.add(("Leads", lead))
            contact = self._some("Contacts", which) if known else None
            fields = {"Deal_Name": "Won over", "Stage": "Qualification", "Closing_Date": "2026-05-01"} if deal else None
            self.company.sim.convert_lead(lead, contact=contact, deal=fields)

    @rule(active=st.booleans())
    def user_comes_or_goes(self, active: bool) -> None:
        self.company.sim.edit_user(self.owners[1], status="active" if active else "inactive")

    # --- the program

    @rule(minutes=st.sampled_from([5, 30, 60 * 24 * 8]))
    def refresh(self, minutes: int) -> None:
        self._round(timedelta(minutes=minutes))

    @rule(mishap=st.sampled_from(_WRONG), times=st.integers(1, 6), path=st.sampled_from(["/coql", "/__composite", "/"]))
    def trouble(self, mishap: Mishap, times: int, path: str) -> None:
        self.company.sim.mishaps.plan(mishap, path=path, times=times)
        self._round(timedelta(minutes=5))
        self.company.sim.mishaps.clear()

    @precondition(lambda self: _TORTURE)
    @rule()
    def away_for_months(self) -> None:
        self.away = True
        self._round(timedelta(days=70))

    @rule()
    def rest(self) -> None:
        self._rest()

    @invariant()
    def nothing_is_removed_without_a_cause(self) -> None:
        if not hasattr(self, "company"):
            return
        held = set(self.company.everything())
        before, self._held = getattr(self, "_held", set()), held
        assert before - held <= self.legitimate

    # --- helpers

    def _make(self, module: str, **fields: Any) -> None:
        self.made += 1
        own: dict[str, Any] = {_NAMES[module]: f"No {self.made}"}
        if module in ("Contacts", "Leads"):
            own |= {"Email": f"p{self.made}@globex.example"}
        if module == "Leads":
            own |= {"Company": "Initech"}
        if module == "Deals":
            own |= {"Stage": _STAGES[self.made % 3], "Pipeline": "Standard (Standard)"}
        self.company.sim.add(module, **own, **fields)

    def _some(self, module: str, which: int) -> str | None:
        rows = self.company.sim.world.tables[module].rows
        living = [one for one in rows if not rows[one].get("Converted__s")]
        return living[which % len(living)] if living else None

    def _links(self, module: str, which: int) -> dict[str, Any]:
        links = {"Contacts": ("Account_Name",), "Deals": ("Account_Name", "Contact_Name")}.get(module, ())
        kinds = {"Account_Name": "Accounts", "Contact_Name": "Contacts"}
        return {name: self._some(kinds[name], which) for name in links}

    def _change(self, module: str, which: int, what: str) -> dict[str, Any]:
        person = module in ("Contacts", "Leads")
        match what:
            case "Email" if person:
                return {"Email": f"new{which}@globex.example"}
            case "Phone" if person:
                return {"Phone": f"+44 20 7946 {which % 1000:04d}"}
            case "Website" if module == "Accounts":
                return {"Website": f"https://www.w{which}.example"}
            case "Stage" if module == "Deals":
                return {"Stage": _STAGES[which % 3]}
            case "Owner":
                return {"Owner": self.owners[which % 2]}
            case _:
                return self._links(module, which)

    def _round(self, later: timedelta) -> None:
        try:
            self.company.round(later)
        except ConnectionFailure:
            self.company.stage.clock.shift(timedelta(minutes=11))  # tokens may be asked for again

    def _rest(self) -> None:
        """Nobody works and nothing fails for eight days: all lists go round, and a comparison is made."""
        self.company.sim.mishaps.clear()
        for hours in (1, 24 * 8, *([0.1] * 20)):
            self._round(timedelta(hours=hours))
        real = self._real()
        held = {key: one for key, one in self.company.everything().items() if key[0] not in self._unprovable(real)}
        assert held == real

    def _unprovable(self, real: dict[tuple[str, str], Any]) -> set[str]:
        """Modules of which Zoho shows nothing at all, after an absence longer than it lists deletions: they are held,
        and say so."""
        with self.company.database.reading() as session:
            return {module for module in progress.held(session) if self.away and module not in {one for one, _ in real}}

    def _real(self) -> dict[tuple[str, str], Any]:
        """What a full reading of the org would give, without our program's lists and cursors."""
        sim, columns = self.company.sim, self.company.stage.crm._asking.columns
        org, how = self.company.stage.crm.org(), addressing(self.company.stage.config)
        found = {}
        for module in SHADOWED:
            for row in sim.records(module):
                wanted = {name: _bare(row.get(name)) for name in columns.of(module, org)}
                one = to_row(module, wanted, how)
                if not one.gone:
                    found[(str(module), one.record.id)] = one.record
        return found


def _bare(value: Any) -> Any:
    return {"id": value["id"]} if isinstance(value, dict) and "id" in value else value


@pytest.mark.torture
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
class TestShadow(ShadowMachine.TestCase):  # type: ignore[misc, name-defined]
    """A short dose; `TORTURE=1` for more."""

    settings = settings(
        max_examples=int(os.environ.get("TORTURE_EXAMPLES", "40")) if _TORTURE else 1,
        stateful_step_count=30 if _TORTURE else 10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not _TORTURE,
        database=None,
    )
