"""The self-test's own records: made, read back, changed, and removed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.records import FieldFacts, Module, OrgFacts
from activity_sync.zoho.client import Answer, Call, Client
from activity_sync.zoho.coql import Query, quoted, run
from activity_sync.zoho.refusals import Fault, ZohoRefused, fault_of

MARKER = "Activity Sync self-test record"
TITLES = {Module.LEADS: "Last_Name", Module.EVENTS: "Event_Title", Module.CALLS: "Subject", Module.TASKS: "Subject"}
_PURPOSE = "checking"
_TRIES = 3
_A_MOMENT = 2.0
_QUIET: dict[Module, dict[str, Any]] = {
    Module.EVENTS: {"$send_notification": False},
    Module.TASKS: {"Send_Notification_Email": False},
}

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one record: its id, or the refusal."""

    id: str = ""
    fault: Fault | None = None

    def refused_about(self, *names: str) -> bool:
        """Whether it was refused because of one of these fields."""
        return self.fault is not None and any(cause.about in names for cause in self.fault.causes())


@dataclass(slots=True)
class Bench:
    """Makes records and remembers them. `pause(seconds)`: wait, True when the program is to stop."""

    client: Client
    org: OrgFacts
    now: datetime
    pause: Callable[[float], bool]
    removed: int = 0
    _made: dict[str, Module] = field(default_factory=dict)

    def make(self, module: Module, *rows: Fields) -> list[Made]:
        """Make records in one request. Raises what `Client.send` raises; a refusal is in the result."""
        data = [self.whole(module, row) for row in rows]
        made = self._written("POST", module, data, len(rows))
        self._made |= {one.id: module for one in made if one.id}
        return made

    def change(self, module: Module, record_id: str, fields: Fields) -> Made:
        """Change one record."""
        (changed,) = self._written("PUT", module, [{"id": record_id, **_QUIET.get(module, {}), **fields}], 1)
        return changed

    def read(self, module: Module, ids: Sequence[str], *names: str) -> dict[str, dict[str, Any]]:
        """Present values by id; a field that the org does not know is missing."""
        params = {"ids": ",".join(ids), "fields": ",".join(names), "per_page": "200"}
        return {str(row.get("id")): row for row in self._send("GET", f"/{module}", params=params).rows()}

    def note(self, module: Module, record_id: str) -> None:
        """A record that was made by another route."""
        self._made[record_id] = module

    def whole(self, module: Module, fields: Fields) -> dict[str, Any]:
        """A record that can be taken: titled with the marker, quiet, and with what the org demands of its module."""
        own = {TITLES[module]: MARKER, **_QUIET.get(module, {}), **fields}
        return {**dict(_demanded(self.org.fields.get(module, {}), own)), **own}

    # --- removing

    def remove(self, module: Module, ids: Sequence[str]) -> None:
        """Remove records; one that is gone already counts as removed."""
        if not ids:
            return
        params = {"ids": ",".join(ids), "wf_trigger": "false"}
        try:
            rows = self._send("DELETE", f"/{module}", params=params, writes=True).rows()
        except ZohoRefused as refused:
            if refused.fault.code != "INVALID_DATA" or len(ids) > 1:
                raise
            rows = []
        for record_id, row in zip(ids, rows or [{}] * len(ids), strict=False):
            fault = fault_of(row)
            if fault is None or fault.code == "INVALID_DATA":
                self._made.pop(record_id, None)
                self.removed += fault is None

    def sweep(self) -> None:
        """Remove whatever bears the marker: left by a self-test that was broken off, or made by a lost answer."""
        for module, title in TITLES.items():
            if self.org.fields and module not in self.org.fields:
                continue
            query = Query(module=module, columns=("id", title), where=f"{title} = {quoted(MARKER)}")
            found = run(self.client, query, "self-test", _PURPOSE).rows
            self.remove(module, [row["id"] for row in found if row.get(title) == MARKER])

    def clean(self, *, thorough: bool) -> tuple[str, ...]:
        """Remove all that was made, some tries; what is left. `thorough`: an answer was lost, look by marker too."""
        for tried in range(_TRIES):
            if tried or thorough:
                self.pause(_A_MOMENT)
            try:
                for module in dict.fromkeys(self._made.values()):
                    self.remove(module, [one for one, of in self._made.items() if of is module])
                if thorough:
                    self.sweep()
            except ConnectionFailure:
                continue
            if not self._made:
                return ()
        return tuple(f"{module} {record_id}" for record_id, module in self._made.items()) or ("perhaps one",)

    # --- the wire

    def _written(self, method: str, module: Module, data: Sequence[Fields], count: int) -> list[Made]:
        body = {"data": list(data), "trigger": []}
        try:
            answer = self._send(method, f"/{module}", body, writes=True)
        except ZohoRefused as refused:
            return [Made(fault=refused.fault)] * count
        rows = answer.rows()
        return [_made(row) for row in rows[:count]] + [Made(fault=Fault("NO_RESULT"))] * (count - len(rows))

    def _send(
        self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None, *, writes: bool = False
    ) -> Answer:
        call = Call(
            method=method,
            path=path,
            what="self-test",
            purpose=_PURPOSE,
            params=params or {},
            json=body,
            writes=writes,
        )
        return self.client.send(call)


def _made(row: Fields) -> Made:
    fault = fault_of(row)
    if fault is not None:  # its id, if any, is that of another record: not ours to remove
        return Made(fault=fault)
    details = row.get("details")
    record_id = details.get("id") if isinstance(details, Mapping) else None
    return Made(str(record_id or ""))


def _demanded(fields: Mapping[str, FieldFacts], given: Fields) -> Iterator[tuple[str, Any]]:
    """A plain value for each further field that every record of the module must have."""
    for name, facts in fields.items():
        if facts.mandatory and not facts.read_only and name not in given:
            value = facts.picklist[0] if facts.picklist else _PLAIN.get(facts.data_type, "1")
            yield name, [value] if facts.data_type == "multiselectpicklist" else value


_PLAIN: dict[str, Any] = {
    "text": MARKER,
    "textarea": MARKER,
    "email": "self-test@activity-sync.example",
    "phone": "+442079460199",
    "website": "https://activity-sync.example",
    "integer": 1,
    "double": 1,
    "currency": 1,
    "percent": 1,
    "boolean": False,
    "date": "2026-01-05",
    "datetime": "2026-01-05T10:00:00+00:00",
}
