"""What a run wrote, taken back: the writes that restore what was before, and what has to stay, with the reason.

1. A record that the run made is deleted, with what later runs changed on it.
2. A field that the run changed gets its value from before, unless a later run has changed it again.
3. A record that the run deleted is made again, under the next key.
4. What a person has changed since stays; so does a record that a person has touched in any way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from activity_sync.model.records import NOUNS, Module
from activity_sync.model.writes import Op, OutboxRow, Write, WriteState, Written
from activity_sync.rules.differences import next_key
from activity_sync.rules.sameness import same

_LINK = "What_Id"
_MODULE = "$se_module"
_TOLERANCE = timedelta(seconds=2)
_OPEN = (WriteState.READY, WriteState.SENDING, WriteState.UNCERTAIN, WriteState.PARKED)

TOUCH_FIELDS = ("Created_By", "Modified_By", "Modified_Time")
"""What tells whether anybody else has had a hand in a record."""


@dataclass(frozen=True, slots=True)
class Left:
    """A record that stays as it is, and why."""

    key: str
    module: Module
    id: str
    why: str


@dataclass(slots=True)
class Undoing:
    """What taking back one interaction's writes calls for."""

    writes: list[Write] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def undo(
    key: str,
    done: Sequence[OutboxRow],
    written: Sequence[Written],
    before: Sequence[OutboxRow],
    run: int,
    stands_for: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Undoing:
    """How to take back what `run` did for one interaction.

    `done`: its writes that are through, oldest first; `written`: what Zoho holds of us; `before`: writes that took
    this run back already, done or on their way; `stands_for`: see `heirs`.
    """
    found = Undoing()
    settled = {row.write.id for row in before if _counts(row)}
    remade = {row.write.slot for row in before if _counts(row) and row.write.op is Op.CREATE}
    for slot in reversed(dict.fromkeys(row.write.slot for row in done)):
        rows = [row for row in done if row.write.slot == slot]
        there = next((one for one in written if one.slot == slot), None)
        _undo_slot(_Slot(key, run, rows, there, slot in remade, stands_for), settled, found)
    return found


def left_to_people(rows: Iterable[OutboxRow], asked: Iterable[Write], came_first: str) -> Iterator[Left]:
    """What a look at Zoho, before these rows were sent, showed to be a person's by now.

    `asked`: what was to be sent; `came_first`: the error of a row that was dropped for a person's sake.
    """
    wanted = {write.id: set(write.fields) for write in asked if write.op is Op.UPDATE}
    for row in rows:
        write = row.write
        not_sent = wanted.get(write.id, set()) - set(write.fields) if write.op is Op.UPDATE else set()
        if row.state is WriteState.DROPPED and row.error == came_first and write.op is not Op.CREATE:
            yield Left(row.key, write.module, write.id, "a person has edited it since")
        elif row.state is WriteState.DONE and not_sent:
            yield Left(row.key, write.module, write.id, f"a person has changed {_listed(not_sent)} since")


def heirs(rows: Sequence[OutboxRow]) -> dict[str, frozenset[str]]:
    """Records that an undo made again, each with the ids of the deleted ones that it stands for.

    `rows`: all writes of an interaction that are through, oldest first.
    """
    deleted: dict[tuple[str, int | None], str] = {}
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        write = row.write
        if write.op is Op.DELETE and write.undoes is None:
            deleted[write.slot, row.run] = write.id
        elif write.op is Op.CREATE and (gone := deleted.get((write.slot, write.undoes))):
            found[write.id] = found.get(gone, frozenset()) | {gone}
    return found


@dataclass(frozen=True, slots=True)
class _Slot:
    key: str
    run: int
    rows: Sequence[OutboxRow]
    written: Written | None
    remade: bool
    stands_for: Mapping[str, frozenset[str]]

    def is_it(self, live: Written | None, row: OutboxRow) -> bool:
        """Whether what is there now is the record of this row, or was made again in its place."""
        return live is not None and row.write.id in self.all_of(live)

    def all_of(self, live: Written) -> set[str]:
        """The ids that what is there now has had."""
        return {live.id, *self.stands_for.get(live.id, ())}

    def write(self, row: OutboxRow, op: Op, fields: Mapping[str, Any], because: str) -> Write:
        """A write of this slot that takes back `row`."""
        one = row.write
        return Write(
            slot=one.slot, module=one.module, op=op, record_key=one.record_key, id=one.id, fields=fields,
            because=f"undo of R{self.run}: {because}", undoes=self.run,
        )  # fmt: skip

    def left(self, row: OutboxRow, why: str) -> Left:
        """It stays."""
        return Left(self.key, row.write.module, row.write.id, why)


def _undo_slot(slot: _Slot, settled: set[str], found: Undoing) -> None:
    created = {row.write.id for row in slot.rows if row.write.op is Op.CREATE}
    deleted = [row for row in slot.rows if row.write.op is Op.DELETE and row.write.id not in created]
    live = slot.written if slot.written is not None and not slot.written.gone else None
    for row in slot.rows:
        if row.write.op is Op.CREATE and live and slot.is_it(live, row) and live.id not in settled:
            _remove(slot, row, live, found)
    changed = {row.write.id: row for row in slot.rows if row.write.op is Op.UPDATE and row.write.id not in created}
    for record_id, row in changed.items():
        if live and slot.is_it(live, row) and record_id not in settled:
            _restore(slot, row, live, found)
    if deleted and not slot.remade:
        _remake(slot, deleted[-1], live, created, found)


def _remove(slot: _Slot, row: OutboxRow, live: Written, found: Undoing) -> None:
    if live.theirs:
        found.left.append(slot.left(row, f"a person has changed {_listed(live.theirs)} since"))
        return
    found.writes.append(replace(slot.write(row, Op.DELETE, {}, "this run made it"), id=live.id))


def _restore(slot: _Slot, row: OutboxRow, live: Written, found: Undoing) -> None:
    """The fields of one record back to what they were before the run's first change of each."""
    mine = [one for one in slot.rows if one.write.op is Op.UPDATE and one.write.id == row.write.id]
    old, new = _folded(mine)
    theirs = [name for name in new if name in live.theirs]
    again = [name for name in new if name not in theirs and not same(live.fields.get(name), new[name])]
    unknown = [name for name in new if name not in old and name not in (*theirs, *again)]
    for names, why in (
        (theirs, "a person has changed {} since"),
        (again, "a later run has changed {} again"),
        (unknown, "what {} held before was not kept"),
    ):
        if names:
            found.left.append(slot.left(row, why.format(_listed(names))))
    fields = {name: old[name] for name in new if name not in (*theirs, *again, *unknown)}
    if fields.get(_LINK) and old.get(_MODULE):
        fields[_MODULE] = old[_MODULE]
    if fields:
        found.writes.append(replace(slot.write(row, Op.UPDATE, fields, f"{_listed(fields)} as before"), id=live.id))


def _folded(rows: Sequence[OutboxRow]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first value before, and the last value after, of each field that the run changed."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for row in rows:
        for name, value in (row.before or {}).items():
            old.setdefault(name, value)
        new |= {name: value for name, value in row.write.fields.items() if not name.startswith("$")}
    return old, new


def _remake(slot: _Slot, row: OutboxRow, live: Written | None, created: set[str], found: Undoing) -> None:
    if live is not None and not slot.all_of(live) & created:
        found.left.append(slot.left(row, "a later run has made another one in its place"))
    elif live is not None and not any(write.op is Op.DELETE and write.id == live.id for write in found.writes):
        found.left.append(slot.left(row, "the one that stands in its place stays"))
    elif not row.before:
        found.left.append(slot.left(row, "what it held before it was deleted was not kept"))
    else:
        used = {one.write.record_key for one in slot.rows} | ({slot.written.record_key} if slot.written else set())
        changed, _ = _folded([one for one in slot.rows if one.write.op is Op.UPDATE and one.write.id == row.write.id])
        fields = {name: value for name, value in {**row.before, **changed}.items() if value is not None}
        again = slot.write(row, Op.CREATE, fields, f"this run deleted the {NOUNS[row.write.module]}")
        found.writes.append(_keyed(again, next_key(_stem(row.write.record_key), used)))


def _keyed(write: Write, record_key: str) -> Write:
    return replace(write, record_key=record_key, id="")


def _stem(record_key: str) -> str:
    """`KEY` of `KEY/2`."""
    stem, slash, number = record_key.rpartition("/")
    return stem if slash and number.isdigit() else record_key


def _counts(row: OutboxRow) -> bool:
    return row.state is WriteState.DONE or row.state in _OPEN


def touched(current: Mapping[str, Any], modified: datetime | None) -> bool:
    """Whether anybody but us has changed a record of ours, by its TOUCH_FIELDS. `modified`: our last write, by Zoho."""
    maker, last = (_id(current.get(name)) for name in ("Created_By", "Modified_By"))
    if maker and last and maker != last:
        return True
    at = _moment(current.get("Modified_Time"))
    return at is not None and modified is not None and at > modified + _TOLERANCE


def replaced(write: Write, sent: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """What an update is about to replace, as it could be sent again.

    `sent`: what we wrote before; `current`: the present values, as they were read.
    """
    plain = [name for name in write.fields if not name.startswith("$") and name in (*sent, *current)]
    # What we sent is in the form that Zoho takes; but a person may have put there what is about to be written.
    ours = {name for name in plain if name in sent and (name not in current or same(current[name], sent[name]))}
    held = {name: sent[name] if name in ours else sendable(current[name]) for name in plain}
    # A person may have made the very link that is about to be written: then its module stands only there.
    known = (one[_MODULE] for one in (sent, write.fields) if _MODULE in one and same(one.get(_LINK), held.get(_LINK)))
    return {**held, _MODULE: next(known, None)} if held.get(_LINK) else held


def sendable(value: Any) -> Any:
    """A value as it was read, as Zoho takes it back: lookups by id, tags by name."""
    if isinstance(value, Mapping):
        return {"id": value["id"]} if value.get("id") else dict(value)
    if isinstance(value, list):
        return [{"name": one["name"]} if isinstance(one, Mapping) and "name" in one else one for one in value]
    return value


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(name for name in names if not name.startswith("$"))) or "something in it"


def _id(value: Any) -> str:
    return str(value.get("id") or "") if isinstance(value, Mapping) else ""


def _moment(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
