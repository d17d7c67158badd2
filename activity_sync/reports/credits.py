"""What the API credits went into, what is left, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from activity_sync.model.records import OrgFacts
from activity_sync.model.settings import Settings
from activity_sync.rules import credits as rules
from activity_sync.store import credits, facts

_SHORTEST_PACE = timedelta(hours=1)
"""A first load in one minute says nothing of the day's pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditReport:
    """Zoho's rolling 24 hours. `limit`: of the org; `left`: of the limit, as Zoho reported it or as we booked.

    `usable`: what we may spend of the limit (`zoho.credits.keep_free`). `assumed`: the org was never read, so that
    the limit is a careful guess.
    """

    limit: int
    used: int
    left: int
    usable: int
    by_purpose: dict[str, int]
    forecast: rules.Forecast
    assumed: bool

    def as_json(self) -> dict[str, Any]:
        """The members that commands.md names."""
        lasts = self.forecast.lasts
        return {
            "limit": self.limit,
            "used": self.used,
            "left": self.left,
            "usable": self.usable,
            "by_purpose": self.by_purpose,
            "forecast": {
                "expected": self.forecast.expected,
                "usable": self.forecast.usable,
                "lasts_hours": None if lasts is None else round(lasts / timedelta(hours=1), 1),
                "text": self.outlook(),
            },
        }

    def outlook(self) -> str:
        """The forecast in a sentence."""
        expected, usable = self.forecast.expected, self.forecast.usable
        pace = f"At the present pace {expected:,} credits go in 24 hours; {usable:,} may be spent."
        if self.forecast.lasts is None:
            return pace
        return f"{pace} They last {_hours(self.forecast.lasts)}; then writes wait until credits return."


def report(session: Session, settings: Settings, now: datetime) -> CreditReport:
    """The ledger as it stands."""
    org = facts.org(session)
    spent = credits.spent(session, now)
    limit = daily_limit(settings, org)
    keep_free = settings.zoho.credits.keep_free
    over = max(now - (spent.oldest or now), _SHORTEST_PACE)
    return CreditReport(
        limit=limit,
        used=spent.total,
        left=min(max(0, limit - spent.total), limit if spent.remaining is None else spent.remaining),
        usable=rules.usable(limit, keep_free),
        by_purpose=dict(spent.by_purpose),
        forecast=rules.forecast(spent.total, over, limit, keep_free),
        assumed=org is None and settings.zoho.credits.daily_limit == "auto",
    )


def daily_limit(settings: Settings, org: OrgFacts | None) -> int:
    """The limit of the config, else of the org's edition; the smallest while the org was never read."""
    fixed = settings.zoho.credits.daily_limit
    known = org or OrgFacts()
    return rules.daily_limit(known.edition, known.licences) if fixed == "auto" else fixed


def _hours(length: timedelta) -> str:
    hours = length / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours >= 2 else f"{length / timedelta(minutes=1):.0f} minutes"
