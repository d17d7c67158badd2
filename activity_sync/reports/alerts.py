"""What a person should see to beside broken connections: what could not be logged, pushes that do not come,
activities that are there twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from activity_sync.rules.rows import when
from activity_sync.store import channels, others, outbox

_LATELY = timedelta(days=30)
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that a person should see to."""

    about: str
    text: str
    since: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"about": self.about, "text": self.text, "since": None if self.since is None else when(self.since)}


def of_failures(session: Session, now: datetime) -> Iterator[Alert]:
    """Meetings and calls that could not be logged although Zoho refused nothing: nobody can own them."""
    for reason, count in sorted(outbox.failed_unsent(session, now - _LATELY).items()):
        what = "A meeting or call" if count == 1 else f"{count} meetings and calls"
        text = f"{what} of the last {_LATELY.days} days could not be logged: {reason}."
        yield Alert(about="interactions", text=f"{text} `activity-sync log --failed` tells which; then `retry`.")


def of_doubles(session: Session, now: datetime) -> Iterator[Alert]:
    """What is in Zoho twice, because somebody touched both ours and the other."""
    found = others.doubles(session, now - _LATELY)
    if found:
        text = f"Logged by us and by somebody else: {named_doubles(found)}. Delete one of the two in Zoho."
        yield Alert(about="doubles", text=text)


def named_doubles(found: list[tuple[str, str]]) -> str:
    """The first of these keys and ids of records."""
    told = [f"{key} and {other}" for key, other in found[:_MOST_NAMED]]
    return ", ".join(told) + (f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else "")


def of_pushes(session: Session, now: datetime) -> Iterator[Alert]:
    """Calendars that are to push and have no living channel, a sentence for each reason."""
    mute: dict[tuple[str, str], list[str]] = {}
    for row in channels.channels(session):
        if row.url and row.error and (not row.channel or row.ends is None or row.ends <= now):
            mute.setdefault((row.source, row.error), []).append(row.part)
    for (source, why), parts in mute.items():
        whose = parts[0] if len(parts) == 1 else f"{len(parts)} calendars"
        text = f"{source}: no pushes for {whose}: {why} They are read every few minutes all the same."
        yield Alert(about=source, text=text)
