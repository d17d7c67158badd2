"""A record of RingCentral's call log (detailed view, dialers.md 3.5-3.8), and from it to a call leg. Pure.

A transfer may put a second record beside the first, with the same session: each becomes a leg of one conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from activity_sync.dialers.ringcentral.outcomes import is_connected, is_running, to_outcome
from activity_sync.dialers.ringcentral.people import People
from activity_sync.dialers.ringcentral.talk import extension_of, legs_of, talk_seconds, to_shares
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.wire import NoCall, Wire, identity, inner, iso_moment, text, whole_seconds

_DIRECTIONS = {"Inbound": Direction.INBOUND, "Outbound": Direction.OUTBOUND}


def to_call_leg(record: Wire, *, source: str, people: People) -> CallLeg:
    """The call as it is told. Raises NoCall.

    No link to a recording: all of them ask for the credentials of the app. When it was answered is not told.
    """
    way = _DIRECTIONS.get(text(record, "direction"))
    if way is None:
        raise NoCall("its direction is neither Inbound nor Outbound")
    started, inbound = _started(record), way is Direction.INBOUND
    outside, ours = _parties(record, inbound=inbound)
    internal = _is_internal(record, outside)
    shares = to_shares(record, people, internal=internal)
    became = _outcome(record, shares, people, inbound=inbound)
    final = not any(is_running(text(one, "result")) for one in (record, *legs_of(record)))
    line = text(ours, "phoneNumber")
    return CallLeg(
        source=source,
        record_id=identity(record, "id"),
        conversation_id=conversation(record),
        direction=Direction.INTERNAL if internal else way,
        outcome=became,
        started=started,
        ended=started + timedelta(seconds=whole_seconds(record, "duration")) if final else None,
        talk_seconds=talk_seconds(record, shares) if became is Outcome.ANSWERED else 0,
        outside_number=text(outside, "phoneNumber") or (text(outside, "extensionNumber") if internal else ""),
        outside_name=_caller_name(outside),
        line=line,
        line_rep=people.ends.line_rep(line),
        region=people.ends.region,
        queue=next((name for name in _queues(record, people) if name), ""),
        reps=shares,
        final=final,
        extra=_extra(record),
    )


def conversation(record: Wire) -> str:
    """What all records of one conversation share: the telephony session, in old ones the session."""
    return text(record, "telephonySessionId") or text(record, "sessionId") or identity(record, "id")


def _started(record: Wire) -> datetime:
    at = iso_moment(record, "startTime")
    if at is None:
        raise NoCall("it has no startTime")
    return at


def _parties(record: Wire, *, inbound: bool) -> tuple[Wire, Wire]:
    """The other side and ours."""
    caller, called = inner(record, "from"), inner(record, "to")
    return (caller, called) if inbound else (called, caller)


def _is_internal(record: Wire, outside: Wire) -> bool:
    """Extension to extension. A customer has neither an extension's id nor only an extension's number."""
    if text(outside, "extensionId"):
        return True
    if text(outside, "phoneNumber"):
        return False
    kinds = {text(leg, "legType") for leg in legs_of(record)}
    return bool(text(outside, "extensionNumber")) or kinds == {"ExtensionToExtension"}


def _outcome(record: Wire, shares: tuple[RepShare, ...], people: People, *, inbound: bool) -> Outcome:
    """By the whole call's result; but whoever of ours talked has answered, and a menu has not."""
    became = to_outcome(text(record, "result"), inbound=inbound)
    if any(share.talk_seconds for share in shares):
        return Outcome.ANSWERED
    if inbound and became is not Outcome.ANSWERED and text(inner(record, "message"), "type") == "VoiceMail":
        return Outcome.VOICEMAIL
    if inbound and became is Outcome.ANSWERED and _only_machines(record, people):
        return Outcome.MISSED
    return became


def _only_machines(record: Wire, people: People) -> bool:
    answered = [extension_of(leg)[0] for leg in legs_of(record) if is_connected(text(leg, "result"))]
    return bool(answered) and all(people.is_machine(extension_id) for extension_id in answered)


def _queues(record: Wire, people: People) -> Iterator[str]:
    for leg in (record, *legs_of(record)):
        yield people.queue(extension_of(leg)[0])


def _caller_name(outside: Wire) -> str:
    """Networks put the caller's town where the name would be."""
    name, location = text(outside, "name"), text(outside, "location")
    return "" if name.casefold() in location.casefold() else name


def _extra(record: Wire) -> dict[str, str]:
    told = {
        "result": text(record, "result"),
        "reason": text(record, "reason"),
        "action": text(record, "action"),
        "recording": text(inner(record, "recording"), "id"),
        "voicemail": text(inner(record, "message"), "id"),
    }
    return {name: value for name, value in told.items() if value}
