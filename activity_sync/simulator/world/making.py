"""The company as it is on a given day."""

from __future__ import annotations

from datetime import date

from activity_sync.simulator.world.cast import ACCOUNTS, CONTACTS, KEEPER, LEADS, REPS, cast_deals
from activity_sync.simulator.world.company import World
from activity_sync.simulator.world.crowd import Crowd


def make_world(today: date, seed: int = 7) -> World:
    """Cast and crowd; the same day and seed give the same world."""
    crowd = Crowd(today, [rep.email for rep in REPS if rep.active], seed)
    accounts = tuple(crowd.accounts())
    contacts = tuple(crowd.contacts(accounts))
    return World(
        today=today,
        reps=(*REPS, KEEPER),
        accounts=(*ACCOUNTS, *accounts),
        contacts=(*CONTACTS, *contacts),
        leads=(*LEADS, *crowd.leads()),
        deals=(*cast_deals(today), *crowd.deals(contacts)),
    )
