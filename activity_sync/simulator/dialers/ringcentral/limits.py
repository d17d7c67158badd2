"""RingCentral's usage groups: so many requests in a window, then a penalty that every early request restarts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activity_sync.simulator.clock import Clock

_WINDOW = timedelta(seconds=60)


@dataclass(slots=True)
class Group:
    """One group of one app and user. `restarted`: how often somebody asked inside the penalty."""

    name: str
    limit: int
    clock: Clock
    used: int = 0
    restarted: int = 0
    _since: datetime | None = None
    _closed: datetime | None = None

    def take(self) -> bool:
        """Count one request; False when it is refused."""
        now = self.clock.now()
        if self._closed is not None and now < self._closed:
            self.restarted += 1
            self._closed = now + _WINDOW
            return False
        if self._since is None or now >= self._since + _WINDOW:
            self._since, self.used = now, 0
        self.used += 1
        if self.used > self.limit:
            self._closed, self._since = now + _WINDOW, None
            return False
        return True

    def headers(self, *, refused: bool = False) -> dict[str, str]:
        """As RingCentral tells them with every answer."""
        told = {
            "X-Rate-Limit-Group": self.name,
            "X-Rate-Limit-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(0 if refused else max(self.limit - self.used, 0)),
            "X-Rate-Limit-Window": "60",
        }
        return told | ({"Retry-After": "60"} if refused else {})


@dataclass(slots=True)
class Limits:
    """All groups."""

    clock: Clock
    heavy: Group = field(init=False)
    medium: Group = field(init=False)
    light: Group = field(init=False)
    auth: Group = field(init=False)

    def __post_init__(self) -> None:
        self.heavy, self.medium = Group("heavy", 10, self.clock), Group("medium", 40, self.clock)
        self.light, self.auth = Group("light", 50, self.clock), Group("auth", 5, self.clock)

    def of(self, path: str) -> Group:
        """Which group a path belongs to."""
        if path == "/restapi/oauth/token":
            return self.auth
        if "/call-log" in path or "/recording" in path:
            return self.heavy
        return self.medium if path.rstrip("/").endswith("/extension") else self.light
