"""Legs that belong together: every leg leads to the root that started it all (dialers.md 2.6). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from activity_sync.dialers.twilio.legs import Leg


def root_of(leg: Leg, known: Mapping[str, Leg]) -> str:
    """The sid of the root, as far up as parents are known; a circle ends where it closes."""
    sid, parent, seen = leg.sid, leg.parent, {leg.sid}
    while parent and parent not in seen:
        seen.add(parent)
        sid = parent
        parent = known[parent].parent if parent in known else ""
    return min(seen) if parent else sid


def missing_parents(known: Mapping[str, Leg]) -> set[str]:
    """Parents that are named and were not read."""
    return {leg.parent for leg in known.values() if leg.parent and leg.parent not in known}


def families(legs: Iterable[Leg]) -> Mapping[str, Sequence[Leg]]:
    """All legs by their root's sid, the root first, then by start: whatever order they came in."""
    known = {leg.sid: leg for leg in legs}
    grouped: dict[str, list[Leg]] = {}
    for leg in known.values():
        grouped.setdefault(root_of(leg, known), []).append(leg)
    return {
        root: sorted(members, key=lambda leg: (leg.sid != root, leg.start, leg.sid))
        for root, members in grouped.items()
    }
