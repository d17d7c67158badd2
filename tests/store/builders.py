"""What store tests put into a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from activity_sync.model.decisions import Judgement, Lookup, State
from activity_sync.model.interactions import Outcome, Sighting
from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import Address, AddressKind, Module, Record
from activity_sync.model.writes import Op, Write
from activity_sync.store import interactions, sightings
from tests.builders import NOON, a_call, a_copy, a_meeting

JO = "jo@acme.example"
SAM = Lookup(AddressKind.EMAIL, "sam@globex.example")


def stored(session: Session, *views: Sighting, now: datetime = NOON) -> Sequence[str]:
    """Jo's calendar (or a dialer) showed these: the keys that this opened."""
    return sightings.save_sightings(session, JO, views or [a_copy()], now).keys


def judged(session: Session, key: str, state: State = State.UNMATCHED, **more: Any) -> None:
    """The interaction was judged, and its match looked for `addresses`."""
    addresses, decided = more.pop("addresses", [SAM]), more.pop("decided", {})
    now, run = more.pop("now", NOON), more.pop("run", None)
    interaction = more.pop("interaction", None) or (a_call(key=key) if key.startswith("c") else a_meeting(key=key))
    verdict = Judgement(interaction=interaction, state=state, outcome=more.pop("outcome", Outcome.SCHEDULED), **more)
    interactions.keep_addresses(session, {key: addresses})
    interactions.save_judgement(session, verdict, decided, run, now)


def a_create(slot: str = "activity", record_key: str = "", **changes: Any) -> Write:
    """An Event to make."""
    own = {"module": Module.EVENTS, "op": Op.CREATE, "fields": {"Event_Title": "Intro call"}, "because": "it is new"}
    return Write(**{"slot": slot, "record_key": record_key or f"key-{slot}", **own, **changes})


def an_update(slot: str = "activity", **changes: Any) -> Write:
    """A new title for an Event."""
    own = {"op": Op.UPDATE, "id": "event-1", "fields": {"Event_Title": "Second call"}, "because": "it was renamed"}
    return a_create(slot, **{**own, **changes})


def row_of(record: Record, *addresses: Address, gone: bool = False) -> ShadowRow:
    """A record under its e-mail address, or under those that are given."""
    own = [Address(AddressKind.EMAIL, record.email, "Email")] if record.email else []
    return ShadowRow(record=record, addresses=list(addresses) or own, gone=gone)


def number(value: str, extension: str = "", field: str = "Phone") -> Address:
    """A telephone number of a record."""
    return Address(AddressKind.NUMBER, value, field, extension)
