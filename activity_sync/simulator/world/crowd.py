"""Everybody else, drawn from small lists with a seed: they fill the CRM and have no part in any scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from random import Random

from activity_sync.simulator.world.company import Account, Contact, Deal, Lead

_FIRST = [
    "Alma",
    "Bram",
    "Cleo",
    "Dora",
    "Enid",
    "Fritz",
    "Gwen",
    "Hollis",
    "Ines",
    "Jasper",
    "Kaya",
    "Lorcan",
    "Mabel",
    "Nils",
    "Opal",
    "Priya",
    "Quentin",
    "Ruth",
    "Silas",
    "Tilda",
    "Uri",
    "Vera",
    "Wanda",
    "Yara",
]
_LAST = [
    "Abbot",
    "Barrow",
    "Croft",
    "Drake",
    "Ellery",
    "Foss",
    "Grove",
    "Hale",
    "Irwin",
    "Joyce",
    "Knox",
    "Lowe",
    "Munro",
    "Nye",
    "Orr",
    "Pratt",
    "Quayle",
    "Rigby",
    "Stroud",
    "Thorne",
    "Upton",
    "Voss",
    "Wray",
    "Yates",
]
_KINDS = ("Analytics", "Bakery", "Ceramics", "Design", "Freight", "Gardens", "Insurance", "Textiles")
_PLACES = [
    "Ashdown",
    "Birchwood",
    "Coldharbour",
    "Deepdale",
    "Eastmoor",
    "Farley",
    "Greywell",
    "Hollowbrook",
    "Inglewood",
    "Kirkby",
    "Longmead",
    "Millrace",
    "Northgate",
    "Oldfield",
    "Pinehurst",
    "Ravensway",
    "Stonebridge",
    "Thornbury",
    "Underhill",
    "Vinters",
    "Westerly",
    "Yewtree",
    "Zennor",
    "Aldwick",
]
_STAGES = (
    "Qualification",
    "Needs Analysis",
    "Value Proposition",
    "Id. Decision Makers",
    "Proposal/Price Quote",
    "Negotiation/Review",
    "Closed Won",
    "Closed Lost",
)
_SPELLINGS = ("+44 7700 {}", "07700 {}", "+447700{}", "+44 (0)7700 {}", "(07700) {}", "0044 7700 {}")
CONTACTS, LEADS = 190, 83


class Crowd:
    """Draws the rest of the company; the same seed draws the same crowd."""

    def __init__(self, today: date, owners: Sequence[str], seed: int) -> None:
        """`owners`: the e-mails of the reps who may own records."""
        self._random = Random(seed)
        self._owners = owners
        self._today = today
        self._names = list(product(_FIRST, _LAST))
        self._random.shuffle(self._names)
        self._mobiles = iter(range(900_200, 901_000))  # the fiction range 07700 900000 to 900999, above the cast's

    def accounts(self) -> Iterator[Account]:
        """Companies with a web site and a switchboard each."""
        for number, place in enumerate(_PLACES):
            name = f"{place} {self._random.choice(_KINDS)}"
            site = f"https://www.{place.lower()}.example" if number % 3 else f"{place.lower()}.example"
            yield Account(name=name, owner=self._owner(), website=site, phone=f"+44 1632 960{200 + number}")

    def contacts(self, accounts: Sequence[Account]) -> Iterator[Contact]:
        """People at these accounts; every fourth gives the switchboard beside the own number."""
        for number in range(CONTACTS):
            account = accounts[number % len(accounts)]
            first, last = self._names.pop()
            domain = account.website.removeprefix("https://www.")
            yield Contact(
                first=first, last=last, owner=account.owner, account=account.name,
                email=f"{first}.{last}@{domain}".lower(), mobile=self._mobile(),
                phone=account.phone if number % 4 == 0 else "",
            )  # fmt: skip

    def leads(self) -> Iterator[Lead]:
        """People at companies that are no accounts."""
        for number in range(LEADS):
            first, last = self._names.pop()
            company = f"{last} & {self._random.choice(_FIRST)}"
            email = f"{first}@{last}-{number}.example".lower()
            yield Lead(first=first, last=last, owner=self._owner(), company=company, email=email, mobile=self._mobile())

    def deals(self, contacts: Sequence[Contact]) -> Iterator[Deal]:
        """A deal for about every fifth contact."""
        for contact in contacts[::5]:
            stage = self._random.choice(_STAGES)
            days = self._random.randrange(10, 90) * (-1 if stage.startswith("Closed") else 1)
            yield Deal(
                name=f"{contact.account} {contact.name}", account=contact.account, owner=contact.owner, stage=stage,
                closing=self._today + timedelta(days=days), contact=contact.name,
                amount=self._random.randrange(2, 90) * 1000,
            )  # fmt: skip

    def _owner(self) -> str:
        return self._random.choice(self._owners)

    def _mobile(self) -> str:
        digits = next(self._mobiles)
        return self._random.choice(_SPELLINGS).format(digits)
