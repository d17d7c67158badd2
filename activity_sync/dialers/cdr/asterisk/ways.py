"""Who called whom, as our company sees it (dialers.md 10.4, 10.5). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from activity_sync.dialers.cdr.asterisk.channels import Channel, End, is_short
from activity_sync.dialers.cdr.asterisk.records import Record
from activity_sync.model.interactions import Direction
from activity_sync.model.our_ends import OurEnds

_FROM_OUTSIDE = re.compile(r"from-(?:trunk|pstn|did|zaptel|dahdi|sip-external|digital|analog)|ext-did|incoming|inbound")
_MAILBOX = re.compile(r"(?:vm[a-z]?|\*)(\d{2,6})")


@dataclass(frozen=True, slots=True)
class Way:
    """`outside`: the other side's number. `line`: ours, "" when it is not told. `reps`: whose extensions took part."""

    direction: Direction
    outside: str
    line: str
    reps: tuple[str, ...]


def way_of(record: Record, caller: Channel, called: Channel, ends: OurEnds) -> Way:
    """The record seen from our side."""
    direction = _direction(record, caller, called, ends)
    if direction is Direction.INBOUND:
        reached = called.name if called.end is End.EXTENSION else _MAILBOX.sub(r"\1", record.dst)
        line = record.line or (record.dst if _is_long(record.dst) and called.end is not End.TRUNK else "")
        return Way(direction, record.src or record.caller, line, (ends.extension_rep(reached),))
    rep = _caller_rep(record, caller, ends)
    if direction is Direction.OUTBOUND:
        line = next((one for one in (record.shown, record.src, record.caller) if _is_long(one)), "")
        return Way(direction, record.dst, line, (rep,))
    other = called.name if called.end is End.EXTENSION else record.dst
    return Way(direction, record.dst, "", (rep, ends.extension_rep(other)))


def _direction(record: Record, caller: Channel, called: Channel, ends: OurEnds) -> Direction:
    if caller.end is End.EXTENSION and not (_comes_in(record) and not _is_ours(record.src, ends)):
        return _from_us(record, called, ends)
    if caller.end is End.TRUNK or not _is_ours(record.src, ends):
        return Direction.INBOUND
    return _from_us(record, called, ends)


def _from_us(record: Record, called: Channel, ends: OurEnds) -> Direction:
    if called.end is End.TRUNK:
        return Direction.OUTBOUND
    inside = called.end is End.EXTENSION or not _is_long(record.dst) or _is_ours(record.dst, ends)
    return Direction.INTERNAL if inside else Direction.OUTBOUND


def _comes_in(record: Record) -> bool:
    return _FROM_OUTSIDE.match(record.context) is not None


def _is_ours(number: str, ends: OurEnds) -> bool:
    return (is_short(number) and number != "0") or bool(ends.extension_rep(number))


def _caller_rep(record: Record, caller: Channel, ends: OurEnds) -> str:
    """The trunk's number may stand where the caller's would: the channel knows better."""
    named = (caller.name, record.caller, record.src)
    return next((rep for name in named if (rep := ends.extension_rep(name))), "")


def _is_long(number: str) -> bool:
    return sum(sign.isdigit() for sign in number) > 6
