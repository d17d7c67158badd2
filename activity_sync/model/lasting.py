"""An answer that is good for an hour: lists of people, which change seldom and are needed at every reading."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

_Told = TypeVar("_Told")

_LASTS = timedelta(hours=1)


@dataclass(slots=True)
class Lasting(Generic[_Told]):
    """Keeps one answer. May be shared by threads; one asks, the others wait for it."""

    _told: tuple[_Told, datetime] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, now: datetime, ask: Callable[[], _Told]) -> _Told:
        """The answer as it was at most an hour before `now`; what `ask` raises is raised, and nothing is kept."""
        with self._lock:
            if self._told is None or not timedelta() <= now - self._told[1] < _LASTS:
                self._told = ask(), now
            return self._told[0]

    def forget(self) -> None:
        """The next time it is asked for again."""
        with self._lock:
            self._told = None
