"""Records of one reading put together, each as a leg of its conversation (dialers.md 10.3, 10.4). Pure.

Records come in any order, and those of one conversation perhaps in several readings: what a leg says depends on its
own record, and on the other half of a local channel where that is at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from activity_sync.dialers.cdr.asterisk.channels import Channel, End, is_short, to_channel
from activity_sync.dialers.cdr.asterisk.records import Record
from activity_sync.dialers.cdr.asterisk.ways import Way, way_of
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.our_ends import OurEnds

_REFUSED = {"busy": Outcome.BUSY, "failed": Outcome.FAILED, "congestion": Outcome.FAILED}
_MESSAGE = frozenset({"voicemail", "vm-record"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A record with what is at its ends."""

    record: Record
    caller: Channel
    called: Channel


def to_legs(records: Iterable[Record], *, source: str, ends: OurEnds) -> Iterator[CallLeg]:
    """A leg for each record that tells something. `ends`: what the config says of lines and extensions."""
    told = [_seen(record, ends) for record in records]
    dialled = {one.called.pair: one.record for one in told if one.called.pair}
    halves = {one.caller.pair: one for one in sorted(told, key=_how_far) if one.caller.pair}
    for one in told:
        if one.caller.end is one.called.end is End.LOCAL:
            continue
        leader = dialled.get(one.caller.pair) if one.caller.pair else None
        if leader is None and _is_half_alone(one):
            continue
        yield _leg(_resolved(one, halves, ends), leader, source, ends)


def _seen(record: Record, ends: OurEnds) -> Seen:
    numbers = (record.src, record.dst, record.caller)
    return Seen(record, to_channel(record.channel, ends, *numbers), to_channel(record.called, ends, *numbers))


def _how_far(one: Seen) -> tuple[bool, int]:
    """Of several that a half of a local channel rang, the one who answered is at its end."""
    return one.record.disposition == "answered", one.record.talk


def _is_half_alone(one: Seen) -> bool:
    """Without ids that link them, what rang an agent says nothing that the caller's own record does not."""
    return one.caller.end is End.LOCAL and not one.record.linked and not is_short(one.record.src)


def _resolved(one: Seen, halves: Mapping[str, Seen], ends: OurEnds) -> Seen:
    """Whom a local channel reached is told by its other half."""
    called = one.called
    if called.end is not End.LOCAL:
        return one
    half = halves.get(called.pair)
    reached = half.called if half and half.called.end is End.EXTENSION else called
    ours = reached.end is End.EXTENSION or is_short(called.name) or bool(ends.extension_rep(called.name))
    record = _with_talk_of(one.record, half.record) if half and half.called.end is not End.LOCAL else one.record
    return Seen(record, one.caller, Channel(End.EXTENSION if ours else End.TRUNK, reached.name, called.pair))


def _with_talk_of(record: Record, half: Record) -> Record:
    """A queue bills from its music on; people talk from when the other half was answered until the caller's end."""
    if half.disposition != "answered" or half.answer is None:
        return replace(record, disposition=half.disposition, talk=0, answer=None)
    talk = max(0, int((record.end - half.answer).total_seconds()))
    return replace(record, talk=min(record.talk, talk), answer=half.answer)


def _leg(one: Seen, leader: Record | None, source: str, ends: OurEnds) -> CallLeg:
    record, way = one.record, way_of(one.record, one.caller, one.called, ends)
    became = _outcome(one, way)
    talk = record.talk if became is Outcome.ANSWERED and leader is None else 0
    return CallLeg(
        source=source,
        record_id=record.id,
        conversation_id=_conversation(record, leader),
        direction=way.direction,
        outcome=became,
        started=record.start,
        answered=record.answer if became is Outcome.ANSWERED else None,
        ended=record.end,
        talk_seconds=talk,
        outside_number=way.outside,
        outside_name=record.caller_name if way.direction is Direction.INBOUND else "",
        line=way.line,
        line_rep=ends.line_rep(way.line),
        region=ends.region,
        queue=record.data.partition(",")[0] if record.app == "queue" else "",
        reps=tuple(_shares(way.reps, record, talk)),
        extra=record.extra,
    )


def _conversation(record: Record, leader: Record | None) -> str:
    if record.linked:
        return record.linked
    first = leader or record
    return first.unique or first.id


def _outcome(one: Seen, way: Way) -> Outcome:
    """Asterisk answers for menus, queues and mailboxes too: a customer's call is answered by one of ours only."""
    record = one.record
    talked = record.disposition == "answered" and record.talk > 0
    if way.direction is Direction.INBOUND:
        if record.app in _MESSAGE:
            return Outcome.VOICEMAIL if talked else Outcome.MISSED
        reached = one.called.end is End.EXTENSION or any(way.reps)
        return Outcome.ANSWERED if talked and reached and one.called.end is not End.NOBODY else Outcome.MISSED
    if talked:
        return Outcome.ANSWERED
    return _REFUSED.get(record.disposition, Outcome.NO_ANSWER)


def _shares(reps: Sequence[str], record: Record, talk: int) -> Iterator[RepShare]:
    for rep in dict.fromkeys(rep for rep in reps if rep):
        yield RepShare(email=rep, talk_seconds=talk, last_at=record.end)
