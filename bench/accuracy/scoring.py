"""What was written, held against the truth, and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.accuracy.truth import Key, Truth

RIGHT, WRONG, ABSTAINED = "right", "wrong", "abstained"
VERDICTS = (RIGHT, WRONG, ABSTAINED)


def verdict(written: Key | None, truth: Truth) -> str:
    """Right, wrong or abstained.

    Right is the record of the truth alone, with one exception: where that does not follow from the CRM, its account.
    """
    if written is None:
        return ABSTAINED
    up = not truth.decidable and bool(truth.account) and written == ("Accounts", truth.account)
    return RIGHT if written == truth.record or up else WRONG


@dataclass(slots=True)
class Count:
    """How often each verdict was given: of everything, and of what is decidable alone."""

    all: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    decidable: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    misleading: int = 0

    def add(self, written: Key | None, truth: Truth) -> str:
        """Count one; returns its verdict."""
        found = verdict(written, truth)
        self.all[found] += 1
        self.misleading += truth.misleading
        if truth.decidable:
            self.decidable[found] += 1
        return found

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(self.all.values())

    @property
    def of_decidable(self) -> int:
        """How many of them are decidable."""
        return sum(self.decidable.values())

    @property
    def wrong_share(self) -> float:
        """Wrong ones of all that were written."""
        return self.all[WRONG] / max(1, self.all[WRONG] + self.all[RIGHT])

    @property
    def right_share(self) -> float:
        """Right ones of all that are decidable."""
        return self.decidable[RIGHT] / max(1, self.of_decidable)


def summed(counts: Iterable[Count]) -> Count:
    """All together."""
    result = Count()
    for one in counts:
        result.misleading += one.misleading
        for name in VERDICTS:
            result.all[name] += one.all[name]
            result.decidable[name] += one.decidable[name]
    return result
