"""`explain`: everything that is known of one interaction, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from sqlmodel import Session

from activity_sync.model.interactions import MeetingCopy, Sighting
from activity_sync.model.settings import Settings
from activity_sync.reports.interaction.coming_in import came_in
from activity_sync.reports.interaction.history import history
from activity_sync.reports.interaction.outlooks import would_change
from activity_sync.reports.interaction.words import Words, words_for
from activity_sync.reports.rows import stored_row
from activity_sync.rules.rows import when
from activity_sync.store import interactions, sightings
from activity_sync.store.tables import Interactions

_MOST_NEAR = 3


class UnknownKey(LookupError):  # noqa: N818 - says what it is
    """No interaction has this key. Its text is a sentence; `near` the keys that are most alike, with their titles."""

    def __init__(self, key: str, near: Sequence[tuple[str, str]]) -> None:
        self.near = tuple(near)
        hint = "; nearest: " + ", ".join(f"{one} ({title})" for one, title in near) if near else ""
        super().__init__(f"No interaction has the key {key}{hint}.")


def known(session: Session, key: str) -> Interactions:
    """The interaction with this key. Raises UnknownKey."""
    stored = interactions.get(session, key)
    if stored is None:
        raise UnknownKey(key, _near(session, key))
    return stored


def explain(session: Session, settings: Settings, key: str) -> dict[str, Any]:
    """ROW with `candidates`, `seen`, `came_in`, `plan`, `history` and `would_change`; each of its writes has `words`.

    Sentences are in a person's words; ids and API names stand in members of their own. Raises UnknownKey.
    """
    stored = known(session, key)
    views = sightings.sightings_of(session, key)
    told, decided = stored_row(session, stored), stored.decided or {}
    told["candidates"] = decided.get("candidates", [])
    others = {name: decided[name] for name in ("adopted", "double") if decided.get(name)}
    words = words_for(session, settings, told, tuple(others.values()))
    told["would_change"] = [words.sentence(one) for one in would_change(told, settings)]
    return (
        told
        | others
        | {
            "reason": words.sentence(told["reason"]) if told["reason"] else None,
            "trace": [words.sentence(line) for line in told["trace"]],
            "candidates": [{**one, "because": words.sentence(one["because"])} for one in told["candidates"]],
            "writes": [_spoken(one, words) for one in told["writes"]],
            "plan": [words.sentence(line) for line in decided.get("plan", [])],
            "seen": [_seen(view) for view in views],
            "came_in": list(came_in(views, settings)),
            "history": history(session, stored, views, words),
        }
    )


def _spoken(write: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """With the fields as a person reads them, and nothing but words in its sentences."""
    texts = {name: words.sentence(write[name]) for name in ("because", "error") if write.get(name)}
    return {**write, **texts, "words": words.fields(write["module"], write["fields"])}


def _near(session: Session, key: str) -> list[tuple[str, str]]:
    titles = {one.key: _title(one) for one in interactions.listing(session)}
    named = [one for one, title in titles.items() if key.casefold() in title.casefold()]
    alike = get_close_matches(key, titles, n=_MOST_NEAR, cutoff=0.4)
    return [(one, titles[one]) for one in dict.fromkeys([*named[-_MOST_NEAR:], *alike])][:_MOST_NEAR]


def _title(stored: Interactions) -> str:
    return (stored.decided or {}).get("title") or f"a {stored.kind}"


def _seen(view: Sighting) -> dict[str, Any]:
    """Where it came from, for a program; no text, so that nothing private can stand here."""
    if isinstance(view, MeetingCopy):
        where = {"source": view.source, "calendar": view.calendar, "id": view.event_id}
        return {**where, "start": when(view.start), "end": when(view.end), "gone": view.gone}
    where = {"source": view.source, "line": view.line, "id": view.record_id}
    end = when(view.ended) if view.ended else None
    return {**where, "start": when(view.started), "end": end, "gone": view.withdrawn}
