"""A call of CloudTalk (dialers.md 7.3), and from it to a call leg. Pure.

Numbers come as digits without a plus, as JSON numbers or as texts; nearly everything else as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from activity_sync.model.addresses import comparable_email
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.invitations import clean
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import (
    NoCall,
    Wire,
    identity,
    in_order,
    inner,
    inner_list,
    iso_moment,
    text,
    web_link,
    whole_seconds,
)

Agent = Callable[[str], str]
"""From an agent's id to the address; "" when nobody's."""

_LONGEST_NOTE = 30_000
_DIRECTIONS = {"incoming": Direction.INBOUND, "outgoing": Direction.OUTBOUND, "internal": Direction.INTERNAL}
_YES = {"1", "true", "yes"}


def to_call_leg(item: Wire, *, source: str, ends: OurEnds, agent: Agent) -> CallLeg:
    """The call as it is told. Raises NoCall. A recording's page asks for a login, and stays."""
    cdr = inner(item, "Cdr")
    way = _DIRECTIONS.get(text(cdr, "type"))
    if way is None:
        raise NoCall("its type is neither incoming nor outgoing nor internal")
    started, answered, ended = _times(cdr)
    became = _outcome(cdr, way, answered)
    talk = _talk(cdr, answered, ended) if became is Outcome.ANSWERED else 0
    line, rep = _number(cdr, "public_internal"), _rep(item, ends, agent)
    return CallLeg(
        source=source,
        record_id=call_id(item),
        conversation_id=call_id(item),
        direction=way,
        outcome=became,
        started=started,
        answered=answered if became is Outcome.ANSWERED else None,
        ended=ended,
        talk_seconds=talk,
        outside_number=_number(cdr, "public_external"),
        outside_name=text(inner(item, "Contact"), "name"),
        line=line,
        line_name=text(inner(item, "CallNumber"), "internal_name"),
        line_rep=ends.line_rep(line),
        region=ends.region,
        reps=(RepShare(email=rep, talk_seconds=talk, last_at=ended if talk else None),) if rep else (),
        notes=tuple(_notes(item)),
        tags=tuple(dict.fromkeys(name for tag in inner_list(item, "Tags") if (name := text(tag, "name")))),
        recording_url=web_link(cdr.get("recording_link")) if _says_yes(cdr, "recorded") else "",
        final=ended is not None,
        extra=_extra(item),
    )


def call_id(item: object) -> str:
    """The call's id as text. Raises NoCall without one."""
    return identity(item.get("Cdr") if hasattr(item, "get") else None, "id")


def agent_id(item: Wire) -> str:
    """Who took or made it, where only the id is told; "" with an address, or with nobody."""
    if text(inner(item, "Agent"), "email"):
        return ""
    return text(inner(item, "Agent"), "id") or text(inner(item, "Cdr"), "user_id")


def _times(cdr: Wire) -> tuple[datetime, datetime | None, datetime | None]:
    started, answered, ended = (_moment(cdr, name) for name in ("started_at", "answered_at", "ended_at"))
    if started is None:
        raise NoCall("it has no started_at")
    in_order(started_at=started, answered_at=answered, ended_at=ended)
    return started, answered, ended


def _moment(cdr: Wire, name: str) -> datetime | None:
    """In ISO 8601; without a zone it is UTC, in which CloudTalk says it tells all times."""
    value = text(cdr, name)
    if value.startswith("0000"):
        return None
    try:
        naive = bool(value) and datetime.fromisoformat(value).tzinfo is None
    except ValueError:
        naive = False
    return iso_moment({name: f"{value}+00:00" if naive else value}, name)


def _outcome(cdr: Wire, way: Direction, answered: datetime | None) -> Outcome:
    if _says_yes(cdr, "is_voicemail"):
        return Outcome.VOICEMAIL
    if answered is not None or whole_seconds(cdr, "talking_time"):
        return Outcome.ANSWERED
    return Outcome.NO_ANSWER if way is Direction.OUTBOUND else Outcome.MISSED


def _talk(cdr: Wire, answered: datetime | None, ended: datetime | None) -> int:
    """`billsec` is no help: it is 0 on calls that were answered."""
    told = whole_seconds(cdr, "talking_time")
    if told or answered is None or ended is None:
        return told
    return int((ended - answered).total_seconds())


def _number(cdr: Wire, name: str) -> str:
    value = text(cdr, name)
    return f"+{value}" if re.fullmatch(r"[1-9][0-9]{6,14}", value) else value


def _rep(item: Wire, ends: OurEnds, agent: Agent) -> str:
    told = inner(item, "Agent")
    names = (text(told, "extension"), text(told, "id"))
    configured = next((rep for rep in map(ends.extension_rep, names) if rep), "")
    return configured or comparable_email(text(told, "email")) or agent(agent_id(item))


def _notes(item: Wire) -> Iterator[str]:
    for note in inner_list(item, "Notes"):
        written = note.get("note")
        if isinstance(written, str) and written.strip():
            yield clean(written[:_LONGEST_NOTE]).strip()


def _says_yes(cdr: Wire, name: str) -> bool:
    return cdr.get(name) is True or text(cdr, name).casefold() in _YES


def _extra(item: Wire) -> dict[str, str]:
    cdr = inner(item, "Cdr")
    told = {
        "redirected_from": text(cdr, "redirected_from"),
        "waiting_time": text(cdr, "waiting_time"),
        "wrapup_time": text(cdr, "wrapup_time"),
        "rating": "; ".join(rating for one in inner_list(item, "Ratings") if (rating := text(one, "rating"))),
    }
    return {name: value for name, value in told.items() if value}
