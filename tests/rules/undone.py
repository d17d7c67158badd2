"""A Zoho of a few records, with the daemon's memory of them: runs write, people edit, an undo takes back.

It reads and writes as Zoho does: a lookup is read with its name and sent without it, and a link says of which module it
is. It sends as `steps/send` does: a look at what people did comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, OutboxRow, Wanted, Write, WriteState, Written
from activity_sync.rules import blocks
from activity_sync.rules.differences import differ, respect
from activity_sync.rules.sameness import same
from activity_sync.rules.undoing import Undoing, heirs, replaced, undo
from tests.builders import NOON

ACTIVITY, TASK, PERSON = "activity", "task:recap", "person:lee"
OWN = {ACTIVITY: Module.EVENTS, TASK: Module.TASKS, PERSON: Module.LEADS, "company:initech": Module.ACCOUNTS}
"""Slots of what we make."""

FOREIGN = {
    "stage": (Module.DEALS, "deal-1"),
    "update:lead-1": (Module.LEADS, "lead-1"),
    "update:con-1": (Module.CONTACTS, "con-1"),
}
"""Slots of what others made and we change once, with the id."""

FIELDS = {
    Module.EVENTS: ("Event_Title", "Venue", "Description", "What_Id", "Who_Id"),
    Module.CALLS: ("Subject", "Call_Type", "Description", "What_Id"),
    Module.TASKS: ("Subject", "Status", "Owner"),
    Module.LEADS: ("Phone", "Description"),
    Module.CONTACTS: ("Phone", "Description"),
    Module.ACCOUNTS: ("Website",),
    Module.DEALS: ("Stage",),
}
LINKED = {"deal-1": "Deals", "acc-1": "Accounts"}
_GROUP = {"What_Id", "Who_Id"}


def values_of(name: str) -> Sequence[Any]:
    """What may stand in a field."""
    match name:
        case "What_Id":
            return (None, {"id": "deal-1"}, {"id": "acc-1"})
        case "Who_Id" | "Owner":
            return (None, {"id": "con-1"})
        case _:
            return ("A", "B", None)


@dataclass(slots=True)
class Zoho:
    """What Zoho holds, and what we know of it.

    `by_people`: what a person set, by record and field, newest value; `lately`: of these, since it was last emptied;
    `as_we_left`: what a person set back to what we had written. `by_runs`: which run wrote a field last. `stayed`: ids
    of what sending left to a person. `touched`: what a person changed after us, as Modified_By tells. `keys`: of all
    that was ever made.
    """

    activity: Module = Module.EVENTS
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    rows: list[OutboxRow] = field(default_factory=list)
    by_people: dict[tuple[str, str], Any] = field(default_factory=dict)
    lately: dict[tuple[str, str], Any] = field(default_factory=dict)
    by_runs: dict[tuple[str, str], int] = field(default_factory=dict)
    as_we_left: set[tuple[str, str]] = field(default_factory=set)
    stayed: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    run: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for module, record_id in FOREIGN.values():
            self.records[record_id] = dict.fromkeys(FIELDS[module], "A") | {"Phone": None}

    def module_of(self, slot: str) -> Module:
        """Of the records of a slot."""
        if slot in FOREIGN:
            return FOREIGN[slot][0]
        return self.activity if slot == ACTIVITY else OWN[slot]

    # --- runs

    def do(self, run: int, plan: Mapping[str, Mapping[str, Any] | None]) -> None:
        """A run that wants this; None: it wants nothing there any more."""
        wanted = [self._wanted(slot, fields) for slot, fields in plan.items() if fields is not None]
        gone = [slot for slot, fields in plan.items() if fields is None and slot in (ACTIVITY, TASK)]
        stays: set[str] = set()
        for write in differ(wanted, gone, list(self.written.values())):
            if write.slot not in stays and not self.send(run, write) and write.op is Op.DELETE:
                stays.add(write.slot)  # what was to stand in its place is not made

    def _wanted(self, slot: str, given: Mapping[str, Any]) -> Wanted:
        module = self.module_of(slot)
        fields = {name: given[name] for name in FIELDS[module] if name in given}
        if fields.get("What_Id"):
            fields["$se_module"] = LINKED[fields["What_Id"]["id"]]
        at = NOON if slot in FOREIGN else None
        record_id = FOREIGN[slot][1] if slot in FOREIGN else ""
        return Wanted(
            slot=slot, module=module, record_key=f"k/{slot[:4]}", fields=fields, because="", id=record_id,
            unless_changed_since=at,
        )  # fmt: skip

    def send(self, run: int, write: Write) -> bool:
        """As the writer does: a look at what people did, then the write, and a note of what it replaced. False: it was
        not sent, or what was to be deleted stays."""
        before: Mapping[str, Any] | None = None
        if write.op is not Op.CREATE:
            checked = self._checked(write)
            if checked is None:
                return False
            write, before = checked
        number = len(self.rows) + 1
        record_id = write.id or f"id-{number}"
        self.rows.append(
            OutboxRow(number=number, key="k", write=replace(write, id=record_id), state=WriteState.DONE, next_at=NOON,
                before=before, run=run)
        )  # fmt: skip
        self.run[number] = run
        self._apply(replace(write, id=record_id), run)
        return True

    def _checked(self, write: Write) -> tuple[Write, Mapping[str, Any]] | None:
        """What is left of it, and what it replaces."""
        ours, current = self.written.get(write.slot), self._read(write)
        if write.unless_changed_since is not None:
            if current is None or all(same(current.get(name), value) for name, value in write.fields.items()):
                return None
            return write, replaced(write, {}, current)
        assert ours is not None
        if current is None:
            self.written[write.slot] = replace(ours, gone="person")
            return None
        known = {name: value for name, value in current.items() if name in ours.fields}
        touched, takes_away = write.id in self.touched, write.op is Op.DELETE and write.undoes is not None
        left, theirs = respect(write, ours, known, touched=touched and not takes_away)
        self.written[write.slot] = ours = replace(ours, theirs=theirs)
        if left is None or (takes_away and touched):
            self.stayed.add(write.id)
            return None
        if left.fields != write.fields:
            self.stayed.add(write.id)
        held = ours.fields if write.op is Op.DELETE else replaced(left, ours.fields, current)
        return (left, held) if left.op is write.op else None

    def _read(self, write: Write) -> dict[str, Any] | None:
        record = self.records.get(write.id)
        return None if record is None else {name: _dressed(record.get(name)) for name in FIELDS[write.module]}

    def _apply(self, write: Write, run: int) -> None:
        ours = self.written.get(write.slot)
        _as_zoho_takes_it(write)
        self.touched.discard(write.id)
        fields = {name: value for name, value in write.fields.items() if not name.startswith("$")}
        self.by_runs |= dict.fromkeys(((write.id, name) for name in fields), run)
        match write.op:
            case Op.CREATE:
                assert write.record_key not in self.keys
                self.keys.add(write.record_key)
                self.records[write.id] = fields
                self._note(write, write.fields)
            case Op.UPDATE:
                guarded = write.unless_changed_since is not None
                merged = (write if guarded else blocks.in_its_place(write, ours, self.records[write.id])).fields
                self.records[write.id] |= {name: value for name, value in merged.items() if not name.startswith("$")}
                self._note(write, {**(ours.fields if ours else {}), **write.fields})
            case Op.DELETE:
                assert ours is not None
                assert not self.has_words_of_a_person(write.id)
                del self.records[write.id]
                self.written[write.slot] = replace(ours, gone="us")

    def _note(self, write: Write, fields: Mapping[str, Any]) -> None:
        ours = self.written.get(write.slot)
        theirs = ours.theirs if ours is not None and write.op is Op.UPDATE else frozenset()
        key = ours.record_key if ours is not None and write.op is Op.UPDATE else write.record_key
        self.written[write.slot] = Written(
            slot=write.slot, module=write.module, record_key=key, id=write.id, fields=fields, theirs=theirs
        )

    # --- people

    def edit(self, slot: str, name: str, value: Any) -> None:
        """A person changes a field of what is there; "" as the name: deletes what is not a customer's record."""
        ours = self.written.get(slot)
        record_id = FOREIGN[slot][1] if slot in FOREIGN else ours.id if ours is not None else ""
        if record_id not in self.records:
            return
        if not name:
            if slot not in FOREIGN:
                del self.records[record_id]
        elif not same(self.records[record_id].get(name), value):
            self.records[record_id][name] = value
            self.by_people[record_id, name] = self.lately[record_id, name] = value
            is_ours = ours is not None and name in ours.fields and same(value, ours.fields[name])
            (self.as_we_left.add if is_ours else self.as_we_left.discard)((record_id, name))
            self.touched.add(record_id)

    def has_words_of_a_person(self, record_id: str) -> bool:
        """Whether a person has ever changed it."""
        return any(one == record_id for one, _ in self.by_people)

    def is_a_persons(self, record_id: str, name: str) -> bool:
        """Whether a person has lately changed a field, or one that belongs with it."""
        names = _GROUP if name in _GROUP else {name}
        return any((record_id, one) in self.lately for one in names)

    # --- back

    def take_back(self, run: int, by: int) -> Undoing:
        """Undo; what was sent for it, and what stays."""
        done = [row for row in self.rows if self.run[row.number] == run]
        before = [row for row in self.rows if row.write.undoes == run]
        found = undo("k", done, list(self.written.values()), before, run, heirs(self.rows))
        for write in found.writes:
            self.send(by, write)
        return found


def _dressed(value: Any) -> Any:
    """As Zoho gives it back."""
    return {**value, "name": f"The {value['id']}"} if isinstance(value, Mapping) else value


def _as_zoho_takes_it(write: Write) -> None:
    for name, value in write.fields.items():
        assert not isinstance(value, Mapping) or set(value) == {"id"}, (name, value)
    link = write.fields.get("What_Id")
    if link:
        assert write.fields.get("$se_module") == LINKED[link["id"]], write.fields
