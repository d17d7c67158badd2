"""Did that uncertain create arrive? COQL answers without the lag of the search index (zoho.md 5.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from activity_sync.model.failures import Unexpected
from activity_sync.model.records import Module, OrgFacts
from activity_sync.model.writes import Found, OutboxRow
from activity_sync.zoho.client import Client
from activity_sync.zoho.coql import Query, every, moment, quoted, refused_column, run
from activity_sync.zoho.payloads import moment_of
from activity_sync.zoho.refusals import ZohoRefused

_EARLIER = timedelta(minutes=2)
_TITLES = {Module.EVENTS: ("Event_Title",), Module.CALLS: ("Subject",), Module.TASKS: ("Subject",)}
_PEOPLE = {
    Module.CONTACTS: ("Email", "Last_Name", "Phone"),
    Module.LEADS: ("Email", "Last_Name", "Phone"),
    Module.ACCOUNTS: ("Account_Name",),
    Module.DEALS: ("Deal_Name",),
}
_MOMENTS = ("Start_DateTime", "Call_Start_Time")
_DAYS = ("Due_Date",)
_LINKS = ("Owner", "What_Id", "Who_Id")


class Proof:
    """Looks records up by our key, or by what was written."""

    def __init__(self, client: Client, key_field: str | None, facts: Callable[[], OrgFacts]) -> None:
        self._client = client
        self._key_field = key_field
        self._facts = facts

    def find(self, row: OutboxRow) -> list[Found]:
        """What this create may have made; nothing when Zoho shows nothing. Raises what `Client.send` raises."""
        key_field = self._key_of(row)
        if key_field:
            try:
                return self._by_key(row, key_field)
            except ZohoRefused as error:
                if refused_column(error, [key_field]) != key_field:
                    raise
        return self._ask(row, dict(_described(row)), key_field="")

    def id_by_key(self, row: OutboxRow) -> str | None:
        """The id of the record that holds this row's key."""
        key_field = self._key_of(row)
        found = self._by_key(row, key_field) if key_field else []
        return found[0].id if found else None

    def _key_of(self, row: OutboxRow) -> str:
        known = row.write.module in self._facts().key_field
        return self._key_field if self._key_field and known and row.write.record_key else ""

    def _by_key(self, row: OutboxRow, key_field: str) -> list[Found]:
        return self._ask(row, {key_field: f"{key_field} = {quoted(row.write.record_key)}"}, key_field)

    def _ask(self, row: OutboxRow, conditions: Mapping[str, str], key_field: str) -> list[Found]:
        """Columns and conditions that this organisation refuses are left out; the key is not."""
        module, wanted = row.write.module, dict(conditions)
        columns = [key_field] if key_field else []
        columns += [name for name in row.write.fields if not name.startswith("$") and name not in ("id", key_field)]
        while True:
            if not wanted:
                raise Unexpected(f"nothing tells this record of {module} from others")
            query = Query(module=module, columns=("id", *columns), where=every(wanted.values()))
            try:
                rows = run(self._client, query, f"look for {module}", "checking").rows
            except ZohoRefused as error:
                _leave_out(error, columns, wanted, key_field)
            else:
                return [_found(one, key_field) for one in rows if _same_titles(row, one)]


def _leave_out(error: ZohoRefused, columns: list[str], wanted: dict[str, str], key_field: str) -> None:
    name = refused_column(error, [*columns, *wanted])
    if not name or name == key_field or (name in wanted and len(wanted) == 1 and name not in columns):
        raise error
    if name in columns:
        columns.remove(name)
    else:
        del wanted[name]


def _found(one: Mapping[str, Any], key_field: str) -> Found:
    key = one.get(key_field) if key_field else None
    return Found(id=one["id"], record_key=key if isinstance(key, str) else "", fields=dict(one))


def _described(row: OutboxRow) -> Iterator[tuple[str, str]]:
    """What tells the record from others, by column; only what was written."""
    fields = row.write.fields
    for name in _LINKS:
        value = fields.get(name)
        if isinstance(value, Mapping) and isinstance(value.get("id"), str):
            yield name, f"{name} = {quoted(value['id'])}"
    for name in _titles(row.write.module):
        if _is_plain(fields.get(name)):
            yield name, f"{name} = {quoted(fields[name])}"
    for name in (*_MOMENTS, *_DAYS):
        literal = _time(name, fields.get(name))
        if literal:
            yield name, f"{name} = {literal}"
    if row.sent_at is not None:
        yield "Created_Time", f"Created_Time >= {moment(row.sent_at - _EARLIER)}"


def _titles(module: Module) -> Sequence[str]:
    return _TITLES.get(module) or _PEOPLE.get(module, ())


def _is_plain(value: object) -> bool:
    """A backslash or a line break may mean something in a query: such a title is compared after reading."""
    return isinstance(value, str) and bool(value) and value.isprintable() and "\\" not in value


def _same_titles(row: OutboxRow, one: Mapping[str, Any]) -> bool:
    """For titles that could not be asked for."""
    for name in _titles(row.write.module):
        sent, there = row.write.fields.get(name), one.get(name)
        odd = isinstance(sent, str) and sent and not _is_plain(sent)
        if odd and isinstance(there, str) and there.split() != str(sent).split():
            return False
    return True


def _time(name: str, value: object) -> str:
    if name in _DAYS:
        return quoted(value) if isinstance(value, str) and value else ""
    at = moment_of(value)
    return moment(at) if isinstance(at, datetime) else ""
