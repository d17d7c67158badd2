"""What happened to an interaction, oldest first: seen, judged, queued, sent, and what Zoho answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from activity_sync.model.interactions import MeetingCopy, Sighting
from activity_sync.model.records import NOUNS, Module
from activity_sync.model.writes import WriteState
from activity_sync.reports.interaction.words import Words
from activity_sync.rules.payloads import TITLES
from activity_sync.rules.rows import when
from activity_sync.store import sync_log
from activity_sync.store.outbox.reading import stored as stored_writes
from activity_sync.store.tables import Interactions, Outbox, SyncLog

STATES = {
    WriteState.READY: "waits its turn",
    WriteState.SENDING: "is being sent",
    WriteState.UNCERTAIN: "may have been written; it is looked for",
    WriteState.PARKED: "may have been written; a person must look",
    WriteState.DONE: "done",
    WriteState.FAILED: "refused by Zoho",
    WriteState.DROPPED: "not needed any more",
}
"""What a person calls the state of a write."""


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    event: str
    detail: str
    more: dict[str, Any] = field(default_factory=dict)


def history(session: Session, stored: Interactions, views: Sequence[Sighting], words: Words) -> list[dict[str, Any]]:
    """`at`, `event`, `detail`; beside them `module` and `id` of a record in Zoho, and the `code` of a refusal."""
    happened = [_Moment(stored.first_seen, "seen", _where_seen(views, stored))]
    happened += [_of_line(line, words) for line in sync_log.lines(session, key=stored.key)]
    for write in stored_writes(session, Outbox.key == stored.key):
        happened += _of_write(write, words)
    return [
        {"at": when(one.at), "event": one.event, "detail": one.detail, **one.more}
        for one in sorted(happened, key=lambda one: one.at)
    ]


def _where_seen(views: Sequence[Sighting], stored: Interactions) -> str:
    calendars = [view.calendar for view in views if isinstance(view, MeetingCopy)]
    places = f" in the calendars of {', '.join(calendars)}" if calendars else ""
    return f"{stored.source} showed it{places}"


def _of_line(line: SyncLog, words: Words) -> _Moment:
    run = f" (R{line.run})" if line.run is not None else ""
    about = f"the {_noun(line.module)}: " if line.module else ""
    record = {"module": line.module, "id": line.zoho_id} if line.zoho_id else {}
    return _Moment(line.at, line.event, f"{about}{words.sentence(line.text)}{run}", record)


def _of_write(write: Outbox, words: Words) -> Iterator[_Moment]:
    what = f"{write.op} {_named(write)}"
    yield _Moment(write.added_at, "queued", f"{what}: {words.sentence(write.because)}")
    if write.sent_at is not None:
        tries = f", attempt {write.attempts}" if write.attempts > 1 else ""
        yield _Moment(write.sent_at, "sent", f"{what}{tries}")
    if write.settled_at is not None:
        record = {"module": write.module, "id": write.zoho_id} if write.zoho_id else {}
        code = {"code": write.code} if write.code else {}
        yield _Moment(write.settled_at, "answered", f"{what}: {_answer(write, words)}", {**record, **code})


def _named(write: Outbox) -> str:
    """The task “Send recap”; an update tells no title, but a task's has its follow-up's name."""
    title = write.fields.get(TITLES.get(Module(write.module), ""), "")
    name = f" “{title}”" if title else f" {write.slot.removeprefix('task:')}" if write.slot.startswith("task:") else ""
    return f"the {_noun(write.module)}{name}"


def _answer(write: Outbox, words: Words) -> str:
    state = STATES[WriteState(write.state)]
    return f"{state}: {words.sentence(write.error)}" if write.error else state


def _noun(module: str) -> str:
    return NOUNS.get(Module(module), module) if module in set(Module) else module
