"""The plan against what was written and what people changed since: only what differs is written.

1. A slot that was never written is created; one that a person removed, or that was forgotten, is never made again;
   one that we removed is made again under its next key (`KEY/2`), so that a late answer to the first can never be
   taken for the second.
2. A record that is there gets the fields that differ from what was last sent, except those that a person changed.
   Links belong together, and so do times: if a person changed one of a group, all of the group is left alone.
3. What Zoho does not let us change (a call's type, a finished call's owner) is replaced by a new record, unless a
   person has a hand in the old one; then the news is added to its description.
4. A record that is not ours (a deal whose stage moves on) is changed once for an interaction, and never again.
5. A slot to withdraw is deleted if nobody touched it; a meeting that somebody touched is marked instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, Wanted, Write, Written
from activity_sync.rules import blocks
from activity_sync.rules.sameness import same
from activity_sync.rules.wording import CANCELLED

_GROUPS = (frozenset({"What_Id", "Who_Id", "$se_module"}), frozenset({"Start_DateTime", "End_DateTime", "All_day"}))
_FIXED = {Module.CALLS: {"Call_Type": "call type", "Owner": "owner"}}
_CLEARED: Mapping[str, Any] = {"All_day": False, "Tag": []}
_TITLE = "Event_Title"

DOUBLE = "somebody else logged it: it is"
"""So begins why a record of ours goes, or is not made, because of another's."""

SOMETHING = "$touched"
"""Stands for the fields of a person who changed what we never wrote."""


def differ(wanted: Sequence[Wanted], withdraw: Sequence[str], written: Sequence[Written]) -> tuple[Write, ...]:
    """The writes that make Zoho as `wanted`; none when it is so already."""
    return (
        *(write for record in wanted for write in _wanted(record, [row for row in written if row.slot == record.slot])),
        *(write for row in written if row.slot in set(withdraw) and not row.gone for write in _withdrawn(row)),
    )


def respect(
    write: Write, written: Written | None, current: Mapping[str, Any] | None, *, touched: bool = False
) -> tuple[Write | None, frozenset[str]]:
    """What is left of an update or deletion beside what people changed in Zoho, and all fields that are theirs.

    `current`: the record's present values of the fields that were read; a field not in there was not read. None:
    the record is gone, and nothing is left to do. A creation passes as it is. `touched`: a person has changed the
    record, be it in a field that we never wrote; then it is not deleted, and `SOMETHING` is theirs.
    """
    if write.op is Op.CREATE:
        return write, frozenset()
    known = written.theirs if written else frozenset()
    if current is None:
        return None, known
    theirs = known | _changed(write, written, current)
    if (touched or _written_around(write, written, current)) and not theirs:
        theirs = frozenset({SOMETHING})
    if write.undoes and write.op is Op.DELETE:
        return (None if theirs else write), theirs
    return (_less(write, theirs) if write.op is Op.UPDATE else _kept(write, written, theirs)), theirs


def _wanted(wanted: Wanted, rows: Sequence[Written]) -> Iterator[Write]:
    if wanted.id:
        yield from () if rows else (_once(wanted),)
        return
    live = next((row for row in reversed(rows) if not row.gone), None)
    if live is not None:
        yield from _changes(wanted, live, rows)
    elif not wanted.only_if_there and all(row.gone == "us" for row in rows):
        yield _create(wanted, rows, wanted.because)


def _once(wanted: Wanted) -> Write:
    return Write(
        slot=wanted.slot,
        module=wanted.module,
        op=Op.UPDATE,
        record_key=wanted.record_key,
        id=wanted.id,
        fields=wanted.fields,
        because=wanted.because,
        unless_changed_since=wanted.unless_changed_since,
    )


def _create(wanted: Wanted, rows: Sequence[Written], because: str) -> Write:
    return Write(
        slot=wanted.slot,
        module=wanted.module,
        op=Op.CREATE,
        record_key=next_key(wanted.record_key, {row.record_key for row in rows}),
        fields=wanted.fields,
        because=because,
    )


def next_key(key: str, used: Collection[str]) -> str:
    """`KEY` when nothing of it was used yet, else `KEY/2`, `KEY/3` ...: the one after the last of the `used`."""
    behind = (one.removeprefix(f"{key}/") for one in used if one.startswith(f"{key}/"))
    numbers = [*(int(one) for one in behind if one.isdecimal()), *([1] if key in used else [])]
    return f"{key}/{max(numbers) + 1}" if numbers else key


def _changes(wanted: Wanted, row: Written, rows: Sequence[Written]) -> Iterator[Write]:
    fixed = _FIXED.get(row.module, {})
    mine = [name for name in fixed if name not in row.theirs]
    stuck = [name for name in mine if not same(wanted.fields.get(name), row.fields.get(name))]
    names = " and ".join(fixed[name] for name in stuck)
    if stuck and not row.theirs:
        yield _delete(row, f"Zoho does not let the {names} of a call change: replaced by a new one")
        yield _create(wanted, rows, f"{wanted.because}; in place of the one whose {names} was another")
        return
    fields = _news(wanted, stuck, names) if stuck else wanted.fields
    differing = _differing(fields, row.fields, {*_untouchable(row.theirs), *fixed})
    if differing:
        told = f"; the {names} cannot be changed in Zoho, and a person has edited the call" if stuck else ""
        yield _update(row, differing, f"{wanted.because}: {_listed(differing)} changed{told}")


def _news(wanted: Wanted, stuck: Sequence[str], names: str) -> Mapping[str, Any]:
    """The fields with a description that says what cannot be said in a field any more."""
    kind = wanted.fields.get("Call_Type")
    news = f"Since logged: the call type is now {kind}." if "Call_Type" in stuck else f"Since logged: another {names}."
    description = str(wanted.fields.get("Description") or "")
    return {**wanted.fields, "Description": f"{description}\n\n{news}".strip()}


def _differing(wanted: Mapping[str, Any], sent: Mapping[str, Any], untouchable: set[str]) -> dict[str, Any]:
    names = [*wanted, *(name for name in sent if name not in wanted)]
    differing = {
        name: wanted[name] if name in wanted else _CLEARED.get(name)
        for name in names
        if not name.startswith("$") and name not in untouchable and not same(wanted.get(name), sent.get(name))
    }
    # An id alone does not say of which module it is: a deal's and a lead's could be told apart only by this.
    if differing.get("What_Id") and "$se_module" in wanted:
        differing["$se_module"] = wanted["$se_module"]
    return differing


def _untouchable(theirs: Iterable[str]) -> frozenset[str]:
    mine = frozenset(theirs)
    return mine.union(*(group for group in _GROUPS if group & mine))


def _withdrawn(row: Written) -> Iterator[Write]:
    because = "no longer called for"
    write = _delete(row, because) if not row.theirs else _marked(row, row.theirs)
    if write is not None:
        yield write


def _changed(write: Write, written: Written | None, current: Mapping[str, Any]) -> frozenset[str]:
    """The fields that hold neither what we sent last nor what we are about to send."""
    sent = written.fields if written else {}
    names = {name for name in (*sent, *write.fields) if name in current and not name.startswith("$")}
    return frozenset(name for name in names if not _ours(name, write, sent, current))


def _ours(name: str, write: Write, sent: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
    # The value about to be sent may be there already: an update whose answer was lost. It is ours, not a person's.
    known = [sent.get(name), *([write.fields[name]] if name in write.fields else [])]
    if name == blocks.FIELD and any(blocks.holds(current[name], one) for one in known):
        return True
    return any(same(current[name], one) for one in known)


def _written_around(write: Write, written: Written | None, current: Mapping[str, Any]) -> bool:
    """Whether a deletion would take along what a person wrote beside our text."""
    sent = written.fields.get(blocks.FIELD) if written else None
    return write.op is Op.DELETE and bool(sent) and not same(current.get(blocks.FIELD, sent), sent)


def _less(write: Write, theirs: frozenset[str]) -> Write | None:
    untouchable = _untouchable(theirs)
    fields = {name: value for name, value in write.fields.items() if name not in untouchable}
    if "What_Id" not in fields:
        fields.pop("$se_module", None)
    return replace(write, fields=fields) if fields else None


def as_double(write: Write, other_id: str) -> Write:
    """A deletion for the sake of another's record: if a person touched ours, it stays as it is."""
    return replace(write, because=f"{DOUBLE} {other_id}") if write.op is Op.DELETE else write


def _kept(write: Write, written: Written | None, theirs: frozenset[str]) -> Write | None:
    if not theirs:
        return write
    if write.because.startswith(DOUBLE):
        return None
    return _marked(written, theirs) if written is not None else None


def _marked(row: Written, theirs: frozenset[str]) -> Write | None:
    """A meeting that somebody touched is not deleted; its title says that it was cancelled."""
    title = str(row.fields.get(_TITLE) or "")
    if row.module is not Module.EVENTS or _TITLE in theirs or not title or title.startswith(CANCELLED):
        return None
    return _update(row, {_TITLE: (CANCELLED + title)[:255]}, "cancelled; a person has edited it, so it is not deleted")


def _update(row: Written, fields: Mapping[str, Any], because: str) -> Write:
    return Write(
        slot=row.slot,
        module=row.module,
        op=Op.UPDATE,
        record_key=row.record_key,
        id=row.id,
        fields=fields,
        because=because,
    )


def _delete(row: Written, because: str) -> Write:
    return Write(slot=row.slot, module=row.module, op=Op.DELETE, record_key=row.record_key, id=row.id, because=because)


def _listed(fields: Mapping[str, Any]) -> str:
    return ", ".join(name for name in fields if not name.startswith("$"))
