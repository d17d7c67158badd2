"""Makes the key field in Events, Calls and Tasks (zoho.md 5.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.records import Module
from activity_sync.zoho.client import Call, Client
from activity_sync.zoho.refusals import Fault, ZohoRefused, fault_of

LENGTH = 64
_NOT_UNIQUE = frozenset({"NOT_SUPPORTED", "LIMIT_EXCEEDED", "NOT_ALLOWED", "INVALID_DATA"})


@dataclass(frozen=True, slots=True)
class FieldMade:
    """What became of one module's field. `why`: "" when it is there now."""

    module: Module
    why: str = ""
    unique: bool = True


def make_key_fields(client: Client, name: str, modules: Iterable[Module]) -> list[FieldMade]:
    """Make the field in each of these modules; where it may not be unique, a plain one. Nothing is raised.

    What counts is what the org's metadata say afterwards.
    """
    return [_made(client, name, module) for module in modules]


def _made(client: Client, name: str, module: Module) -> FieldMade:
    try:
        fault = _ask(client, name, module, unique=True)
        if fault is not None and fault.code in _NOT_UNIQUE and _is_about_unique(fault):
            why = fault.words()
            fault = _ask(client, name, module, unique=False)
            return FieldMade(module, fault.words() if fault else f"it could not be made unique: {why}", unique=False)
    except ConnectionFailure as failure:
        return FieldMade(module, failure.why, unique=False)
    if fault is None or fault.code == "DUPLICATE_DATA":
        return FieldMade(module)
    return FieldMade(module, fault.words(), unique=False)


def _is_about_unique(fault: Fault) -> bool:
    return any(cause.about == "unique" or "unique" in cause.message.casefold() for cause in fault.causes())


def _ask(client: Client, name: str, module: Module, *, unique: bool) -> Fault | None:
    """The refusal, or None."""
    field: dict[str, Any] = {"field_label": name.replace("_", " "), "data_type": "text", "length": LENGTH}
    if unique:
        field["unique"] = {"case_sensitive": False}
    call = Call(
        method="POST",
        path="/settings/fields",
        params={"module": module},
        json={"fields": [field]},
        what="key field",
        purpose="writing",
        writes=True,
    )
    try:
        rows = client.send(call).rows("fields")
    except ZohoRefused as refused:
        return refused.fault
    return next((fault for row in rows if (fault := fault_of(row))), None)
