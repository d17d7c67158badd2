"""One line of 3CX's call-detail records, and from it to a call leg (dialers.md 9.3, 9.4). Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from activity_sync.dialers.cdr.local_time import moment
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.invitations import one_line
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall

_BEGIN = (
    "historyid", "callid", "duration", "time-start", "time-answered", "time-end", "reason-terminated", "from-no",
    "to-no", "from-dn", "to-dn", "dial-no", "reason-changed", "final-number", "final-dn", "bill-code",
)  # fmt: skip
_BILL = ("bill-rate", "bill-cost", "bill-name")
_REST = (
    "chain", "from-type", "to-type", "final-type", "from-dispname", "to-dispname", "final-dispname",
    "missed-queue-calls",
)  # fmt: skip
USUAL = (*_BEGIN, *_REST)
"""The names of the columns in their usual order; some versions have three more about the bill."""

_NEEDED = frozenset({"time-start", "from-no", "to-no"})
_EXTENSION = re.compile(r"Ext\.\s*(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[\d\s().-]{3,}")
_LENGTH = re.compile(r"(?:(\d+)\.)?(\d{1,3}):(\d\d):(\d\d)(?:\.\d+)?")


def named(cells: Sequence[str] | None, head: Sequence[str] | None, columns: Sequence[str] | None) -> dict[str, str]:
    """The cells by name: as the file's first line says, else the config, else in the usual order. Raises NoCall."""
    if cells is None:
        raise NoCall("it is no CSV")
    values = [one_line(cell) for cell in cells]
    names = names_in(head) or columns or (USUAL if len(values) <= len(USUAL) + 1 else (*_BEGIN, *_BILL, *_REST))
    if any(values[len(names) :]):
        raise NoCall(f"it has {len(values)} columns and {len(names)} are named: give their names as `columns`")
    row = dict(zip((_name(one) for one in names), values, strict=False))
    if not row.keys() >= _NEEDED:
        raise NoCall(f"it has no column {', '.join(sorted(_NEEDED - row.keys()))}")
    return row


def names_in(cells: Sequence[str] | None) -> Sequence[str] | None:
    """The cells as names of columns; None when they are a call's."""
    return cells if cells and set(map(_name, cells)) >= _NEEDED else None


def to_call_leg(row: Mapping[str, str], *, source: str, ends: OurEnds, zone: tzinfo) -> CallLeg:
    """The line as it is told. `zone`: of the telephone system. Raises NoCall."""
    started, answered, ended = _times(row, zone)
    caller, called = _extension(row, "from", ends), _extension(row, "to", ends)
    final = _extension(row, "final", ends) or ("" if row.get("final-number") or row.get("final-dn") else called)
    way, outside = _way(row, caller, final or called)
    became = _outcome(row, way, answered, final)
    talk = int((ended - answered).total_seconds()) if became is Outcome.ANSWERED and answered else 0
    line = _line(row, way)
    rep = ends.extension_rep(final or called) if way is Direction.INBOUND else ends.extension_rep(caller)
    history = re.sub(r"^Call\s+", "", row.get("historyid", ""))
    return CallLeg(
        source=source,
        record_id=f"{history or 'cdr'}/{_digest(row)}",
        conversation_id=history or _digest(row),
        direction=way,
        outcome=became,
        started=started,
        answered=answered if became is Outcome.ANSWERED else None,
        ended=ended,
        talk_seconds=talk,
        outside_number=outside,
        outside_name=row.get("from-dispname", "") if way is Direction.INBOUND else "",
        line=line,
        line_rep=ends.line_rep(line),
        region=ends.region,
        queue=_queue(row),
        reps=(RepShare(email=rep, talk_seconds=talk, last_at=ended),) if rep else (),
        extra=_extra(row),
    )


def _name(told: str) -> str:
    return told.strip().casefold().replace("_", "-").replace(" ", "-")


def _times(row: Mapping[str, str], zone: tzinfo) -> tuple[datetime, datetime | None, datetime]:
    names = ("time-start", "time-answered", "time-end")
    started, answered, ended = (moment(row.get(name), zone, name) for name in names)
    if started is None:
        raise NoCall("it has no time-start")
    lasted = _length(row)
    ended = ended or (answered or started) + lasted
    if ended < started or (answered and ended < answered):
        raise NoCall("it ends before it begins")
    if answered and answered < started:
        raise NoCall("it was answered before it began")
    return started, answered, ended


def _length(row: Mapping[str, str]) -> timedelta:
    told = row.get("duration", "")
    if not told:
        return timedelta()
    found = _LENGTH.fullmatch(told)
    if found is None:
        raise NoCall("its duration is no length")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _extension(row: Mapping[str, str], end: str, ends: OurEnds) -> str:
    """Our extension at this end; "" when it is none: a line to the outside has a number of its own (`dn`), too."""
    number, own = row.get("final-number" if end == "final" else f"{end}-no", ""), row.get(f"{end}-dn", "")
    if found := _EXTENSION.fullmatch(number):
        return found[1]
    if own and (row.get(f"{end}-type", "").casefold().startswith("ext") or ends.extension_rep(own)):
        return own
    return number if ends.extension_rep(number) else ""


def _way(row: Mapping[str, str], caller: str, called: str) -> tuple[Direction, str]:
    """The direction, and the other side's number."""
    if not caller:
        return Direction.INBOUND, row.get("from-no", "")
    numbers = (row.get(name, "") for name in ("to-no", "dial-no", "final-number"))
    number = next((one for one in numbers if _NUMBER.fullmatch(one)), "")
    if called or not number:
        return Direction.INTERNAL, called or row.get("to-no", "")
    return Direction.OUTBOUND, number


def _outcome(row: Mapping[str, str], way: Direction, answered: datetime | None, final: str) -> Outcome:
    """A menu, a queue and a mailbox answer too: a customer's call is answered when one of ours had it in the end."""
    ended_at = f"{row.get('final-type', '')} {row.get('final-number', '')}".casefold()
    if way is Direction.INBOUND:
        if answered and ("vm" in ended_at or "voicemail" in ended_at):
            return Outcome.VOICEMAIL
        return Outcome.ANSWERED if answered and final else Outcome.MISSED
    if answered:
        return Outcome.ANSWERED
    reason = row.get("reason-terminated", "").casefold()
    return Outcome.BUSY if "busy" in reason else Outcome.FAILED if "fail" in reason else Outcome.NO_ANSWER


def _line(row: Mapping[str, str], way: Direction) -> str:
    dialled = row.get("dial-no", "")
    is_number = sum(sign.isdigit() for sign in dialled) > 6
    return dialled if way is Direction.INBOUND and is_number else ""


def _queue(row: Mapping[str, str]) -> str:
    is_queue = "queue" in row.get("to-type", "").casefold()
    return (row.get("to-dispname", "") or row.get("to-dn", "")) if is_queue else ""


def _digest(row: Mapping[str, str]) -> str:
    return hashlib.sha256("\x1f".join(row.values()).encode()).hexdigest()[:16]


def _extra(row: Mapping[str, str]) -> dict[str, str]:
    names = ("reason-terminated", "reason-changed", "bill-code", "chain")
    return {name.replace("-", "_"): row[name] for name in names if row.get(name)}
