"""What JustCall says of a call (only what is read; dialers.md 6.3), and from it to a call leg. Pure.

A call: id, contact_number, contact_name, contact_email, justcall_number, justcall_line_name, agent_id, agent_name,
agent_email, call_date and call_time (UTC), call_info (direction, type, missed_call_reason, disposition, notes, rating,
recording), call_duration (total_duration, conversation_time, hold_time, ring_time).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from activity_sync.model.addresses import comparable_email
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.invitations import clean
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall, Wire, identity, inner, text, whole_seconds

_LONGEST_NOTE = 30_000
_DIRECTIONS = {
    "incoming": Direction.INBOUND, "inbound": Direction.INBOUND,
    "outgoing": Direction.OUTBOUND, "outbound": Direction.OUTBOUND,
}  # fmt: skip
_RUNNING = frozenset({"in progress", "in-progress", "inprogress", "ringing", "initiated", "queued"})
_BARE = re.compile(r"[1-9]\d{7,14}")
_DYING = re.compile(r"[?&](?:X-Amz-|Expires=|Signature=|sig=|token=|exp=)", re.IGNORECASE)
"""What a link has in it that works for some time only."""


def to_call_leg(call: Wire, *, source: str, ends: OurEnds, agent: Callable[[str], str]) -> CallLeg:
    """The call as it is told. Raises NoCall.

    There is one time, that of the start; the end is worked out from the lengths. `agent`: from an id to an address,
    for calls without one.
    """
    info, lengths = inner(call, "call_info"), inner(call, "call_duration")
    way = _DIRECTIONS.get(text(info, "direction").casefold())
    if way is None:
        raise NoCall("its direction is neither Incoming nor Outgoing")
    started, ring = _started(call), whole_seconds(lengths, "ring_time")
    talk, total = whole_seconds(lengths, "conversation_time"), whole_seconds(lengths, "total_duration")
    became = _outcome(text(info, "type"), talk, way)
    answered = started + timedelta(seconds=ring) if became is Outcome.ANSWERED else None
    ended = started + timedelta(seconds=ring + max(total, talk))
    line = _number(text(call, "justcall_number"))
    return CallLeg(
        source=source,
        record_id=identity(call, "id"),
        conversation_id=identity(call, "id"),
        direction=way,
        outcome=became,
        started=started,
        answered=answered,
        ended=ended,
        talk_seconds=talk if answered else 0,
        outside_number=_number(text(call, "contact_number")),
        outside_name=text(call, "contact_name"),
        line=line,
        line_name=text(call, "justcall_line_name"),
        line_rep=ends.line_rep(line),
        region=ends.region,
        reps=_reps(call, ends, agent, talk if answered else 0, ended),
        notes=tuple(note for note in (_long(info, "notes"),) if note),
        summary=_summary(call),
        disposition=text(info, "disposition"),
        recording_url=_recording(info),
        final=text(info, "type").casefold() not in _RUNNING,
        extra=_extra(call, info),
    )


def _started(call: Wire) -> datetime:
    """UTC; the hour may have one digit. What is called `user` beside it is in another zone."""
    date, time = text(call, "call_date"), text(call, "call_time")
    if not date:
        raise NoCall("it has no call_date")
    try:
        return datetime.strptime(f"{date} {time or '0:00:00'}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise NoCall("its call_date and call_time are no time") from None


def _outcome(told: str, talk: int, way: Direction) -> Outcome:
    """By JustCall's word where it is a known one, else by whether anybody talked."""
    word = told.casefold()
    if "voicemail" in re.sub("[ _-]", "", word):
        return Outcome.VOICEMAIL
    if word == "answered" or talk > 0:
        return Outcome.ANSWERED
    return Outcome.MISSED if way is Direction.INBOUND else Outcome.NO_ANSWER


def _number(told: str) -> str:
    """Digits come with the country code and without a plus."""
    return f"+{told}" if _BARE.fullmatch(told) else told


def _reps(call: Wire, ends: OurEnds, agent: Callable[[str], str], talk: int, ended: datetime) -> tuple[RepShare, ...]:
    """What the config says of an id or a name goes first."""
    number = text(call, "agent_id")
    configured = ends.extension_rep(number) or ends.extension_rep(text(call, "agent_name"))
    email = configured or comparable_email(text(call, "agent_email")) or agent(number)
    return (RepShare(email=email, talk_seconds=talk, last_at=ended),) if email else ()


def _summary(call: Wire) -> str:
    """Of JustCall's AI, where the account has it."""
    told = (_long(inner(call, name), "call_summary") or _long(inner(call, name), "summary") for name in _AI)
    return next((summary for summary in told if summary), "")


_AI = ("justcall_ai", "ai_data")


def _long(holder: Wire, name: str) -> str:
    value = holder.get(name)
    return clean(value[:_LONGEST_NOTE]).strip() if isinstance(value, str) else ""


def _recording(info: Wire) -> str:
    link = text(info, "recording")
    return link if link.startswith("https://") and not _DYING.search(link) else ""


def _extra(call: Wire, info: Wire) -> dict[str, str]:
    told = {
        "type": text(info, "type"),
        "missed_call_reason": text(info, "missed_call_reason"),
        "rating": text(info, "rating"),
        "email": comparable_email(text(call, "contact_email")),
        "call_sid": text(call, "call_sid"),
    }
    return {name: value for name, value in told.items() if value}
