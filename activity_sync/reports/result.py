"""A RESULT in a few lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from activity_sync.model.results import COUNTED, Problem, RunResult

_MOST_SHOWN = 20


def lines(result: RunResult) -> Iterator[str]:
    """What became of the interactions, what was written, what it cost, and each problem with its next step."""
    seen = sum(result.interactions.values())
    name = f"{result.run}: " if result.run else ""
    yield f"{name}{_count(seen, 'interaction')}{_parts(result.interactions, COUNTED)}."
    yield f"Zoho: {_writes(result.writes)}; {_count(result.credits, 'credit')} used."
    yield from problem_lines(result.problems)


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """A heading, then each problem and under it what to do."""
    if not problems:
        return
    yield f"{_count(len(problems), 'problem')}:"
    for problem in problems[:_MOST_SHOWN]:
        yield f"  {problem.what} ({problem.where}): {problem.why}"
        if problem.next:
            yield f"    {problem.next}"
    if len(problems) > _MOST_SHOWN:
        yield f"  and {len(problems) - _MOST_SHOWN} more: `activity-sync log --failed`"


def _parts(counts: Mapping[str, int], names: Sequence[str]) -> str:
    words = ", ".join(f"{counts[name]} {name}" for name in names if counts.get(name))
    return f": {words}" if words else ""


def _writes(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing to write"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
