"""A record of Zoom Phone's call history (dialers.md 5.5, 5.6), and from it to a call leg. Pure.

One call may have several records: each becomes a leg of one conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from activity_sync.dialers.zoom_phone.elements import Element, to_shares
from activity_sync.dialers.zoom_phone.outcomes import is_connected, to_outcome
from activity_sync.dialers.zoom_phone.people import End, People, to_end
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.wire import NoCall, Wire, identity, in_order, iso_moment, text, whole_seconds

WITHHELD = "anonymous"

_DIRECTIONS = {"inbound": Direction.INBOUND, "outbound": Direction.OUTBOUND}
_MACHINES = frozenset({"auto_receptionist", "ivr"})


def to_call_leg(record: Wire, elements: Sequence[Element], *, source: str, people: People) -> CallLeg:
    """The record as it is told, with its path where that is known. Raises NoCall.

    No link to a recording: all of them ask for the app's token.
    """
    way = _DIRECTIONS.get(text(record, "direction"))
    if way is None:
        raise NoCall("its direction is neither inbound nor outbound")
    started, answered, ended = _times(record)
    ours, theirs = _ends(record, way)
    internal = text(record, "connect_type") == "internal"
    became = _outcome(record, ours, elements, inbound=way is Direction.INBOUND)
    talked = became is Outcome.ANSWERED
    total = _length(record, answered, ended)
    shares = _shares(ours, elements, people, answered or started, ended, total if talked else 0)
    return CallLeg(
        source=source,
        record_id=record_id(record),
        conversation_id=conversation(record),
        direction=Direction.INTERNAL if internal else way,
        outcome=became,
        started=started,
        answered=answered if talked else None,
        ended=ended,
        talk_seconds=(min(total, sum(one.talk_seconds for one in shares)) or total) if talked else 0,
        outside_number=_outside(record, theirs, inbound=way is Direction.INBOUND),
        outside_name=theirs.name,
        line=ours.number,
        line_name="" if ours.is_user else ours.name,
        line_rep=people.ends.line_rep(ours.number) or (people.rep(ours) if ours.number else ""),
        region=people.ends.region,
        queue=ours.name if ours.kind == "call_queue" else "",
        reps=shares,
        disposition=text(record, "client_code") or next((one.client_code for one in elements if one.client_code), ""),
        extra=_extra(record),
    )


def record_id(record: object) -> str:
    """The record's id; older answers have another name for it. Raises NoCall without one."""
    try:
        return identity(record, "call_history_uuid")
    except NoCall:
        return identity(record, "id")


def conversation(record: Wire) -> str:
    """What all records of one call share. After a transfer the long number of it may have a short one behind it."""
    told = text(record, "call_id")
    transferred = re.fullmatch(r"([0-9]{15,})_[0-9]{1,2}", told)
    return transferred[1] if transferred else told or record_id(record)


def needs_path(record: Wire) -> bool:
    """Whether the path is worth a request: somebody answered a customer, and only the path tells who else talked."""
    return text(record, "connect_type") != "internal" and is_connected(text(record, "call_result"))


def our_end(record: Wire) -> End:
    """Our end of the call, as its record has it."""
    return to_end(record, "callee" if text(record, "direction") == "inbound" else "caller")


def _times(record: Wire) -> tuple[datetime, datetime | None, datetime | None]:
    started, answered, ended = (iso_moment(record, name) for name in ("start_time", "answer_time", "end_time"))
    if started is None:
        raise NoCall("it has no start_time")
    in_order(start_time=started, answer_time=answered, end_time=ended)
    if ended is None:
        ended = (answered or started) + timedelta(seconds=whole_seconds(record, "duration"))
    return started, answered, ended


def _ends(record: Wire, way: Direction) -> tuple[End, End]:
    """Ours and the other one."""
    caller, callee = to_end(record, "caller"), to_end(record, "callee")
    return (callee, caller) if way is Direction.INBOUND else (caller, callee)


def _outside(record: Wire, theirs: End, *, inbound: bool) -> str:
    hidden = record.get("hide_caller_id") is True or text(record, "caller_number_type") == "anonymous_number"
    return WITHHELD if inbound and hidden else theirs.number or theirs.extension


def _outcome(record: Wire, ours: End, elements: Sequence[Element], *, inbound: bool) -> Outcome:
    """By the record's result; but whoever of ours talked has answered, and a menu has not."""
    became = to_outcome(text(record, "call_result"), inbound=inbound)
    if any(one.connected for one in elements):
        return Outcome.ANSWERED
    if became is Outcome.UNKNOWN and record.get("answer_time"):
        became = Outcome.ANSWERED
    if inbound and became is Outcome.ANSWERED and (ours.kind in _MACHINES or (elements and not ours.is_user)):
        return Outcome.VOICEMAIL if any(one.voicemail for one in elements) else Outcome.MISSED
    return became


def _length(record: Wire, answered: datetime | None, ended: datetime | None) -> int:
    """Whether Zoom's own duration counts the ringing is not certain."""
    told = whole_seconds(record, "duration")
    return int((ended - answered).total_seconds()) if answered and ended else told


def _shares(
    ours: End, elements: Sequence[Element], people: People, begun: datetime, ended: datetime | None, talk: int
) -> tuple[RepShare, ...]:
    found = to_shares(elements, people, begun=begun, ended=ended)
    if any(one.talk_seconds for one in found) or (found and not talk):
        return found
    rep = people.rep(ours)
    return (RepShare(email=rep, talk_seconds=talk, last_at=ended if talk else None),) if rep else found


def _extra(record: Wire) -> dict[str, str]:
    told = {
        "call_result": text(record, "call_result"),
        "recording_status": text(record, "recording_status"),
        "department": text(record, "department"),
        "site_id": text(record, "site_id"),
        "spam": text(record, "spam"),
    }
    return {name: value for name, value in told.items() if value}
