"""What Twilio says of one leg of a call, and of a recording (dialers.md 2.4, 2.7). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from activity_sync.dialers.twilio.parties import Party, to_party
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import NoCall, Wire, identity, text, whole_seconds

_RUNNING = frozenset({"queued", "initiated", "ringing", "in-progress"})
_OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_DIRECTIONS = frozenset({
    "inbound", "outbound-api", "outbound-dial", "trunking-terminating", "trunking-originating",
})  # fmt: skip
_LOST = frozenset({"absent", "deleted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One call resource. `parent`: the leg that started it, "" for a root. `machine`: an answering machine took it."""

    sid: str
    parent: str
    direction: str
    status: str
    start: datetime
    end: datetime | None
    seconds: int
    caller: Party
    called: Party
    caller_name: str
    answered_by: str
    forwarded_from: str

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.status in _OVER

    @property
    def talked(self) -> bool:
        """Whether somebody or something answered."""
        return self.status == "completed" and self.seconds > 0

    @property
    def machine(self) -> bool:
        """Whether Twilio heard an answering machine or a fax. Only known where its detection is on."""
        return self.answered_by.startswith("machine") or self.answered_by == "fax"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of a leg. `message`: the caller spoke on it alone, as on an answering machine."""

    sid: str
    leg: str
    message: bool


def to_leg(call: object, ends: OurEnds) -> Leg:
    """A leg as it is told. Raises NoCall."""
    sid = identity(call, "sid")
    assert isinstance(call, Mapping)  # what has a sid is one
    status, direction = text(call, "status"), text(call, "direction")
    if status not in _RUNNING | _OVER:
        raise NoCall("its status is none of Twilio's")
    if direction not in _DIRECTIONS:
        raise NoCall("its direction is none of Twilio's")
    start = _moment(call, "start_time") or _moment(call, "date_created")
    if start is None:
        raise NoCall("it has no start_time")
    end = _moment(call, "end_time")
    if end is not None and end < start:
        raise NoCall("it ends before it begins")
    return Leg(
        sid=sid,
        parent=text(call, "parent_call_sid"),
        direction=direction,
        status=status,
        start=start,
        end=end,
        seconds=whole_seconds(call, "duration"),
        caller=to_party(text(call, "from"), ends),
        called=to_party(text(call, "to"), ends),
        caller_name=text(call, "caller_name"),
        answered_by=text(call, "answered_by"),
        forwarded_from=text(call, "forwarded_from"),
    )


def to_recording(recording: object) -> Recording | None:
    """A recording that is there, or is being made; None for one that is not, or cannot be read."""
    if not isinstance(recording, Mapping) or text(recording, "status") in _LOST:
        return None
    sid, leg = text(recording, "sid"), text(recording, "call_sid")
    return Recording(sid, leg, text(recording, "source") == "RecordVerb") if sid and leg else None


def _moment(call: Wire, name: str) -> datetime | None:
    """A time as e-mail writes it; None when it is not given. Raises NoCall for anything else."""
    value = call.get(name)
    if value is None or value == "":
        return None
    try:
        at = parsedate_to_datetime(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, AttributeError):
        raise NoCall(f"its {name} is no time") from None
