"""Time by what was done, where other programs work on the same machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


def plain_steps() -> float:
    """How many steps of a plain loop this process does in a second now: other work on a machine slows all alike."""
    begun, sum_ = time.process_time(), 0
    for number in range(2_000_000):
        sum_ += number
    return 2_000_000 / (time.process_time() - begun)


@dataclass(slots=True)
class Clock:
    """Seconds by what was done: of this process (`busy`), and on the wall."""

    busy: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, what: str) -> Iterator[None]:
        """Time a block."""
        busy, wall = time.process_time(), time.perf_counter()
        yield
        self.busy[what] = self.busy.get(what, 0.0) + time.process_time() - busy
        self.wall[what] = self.wall.get(what, 0.0) + time.perf_counter() - wall
