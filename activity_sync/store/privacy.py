"""What was open and has become private, in whosever calendar: its texts go from everything that was stored before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from activity_sync.model.interactions import Kind, MeetingCopy, Privacy, Sighting
from activity_sync.store import facts
from activity_sync.store.outbox.reading import OPEN
from activity_sync.store.payloads import sighting_from, sighting_payload
from activity_sync.store.sweeping import holds
from activity_sync.store.tables import Outbox, Sightings, SyncLog
from activity_sync.store.upserting import in_portions, table_of

STRUCK = "(private)"
"""What stands in the sync log in the place of a text that has become private."""

TABLES = tuple(table_of(one).name for one in (Sightings, Outbox, SyncLog))
"""Where these texts can be."""

_TO_STRIKE = "to strike"
_TITLES = ("Event_Title", "Subject", "Call_Subject")
_NO_TEXT = re.compile(r"[\d:T.Z+-]*")  # moments, days and ids


def note(session: Session, shown: Iterable[Sighting], stored: Iterable[Sighting], now: datetime) -> None:
    """Compare what a calendar shows now with all that is stored of the same meetings, before it is stored.

    Where any copy is private and another, or an earlier state, has texts, these are to be struck out; the sync log
    loses its title at once. Where the last private copy is open again, the others will be read anew.
    """
    before, after = _by_key(stored), _by_key(shown)
    secret = {key: copies for key in after if _has_both(copies := [*before.get(key, ()), *after[key]])}
    for key, copies in secret.items():
        for title in {one.title for one in copies if one.title}:
            mine = (col(SyncLog.key) == key, holds(SyncLog.text, title))
            session.exec(update(SyncLog).where(*mine).values(text=STRUCK))
    if secret:
        facts.keep_fact(session, _TO_STRIKE, sorted({*noted(session), *secret}), now)
    opened = [key for key in after if _is_open_again(before.get(key, ()), after[key])]
    if opened:
        session.exec(update(Sightings).where(col(Sightings.key).in_(opened)).values(fingerprint=""))


def noted(session: Session) -> Sequence[str]:
    """The keys of the meetings whose texts are to be struck out."""
    return facts.fact(session, _TO_STRIKE) or ()


def strike(session: Session, keys: Sequence[str], now: datetime) -> int:
    """Take the texts of these out of sightings and of writes that are settled; how many meetings that were.

    One with a write that is still open stays noted: Zoho's answer to it may bring a text back.
    """
    busy = set()
    for portion in in_portions(keys):
        for row in session.exec(select(Sightings).where(col(Sightings.key).in_(portion))):
            row.payload = _without_texts(row.kind, row.payload)
            session.add(row)
        for sent in session.exec(select(Outbox).where(col(Outbox.key).in_(portion))):
            if sent.state in {state.value for state in OPEN}:
                busy.add(sent.key)
            else:
                sent.fields, sent.before = _struck(sent.fields), _struck(sent.before)
                session.add(sent)
    facts.keep_fact(session, _TO_STRIKE, sorted(busy), now)
    return len(keys) - len(busy)


def _by_key(sightings: Iterable[Sighting]) -> Mapping[str, list[MeetingCopy]]:
    found: dict[str, list[MeetingCopy]] = defaultdict(list)
    for one in sightings:
        if isinstance(one, MeetingCopy):
            found[one.key].append(one)
    return found


def _has_both(copies: Sequence[MeetingCopy]) -> bool:
    return any(_is_private(one) for one in copies) and any(_texts(one) for one in copies)


def _is_open_again(before: Sequence[MeetingCopy], after: Sequence[MeetingCopy]) -> bool:
    shown = {(one.source, one.calendar, one.event_id) for one in after}
    left = [one for one in before if (one.source, one.calendar, one.event_id) not in shown]
    return any(map(_is_private, before)) and not any(map(_is_private, [*left, *after]))


def _is_private(copy: MeetingCopy) -> bool:
    return copy.privacy is Privacy.PRIVATE


def _texts(copy: MeetingCopy) -> tuple[str, ...]:
    return tuple(one for one in (copy.title, copy.notes, copy.location, copy.conference_url) if one)


def _without_texts(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The fingerprint stays that of the texts: what is read again and says the same stays struck."""
    copy = sighting_from(kind, payload) if kind == Kind.MEETING else None
    if not isinstance(copy, MeetingCopy):
        return payload
    return sighting_payload(replace(copy, title="", notes="", location="", conference_url=""))


def _struck(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Only what cannot be a text, and the title that every private meeting has."""
    if fields is None:
        return None
    kept = {name: value for name, value in fields.items() if not isinstance(value, str) or _NO_TEXT.fullmatch(value)}
    return kept | {name: "Private meeting" for name in _TITLES if fields.get(name)}
