"""Whatever people do in Zoho between rounds: what they did stays, nothing deleted comes back, nothing is doubled."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from ruamel.yaml import YAML

from activity_sync.config import load
from activity_sync.simulator.stage import Stage
from activity_sync.steps.round import sync
from activity_sync.wiring import open_app
from tests.journeys.company import Company
from tests.journeys.desk import JO, ago, meet, ring

_TORTURE = bool(os.environ.get("TORTURE"))
_ALL_LISTS = 19
_NUMBERS = ("+447700900101", "+442079460777", "+442079460778")
_GUESTS = ("nora.quill@brightwater.example", "Lee Fox <lee.fox@newco.example>")
_TITLES = {"Events": "Event_Title", "Calls": "Subject"}
_STARTS = {"Events": "Start_DateTime", "Calls": "Call_Start_Time"}

pick = st.integers(0, 1000)
modules = st.sampled_from(["Events", "Calls"])


class PeopleMachine(RuleBasedStateMachine):
    """A company in which unknown people become leads, and colleagues who work in Zoho."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.made = 0
        self.edits: dict[tuple[str, str, str], Any] = {}
        self.deleted: set[tuple[str, str]] = set()
        self.by_hand: set[str] = set()

    @initialize()
    def begin(self) -> None:
        self.stage = self._open.enter_context(Stage(scenes=()))
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        config = self.stage.write_config(folder)
        yaml = YAML(typ="safe")
        data = {**yaml.load(config), "people": {"create": "Leads"}, "activity_types": [{"name": "Other", "when": {}}]}
        with config.open("w", encoding="utf-8") as file:
            yaml.dump(data, file)
        self.company = Company(self.stage, config, None)  # type: ignore[arg-type]
        self.app = open_app(load(config, os.environ), folder)
        self._open.callback(self.app.close)
        self.jo = self.stage.ids.users[JO]
        self.sam = self.stage.ids.users["sam@acme.example"]
        self.before = {module: set(self.stage.zoho.world.tables[module].rows) for module in ("Leads", "Contacts")}
        self.round()

    def teardown(self) -> None:
        if hasattr(self, "app"):
            self._judge()
        self._open.close()

    # --- what happens outside

    @rule(number=st.sampled_from(_NUMBERS))
    def a_call(self, number: str) -> None:
        self.made += 1
        ring(self.company, f"c{self.made}", number, ago(hours=self.made))

    @rule(guest=st.sampled_from(_GUESTS))
    def a_meeting(self, guest: str) -> None:
        self.made += 1
        meet(self.company, f"Talk {self.made}", guest, start=ago(hours=self.made))

    @rule()
    def a_round(self) -> None:
        self.round()

    # --- people

    @rule(module=modules, which=pick, what=st.sampled_from(["title", "start", "Owner", "Description", "Who_Id"]))
    def edit(self, module: str, which: int, what: str) -> None:
        record = self._some(module, which)
        if record is None:
            return
        name, value = self._change(module, record, what)
        self.stage.zoho.edit(module, record["id"], by=self.sam, **{name: value})
        self.edits[module, record["id"], name] = self.stage.zoho.world.tables[module].rows[record["id"]].get(name)

    @rule(module=modules, which=pick)
    def delete(self, module: str, which: int) -> None:
        record = self._some(module, which)
        if record is not None:
            self.stage.zoho.delete(module, record["id"])
            self.deleted.add((module, record["id"]))

    @precondition(lambda self: self.deleted)
    @rule(which=pick)
    def restore(self, which: int) -> None:
        module, record_id = sorted(self.deleted)[which % len(self.deleted)]
        self.stage.zoho.restore(module, record_id)
        self.deleted.discard((module, record_id))

    @rule(which=pick)
    def convert(self, which: int) -> None:
        leads = [one["id"] for one in self._people("Leads") if one["id"] not in self.before["Leads"]]
        if leads:
            self.stage.zoho.convert_lead(leads[which % len(leads)])

    @rule(module=st.sampled_from(["Leads", "Contacts"]), which=pick, other=pick)
    def merge(self, module: str, which: int, other: int) -> None:
        people = sorted(one["id"] for one in self._people(module))
        if people and (master := people[which % len(people)]) != (loser := people[other % len(people)]):
            self.stage.zoho.merge(module, master, [loser])
            self.edits = {what: master if value == loser else value for what, value in self.edits.items()}

    @rule(which=pick)
    def log_the_same_by_hand(self, which: int) -> None:
        record = self._some("Calls", which)
        if record is None or record["id"] in self.by_hand:
            return
        own = {name: record[name] for name in ("Call_Type", "Call_Start_Time", "Call_Duration", "Owner", "Who_Id",
               "What_Id", "$se_module") if record.get(name)}  # fmt: skip
        self.by_hand.add(self.stage.zoho.add("Calls", Subject="By hand", **own))

    # --- at rest

    def round(self) -> None:
        result = sync(self.app.means, wait=False)
        assert not result.problems

    def _judge(self) -> None:
        for _ in range(_ALL_LISTS):
            self.round()
        live = {module: {one["id"]: one for one in self.stage.zoho.records(module)} for module in _TITLES}
        for (module, record_id, name), value in self.edits.items():
            if record_id in live[module]:
                rows = self.stage.zoho.world.tables[module].rows
                assert rows[record_id].get(name) == value, f"{module}.{name} of a person was overwritten"
        untouched = {record_id for _, record_id, _ in self.edits}
        for module, records in live.items():
            ours = Counter(one.get("Activity_Sync_Key") for one in records.values() if one.get("Activity_Sync_Key"))
            assert all(count == 1 for count in ours.values())
            gone = {self.stage.zoho.world.tables[module].rows.get(record_id, {}).get("Activity_Sync_Key")
                    for where, record_id in self.deleted if where == module} - {None}  # fmt: skip
            assert not gone & {str(key).partition("/")[0] for key in ours}, "what a person deleted came back"
        starts = Counter(
            str(one["Call_Start_Time"]) for record_id, one in live["Calls"].items() if record_id not in untouched
        )
        doubled = [at for at, count in starts.items() if count > 1]
        for at in doubled:
            same = [one for one in live["Calls"].values() if str(one["Call_Start_Time"]) == at]
            assert sum(one["id"] not in self.by_hand for one in same) <= 1, f"doubled: {same}"
        for field in ("Email", "Phone"):
            people = [one for module in ("Leads", "Contacts") for one in self._people(module)
                      if one["id"] not in self.before[module] and one.get(field)]  # fmt: skip
            assert all(count == 1 for count in Counter(one[field] for one in people).values()), people
        assert not any(sync(self.app.means, wait=False).writes.values())

    def _people(self, module: str) -> list[Mapping[str, Any]]:
        """Those that are there; a converted lead is listed, and is none any more."""
        return [one for one in self.stage.zoho.records(module) if not one.get("Converted__s")]

    def _some(self, module: str, which: int) -> dict[str, Any] | None:
        found = sorted((dict(one) for one in self.stage.zoho.records(module)), key=lambda one: one["id"])
        return found[which % len(found)] if found else None

    def _change(self, module: str, record: dict[str, Any], what: str) -> tuple[str, Any]:
        nora = min(one["id"] for one in self._people("Contacts"))
        match what:
            case "title":
                return _TITLES[module], f"Mine {record['id'][-3:]}"
            case "start" if module == "Events":
                return "Start_DateTime", ago(days=3) + timedelta(minutes=1)
            case "Owner":
                return "Owner", {"id": self.sam}
            case "Who_Id":
                return "Who_Id", {"id": nora}
            case _:
                return "Description", "My own words"


PeopleMachine.TestCase.settings = settings(
    max_examples=40 if _TORTURE else 1, stateful_step_count=25 if _TORTURE else 12, deadline=None,
    suppress_health_check=list(HealthCheck), derandomize=not _TORTURE, phases=[Phase.generate],
)  # fmt: skip
TestPeopleMachine = PeopleMachine.TestCase
