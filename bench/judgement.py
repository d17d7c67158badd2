"""How many interactions a core judges in a second: `python -m bench.judgement [--contacts 1000000] [--count 5000]`.

Five things are timed, a hundred interactions at a time as the daemon does it: joining their sightings and telling
which addresses to look for (`join`); the look-ups in a shadow in SQLite (`look-up`); judging, with the plan of every
record and task (`judge`); comparing with what was written, here nothing (`compare`). As in the daemon, Python's search
for dead rings waits until the hundred are done (`sweep`). `pure` is all but the look-ups. Reading the sightings from
the database and keeping the outcome there is not in it.

Six of ten interactions are meetings of three to five people, seen in one or two calendars, the others calls; there are
ten activity types with templates, and three follow-ups. They are spread over all contacts, so hardly a page of the
shadow is read twice. Seconds are those of this process alone, and in brackets those on the wall. Where others work on
the machine both are too long: the speed of a plain loop, printed beside, tells by how much.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from activity_sync.model.decisions import Surroundings
from activity_sync.model.interactions import Sighting
from activity_sync.model.records import Module
from activity_sync.model.settings import Settings
from activity_sync.rules.differences import differ
from activity_sync.rules.joining import join
from activity_sync.rules.judgement import judge
from activity_sync.rules.lookups import lookups
from activity_sync.rules.teams import team_of
from activity_sync.steps import roles
from activity_sync.steps.undisturbed import undisturbed
from activity_sync.store import facts, shadow
from activity_sync.store.database import Database, open_database
from activity_sync.store.roles import save_roles
from activity_sync.zoho.payloads import addressing, to_row
from bench import judged_org as made
from bench.clock import Clock, plain_steps

AT_ONCE = 100


def main() -> None:
    """Build, judge, print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--contacts", type=int, default=1_000_000)
    options.add_argument("--count", type=int, default=5_000)
    options.add_argument("--keep", type=Path, help="a file for the shadow; one that is there is used again")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = chosen.keep or Path(folder) / "shadow.db"
        there, database = file.exists(), open_database(f"sqlite:///{file}")
        if not there:
            build(database, chosen.contacts, made.settings())
        happened = made.happened(chosen.count, chosen.contacts)
        judged(database, happened[:AT_ONCE], Clock())  # libraries are loaded, templates compiled
        clock = Clock()
        states = judged(database, happened, clock)
        tell(chosen.contacts, states, clock)
        database.dispose()


def build(database: Database, count: int, settings: Settings) -> None:
    """Fill the shadow by the functions that fill it from Zoho."""
    database.upgrade()
    how = addressing(settings)
    modules = {
        Module.CONTACTS: made.rows_of_contacts(count),
        Module.ACCOUNTS: made.rows_of_accounts(count),
        Module.DEALS: made.rows_of_deals(count),
    }
    for module, rows in modules.items():
        while portion := [to_row(module, row, how) for row in islice(rows, 4_000)]:
            with database.transaction() as session:
                shadow.save_records(session, portion, first_load=True)
    with database.transaction() as session:
        shadow.save_users(session, made.users())
        facts.save_org(session, made.org(), made.NOW)
        save_roles(session, made.roles(count), made.NOW)


def judged(database: Database, happened: Sequence[Sequence[Sighting]], clock: Clock) -> Counter[str]:
    """Each part timed; what became of the interactions."""
    settings, states = made.settings(), Counter[str]()
    with database.reading() as session:
        team, org = team_of(settings, shadow.users_of(session)), made.org()
        for portion in portions(happened):
            with undisturbed():
                with clock.on("join"):
                    joined = [join(seen) for seen in portion]
                    asked = [lookups(one, team, settings) for one in joined]
                with clock.on("look-up"):
                    found = roles.candidates(session, frozenset(chain.from_iterable(asked)), made.NOW)
                with clock.on("judge"):
                    around = Surroundings(now=made.NOW, team=team, org=org, candidates=found)
                    judgements = [judge(one, around, settings) for one in joined]
                with clock.on("compare"):
                    for one in judgements:
                        differ(one.wanted, one.withdraw, ())
            with clock.on("sweep"):
                gc.collect(0)
            states.update(f"{one.state} {one.type_name or one.reason.partition(':')[0]}" for one in judgements)
    return states


def portions(happened: Sequence[Sequence[Sighting]]) -> Iterator[Sequence[Sequence[Sighting]]]:
    """So many at a time as the daemon takes."""
    for start in range(0, len(happened), AT_ONCE):
        yield happened[start : start + AT_ONCE]


def tell(contacts: int, states: Counter[str], clock: Clock) -> None:
    """Print the figures."""
    count = states.total()
    print(f"{count:,} interactions, a shadow of {contacts:,} contacts. Seconds of this process (on the wall):")
    print(f"  (a plain loop makes {plain_steps() / 1e6:.1f} million steps a second meanwhile)")
    sums = {"pure": ("join", "judge", "compare", "sweep"), "with the look-ups": tuple(clock.busy)}
    for name, parts in {**{one: (one,) for one in clock.busy}, **sums}.items():
        busy, wall = (sum(seconds[one] for one in parts) for seconds in (clock.busy, clock.wall))
        print(f"  {name:18} {busy:8.2f} ({wall:8.2f})   {count / busy:10,.0f} a second and core ({count / wall:,.0f})")
    for state, number in states.most_common():
        print(f"  {number:7,} {state}")


if __name__ == "__main__":
    main()
