"""Zoho as `check` and `connect zoho` see it: the port `Checkup`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from activity_sync.model.checkup import Demanded, Foreign, KeyFieldMade, Permission
from activity_sync.model.learned import SelfTest
from activity_sync.model.ports import Clock
from activity_sync.model.records import Module, OrgFacts
from activity_sync.model.settings import Zoho
from activity_sync.zoho.client import Call, Client, ScopeMissing
from activity_sync.zoho.coql import Query, every, moment, refused_column, run
from activity_sync.zoho.key_field import make_key_fields
from activity_sync.zoho.payloads import link
from activity_sync.zoho.refusals import ZohoRefused
from activity_sync.zoho.scopes import Scope, lacking, probe, scopes_for
from activity_sync.zoho.self_test import self_test

_TITLES = {Module.EVENTS: "Event_Title", Module.CALLS: "Subject"}
_TOOLS = (
    *("Aircall", "RingCentral", "JustCall", "Dialpad", "CloudTalk", "3CX", "Zoom Phone", "OpenPhone", "Kixie"),
    *("Jiminny", "Gong", "Chorus", "Avoma", "Fireflies", "Calendly", "PhoneBridge"),
)
"""Tools that write their name into the title of what they log."""


class ZohoCheckup:
    """Asks over the client of the daily work. `granted`: what Zoho said that the token may, "" when it did not."""

    def __init__(self, client: Client, zoho: Zoho, clock: Clock, granted: Callable[[], str]) -> None:
        self._client = client
        self._zoho = zoho
        self._clock = clock
        self._granted = granted

    def permissions(self) -> Sequence[Permission]:
        """All that this config asks for."""
        return [_permission(scope) for scope in scopes_for(self._zoho)]

    def missing(self) -> Sequence[Permission]:
        """Those that the access lacks; what the token's answer does not tell is tried out."""
        if not self._granted():
            return [_permission(scope) for scope in probe(self._client, self._zoho)]
        return [_permission(scope) for scope in lacking(self._granted(), self._zoho)]

    def demanded(self, modules: Sequence[Module]) -> Sequence[Demanded]:
        """Fields that a layout in use demands and that Zoho itself does not; a module that is closed to us has none."""
        return [one for module in modules for one in self._layouts(module)]

    def foreign(self, since: datetime, key_field: Collection[str]) -> Sequence[Foreign]:
        """Up to 200 of the latest Calls and Events that a telephony integration or another tool wrote."""
        return [one for module in _TITLES for one in self._of_others(module, since, module in key_field)]

    def self_test(self, org: OrgFacts, pause: Callable[[float], bool]) -> SelfTest:
        """Try what the documents leave open. `pause(seconds)`: wait."""
        return self_test(self._client, self._zoho.key_field, org, self._clock(), pause)

    def make_key_field(self, modules: Sequence[Module]) -> Sequence[KeyFieldMade]:
        """Make the key field in these modules."""
        name = self._zoho.key_field or ""
        return [KeyFieldMade(one.module, one.why) for one in make_key_fields(self._client, name, modules)]

    # --- layouts

    def _layouts(self, module: Module) -> Iterator[Demanded]:
        call = Call(method="GET", path="/settings/layouts", params={"module": module}, what=f"layouts of {module}")
        try:
            layouts = self._client.send(call).rows("layouts")
        except (ZohoRefused, ScopeMissing):
            return
        for layout in layouts:
            if layout.get("status") in (None, "active", 0):
                for field in _fields(layout):
                    if field.get("required") and not field.get("system_mandatory") and not field.get("read_only"):
                        name = str(layout.get("name") or layout.get("api_name") or "?")
                        yield Demanded(module, name, str(field["api_name"]), str(field.get("field_label") or ""))

    # --- what others log

    def _of_others(self, module: Module, since: datetime, keyed: bool) -> Iterator[Foreign]:
        key = self._zoho.key_field if keyed else None
        title = _TITLES[module]
        columns = [
            "Owner",
            "Created_By",
            title,
            *(["CTI_Entry"] if module is Module.CALLS else []),
            *([key] if key else []),
        ]
        for row in self._rows(module, columns, f"Created_Time >= {moment(since)}"):
            by = "" if key and row.get(key) else _gives_away(row, str(row.get(title) or ""))
            if by:
                yield Foreign(module, str(row["id"]), link(row, "Owner"), by)

    def _rows(self, module: Module, columns: list[str], where: str) -> list[dict[str, Any]]:
        """A column that this org refuses is left out; a module that is closed to us has no rows."""
        while True:
            query = Query(
                module=module, columns=("id", *columns), where=every([where]), order="Created_Time desc", limit=200
            )
            try:
                return run(self._client, query, "other loggers", "checking").rows
            except ScopeMissing:
                return []
            except ZohoRefused as error:
                refused = refused_column(error, columns)
                if not refused:
                    return []
                columns = [name for name in columns if name != refused]


def _fields(layout: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    sections = layout.get("sections")
    for section in sections if isinstance(sections, list) else []:
        fields = section.get("fields") if isinstance(section, Mapping) else None
        yield from (one for one in fields or [] if isinstance(one, Mapping) and isinstance(one.get("api_name"), str))


def _gives_away(row: Mapping[str, Any], title: str) -> str:
    if row.get("CTI_Entry") in (True, "true"):
        return "a telephony integration"
    named = next((tool for tool in _TOOLS if tool.casefold() in title.casefold()), "")
    maker, owner = link(row, "Created_By"), link(row, "Owner")
    return named or ("a user who writes for others" if maker and owner and maker != owner else "")


def _permission(scope: Scope) -> Permission:
    return Permission(scope.name, scope.why, scope.needed)
