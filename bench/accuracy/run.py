"""One world, asked of every rule."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from activity_sync.model.decisions import Judgement
from bench.accuracy import ours
from bench.accuracy.by_company import LISTED
from bench.accuracy.kinds import make
from bench.accuracy.scoring import Count
from bench.accuracy.truth import Happening
from bench.accuracy.usual_rules import RULES, Crm
from bench.accuracy.world import BOOKING_TOOL, World

OURS = "ours"
NAMES = (OURS, *(rule.name for rule in RULES))

Seen = Callable[[Happening, Judgement, str], None]
"""Called with what happened, our judgement of it and the verdict."""


@dataclass(frozen=True, slots=True)
class Result:
    """The counts by kind of difficulty and rule; `size`: how many of what the world holds."""

    seed: int
    size: dict[str, int]
    counts: dict[str, dict[str, Count]]


def measure(seed: int, share: float = 1.0, seen: Seen = lambda *_: None) -> Result:
    """Make the world of a seed and ask every rule about everything that happened in it."""
    world = make(seed, share)
    listed = [BOOKING_TOOL, *(agency.domain for agency in world.agencies[:LISTED])]
    crm = Crm(world, listed)
    counts: dict[str, dict[str, Count]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for happening, judgement in ours.judged(world, listed, Path(folder)):
            here = counts.setdefault(happening.kind, {name: Count() for name in NAMES})
            seen(happening, judgement, here[OURS].add(ours.written(judgement), happening.truth))
            for rule in RULES:
                here[rule.name].add(crm.asked(rule, happening), happening.truth)
    return Result(seed, _size(world), counts)


def _size(world: World) -> dict[str, int]:
    return {
        "people": len(world.rows["Contacts"]) + len(world.rows["Leads"]),
        "accounts": len(world.rows["Accounts"]),
        "deals": len(world.rows["Deals"]),
        "interactions": len(world.happenings),
    }
