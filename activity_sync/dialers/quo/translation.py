"""A call of Quo (dialers.md 8.3; quo.com/docs/2026-03-30), and from it to a call leg. Pure.

Whoever answered is the rep: the user of a call is only the owner of its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from activity_sync.dialers.quo.people import People
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.invitations import clean
from activity_sync.model.wire import (
    NoCall,
    Wire,
    identity,
    in_order,
    inner,
    inner_list,
    iso_moment,
    text,
    whole_seconds,
)

_LONGEST_TEXT = 30_000
_DIRECTIONS = {
    "incoming": Direction.INBOUND, "inbound": Direction.INBOUND,
    "outgoing": Direction.OUTBOUND, "outbound": Direction.OUTBOUND,
}  # fmt: skip
_RUNNING = frozenset({"queued", "initiated", "ringing", "in-progress"})
_MACHINE = "SYU"
"""How the ids of what answers without a person begin."""


def to_call_leg(call: Wire, *, source: str, people: People) -> CallLeg:
    """The call as it is told. Raises NoCall. No link to a recording: all of them end."""
    way = _DIRECTIONS.get(text(call, "direction"))
    if way is None:
        raise NoCall("its direction is neither incoming nor outgoing")
    started, answered, ended = _times(call)
    outside, ours = _parties(call, people)
    rep, owner = _rep(call, people, way), people.rep(_owner(call))
    became = _outcome(call, way, talked=answered is not None and not _only_machine(call))
    talk = _talk(call, answered, ended) if became is Outcome.ANSWERED else 0
    line = people.lines.get(text(call, "phoneNumberId"))
    number = line.number if line else next(iter(ours), "")
    return CallLeg(
        source=source,
        record_id=call_id(call),
        conversation_id=call_id(call),
        direction=way if outside or len(ours) < 2 else Direction.INTERNAL,
        outcome=became,
        started=started,
        answered=answered if became is Outcome.ANSWERED else None,
        ended=ended,
        talk_seconds=talk,
        outside_number=outside[0] if outside else next((one for one in ours if one != number), ""),
        line=number,
        line_name=line.name if line else "",
        line_rep=people.ends.line_rep(number) or owner,
        region=people.ends.region,
        reps=(RepShare(email=rep, talk_seconds=talk, last_at=ended if talk else None),) if rep else (),
        summary="\n\n".join(_summary(call)),
        final=ended is not None or text(call, "status") not in _RUNNING,
        extra=_extra(call, outside[1:]),
    )


def call_id(call: object) -> str:
    """The call's id. Raises NoCall without one."""
    return identity(call, "id")


def _owner(call: Wire) -> str:
    return text(call, "actorId") or text(call, "userId")


def _times(call: Wire) -> tuple[datetime, datetime | None, datetime | None]:
    started, answered, ended = (iso_moment(call, name) for name in ("createdAt", "answeredAt", "completedAt"))
    if started is None:
        raise NoCall("it has no createdAt")
    in_order(createdAt=started, answeredAt=answered, completedAt=ended)
    return started, answered, ended


def _parties(call: Wire, people: People) -> tuple[Sequence[str], Sequence[str]]:
    """Numbers outside and ours. The older API lists bare numbers."""
    listed = call.get("participants")
    bare = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    told = [(text(one, "phoneNumber"), text(one, "actorId")) for one in inner_list(call, "participants")]
    told += [(number, "") for number in bare]
    ours = {number for number, actor in told if actor or people.is_line(number) or people.ends.has(number)}
    everybody = dict.fromkeys(number for number, _ in told if number)
    return [one for one in everybody if one not in ours], [one for one in everybody if one in ours]


def _rep(call: Wire, people: People, way: Direction) -> str:
    """Who answered or placed it; nobody for a call that rang and nobody took."""
    who = text(call, "answeredBy") or text(call, "initiatedBy")
    if not who and (way is Direction.OUTBOUND or call.get("answeredAt")):
        who = _owner(call)
    return people.rep(who)


def _only_machine(call: Wire) -> bool:
    """Whether a machine answered for us, and no person."""
    who = text(call, "answeredBy")
    return who.startswith(_MACHINE) or (not who and bool(text(call, "aiHandled")))


def _outcome(call: Wire, way: Direction, *, talked: bool) -> Outcome:
    """`completed` says nothing: it stands on calls that nobody answered as well."""
    if talked:
        return Outcome.ANSWERED
    if text(inner(call, "voicemail"), "id") or text(inner(call, "voicemail"), "status") == "completed":
        return Outcome.VOICEMAIL
    if way is Direction.INBOUND:
        return Outcome.MISSED
    status = text(call, "status")
    return {"busy": Outcome.BUSY, "failed": Outcome.FAILED, "canceled": Outcome.FAILED}.get(status, Outcome.NO_ANSWER)


def _talk(call: Wire, answered: datetime | None, ended: datetime | None) -> int:
    if answered is not None and ended is not None:
        return int((ended - answered).total_seconds())
    return whole_seconds(call, "duration")


def _summary(call: Wire) -> Iterator[str]:
    """What Quo made of the talk, and what a caller said after the tone."""
    told = inner(call, "summary")
    points, steps = _texts(told, "summary"), _texts(told, "nextSteps")
    if points:
        yield "\n".join(points)
    if steps:
        yield "\n".join(["Next steps:", *(f"- {step}" for step in steps)])
    yield from _texts(inner(call, "voicemail"), "transcript")


def _texts(holder: Wire, name: str) -> list[str]:
    value = holder.get(name)
    listed = value if isinstance(value, list) else [value]
    texts = [clean(one[:_LONGEST_TEXT]).strip() for one in listed if isinstance(one, str)]
    return [text for text in texts if text]


def _extra(call: Wire, others: Sequence[str]) -> dict[str, str]:
    told = {
        "status": text(call, "status"),
        "forwarded_from": text(call, "forwardedFrom"),
        "forwarded_to": text(call, "forwardedTo"),
        "ai_handled": text(call, "aiHandled"),
        "voicemail": text(inner(call, "voicemail"), "id"),
        "also_on_the_call": "; ".join(others),
    }
    return {name: value for name, value in told.items() if value}
