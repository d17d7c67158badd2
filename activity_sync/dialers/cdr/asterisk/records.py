"""One call-detail record of Asterisk: from a line of the file, or a row of the table (dialers.md 10.1, 10.2). Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from activity_sync.dialers.cdr.local_time import epoch_in, moment
from activity_sync.model.invitations import one_line
from activity_sync.model.wire import NoCall

_FIRST = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
    "end", "duration", "billsec", "disposition", "amaflags",
)  # fmt: skip
_NEW = ("peeraccount", "linkedid", "sequence")
_WIDTHS = {16: (), 17: ("uniqueid",), 18: ("uniqueid", "userfield"), 19: _NEW, 20: ("uniqueid", *_NEW),
           21: ("uniqueid", "userfield", *_NEW)}  # fmt: skip
_LASTING = ("calldate", "start", "src", "dst", "channel", "dstchannel", "lastapp", "duration", "billsec", "disposition")
NAMELESS = "cdr"
"""How the id of a record begins to which Asterisk gave none."""

_DURATION = re.compile(r"0*\d{1,7}(\.\d+)?")
"""Tables may fill it up with zeros, and with `hrtime` Asterisk counts parts of seconds."""

_UNIQUE = re.compile(r"(?:\S+-)?\d+\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A path between two parties. `channel` is that of the party who owns it, `called` the other's. `whole`: seconds
    from the start, ringing included; `talk`: since somebody or something answered."""

    id: str
    unique: str
    linked: str
    where: str
    start: datetime
    answer: datetime | None
    end: datetime
    talk: int
    disposition: str
    src: str
    dst: str
    context: str
    channel: str
    called: str
    app: str
    data: str
    caller_name: str
    caller: str
    line: str
    shown: str
    extra: Mapping[str, str]


def columns_of(cells: Sequence[str] | None) -> dict[str, str]:
    """The cells by name: how many there are tells which are there. Raises NoCall."""
    if cells is None:
        raise NoCall("it is no CSV")
    more = _WIDTHS.get(len(cells))
    if more is None:
        raise NoCall(f"it has {len(cells)} columns, Asterisk writes 16 to 21")
    row = dict(zip((*_FIRST, *more), cells, strict=True))
    if len(cells) == 17 and not _UNIQUE.fullmatch(row["uniqueid"]):
        row["userfield"] = row.pop("uniqueid")
    return row


def started(row: Mapping[str, Any], zone: tzinfo) -> datetime:
    """When the record's path began. Raises NoCall."""
    start = moment(
        row.get("start") or row.get("calldate"), zone, "start", epoch_in(_text(row.get("uniqueid") or "").strip())
    )
    if start is None:
        raise NoCall("it has no start")
    return start


def to_record(row: Mapping[str, Any], where: str, twin: int, zone: tzinfo) -> Record:
    """The record. `twin`: how many just like it came before; `zone`: of the machine. Raises NoCall."""
    told = {name.casefold(): one_line(_text(value)) for name, value in row.items() if value is not None}
    unique = told.get("uniqueid", "")
    start = started(row, zone)
    whole, talk = _seconds(told, "duration"), _seconds(told, "billsec")
    if talk > whole:
        raise NoCall("its billsec is longer than its duration")
    _check_end(told, zone)
    answered = told.get("disposition", "").casefold() == "answered" and (talk > 0 or bool(told.get("answer")))
    name, caller = _clid(told.get("clid", ""))
    return Record(
        id=_id(told, unique, twin),
        unique=unique,
        linked=told.get("linkedid", ""),
        where=where,
        start=start,
        answer=start + timedelta(seconds=whole - talk) if answered else None,
        end=start + timedelta(seconds=whole),
        talk=talk,
        disposition=told.get("disposition", "").casefold(),
        src=told.get("src", ""),
        dst=told.get("dst", ""),
        context=told.get("dcontext", ""),
        channel=told.get("channel", ""),
        called=told.get("dstchannel", ""),
        app=told.get("lastapp", "").casefold(),
        data=told.get("lastdata", ""),
        caller_name=told.get("cnam", "") or name,
        caller=told.get("cnum", "") or caller,
        line=told.get("did", ""),
        shown=told.get("outbound_cnum", ""),
        extra=_extra(told),
    )


def _text(value: object) -> str:
    """A column may be of bytes: what they mean is the writer's affair, and nearly always UTF-8."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _seconds(told: Mapping[str, str], name: str) -> int:
    said = told.get(name, "")
    if not said:
        return 0
    if said.startswith("-"):
        raise NoCall(f"its {name} is negative")
    if not _DURATION.fullmatch(said):
        raise NoCall(f"its {name} is no number of seconds")
    return int(float(said))


def _check_end(told: Mapping[str, str], zone: tzinfo) -> None:
    """Lengths are what counts, the clock may have been set meanwhile; but an end before the start is no call."""
    start, end = (moment(told.get(name), zone, name) for name in ("start", "end"))
    if start and end and end < start - timedelta(hours=2):  # the clocks may have gone back in between
        raise NoCall("it ends before it begins")


def _id(told: Mapping[str, str], unique: str, twin: int) -> str:
    """A channel may have several records: the sequence tells them apart, else all that the record says."""
    named = unique or told.get("linkedid", "")
    if named and told.get("sequence"):
        return f"{named}/{told['sequence']}"
    digest = hashlib.sha256("\x1f".join(told.get(name, "") for name in _LASTING).encode()).hexdigest()[:16]
    return f"{unique or NAMELESS}/{digest}" + (f"/{twin}" if twin else "")


def _clid(told: str) -> tuple[str, str]:
    """Name and number of the caller: `"Ann" <442079460958>`."""
    found = re.fullmatch(r'\s*"?(.*?)"?\s*<([^<>]*)>\s*', told)
    name, number = (found[1].strip(), found[2].strip()) if found else ("", told.strip())
    return ("" if re.fullmatch(r"[+\d\s()-]*", name) or name.casefold() == number.casefold() else name), number


def _extra(told: Mapping[str, str]) -> dict[str, str]:
    names = ("lastapp", "accountcode", "userfield", "recordingfile")
    return {name: told[name] for name in names if told.get(name)}
