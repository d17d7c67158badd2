"""Pairs what the program says and what is in Zoho with what a scene demands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from activity_sync.simulator.scenes import At, Expected, Scene

Json = Mapping[str, Any]
"""An interaction as `--json` prints it (ROW), or a record as Zoho gives it."""


class Records(Protocol):
    """What is needed of the pretend Zoho."""

    def records(self, module: str) -> Sequence[Json]:
        """All living records of a module."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one interaction of one scene, with its start as a moment (UTC)."""

    scene: Scene
    expected: Expected
    start: datetime

    def fits(self, row: Json) -> bool:
        """Whether this row is about that interaction: by kind, title and start; calls by kind and start."""
        wanted = self.expected
        if row["kind"] != wanted.kind or (wanted.kind == "meeting" and row["title"] != wanted.title):
            return False
        all_day = isinstance(wanted.at, At) and wanted.at.clock == "00:00"
        return all_day or datetime.fromisoformat(row["start"]) == self.start

    def as_json(self) -> dict[str, Any]:
        """For a person or a page: the scene and what it demands."""
        wanted = self.expected
        return {
            "scene": self.scene.name,
            "interaction": wanted.name,
            "state": wanted.state or None,
            "target": dict(zip(("module", "name"), wanted.target, strict=True)) if wanted.target else None,
            "who": wanted.who or None,
            "owner": wanted.owner or None,
            "type": wanted.type or None,
            "tasks": wanted.tasks,
        }


def mistakes(expectations: Iterable[Expectation], rows: Sequence[Json], zoho: Records) -> list[str]:
    """Every way in which rows and Zoho differ from the expectations, each as a sentence; none: all is well.

    `rows`: one for each interaction (ROW). Also counts all Events, Calls and Tasks in Zoho: each exactly once.
    """
    expectations = list(expectations)
    left, found = list(rows), []
    held = {
        module: {record["id"]: record for record in zoho.records(module)} for module in ("Events", "Calls", "Tasks")
    }
    for expectation in expectations:
        mine = [row for row in left if expectation.fits(row)]
        left = [row for row in left if not expectation.fits(row)]
        found += [f"{expectation.expected.name}: {mistake}" for mistake in _of_one(expectation.expected, mine, held)]
    found += [f"nobody expected {row['kind']} {row['title']!r} at {row['start']}" for row in left]
    return found + list(_totals(expectations, held))


def _of_one(wanted: Expected, rows: Sequence[Json], held: Mapping[str, Mapping[str, Json]]) -> Iterator[str]:
    if len(rows) > 1 or (not rows and wanted.row == "there") or (rows and wanted.row == "none"):
        yield f"listed {len(rows)} times"
    for row in rows[:1]:
        yield from _row(wanted, row)
        yield from _records(wanted, row, held)


def _row(wanted: Expected, row: Json) -> Iterator[str]:
    target, who = row["target"] or {}, row["who"] or {}
    compared: tuple[tuple[str, object, object], ...] = (("state", wanted.state, row["state"]),)
    if wanted.state == "logged":
        compared += (
            ("target", wanted.target, (target.get("module"), target.get("name")) if target else None),
            ("who", _plain(wanted.who), who.get("name") or ""),
            ("owner", wanted.owner, row["owner"]),
            ("type", wanted.type, row["type"]),
        )
    for name, should, does in compared if wanted.state else ():
        if should != does:
            yield f"{name} is {does!r}, not {should!r} ({row['reason']})"
    if wanted.reason and wanted.reason not in (row["reason"] or "").lower():
        yield f"the reason {row['reason']!r} does not hold {wanted.reason!r}"


def _records(wanted: Expected, row: Json, held: Mapping[str, Mapping[str, Json]]) -> Iterator[str]:
    ids = {(write["module"], write["id"]) for write in row["writes"] if write["id"]}
    living = {pair: held[pair[0]][pair[1]] for pair in ids if pair[1] in held.get(pair[0], {})}
    activities = [record for (module, _), record in living.items() if module != "Tasks"]
    tasks = len(living) - len(activities)
    for name, should, does in (("activities", wanted.in_zoho, len(activities)), ("tasks", wanted.tasks, tasks)):
        if should != does:
            yield f"{does} {name} in Zoho, not {should}"
    for record in activities:
        for field, text in wanted.holds.items():
            if text not in (record.get(field) or ""):
                yield f"{field} is {record.get(field)!r} and does not hold {text!r}"


def _totals(expectations: Sequence[Expectation], held: Mapping[str, Mapping[str, Json]]) -> Iterator[str]:
    wanted = [one.expected for one in expectations]
    totals = {
        "Events": sum(one.in_zoho for one in wanted if one.kind == "meeting"),
        "Calls": sum(one.in_zoho for one in wanted if one.kind == "call"),
        "Tasks": sum(one.tasks for one in wanted),
    }
    for module, should in totals.items():
        if len(held[module]) != should:
            yield f"{len(held[module])} {module} in Zoho in all, not {should}"


def _plain(name: str) -> str:
    """A contact's name without the number of a twin."""
    return re.sub(r" \(\d\)$", "", name)
