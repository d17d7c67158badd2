"""What Zoho said of one row of a write (zoho.md 5.8): the row's own result counts, not the HTTP status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from activity_sync.model.records import ACTIVITIES, SHADOWED, Module
from activity_sync.model.writes import Op, OutboxRow, RowResult, Write
from activity_sync.zoho.payloads import moment_of
from activity_sync.zoho.refusals import BROKEN, PASSING, Fault, fault_of

_NO_SUCH = frozenset({"INVALID_DATA", "RECORD_NOT_FOUND", "RESOURCE_NOT_FOUND"})
_INVALID_ID = "id given seems to be invalid"
_NOT_DELETED = "record not deleted"

FindByKey = Callable[[OutboxRow], str | None]
"""The id of the record that holds this row's key; None when none does."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges rows. `key_field`: the API name of our key field, "" when the module of the row has none."""

    key_field: Callable[[OutboxRow], str]
    find_by_key: FindByKey

    def row(self, row: OutboxRow, result: Mapping[str, Any]) -> RowResult:
        """The result for one row, from its object in `data[]`."""
        fault = fault_of(result)
        if fault is not None:
            return self.refusal(row, fault)
        if result.get("code") != "SUCCESS" and result.get("status") != "success":
            return RowResult(done=False, uncertain=True, why="Zoho's result for it could not be read")
        details = result.get("details")
        return done(row, details if isinstance(details, dict) else {})

    def refusal(self, row: OutboxRow, fault: Fault) -> RowResult:
        """The result for a row that was refused."""
        if (twin := self._twin(row, fault)) is not None:
            return self._same_key(row, twin)
        if fault.code in BROKEN:
            return RowResult(done=False, uncertain=True, code=fault.code, why="Zoho stumbled over it")
        again = all(cause.code in PASSING for cause in fault.causes())
        gone = row.write.op is not Op.CREATE and is_unknown_id(row.write.op, fault)
        return RowResult(
            done=False, id=row.write.id, gone=gone, again=again and not gone, code=fault.code, why=fault.words(),
            there=_holder(row.write, fault),
        )  # fmt: skip

    def _twin(self, row: OutboxRow, fault: Fault) -> Fault | None:
        """The refusal which says that our key is there already: an earlier try arrived."""
        key_field = self.key_field(row) if row.write.op is Op.CREATE else ""
        twins = (cause for cause in fault.causes() if cause.code == "DUPLICATE_DATA" and cause.about == key_field)
        return next(twins, None) if key_field else None

    def _same_key(self, row: OutboxRow, twin: Fault) -> RowResult:
        record_id = _named_id(twin) or self.find_by_key(row)
        if record_id is None:
            why = "Zoho says that the key is taken, but shows no record with it"
            return RowResult(done=False, uncertain=True, code=twin.code, why=why)
        return RowResult(done=True, id=record_id, code=twin.code)


def done(row: OutboxRow, details: Mapping[str, Any]) -> RowResult:
    """A row that Zoho took."""
    said = details.get("id")
    record_id = said if isinstance(said, str) and said else row.write.id
    if not record_id:
        return RowResult(done=False, uncertain=True, why="Zoho took it but gave no id")
    return RowResult(done=True, id=record_id, modified=moment_of(details.get("Modified_Time")))


def is_unknown_id(op: Op, fault: Fault) -> bool:
    """Whether Zoho does not know the id of an update or deletion: the record has gone."""
    if fault.code not in _NO_SUCH:
        return False
    said = fault.message.casefold()
    if op is Op.DELETE and (_NOT_DELETED in said or not fault.about):
        return True
    if fault.about.casefold() == "id":
        return True
    return not fault.about and (_INVALID_ID in said or fault.code != "INVALID_DATA" or _in_path(fault))


def _in_path(fault: Fault) -> bool:
    """The id stood in the address: `resource_path_index` counts its parts from 0, the module being the first."""
    return fault.details.get("resource_path_index") == 1


def _holder(write: Write, fault: Fault) -> tuple[Module, str] | None:
    """The one record that has all of the unique values of a person or company that was to be made; None: there are
    several, something else is wrong too, or Zoho does not say which it is."""
    if write.op is not Op.CREATE or write.module in ACTIVITIES:
        return None
    found = {_named(cause, write.module) if cause.code == "DUPLICATE_DATA" else None for cause in fault.causes()}
    return found.pop() if len(found) == 1 else None


def _named(fault: Fault, asked: Module) -> tuple[Module, str] | None:
    """The record that a clash is with; it may be of another module (duplicate-check preference, zoho.md 5.5)."""
    record_id, twin = _named_id(fault), fault.details.get("duplicate_record")
    if record_id is None or fault.details.get("more_records") is True:
        return None
    told = twin.get("module") if isinstance(twin, dict) else None
    name = told.get("api_name") if isinstance(told, dict) else told
    module = next((one for one in SHADOWED if one.value == name), None) if name else asked
    return None if module is None else (module, record_id)


def _named_id(fault: Fault) -> str | None:
    twin = fault.details.get("duplicate_record")
    for place in (fault.details, twin if isinstance(twin, dict) else {}):
        if isinstance(place.get("id"), str) and place["id"]:
            return str(place["id"])
    return None
