"""What the work costs in Zoho's credits, told by the made-up Zoho's own ledger. `python -m bench.credits`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from activity_sync.steps.refresh import refresh
from activity_sync.store import runs
from bench.busy_day import busy_day
from bench.company import SIZES, Company, a_company, by_kind, charged
from bench.usual import Usual

SMALL = {"Contacts": 3000, "Leads": 1000, "Accounts": 1000, "Deals": 500}


@dataclass(slots=True)
class Table:
    """Prints a line for each part, and remembers whether one was too dear."""

    company: Company
    details: bool
    dear: bool = False

    def line(self, name: str, most: int, ours: Callable[[], int], usual: Callable[[], int]) -> None:
        """Do the work our way and the usual way."""
        asked = len(self.company.sim.requests)
        cost = ours()
        kinds = by_kind(self.company.sim, asked)
        print(f"  {name:<28} ours {cost:>6,}  (at most {most:,})   the usual way {usual():>7,}", flush=True)
        self.dear = self.dear or cost > most
        for kind, credits in kinds.most_common() if self.details else ():
            print(f"      {credits:>6,}  {kind}")


def main() -> int:
    """Print the tables; 1 when something costs more than it may."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--share", type=float, default=1.0, help="of the 190,000 records, for a quick look")
    arguments.add_argument("--details", action="store_true", help="what the credits went into")
    given = arguments.parse_args()
    sizes = {module: max(1000, round(count * given.share)) for module, count in SIZES.items()}
    return int(any([_enterprise(sizes, details=given.details), _free(details=given.details)]))


def _enterprise(sizes: dict[str, int], *, details: bool) -> bool:
    told = ", ".join(f"{count:,} {name}" for name, count in sizes.items())
    print(f"Enterprise, ten users, {sum(sizes.values()):,} records ({told})", flush=True)
    with a_company(10, sizes) as company:
        table = Table(company, details)
        table.line("first load", 300, lambda: first_load(company), lambda: Usual(company).load())
        quiet = to_midnight(company)
        table.line("a quiet day", 330, lambda: company.day(quiet), lambda: Usual(company).quiet_day())
        start = to_midnight(company)
        print("  the day: " + _told(company, 10, start))
        table.line("a busy day of ten users", 600, lambda: _worked(company, start), lambda: Usual(company).busy_day())
    return table.dear


def _free(*, details: bool) -> bool:
    print(f"Free (5,000 credits, 5 at once), five users, {sum(SMALL.values()):,} records", flush=True)
    with a_company(5, SMALL, edition="free") as company:
        table = Table(company, details)
        table.line("first load", 300, lambda: first_load(company), lambda: Usual(company).load())
        start = to_midnight(company)
        print("  the day: " + _told(company, 5, start))
        table.line("a busy day of five users", 3500, lambda: _worked(company, start), lambda: Usual(company).busy_day())
    return table.dear


def first_load(company: Company) -> int:
    """Org, users, all four modules; the credits."""
    before, now = charged(company.sim), company.sim.clock.now()
    with company.database.transaction() as session:
        run = runs.start_run(session, "sync", now)
    refresh(company.means, run, now)
    return charged(company.sim) - before


def to_midnight(company: Company) -> datetime:
    """Let the program rest until the next midnight, its readings settled by a round before; gives the midnight."""
    now = company.sim.clock.now()
    midnight = (now + timedelta(hours=30)).replace(hour=0, minute=0, second=0, microsecond=0)
    company.sim.clock.shift(midnight - timedelta(minutes=10) - now)
    for _ in range(2):
        first_load(company)
        company.sim.clock.shift(timedelta(minutes=5))
    return midnight


def _worked(company: Company, start: datetime) -> int:
    """The day; what it left in Zoho is told, so that nobody saves credits by not doing the work."""
    credits = company.day(start)
    left = ", ".join(f"{len(company.sim.records(module))} {module}" for module in ("Events", "Calls", "Tasks"))
    print(f"  in Zoho after it: {left}")
    return credits


def _told(company: Company, users: int, start: datetime) -> str:
    amounts = busy_day(company, users, start, known=1000)
    return ", ".join(f"{count} {name}" for name, count in amounts.items())


if __name__ == "__main__":
    raise SystemExit(main())
