"""What refusals teach about this org while it is written to, where no self-test told it before (zoho.md 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from activity_sync.model.learned import Learned
from activity_sync.model.records import Module, OrgFacts
from activity_sync.model.writes import Op, OutboxRow
from activity_sync.zoho.client import Client
from activity_sync.zoho.coql import Query, quoted, refused_column, run
from activity_sync.zoho.refusals import Fault, ZohoRefused

_LEAD_LINK = ("What_Id", "$se_module")
"""The fields that put a meeting on a lead."""

_NO_COMPOSITE = frozenset({"NOT_SUPPORTED", "INVALID_REQUEST_METHOD", "INVALID_URL_PATTERN"})


class Lessons:
    """Knows what the org does not take, and keeps what it learns."""

    def __init__(self, client: Client, facts: Callable[[], OrgFacts], keep: Callable[[Learned], None]) -> None:
        """`keep`: store what is known now, for plans and for the next start."""
        self._client = client
        self._facts = facts
        self._keep = keep
        self._here: dict[str, bool] = {}

    def known(self) -> Learned:
        """What is known now: from the store, and from this process."""
        return replace(self._facts().learned, **self._here)  # type: ignore[arg-type]

    def learn(self, **lessons: bool) -> None:
        """Something is known now."""
        self._here |= lessons
        self._keep(self.known())

    # --- a Composite that carries no writes

    @staticmethod
    def is_no_composite(fault: Fault | None) -> bool:
        """Whether a part was refused for being in a Composite."""
        return fault is not None and fault.code in _NO_COMPOSITE

    # --- a meeting that takes no lead

    def fitted(self, row: OutboxRow) -> OutboxRow:
        """The write as this org takes it: a meeting without its lead, where leads are not taken."""
        known = self.known()
        if known.events_take_leads or not _puts_lead(row):
            return row
        fields = {name: value for name, value in row.write.fields.items() if name not in _LEAD_LINK}
        if known.quiet_participants:
            fields["Participants"] = [{"type": "lead", "participant": row.write.fields["What_Id"]["id"]}]
        return replace(row, write=replace(row.write, fields=fields))

    def takes_no_lead(self, row: OutboxRow, fault: Fault | None) -> bool:
        """Whether a meeting was refused because this org takes no leads there, and not for this lead's own sake.

        Costs a credit when it may be so. Raises what `Client.send` raises.
        """
        if not may_be_its_lead(row, fault) or not self._is_open_lead(row.write.fields["What_Id"]["id"]):
            return False
        self.learn(events_take_leads=False)
        return True

    def _is_open_lead(self, record_id: str) -> bool:
        columns = ["id", "Converted__s"]
        while True:
            query = Query(module=Module.LEADS, columns=tuple(columns), where=f"id = {quoted(record_id)}")
            try:
                rows = run(self._client, query, "is the lead open", "checking").rows
            except ZohoRefused as error:
                if refused_column(error, columns) != "Converted__s":
                    raise
                columns.remove("Converted__s")
            else:
                return any(row["id"] == record_id and not _is_converted(row) for row in rows)


def may_be_its_lead(row: OutboxRow, fault: Fault | None) -> bool:
    """Whether a meeting may have been refused for being put on a lead."""
    about = fault is not None and any(one.about in _LEAD_LINK for one in fault.causes())
    return about and _puts_lead(row)


def _puts_lead(row: OutboxRow) -> bool:
    write = row.write
    link = write.fields.get("What_Id")
    on_lead = write.fields.get("$se_module") == Module.LEADS and isinstance(link, Mapping) and bool(link.get("id"))
    return write.module is Module.EVENTS and write.op is not Op.DELETE and on_lead


def _is_converted(row: Mapping[str, Any]) -> bool:
    return row.get("Converted__s") in (True, "true")
