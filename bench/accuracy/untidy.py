"""What people do when they type: capitals, spaces, numbers in another field. Nothing of it changes what is meant."""

from __future__ import annotations

from random import Random

from bench.accuracy.truth import Row
from bench.accuracy.world import World

_JUNK = ("n/a", "-", "ask reception", "000", "see notes")


def make_untidy(world: World) -> None:
    """Every tenth address and every tenth number."""
    for row in (*world.rows["Contacts"], *world.rows["Leads"]):
        if world.dice.random() < 0.1:
            row["Email"] = _typed(row["Email"], world.dice)
    for row in world.rows["Contacts"]:
        if world.dice.random() < 0.1:
            _misplace(row, world.dice)


def _typed(email: str, dice: Random) -> str:
    return dice.choice((email.upper(), email.title(), f" {email}", f"{email} "))


def _misplace(row: Row, dice: Random) -> None:
    """The number stands in another field, and something else where it would be."""
    row[dice.choice(("Other_Phone", "Home_Phone"))] = row["Phone"]
    row["Phone"] = dice.choice((*_JUNK, None))
