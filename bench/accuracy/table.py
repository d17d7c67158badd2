"""The counts as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.accuracy.run import NAMES, OURS, Result
from bench.accuracy.scoring import ABSTAINED, RIGHT, WRONG, Count, summed


def told(results: Sequence[Result]) -> str:
    """All seeds: the sums of each rule, then ours and the others by kind of difficulty."""
    return "\n".join([*_sums(results), "", *_by_kind(results)])


def _sums(results: Sequence[Result]) -> Iterable[str]:
    yield "| seed | rule | right | wrong | abstained | wrong of all written | right of the decidable |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for result in results:
        for name in NAMES:
            one = summed(counts[name] for counts in result.counts.values())
            shares = f"{_percent(one.wrong_share, 2)} | {_percent(one.right_share)}"
            yield f"| {result.seed} | {_name(name)} | {_cells(one, ' | ')} | {shares} |"


def _by_kind(results: Sequence[Result]) -> Iterable[str]:
    yield f"| right · wrong · abstained | interactions | decidable | misleading | {' | '.join(map(_name, NAMES))} |"
    yield f"| --- | ---: | ---: | ---: |{' ---: |' * len(NAMES)}"
    for kind in results[0].counts:
        yield _line(kind, {name: summed(result.counts[kind][name] for result in results) for name in NAMES})
    every = {name: summed(counts[name] for result in results for counts in result.counts.values()) for name in NAMES}
    yield _line("**all**", every)


def _line(kind: str, counts: dict[str, Count]) -> str:
    one = counts[OURS]
    cells = " | ".join(_cells(counts[name], " · ") for name in NAMES)
    return f"| {kind} | {one.total} | {one.of_decidable} | {one.misleading} | {cells} |"


def _cells(one: Count, between: str) -> str:
    return between.join(str(one.all[name]) for name in (RIGHT, WRONG, ABSTAINED))


def _name(name: str) -> str:
    return f"**{name}**" if name == OURS else name


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"
