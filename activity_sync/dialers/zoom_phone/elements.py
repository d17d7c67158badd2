"""The path of a call: who of ours talked on it, and for how long (dialers.md 5.5, 5.6). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

from activity_sync.dialers.zoom_phone.outcomes import is_connected
from activity_sync.dialers.zoom_phone.people import End, People, to_end
from activity_sync.model.interactions import RepShare
from activity_sync.model.wire import NoCall, Wire, inner_list, iso_moment, text, whole_seconds

_BY_OTHERS = frozenset({"answered_by_other", "pickup_by_other", "call_out_by_other"})
_LISTENING = frozenset({"monitor", "whisper", "barge", "listen"})


@dataclass(frozen=True, slots=True)
class Element:
    """One part of a call. `ours`: our end of it. `seconds`: of talk, as far as that is told."""

    ours: End
    connected: bool
    voicemail: bool
    began: datetime | None
    ended: datetime | None
    seconds: int
    client_code: str


def to_elements(path: Wire) -> tuple[Element, ...]:
    """The parts of a call in the order of time; one that cannot be read counts for nobody."""
    held = inner_list(path, "call_elements") or inner_list(path, "call_path")
    found = [element for element in map(_element, held) if element is not None]
    return tuple(sorted(found, key=lambda one: one.began.timestamp() if one.began else inf))


def to_shares(
    elements: Sequence[Element], people: People, *, begun: datetime, ended: datetime | None
) -> tuple[RepShare, ...]:
    """Who talked or rang, each once. Where another took over, the talk of the one before is over."""
    talks = [one for one in elements if one.connected]
    seconds = {id(one): _talked(one, following, begun, ended) for one, following in _pairs(talks)}
    named = [(people.rep(one.ours), one) for one in elements]
    return tuple(
        _share(rep, [one for email, one in named if email == rep], seconds, ended)
        for rep in dict.fromkeys(email for email, _ in named if email)
    )


def _pairs(talks: Sequence[Element]) -> Iterator[tuple[Element, Element | None]]:
    for number, one in enumerate(talks):
        yield one, talks[number + 1] if number + 1 < len(talks) else None


def _talked(one: Element, following: Element | None, begun: datetime, ended: datetime | None) -> int:
    start = one.began or begun
    ends = [at for at in (one.ended or ended, following.began if following else None) if at and at > start]
    span = int((min(ends) - start).total_seconds()) if ends else 0
    return min(one.seconds, span) if one.seconds and span else one.seconds or span


def _share(rep: str, own: Sequence[Element], seconds: dict[int, int], ended: datetime | None) -> RepShare:
    talks = [one for one in own if one.connected]
    last = max((at for one in talks if (at := one.ended or ended)), default=None)
    return RepShare(email=rep, talk_seconds=sum(seconds[id(one)] for one in talks), last_at=last)


def _element(told: Wire) -> Element | None:
    """None for what happened beside the talk: somebody listened in, or another was faster."""
    if text(told, "result_reason") in _BY_OTHERS or text(told, "event") in _LISTENING:
        return None
    caller, callee = to_end(told, "caller"), to_end(told, "callee")
    ours = callee if callee.is_user or not caller.is_user else caller
    result = text(told, "result") or text(told, "call_result")
    try:
        return Element(
            ours=ours,
            connected=ours.is_user and is_connected(result),
            voicemail=result == "voicemail",
            began=iso_moment(told, "answer_time") or iso_moment(told, "start_time"),
            ended=iso_moment(told, "end_time"),
            seconds=whole_seconds(told, "talk_time"),
            client_code=text(told, "client_code"),
        )
    except NoCall:
        return None
