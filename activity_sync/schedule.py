"""When what is due: one table of turns, kept in memory. A restart makes everything due: that costs one credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from activity_sync.model.settings import Settings

IN_BUSINESS_HOURS = timedelta(minutes=5)
OUTSIDE = timedelta(minutes=30)
UNTIL_LOADED = timedelta(minutes=1)
SLOWEST = timedelta(minutes=30)
"""While Zoho refuses us or asks us to slow down, it is asked half as often each time, but at least so often."""

THOROUGH = timedelta(hours=1)
"""How often sources are also asked for late changes to what is long over."""

HURRIED = timedelta(seconds=15)
"""A source that pushes is read this often at most, however many pushes come."""

HURRIED_ZOHO = timedelta(minutes=1)
"""The same for Zoho, where a reading costs a credit."""

ZOHO = "zoho"
"""The name of Zoho's turn, beside those of the connections."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one round is to do. `sources`: names of connections to read, or of single parts as in `read_sources`; empty
    and not `refreshing`: nothing is due."""

    sources: frozenset[str] = frozenset()
    refreshing: bool = False
    thorough: bool = False


@dataclass(slots=True)
class Schedule:
    """Remembers when each thing was done last, and what is not to wait for its turn."""

    settings: Settings
    done: dict[str, datetime] = field(default_factory=dict)
    hurried: set[str] = field(default_factory=set)
    failures: int = 0

    def hurry(self, name: str) -> None:
        """Bring the next turn of a connection (or of one of its parts, or ZOHO) forward.

        May be called from any thread, and often.
        """
        self.hurried.add(name)

    def turn(self, now: datetime, *, loaded: bool = True) -> Turn:
        """What is due, and note that it is being done. `loaded` False: the shadow is not there yet, and wanted soon."""
        sources = frozenset(
            name for name, every in intervals(self.settings).items() if self._due(name, every, now, HURRIED)
        )
        every = self._slowed(refresh_every(self.settings, now) if loaded else UNTIL_LOADED)
        refreshing = self._due(ZOHO, every, now, HURRIED_ZOHO)
        thorough = bool(sources) and self._due("thorough", THOROUGH, now)
        sources |= self._parts(sources, now)
        return Turn(sources=sources, refreshing=refreshing, thorough=thorough)

    def again(self, turn: Turn) -> None:
        """Nothing came of a turn, another process was at work: what it was to do is wanted soon, not at its next
        time. A push that came is not lost by it."""
        self.hurried |= turn.sources | ({ZOHO} if turn.refreshing else set())

    def refreshed(self, *, well: bool) -> None:
        """How the last refresh went."""
        self.failures = 0 if well else self.failures + 1

    def _slowed(self, every: timedelta) -> timedelta:
        return min(every * (1 << min(self.failures, 10)), max(every, SLOWEST))

    def _parts(self, sources: frozenset[str], now: datetime) -> frozenset[str]:
        """The parts that pushed, as their connection's name, a space and the part; not those that are read anyway."""
        named = [(one, one.partition(" ")[0]) for one in list(self.hurried) if " " in one]
        for one, name in named:
            if name in sources or name not in intervals(self.settings):
                self.hurried.discard(one)
        return frozenset(one for one, _ in named if one in self.hurried and self._due(one, HURRIED, now, HURRIED))

    def _due(self, name: str, every: timedelta, now: datetime, hurried: timedelta = timedelta.max) -> bool:
        last, wanted = self.done.get(name), min(every, hurried) if name in self.hurried else every
        if last is not None and now - last < wanted:
            return False
        self.done[name] = now
        self.hurried.discard(name)  # before the reading: a push that comes during it wants another one
        return True


def intervals(settings: Settings) -> Mapping[str, timedelta]:
    """How often each enabled connection is read, by name."""
    connections = (*settings.calendars, *settings.dialers)
    return {one.name: one.poll_every for one in connections if one.enabled}


def refresh_every(settings: Settings, now: datetime) -> timedelta:
    """How often Zoho is asked for changes; `auto`: more often in business hours."""
    fixed = settings.zoho.shadow.refresh_every
    if isinstance(fixed, timedelta):
        return fixed
    return IN_BUSINESS_HOURS if in_business_hours(settings, now) else OUTSIDE


def in_business_hours(settings: Settings, now: datetime) -> bool:
    """Whether the company is at work now, holidays aside."""
    local, business = now.astimezone(ZoneInfo(settings.timezone)), settings.business_days
    return _DAYS[local.weekday()] in business.week and business.hours.start <= local.time() < business.hours.end
