"""How often it links right: `python -m bench.accuracy [--seeds 1 2 3] [--markdown]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from activity_sync.model.decisions import Judgement
from bench.accuracy.run import Result, measure
from bench.accuracy.scoring import RIGHT
from bench.accuracy.table import told
from bench.accuracy.truth import Happening

HELD_OUT = 3
"""The seed of whose cases nobody looks at more than the table."""


def main() -> None:
    """Measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2, HELD_OUT])
    options.add_argument("--markdown", action="store_true", help="the table alone")
    options.add_argument(
        "--cases", type=int, default=0, help="also print so many decidable cases that we got not right"
    )
    chosen = options.parse_args()
    if chosen.cases and HELD_OUT in chosen.seeds:
        options.error(f"seed {HELD_OUT} is held out: its cases are not shown")
    shown = _Cases(chosen.cases)
    results = [_one(seed, shown, quiet=chosen.markdown) for seed in chosen.seeds]
    print(told(results))


class _Cases:
    """Prints some of the cases in which we were not right."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_kind: Counter[str] = Counter()

    def show(self, happening: Happening, judgement: Judgement, verdict: str) -> None:
        """Print a case, unless it is right, cannot be right, or enough of its kind were shown."""
        truth = happening.truth
        hopeless = truth.misleading or (verdict == "abstained" and not truth.decidable)
        if verdict == RIGHT or hopeless or self._by_kind[happening.kind] >= self._most:
            return
        self._by_kind[happening.kind] += 1
        print(f"{verdict}: {happening.kind}: {happening}\n   {judgement.reason} {judgement.trace}")


def _one(seed: int, shown: _Cases, quiet: bool) -> Result:
    began = time.perf_counter()
    result = measure(seed, seen=shown.show)
    if not quiet:
        sizes = ", ".join(f"{count:,} {what}" for what, count in result.size.items())
        print(f"seed {seed}: {sizes}; {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return result


if __name__ == "__main__":
    main()
