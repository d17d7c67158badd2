"""What came of the pushes, counted for the metrics and told in the log: refusals now and then, never their content."""

from __future__ import annotations

import threading
import time
from collections import Counter

import structlog

_QUIET = 60.0
"""Seconds between two lines about one connection's refusals."""


class Tally:
    """Safe to share between threads."""

    def __init__(self) -> None:
        """Everything at nought."""
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._told: dict[tuple[str, str], float] = {}
        self._log = structlog.get_logger("listener")

    def count(self, connection: str, outcome: str) -> None:
        """One more. `connection` "": none that we know, whatever its name was."""
        with self._lock:
            self._counts[connection, outcome] += 1

    def refuse(self, connection: str, outcome: str) -> None:
        """One more that was not taken; said once a minute."""
        self.count(connection, outcome)
        now = time.monotonic()
        with self._lock:
            quiet = now - self._told.get((connection, outcome), -_QUIET) < _QUIET
            if not quiet:
                self._told[connection, outcome] = now
            so_far = self._counts[connection, outcome]
        if not quiet:
            self._log.warning("push not taken", connection=connection or "unknown", why=outcome, so_far=so_far)

    def counts(self) -> dict[tuple[str, str], int]:
        """By connection and outcome, since the start."""
        with self._lock:
            return dict(self._counts)
