"""What a run came to: the RESULT of commands.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """Exit status of a command (commands.md). Several at once: the first of 2, 3, 4, 1."""

    DONE = 0
    FAILED = 1
    UNUSABLE = 2
    REFUSED = 3
    OUT_OF_CREDITS = 4


_GRAVEST_FIRST = (Exit.UNUSABLE, Exit.REFUSED, Exit.OUT_OF_CREDITS, Exit.FAILED)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong: the thing, the place, the reason and the next step, each in plain words."""

    what: str
    where: str
    why: str
    next: str = ""
    exit: Exit = Exit.FAILED

    def as_json(self) -> dict[str, str]:
        """The members that commands.md names."""
        return {"what": self.what, "where": self.where, "why": self.why, "next": self.next}

    def sentences(self) -> str:
        """For the sync log, where `what` stands beside it: the place, the reason, the next step."""
        why = self.why if self.why.endswith((".", "!", "?")) else f"{self.why}."
        return f"{self.where}: {why} {self.next}".rstrip()


COUNTED = ("unchanged", "screened", "waiting", "unmatched", "logged", "adopted", "failed")
"""The states of an interaction after a run, as the RESULT counts them; their sum is `seen`."""


@dataclass(slots=True)
class RunResult:
    """Filled in by the steps of one run."""

    run: str = ""
    interactions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    writes: dict[str, int] = field(default_factory=lambda: {"created": 0, "updated": 0, "deleted": 0, "uncertain": 0})
    credits: int = 0
    problems: list[Problem] = field(default_factory=list)

    def exit(self) -> Exit:
        """The exit status that this result calls for."""
        kinds = {problem.exit for problem in self.problems}
        if self.interactions["failed"]:
            kinds.add(Exit.FAILED)
        return next((status for status in _GRAVEST_FIRST if status in kinds), Exit.DONE)

    def as_json(self) -> Mapping[str, Any]:
        """RESULT of commands.md."""
        return {
            "run": self.run,
            "interactions": {"seen": sum(self.interactions.values()), **self.interactions},
            "writes": dict(self.writes),
            "credits": {"used": self.credits},
            "problems": [problem.as_json() for problem in self.problems],
        }
