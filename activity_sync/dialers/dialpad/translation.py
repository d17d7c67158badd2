"""A record of Dialpad's call list (dialers.md 4.3-4.5), and from it to a call leg. Pure.

A call to a department leaves a record of its entry point and one for everybody who was rung: each becomes a leg of
one conversation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from activity_sync.dialers.dialpad.people import People
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.invitations import clean
from activity_sync.model.wire import (
    NoCall,
    Wire,
    epoch_moment,
    identity,
    in_order,
    inner,
    inner_list,
    text,
    web_link,
    whole_seconds,
)

_LONGEST_TEXT = 30_000
_DIRECTIONS = {"inbound": Direction.INBOUND, "outbound": Direction.OUTBOUND, "internal": Direction.INTERNAL}
_RUNNING = frozenset({
    "calling", "connected", "eavesdrop", "hold", "monitor", "parked", "preanswer", "queued", "ringing", "takeover",
})  # fmt: skip


def to_call_leg(record: Wire, *, source: str, people: People) -> CallLeg:
    """The record as it is told. Raises NoCall. Recordings: only links to Dialpad's own pages, which ask for a login."""
    way = _DIRECTIONS.get(text(record, "direction"))
    if way is None:
        raise NoCall("its direction is neither inbound nor outbound")
    started, connected, ended = _times(record)
    outside, line = text(record, "external_number"), _line(record)
    rep = people.rep(inner(record, "target"))
    became = _outcome(record, way, talked=connected is not None and _is_person(record))
    talk = _talk(record, connected, ended) if became is Outcome.ANSWERED else 0
    return CallLeg(
        source=source,
        record_id=call_id(record),
        conversation_id=conversation(record),
        direction=Direction.INTERNAL if people.is_colleague(outside) else way,
        outcome=became,
        started=started,
        answered=connected if became is Outcome.ANSWERED else None,
        ended=ended,
        talk_seconds=talk,
        outside_number=outside,
        outside_name=text(inner(record, "contact"), "name"),
        line=line,
        line_name=text(inner(record, "entry_point_target"), "name"),
        line_rep=people.line_rep(line, inner(record, "target")),
        region=people.ends.region,
        queue=_queue(record),
        reps=(RepShare(email=rep, talk_seconds=talk, last_at=ended if talk else None),) if rep else (),
        summary=_message(record),
        tags=tuple(dict.fromkeys(label for label in _texts(record, "labels") if label)),
        recording_url=_recording(record),
        final=ended is not None or text(record, "state") not in _RUNNING,
        extra=_extra(record),
    )


def call_id(record: object) -> str:
    """The record's id as text: it comes as a number or as digits. Raises NoCall without one."""
    return identity(record, "call_id")


def conversation(record: Wire) -> str:
    """What all records of one conversation share: the record at which the call came in."""
    return text(record, "entry_point_call_id") or text(record, "master_call_id") or call_id(record)


def _times(record: Wire) -> tuple[datetime, datetime | None, datetime | None]:
    started, rang, connected, ended = (
        epoch_moment(record, name, per_second=1000)
        for name in ("date_started", "date_rang", "date_connected", "date_ended")
    )
    begun = started or rang
    if begun is None:
        raise NoCall("it has no date_started")
    in_order(date_started=begun, date_connected=connected, date_ended=ended)
    return begun, connected, ended


def _line(record: Wire) -> str:
    """The number that was called: a department's, where one of its people was rung on the own number."""
    entry = inner(record, "entry_point_target")
    return (text(entry, "type") not in {"", "user"} and text(entry, "phone")) or text(record, "internal_number")


def _is_person(record: Wire) -> bool:
    """A department or a call centre does not talk: somebody else's record tells who did."""
    return text(inner(record, "target"), "type") in {"user", ""}


def _outcome(record: Wire, way: Direction, *, talked: bool) -> Outcome:
    if talked:
        return Outcome.ANSWERED
    if _has_message(record):
        return Outcome.VOICEMAIL
    return Outcome.MISSED if way is Direction.INBOUND else Outcome.NO_ANSWER


def _has_message(record: Wire) -> bool:
    kinds = {text(one, "recording_type") for one in inner_list(record, "recording_details")}
    return bool(record.get("voicemail_share_link")) or "voicemail" in kinds


def _talk(record: Wire, connected: datetime | None, ended: datetime | None) -> int:
    """From answer to end; Dialpad's own `duration` (milliseconds of talk) where one of them is missing."""
    if connected is not None and ended is not None:
        return int((ended - connected).total_seconds())
    return whole_seconds(record, "duration", per_second=1000)


def _queue(record: Wire) -> str:
    for name in ("entry_point_target", "target"):
        held = inner(record, name)
        if text(held, "type") in {"department", "callcenter"}:
            return text(held, "name")
    return ""


def _recording(record: Wire) -> str:
    links: list[Any] = [record.get("voicemail_share_link")]
    for name in ("call_recording_share_links", "admin_call_recording_share_links"):
        links += _texts(record, name)
    return next((link for link in map(web_link, links) if link), "")


def _message(record: Wire) -> str:
    """What the caller said after the tone."""
    said = record.get("transcription_text")
    return clean(said[:_LONGEST_TEXT]).strip() if isinstance(said, str) else ""


def _extra(record: Wire) -> dict[str, str]:
    told = {
        "state": text(record, "state"),
        "group_id": text(record, "group_id"),
        "csat_score": text(record, "csat_score"),
        "custom_data": text(record, "custom_data"),
        "recording": "; ".join(text(one, "id") for one in inner_list(record, "recording_details")),
        "transferred": "yes" if record.get("is_transferred") is True else "",
    }
    return {name: value for name, value in told.items() if value}


def _texts(record: Wire, name: str) -> list[str]:
    value = record.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
