"""A made-up company, Acme, and its customers: who is there before anything happens."""

from activity_sync.simulator.world.company import Account, Contact, Deal, Lead, Rep, World
from activity_sync.simulator.world.making import make_world
from activity_sync.simulator.world.populate import Ids, populate

__all__ = ["Account", "Contact", "Deal", "Ids", "Lead", "Rep", "World", "make_world", "populate"]
