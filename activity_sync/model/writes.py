"""What is to be written in Zoho, what was written, what Zoho said: plain data to print, compare, store, preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from activity_sync.model.light import light_dataclass
from activity_sync.model.records import Module

FORGOTTEN = "forgotten"
"""What `Written.gone` says of a record that is there, of which nothing more is kept."""


class Op(StrEnum):
    """What a write does."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class WriteState(StrEnum):
    """Where a write stands. The first four are open."""

    READY = "ready"
    SENDING = "sending"  # on disk before it is sent: after a crash it is as uncertain as a lost answer
    UNCERTAIN = "uncertain"  # it may have happened: to be proved
    PARKED = "parked"  # the proof could not tell: a person must
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"  # needless in the end: a person's change came first, or it was gone


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A record as it should be in Zoho.

    `slot` names its place in the interaction: `activity`, or `task:<follow-up name>`. `record_key` is the text
    for the key field, unique in the org. `fields`: Zoho API name to JSON value (`Owner` and lookups as
    `{"id": ...}`, times as `2026-01-05T10:00:00+00:00`, dates as `2026-01-05`). `only_if_there`: an existing record
    is to be so, but none is made for it (a meeting that was cancelled before).

    `id`: a record that is not ours and is changed once (slot `stage`: the deal), as long as nobody has changed it
    after `unless_changed_since`.
    """

    slot: str
    module: Module
    record_key: str
    fields: Mapping[str, Any]
    because: str
    only_if_there: bool = False
    id: str = ""
    unless_changed_since: datetime | None = None


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One change to send. `id`: the Zoho record, "" for one to create. `unless_changed_since`: see `Wanted`.

    `undoes`: the run that it takes back; what a person has touched since is then left as it is.
    """

    slot: str
    module: Module
    op: Op
    record_key: str
    id: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""
    unless_changed_since: datetime | None = None
    undoes: int | None = None


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What we wrote and Zoho holds: `fields` as last sent, `theirs` the fields that a person has changed since.

    `gone`: "" while it is there, else who removed it (`us` or `person`); one that a person removed stays gone.
    `forgotten`: it was there when retention or `erase` forgot what it held, or it is somebody else's that stands for
    what was to be made; it is not looked after.
    """

    slot: str
    module: Module
    record_key: str
    id: str
    fields: Mapping[str, Any]
    theirs: frozenset[str] = frozenset()
    gone: str = ""


@light_dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A write on its way. `number` is its row in the outbox, `key` its interaction.

    `before`: what an update replaced, or the whole of a record that was deleted, as it could be sent again; None: not
    known. `purpose`: of its credits. `run`: the one that planned it.
    """

    number: int
    key: str
    write: Write
    state: WriteState
    attempts: int = 0
    next_at: datetime
    sent_at: datetime | None = None
    looked: int = 0
    error: str = ""
    before: Mapping[str, Any] | None = None
    purpose: str = "writing"
    run: int | None = field(default=None, compare=False)


@light_dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What Zoho said of one row.

    `done`: it is so now. `id`: the record. `gone`: Zoho does not know that id (a person deleted it). `code` and
    `why` tell what was refused. `again`: a definite refusal that will pass (locked record): try later.
    `uncertain`: this row alone may have been done (Zoho stumbled over it): prove it before it is sent again.
    `fields`: what was sent in the end, where this org did not take the write as it was. `there`: the record that has
    what must be unique of a person or company which was to be made, where Zoho named one: its module and id.
    """

    done: bool
    id: str = ""
    modified: datetime | None = None
    gone: bool = False
    again: bool = False
    uncertain: bool = False
    code: str = ""
    why: str = ""
    fields: Mapping[str, Any] | None = None
    there: tuple[Module, str] | None = None


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that the look-up for an uncertain write found in Zoho."""

    id: str
    record_key: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
