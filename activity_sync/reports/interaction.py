"""One interaction, whole: what came in, what was thought of it, what was written, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlmodel import Session

from activity_sync.model.interactions import MeetingCopy, Sighting
from activity_sync.model.settings import Settings
from activity_sync.reports.outlooks import would_change
from activity_sync.reports.rows import stored_row
from activity_sync.rules.rows import when
from activity_sync.store import interactions, sightings, sync_log
from activity_sync.store.outbox.reading import stored as stored_writes
from activity_sync.store.tables import Interactions, Outbox, SyncLog

_MOST_NEAR = 3


class UnknownKey(LookupError):  # noqa: N818 - says what it is
    """No interaction has this key. Its text is a sentence; `near` the keys that are most alike, with their titles."""

    def __init__(self, key: str, near: Sequence[tuple[str, str]]) -> None:
        self.near = tuple(near)
        hint = "; nearest: " + ", ".join(f"{one} ({title})" for one, title in near) if near else ""
        super().__init__(f"No interaction has the key {key}{hint}.")


def explain(session: Session, settings: Settings, key: str) -> dict[str, Any]:
    """ROW with `candidates`, `seen`, `history` and `would_change`. Raises UnknownKey."""
    stored = interactions.get(session, key)
    if stored is None:
        raise UnknownKey(key, _near(session, key))
    views = sightings.sightings_of(session, key)
    told = stored_row(session, stored)
    told["candidates"] = (stored.decided or {}).get("candidates", [])
    told["seen"] = [_seen(view) for view in views]
    told["history"] = [
        {"at": when(at), "event": event, "detail": detail} for at, event, detail in _history(session, stored, views)
    ]
    told["would_change"] = list(would_change(told, settings))
    return told


def _near(session: Session, key: str) -> list[tuple[str, str]]:
    titles = {one.key: _title(one) for one in interactions.listing(session)}
    named = [one for one, title in titles.items() if key.casefold() in title.casefold()]
    alike = get_close_matches(key, titles, n=_MOST_NEAR, cutoff=0.4)
    return [(one, titles[one]) for one in dict.fromkeys([*named[-_MOST_NEAR:], *alike])][:_MOST_NEAR]


def _title(stored: Interactions) -> str:
    return (stored.decided or {}).get("title") or f"a {stored.kind}"


def _seen(view: Sighting) -> dict[str, Any]:
    """Where it came from; no text, so that nothing private can stand here."""
    if isinstance(view, MeetingCopy):
        where = {"source": view.source, "calendar": view.calendar, "id": view.event_id}
        return {**where, "start": when(view.start), "end": when(view.end), "gone": view.gone}
    where = {"source": view.source, "line": view.line, "id": view.record_id}
    end = when(view.ended) if view.ended else None
    return {**where, "start": when(view.started), "end": end, "gone": view.withdrawn}


# --- what happened to it, oldest first ---------------------------------------------------------------------------


def _history(session: Session, stored: Interactions, views: Sequence[Sighting]) -> list[tuple[datetime, str, str]]:
    happened = [(stored.first_seen, "seen", _where_seen(views, stored))]
    happened += [(line.at, line.event, _detail(line)) for line in sync_log.lines(session, key=stored.key)]
    for write in stored_writes(session, Outbox.key == stored.key):
        happened += _of_write(write)
    return sorted(happened, key=lambda one: one[0])


def _where_seen(views: Sequence[Sighting], stored: Interactions) -> str:
    calendars = [view.calendar for view in views if isinstance(view, MeetingCopy)]
    places = f" in the calendars of {', '.join(calendars)}" if calendars else ""
    return f"{stored.source} showed it{places}"


def _detail(line: SyncLog) -> str:
    run = f" (R{line.run})" if line.run is not None else ""
    record = f" [{line.module} {line.zoho_id}]" if line.zoho_id else f" [{line.module}]" if line.module else ""
    return f"{line.text}{record}{run}"


def _of_write(write: Outbox) -> Iterator[tuple[datetime, str, str]]:
    what = f"{write.op} {write.module} #{write.number}"
    yield write.added_at, "queued", f"{what}: {write.because}"
    if write.sent_at is not None:
        tries = f", attempt {write.attempts}" if write.attempts > 1 else ""
        yield write.sent_at, "sent", f"{what}{tries}"
    if write.settled_at is not None:
        yield write.settled_at, "answered", f"{what}: {_answer(write)}"


def _answer(write: Outbox) -> str:
    if not write.error:
        return f"{write.state}, record {write.zoho_id}" if write.zoho_id else write.state
    return f"{write.state}: {write.code + ': ' if write.code else ''}{write.error}"
