"""ROWs of commands.md, from the store, and as a table that fits a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlmodel import Session

from activity_sync.model.decisions import State
from activity_sync.model.records import NOUNS, Module
from activity_sync.model.writes import OutboxRow, WriteState
from activity_sync.rules.rows import row, when, write_row
from activity_sync.store import outbox
from activity_sync.store.outbox.reading import OPEN
from activity_sync.store.tables import Interactions

Row = Mapping[str, Any]

COLUMNS = ("When", "What", "State", "On", "Owner", "Why, or what is written", "Key")


def stored_row(session: Session, stored: Interactions) -> dict[str, Any]:
    """The ROW of a stored interaction: what was decided last, and every write that was made for it.

    One that was never judged is `waiting`.
    """
    said = stored.decided or _unjudged(stored)
    sent = outbox.rows_of(session, stored.key)
    writes = [_write(one) for one in sent if one.state is not WriteState.DROPPED]
    return row(said, _state(stored, sent), writes, stored.reason)


def _state(stored: Interactions, sent: Sequence[OutboxRow]) -> State:
    """What is planned and on its way waits for credit, a grace or Zoho."""
    on_its_way = stored.state == State.PLANNED and any(one.state in OPEN for one in sent)
    return State.WAITING if on_its_way or not stored.state else State(stored.state)


def cells(rows: Sequence[Row], zone: tzinfo) -> list[tuple[str, ...]]:
    """A line of `COLUMNS` for each ROW, times in this zone."""
    return [_cells(one, zone) for one in rows]


def title(one: Row) -> str:
    """What a person calls it; only what is private has no title at all."""
    if one["title"] is None:
        return f"(private {one['kind']})"
    return one["title"].strip() or f"(untitled {one['kind']})"


def moment(text: str, zone: tzinfo) -> str:
    """An ISO time as a person in this zone reads it."""
    return f"{datetime.fromisoformat(text).astimezone(zone):%a %d %b %H:%M}"


def _cells(one: Row, zone: tzinfo) -> tuple[str, ...]:
    target = f"{one['target']['name']} ({NOUNS[Module(one['target']['module'])]})" if one["target"] else ""
    told = one["reason"] or ", ".join(map(_told, one["writes"]))
    owner = one["owner"] or one["rep"] or ""
    return (moment(one["start"], zone), title(one), one["state"], target, owner, told, one["key"])


def _told(write: Row) -> str:
    subject = write["fields"].get("Event_Title") or write["fields"].get("Subject")
    named = f" “{subject}”" if subject and write["module"] == "Tasks" else ""
    return f"{write['op']} {NOUNS[Module(write['module'])]}{named}"


def _write(one: OutboxRow) -> dict[str, Any]:
    return write_row(one.write, one.state) | ({"error": one.error} if one.error else {})


def _unjudged(stored: Interactions) -> dict[str, Any]:
    nothing = dict.fromkeys(("title", "rep", "outcome", "type", "owner", "target", "who"))
    return {
        **nothing,
        "key": stored.key,
        "kind": stored.kind,
        "source": stored.source,
        "start": when(stored.starts),
        "end": when(stored.ends or stored.starts),
        "reason": "not judged yet",
        "trace": [],
        "candidates": [],
    }
