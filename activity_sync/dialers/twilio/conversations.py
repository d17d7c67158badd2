"""From the legs of one conversation to one call, as our company sees it (dialers.md 2.6, 15.5). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from activity_sync.dialers.twilio.legs import Leg, Recording
from activity_sync.dialers.twilio.parties import Party
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.our_ends import OurEnds

_REFUSED = {"busy": Outcome.BUSY, "failed": Outcome.FAILED, "canceled": Outcome.FAILED}


@dataclass(frozen=True, slots=True)
class _View:
    """A conversation seen from our side. `outside`: the other party. `ours`: the legs that reached for one of us;
    `theirs`: the legs that reached for the other side."""

    direction: Direction
    outside: Party
    ours: Sequence[Leg]
    theirs: Sequence[Leg] = ()


def to_call_leg(
    root: str, legs: Sequence[Leg], recordings: Sequence[Recording], *, source: str, ends: OurEnds
) -> CallLeg:
    """The conversation, under its root's sid. `legs`: the root first, then by start.

    No link to a recording: whether it works without credentials is a setting of the account that nobody tells.
    """
    view = _view(legs)
    became = _outcome(view, legs[0], recordings)
    talks = _talks(view) if became is Outcome.ANSWERED else []
    final = all(leg.over for leg in legs)
    line = _line(view, legs)
    return CallLeg(
        source=source,
        record_id=root,
        conversation_id=root,
        direction=view.direction,
        outcome=became,
        started=min(leg.start for leg in legs),
        answered=_answered(talks),
        ended=max((leg.end or leg.start for leg in legs), default=None) if final else None,
        talk_seconds=sum(leg.seconds for leg in talks),
        outside_number=view.outside.number or view.outside.raw,
        outside_name=next((leg.caller_name for leg in legs if view.direction is Direction.INBOUND), ""),
        line=line,
        line_rep=ends.line_rep(line),
        region=ends.region,
        reps=tuple(_shares(view, legs, talks)),
        final=final,
        extra=_extra(legs, recordings),
    )


def _view(legs: Sequence[Leg]) -> _View:
    root, children = legs[0], [leg for leg in legs if leg.parent]
    if _comes_in(root):
        return _View(Direction.INBOUND, root.caller, [root] if root.direction == "trunking-originating" else children)
    theirs = _to_outside(legs)
    if not theirs:
        return _View(Direction.INTERNAL, _last_called(legs), legs)
    reached = next((leg for leg in theirs if leg.talked), theirs[0])
    return _View(Direction.OUTBOUND, reached.called, [leg for leg in legs if leg.called.ours], theirs)


def _comes_in(root: Leg) -> bool:
    """Whether a customer has called us: a rep's device or own telephone comes in too when it dials out."""
    if root.direction == "trunking-originating":
        return True
    if root.direction == "outbound-dial":  # its parent is not known: who is called is all that tells
        return root.called.ours and not root.caller.ours
    return root.direction == "inbound" and not root.caller.ours


def _to_outside(legs: Sequence[Leg]) -> list[Leg]:
    """The legs that reached for somebody outside. What a rep's telephone calls first is only where it dials out."""
    outside = [leg for leg in legs if leg.called.raw and not leg.called.ours]
    called_first = [leg for leg in outside if not leg.parent and leg.direction != "inbound"]
    return called_first or [leg for leg in outside if leg.parent]


def _last_called(legs: Sequence[Leg]) -> Party:
    return next((leg.called for leg in reversed(legs) if leg.called.raw), legs[0].called)


def _outcome(view: _View, root: Leg, recordings: Sequence[Recording]) -> Outcome:
    if view.direction is Direction.OUTBOUND:
        return _reached(view.theirs)
    if view.direction is Direction.INTERNAL:
        return Outcome.ANSWERED if any(leg.talked for leg in view.ours) else Outcome.NO_ANSWER
    if any(leg.talked and not leg.machine for leg in view.ours):
        return Outcome.ANSWERED
    if any(recording.message for recording in recordings):
        return Outcome.VOICEMAIL
    return Outcome.FAILED if root.status == "failed" else Outcome.MISSED


def _reached(theirs: Sequence[Leg]) -> Outcome:
    """The best that happened on a leg to the other side; a machine is known only where Twilio listened for it."""
    talked = [leg for leg in theirs if leg.talked]
    if talked:
        return Outcome.ANSWERED if any(not leg.machine for leg in talked) else Outcome.VOICEMAIL
    told = [_REFUSED.get(leg.status, Outcome.NO_ANSWER) for leg in theirs]
    return next((one for one in (Outcome.NO_ANSWER, Outcome.BUSY) if one in told), Outcome.FAILED)


def _talks(view: _View) -> list[Leg]:
    """The legs on which our side and the other one talked."""
    legs = view.theirs if view.direction is Direction.OUTBOUND else view.ours
    if view.direction is Direction.INTERNAL:
        return [leg for leg in legs if leg.talked][-1:]
    return [leg for leg in legs if leg.talked and not leg.machine]


def _answered(talks: Sequence[Leg]) -> datetime | None:
    """When somebody answered is not told, but how long the leg was connected before its end."""
    moments = [max(leg.start, leg.end - timedelta(seconds=leg.seconds)) for leg in talks if leg.end]
    return min(moments, default=None)


def _line(view: _View, legs: Sequence[Leg]) -> str:
    """Our number: the one that was called, or the one that we showed to the other side."""
    if view.direction is Direction.INBOUND:
        return legs[0].called.number
    shown = [leg.caller.number for leg in (*view.theirs, legs[0])]
    return next((number for number in shown if number), "")


def _shares(view: _View, legs: Sequence[Leg], talks: Sequence[Leg]) -> Iterator[RepShare]:
    """Each rep once, in the order in which they come up."""
    parties = [(party, leg) for leg in legs for party in (leg.caller, leg.called) if party.rep]
    for rep in dict.fromkeys(party.rep for party, _ in parties):
        own = [leg for party, leg in parties if party.rep == rep]
        talked = [leg for leg in own if leg in talks] or _beside(view, own, talks)
        ends = [leg.end for leg in talked if leg.end]
        yield RepShare(email=rep, talk_seconds=sum(leg.seconds for leg in talked), last_at=max(ends, default=None))


def _beside(view: _View, own: Sequence[Leg], talks: Sequence[Leg]) -> list[Leg]:
    """On a call out, the rep is on one leg and the talk with the other side on another."""
    if view.direction is Direction.INBOUND or not talks or not any(leg.talked for leg in own):
        return []
    longest = max(leg.seconds for leg in own)
    return [leg for leg in talks if leg.seconds <= longest] or [max(own, key=lambda leg: leg.seconds)]


def _extra(legs: Sequence[Leg], recordings: Sequence[Recording]) -> dict[str, str]:
    told = {
        "status": legs[0].status,
        "answered_by": next((leg.answered_by for leg in legs if leg.answered_by), ""),
        "forwarded_from": next((leg.forwarded_from for leg in legs if leg.forwarded_from), ""),
        "recording": "; ".join(sorted(recording.sid for recording in recordings)),
    }
    return {name: value for name, value in told.items() if value}
