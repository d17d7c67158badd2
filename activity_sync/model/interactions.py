"""Meetings and calls: as each source sees them, and joined to the one interaction that they are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

import orjson

from activity_sync.model.light import light_dataclass


class Kind(StrEnum):
    """What an interaction is."""

    MEETING = "meeting"
    CALL = "call"


class Response(StrEnum):
    """A participant's answer to an invitation; NONE: not answered."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    NONE = "none"


class Privacy(StrEnum):
    """How much of a meeting may be kept: all of it, time and people only, or nothing."""

    OPEN = "open"
    PRIVATE = "private"


class Direction(StrEnum):
    """A call's direction, as our company sees it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Outcome(StrEnum):
    """What became of it. Calls: the first six and UNKNOWN (dialers.md 15.2). Meetings: the rest (product.md 9)."""

    ANSWERED = "answered"
    MISSED = "missed"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    NO_SHOW = "no_show"
    HELD = "held"
    UNKNOWN = "unknown"


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person, or a room, in a meeting. `email` is in comparable form; "" when it is none."""

    email: str
    name: str = ""
    response: Response = Response.NONE
    organizer: bool = False
    room: bool = False


def own_uid(calendar: str, event_id: str) -> str:
    """What stands for the uid of an entry that came without one."""
    return f"{calendar}:{event_id}"


@light_dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCopy:
    """A meeting as one calendar shows it.

    `calendar` is the e-mail of the rep whose calendar it is; `event_id` is unique in there. `uid` and
    `occurrence` (original start of one of a series, "" otherwise) are the same in every copy. A `gone` copy was
    deleted from this calendar, or cancelled; `notes` is plain text. A private copy carries no text at all: the
    source strikes it out before it hands it over, whatever `meetings.private` says, but keeps `marked` (the
    `never.log` word stood in it).
    """

    source: str
    calendar: str
    event_id: str
    uid: str
    occurrence: str = ""
    title: str = ""
    notes: str = ""
    location: str = ""
    start: datetime
    end: datetime
    all_day: bool = False
    privacy: Privacy = Privacy.OPEN
    kind_of_event: str = "default"
    categories: tuple[str, ...] = ()
    participants: tuple[Participant, ...] = ()
    participants_hidden: bool = False
    conference_url: str = ""
    marked: bool = False
    gone: bool = False
    created: datetime | None = None
    updated: datetime | None = None

    @property
    def nameless(self) -> bool:
        """Whether it came without a uid: the entry's own id in its calendar stands for it."""
        return self.uid == own_uid(self.calendar, self.event_id)

    @property
    def key(self) -> str:
        """The interaction's key: the same for every copy, in whatever calendar it is seen."""
        return f"m-{_digest(self.uid, self.occurrence)}"


@light_dataclass(frozen=True, slots=True, kw_only=True)
class RepShare:
    """One of our people in a call and the seconds that he or she talked. `email` is comparable."""

    email: str
    talk_seconds: int = 0
    last_at: datetime | None = None


@light_dataclass(frozen=True, slots=True, kw_only=True)
class CallLeg:
    """A call, or one path of it, as a dialer tells it. Numbers are as delivered; `reps` holds those who talked or rang.

    `conversation_id` is shared by the legs of one conversation. `final`: the vendor says that the call is over.
    `talk_seconds` None: the source cannot say. `recording_url` is only ever a link that still works later.
    `line_rep` is the e-mail to whom the line belongs. `extra` holds what else a dialer or an import delivered, by
    its own names. `withdrawn`: the source took it back. `summary` None: it was not asked for, and what was told before
    stands.
    """

    source: str
    record_id: str
    conversation_id: str
    direction: Direction
    outcome: Outcome
    started: datetime
    answered: datetime | None = None
    ended: datetime | None = None
    talk_seconds: int | None = None
    outside_number: str = ""
    outside_name: str = ""
    line: str = ""
    line_name: str = ""
    line_rep: str = ""
    region: str = ""
    queue: str = ""
    reps: tuple[RepShare, ...] = ()
    notes: tuple[str, ...] = ()
    summary: str | None = ""
    tags: tuple[str, ...] = ()
    disposition: str = ""
    recording_url: str = ""
    final: bool = True
    withdrawn: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The interaction's key, shared by the legs of one conversation."""
        return f"c-{_digest(self.source, self.conversation_id)}"


Sighting = MeetingCopy | CallLeg
"""One source's view of an interaction."""


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting, joined from its copies. `calendars`: whose calendars still show it. `marked`: see `MeetingCopy`."""

    key: str
    source: str
    calendars: tuple[str, ...]
    title: str
    notes: str
    location: str
    start: datetime
    end: datetime
    all_day: bool
    privacy: Privacy
    kind_of_event: str
    categories: tuple[str, ...]
    organizer: str
    participants: tuple[Participant, ...]
    conference_url: str
    cancelled: bool
    marked: bool = False

    @property
    def kind(self) -> Kind:
        """Always a meeting."""
        return Kind.MEETING

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call, joined from its legs. `reps` are in order: who talked longest first (tie: who talked last)."""

    key: str
    source: str
    direction: Direction
    outcome: Outcome
    start: datetime
    end: datetime
    talk_seconds: int
    outside_number: str
    outside_name: str
    line: str
    line_name: str
    line_rep: str
    region: str
    queue: str
    reps: tuple[RepShare, ...]
    notes: tuple[str, ...]
    summary: str
    tags: tuple[str, ...]
    disposition: str
    recording_url: str
    final: bool
    withdrawn: bool
    extra: Mapping[str, str]

    @property
    def kind(self) -> Kind:
        """Always a call."""
        return Kind.CALL

    @property
    def length(self) -> timedelta:
        """How long people talked."""
        return timedelta(seconds=self.talk_seconds)


Interaction = Meeting | Call


def fingerprint(sighting: Sighting) -> str:
    """A hash of all that can matter in Zoho. What bumps on every answer or reminder (`updated`) does not count."""
    ignored = {"updated"}
    names = [name for name in sighting.__dataclass_fields__ if name not in ignored]
    return hashlib.sha256(orjson.dumps([getattr(sighting, name) for name in names], default=list)).hexdigest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]
