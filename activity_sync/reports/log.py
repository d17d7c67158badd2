"""The sync log, filtered, a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlmodel import Session

from activity_sync.model.addresses import comparable_email
from activity_sync.model.settings.durations import duration
from activity_sync.rules.rows import when
from activity_sync.store import interactions, sync_log
from activity_sync.store.tables import SyncLog

MOST = 10_000
"""Without `since` only so many of the newest lines are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines; what is not given does not filter. `direction`: in or out."""

    since: datetime | None = None
    kind: str = ""
    rep: str = ""
    direction: str = ""
    failed: bool = False


def lines(session: Session, wanted: Wanted, after: int = 0) -> tuple[list[dict[str, Any]], int]:
    """The lines, oldest first, and the id of the last one looked at; `after`: only what came later (to follow)."""
    found = sync_log.lines(
        session,
        since=wanted.since,
        direction=wanted.direction,
        failed=wanted.failed,
        after=after,
        last=None if wanted.since or after else MOST,
    )
    last = max((line.id or 0 for line in found), default=after)
    return [as_json(line) for line in _fitting(session, found, wanted)], last


def as_json(line: SyncLog) -> dict[str, Any]:
    """The members that commands.md names."""
    return {
        "at": when(line.at),
        "run": f"R{line.run}" if line.run is not None else None,
        "direction": line.direction,
        "key": line.key or None,
        "event": line.event,
        "module": line.module or None,
        "id": line.zoho_id or None,
        "text": line.text,
    }


def since(text: str, now: datetime, zone: tzinfo) -> datetime:
    """`7d`, `24h`, a date, or a time of ISO 8601 (in `zone` unless it says otherwise), as UTC. Raises ValueError."""
    if re.fullmatch(r"\d+\s?[smhd]", text.strip()):
        return now - duration(text.strip())
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("must be a length such as 7d or 24h, or a date such as 2026-03-31") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def _fitting(session: Session, found: Sequence[SyncLog], wanted: Wanted) -> Iterator[SyncLog]:
    """Lines of writes name their interaction only, so kind and rep are asked of that."""
    if not wanted.kind and not wanted.rep:
        return iter(found)
    rep = comparable_email(wanted.rep) or wanted.rep
    known = _known(session, found)
    return (line for line in found if _fits(known.get(line.key, (line.kind, line.rep)), wanted.kind, rep))


def _fits(line: tuple[str, str], kind: str, rep: str) -> bool:
    return (not kind or line[0] == kind) and (not rep or line[1] == rep)


def _known(session: Session, found: Sequence[SyncLog]) -> Mapping[str, tuple[str, str]]:
    known: dict[str, tuple[str, str]] = {}
    for key in {line.key for line in found if line.key}:
        stored = interactions.get(session, key)
        if stored is not None:
            known[key] = (stored.kind, (stored.decided or {}).get("rep") or stored.rep)
    return known
