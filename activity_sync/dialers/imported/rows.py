"""From a row to a call leg (dialers.md 17.1). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from activity_sync.dialers.imported.readings import (
    RUNNING,
    NoRow,
    Row,
    as_text,
    direction,
    flag,
    link,
    long_text,
    moment,
    number,
    outcome,
    outcome_word,
    region,
    seconds,
    text,
    texts,
)
from activity_sync.model.addresses import comparable_email, read_number
from activity_sync.model.interactions import CallLeg, Direction, Outcome, RepShare
from activity_sync.model.invitations import clean
from activity_sync.model.settings import ImportDialer, Settings

REQUIRED = ("id", "started_at", "direction", "from", "to")
_REP = ("rep_email", "rep_extension", "rep_id", "rep_name")
_MODELLED = frozenset({
    *REQUIRED, "outcome", "answered_at", "ended_at", "timezone", "talk_seconds", "ring_seconds", "duration_seconds",
    "line", "external", "parent_id", "recording_url", "summary", "notes", "tags", "disposition", "queue",
    "region", "deleted", "version", "updated_at",
})  # fmt: skip
_LONGEST_ID, _LONGEST_EXTRA = 200, 2_000
_AHEAD = timedelta(days=1)  # clocks and zones may be wrong by less

Rank = tuple[float, float]
"""Of two rows with one id the greater counts: by `version`, then by `updated_at`."""

UNRANKED: Rank = (0.0, 0.0)
"""A row without both: the one that came last counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What the config says of this dialer. `extensions`: extension, id or name of a rep to his or her address.
    `lines`: our number to an address. `region`: of numbers without a country code."""

    source: str
    region: str
    extensions: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)


def directory_of(dialer: ImportDialer, whole: Settings) -> Directory:
    """What the config says of this connection."""
    return Directory(
        source=dialer.name,
        region=dialer.region or whole.default_region,
        extensions=dialer.extensions,
        lines=dialer.lines,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a row tells: a leg, or (None) only that the call with this id was taken back or is not over."""

    record_id: str
    rank: Rank
    leg: CallLeg | None
    withdrawn: bool = False
    parent: str = ""


def read_row(row: Row, directory: Directory) -> Told:
    """What the row tells. Raises NoRow."""
    record_id = _identity(row)
    told = Told(record_id, _rank(row), None, withdrawn=flag(row, "deleted"), parent=_id(row, "parent_id"))
    if told.withdrawn and any(row.get(name) is None for name in REQUIRED):
        return told
    if outcome_word(row) == RUNNING:
        return told
    return replace(told, leg=_leg(row, told, directory))


def read_at(row: Row, directory: Directory, now: datetime) -> Told:
    """What the row tells at this time. Raises NoRow, also for a call that is still to come."""
    told = read_row(row, directory)
    if told.leg and told.leg.started > now + _AHEAD:
        raise NoRow("it begins in the future: check its time and zone")
    return told


def latest(tellings: Iterable[Told], known: Mapping[str, Rank]) -> Sequence[Told]:
    """One telling for each id: the one with the greatest rank, on a tie the later; legs put under their call.

    `known`: ranks that were told before; older rows are passed over.
    """
    kept: dict[str, Told] = {}
    for told in tellings:
        before = kept[told.record_id].rank if told.record_id in kept else known.get(told.record_id, UNRANKED)
        if UNRANKED in (before, told.rank) or told.rank >= before:
            kept[told.record_id] = told
    return [_folded(told, kept) for told in kept.values()]


def _folded(told: Told, kept: Mapping[str, Told]) -> Told:
    """The leg under the call to which the chain of parents leads; a circle ends where it closes."""
    root, seen = told.record_id, set[str]()
    while root in kept and kept[root].parent and root not in seen:
        seen.add(root)
        root = kept[root].parent
    return told if told.leg is None else replace(told, leg=replace(told.leg, conversation_id=root))


def _leg(row: Row, told: Told, directory: Directory) -> CallLeg:
    way = direction(row)
    outside, ours = _sides(row, way)
    times = _times(row)
    became = _outcome(row, way, times)
    talk = times.talk if became is Outcome.ANSWERED else 0
    line = number(row, "line") or ours
    where = region(row) or directory.region
    email = _rep(row, directory)
    return CallLeg(
        source=directory.source,
        record_id=told.record_id,
        conversation_id=told.parent or told.record_id,
        direction=way,
        outcome=became,
        started=times.started,
        answered=times.answered,
        ended=times.ended,
        talk_seconds=talk,
        outside_number=outside,
        line=line,
        line_rep=_line_rep(line, where, directory),
        region=where,
        queue=text(row, "queue"),
        reps=(RepShare(email=email, talk_seconds=talk or 0, last_at=times.ended),) if email else (),
        notes=texts(row, "notes"),
        summary=long_text(row, "summary"),
        tags=texts(row, "tags", ";"),
        disposition=text(row, "disposition"),
        recording_url=link(row, "recording_url") or link(row, "voicemail_url"),
        withdrawn=told.withdrawn,
        extra=_extra(row),
    )


def _identity(row: Row) -> str:
    found = _id(row, "id")
    if not found:
        raise NoRow("it has no `id`")
    return found


def _id(row: Row, name: str) -> str:
    value = row.get(name)
    if isinstance(value, float):
        raise NoRow(f"`{name}` is a rounded number: write it as text")
    said = text(row, name, longest=_LONGEST_ID + 1)
    if len(said) > _LONGEST_ID:
        raise NoRow(f"`{name}` is longer than {_LONGEST_ID} characters")
    return said


def _rank(row: Row) -> Rank:
    version = text(row, "version")
    try:
        count = float(version) if version else 0.0
    except ValueError:
        raise NoRow("`version` is no number") from None
    updated = moment(row, "updated_at")
    return count, updated.timestamp() if updated else 0.0


def _sides(row: Row, way: Direction) -> tuple[str, str]:
    """The customer's number and ours."""
    for name in ("from", "to"):
        if not number(row, name):
            raise NoRow(f"it has no `{name}`; write anonymous for a withheld number")
    outer = text(row, "external").casefold() or ("from" if way is Direction.INBOUND else "to")
    if outer not in {"from", "to"}:
        raise NoRow("`external` is neither from nor to")
    return number(row, outer), number(row, "to" if outer == "from" else "from")


@dataclass(frozen=True, slots=True)
class _Times:
    started: datetime
    answered: datetime | None
    ended: datetime | None
    talk: int | None
    total: int | None


def _times(row: Row) -> _Times:
    started, answered, ended = (moment(row, name) for name in ("started_at", "answered_at", "ended_at"))
    if started is None:
        raise NoRow("it has no `started_at`")
    if (ended or started) < started or (answered and ended and ended < answered):
        raise NoRow("it ends before it begins")
    if answered and answered < started:
        raise NoRow("it was answered before it began")
    talk, ring, total = (seconds(row, f"{name}_seconds") for name in ("talk", "ring", "duration"))
    if total is None and talk is not None and ring is not None:
        total = talk + ring
    if ended is None and total is not None:
        ended = started + timedelta(seconds=total)
    if talk is None:
        talk = _talk(answered, ended, ring, total)
    return _Times(started, answered, ended, talk, total)


def _talk(answered: datetime | None, ended: datetime | None, ring: int | None, total: int | None) -> int | None:
    if answered and ended:
        return int((ended - answered).total_seconds())
    return max(0, total - ring) if total is not None and ring is not None else None


def _outcome(row: Row, way: Direction, times: _Times) -> Outcome:
    """What the row says, else what its times say. Missed is inbound, no answer is outbound, whatever the words."""
    voicemail = link(row, "voicemail_url")
    nobody = Outcome.NO_ANSWER if way is Direction.OUTBOUND else Outcome.MISSED
    said = outcome(row)
    if said in {Outcome.MISSED, Outcome.NO_ANSWER}:
        return nobody
    if said is not None and said is not Outcome.UNKNOWN:
        return said
    if times.talk or times.answered:
        return Outcome.ANSWERED
    if voicemail:
        return Outcome.VOICEMAIL
    return Outcome.UNKNOWN if said or (times.talk is None and times.total) else nobody


def _rep(row: Row, directory: Directory) -> str:
    """Whose call it was; "" when the row does not say or the config does not know."""
    if email := comparable_email(text(row, "rep_email")):
        return email
    for name in _REP:
        said = text(row, name).casefold()
        for written, rep in directory.extensions.items():
            if said and written.strip().casefold() == said:
                return rep
    return ""


def _line_rep(line: str, where: str, directory: Directory) -> str:
    if not line or not directory.lines:
        return ""
    ours = read_number(line, where)
    for written, rep in directory.lines.items():
        other = read_number(written, where)
        if written == line or (other.e164 and other.e164 == ours.e164):
            return rep
    return ""


def _extra(row: Row) -> dict[str, str]:
    """What else the row holds, by its own names."""
    others: dict[str, Any] = {name: value for name, value in row.items() if name not in _MODELLED}
    return {name: clean(as_text(value))[:_LONGEST_EXTRA] for name, value in others.items() if value is not None}
