"""What Aircall says of a call (only what is read; dialers.md 1.6), and from it to a call leg. Pure.

A call: id, direction, status, missed_call_reason, started_at, answered_at, ended_at (epoch seconds), raw_digits,
voicemail, asset, user, assigned_to, transferred_to, transferred_by, number, teams, comments, tags, contact,
participants (in lists: conference_participants).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from activity_sync.model.addresses import comparable_email
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.invitations import clean
from activity_sync.model.wire import NoCall, Wire, identity, inner, inner_list, text

_LONGEST_NOTE = 30_000
_DIRECTIONS = {"inbound": Direction.INBOUND, "outbound": Direction.OUTBOUND}


def to_call_leg(call: Wire, *, source: str, region: str, line_rep: Callable[[str, str], str]) -> CallLeg:
    """The call as it is told. Raises NoCall.

    `region`: of this dialer's numbers, for a line without a country. `line_rep`: from a line's digits and region to
    whose line it is. Recordings: only Aircall's own page of it (`asset`); every other link dies within hours.
    """
    direction = _DIRECTIONS.get(text(call, "direction"))
    if direction is None:
        raise NoCall("its direction is neither inbound nor outbound")
    started, answered, ended = _times(call)
    number = inner(call, "number")
    line, line_region = text(number, "digits"), text(number, "country").upper() or region
    talk = _seconds(answered, ended)
    return CallLeg(
        source=source,
        record_id=call_id(call),
        conversation_id=call_id(call),
        direction=direction,
        outcome=_outcome(call, direction, answered),
        started=started,
        answered=answered,
        ended=ended,
        talk_seconds=talk,
        outside_number=text(call, "raw_digits"),
        outside_name=_contact_name(call),
        line=line,
        line_name=text(number, "name"),
        line_rep=line_rep(line, line_region),
        region=line_region,
        queue=_names(call, "teams")[0] if _names(call, "teams") else "",
        reps=tuple(_reps(call, talk or 0, ended)),
        notes=tuple(_notes(call)),
        tags=_names(call, "tags"),
        recording_url=_recording(call),
        final=is_over(call),
        extra=_extra(call),
    )


def call_id(call: object) -> str:
    """The call's id as text. Raises NoCall without one."""
    return identity(call, "id")


def started_at(call: Wire) -> datetime:
    """When the call began, UTC. Raises NoCall when that is missing or no time."""
    at = _moment(call, "started_at")
    if at is None:
        raise NoCall("it has no started_at")
    return at


def is_over(call: Wire) -> bool:
    """Whether Aircall is done with the call."""
    return text(call, "status") == "done"


def _times(call: Wire) -> tuple[datetime, datetime | None, datetime | None]:
    started, answered, ended = started_at(call), _moment(call, "answered_at"), _moment(call, "ended_at")
    if (ended or started) < started or (ended and answered and ended < answered):
        raise NoCall("it ends before it begins")
    if answered and answered < started:
        raise NoCall("it was answered before it began")
    return started, answered, ended


def _moment(call: Wire, name: str) -> datetime | None:
    value = call.get(name)
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise NoCall(f"its {name} is no time") from None


def _seconds(answered: datetime | None, ended: datetime | None) -> int | None:
    """Talk: Aircall's own duration counts the ringing too. None: it goes on, or its end was not told."""
    if answered is None:
        return 0
    return int((ended - answered).total_seconds()) if ended else None


def _outcome(call: Wire, direction: Direction, answered: datetime | None) -> Outcome:
    if answered is not None:
        return Outcome.ANSWERED
    if call.get("voicemail"):
        return Outcome.VOICEMAIL
    return Outcome.MISSED if direction is Direction.INBOUND else Outcome.NO_ANSWER


def _reps(call: Wire, talk: int, ended: datetime | None) -> Iterator[RepShare]:
    """Who took or made it, else to whom it was given; then who passed it on, whose share of the talk nobody tells."""
    names = [_email(call, name) for name in ("user", "assigned_to", "transferred_to")]
    last = next((email for email in names if email), "")
    if last:
        yield RepShare(email=last, talk_seconds=talk, last_at=ended)
    before = _email(call, "transferred_by")
    if before and before != last and talk:
        yield RepShare(email=before)


def _notes(call: Wire) -> Iterator[str]:
    comments = inner_list(call, "comments")
    for comment in sorted(comments, key=_posted):
        content = comment.get("content")
        if isinstance(content, str) and content.strip():
            yield clean(content[:_LONGEST_NOTE]).strip()


def _posted(comment: Wire) -> float:
    at = comment.get("posted_at")
    return float(at) if isinstance(at, int | float) else 0.0


def _recording(call: Wire) -> str:
    asset = text(call, "asset")
    return asset if asset.startswith("https://") else ""


def _extra(call: Wire) -> dict[str, str]:
    told = {
        "missed_call_reason": text(call, "missed_call_reason"),
        "transferred_by": _email(call, "transferred_by"),
        "transferred_to": _email(call, "transferred_to"),
        "teams": "; ".join(_names(call, "teams")),
        "participants": "; ".join(_others(call)),
        "email": _contact_email(call),
        "company": text(inner(call, "contact"), "company_name"),
    }
    return {name: value for name, value in told.items() if value}


def _contact_name(call: Wire) -> str:
    """As Aircall's own address book has it; what stands there in place of a name may be the number again."""
    contact = inner(call, "contact")
    name = f"{text(contact, 'first_name')} {text(contact, 'last_name')}".strip()
    return name if any(sign.isalpha() for sign in name) else ""


def _contact_email(call: Wire) -> str:
    listed = (comparable_email(text(one, "value")) for one in inner_list(inner(call, "contact"), "emails"))
    return next((email for email in listed if email), "")


def _others(call: Wire) -> Iterator[str]:
    """Who from outside was in a conference besides: by name, else by number."""
    for name in ("participants", "conference_participants"):
        for one in inner_list(call, name):
            if text(one, "type") in {"contact", "external"}:
                yield text(one, "name") or text(one, "phone_number")


def _names(call: Wire, name: str) -> tuple[str, ...]:
    named = (text(one, "name") for one in inner_list(call, name))
    return tuple(dict.fromkeys(name for name in named if name))


def _email(call: Wire, name: str) -> str:
    return comparable_email(text(inner(call, name), "email"))
