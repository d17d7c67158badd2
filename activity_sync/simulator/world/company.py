"""The nouns of the made-up company. Names are unique within their kind: records refer to each other by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DOMAIN = "acme.example"
MAIN_LINE = "+44 20 7946 0100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """One of our people. `line`: the own number, "" without. `active`: whether the Zoho user is."""

    email: str
    first: str
    last: str
    time_zone: str = "Europe/London"
    line: str = ""
    active: bool = True

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A customer company. `owner`: a rep's e-mail."""

    name: str
    owner: str
    website: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person at a customer; `account` is the account's name, "" for none. `nick` tells twins apart."""

    first: str
    last: str
    owner: str
    account: str = ""
    email: str = ""
    secondary_email: str = ""
    phone: str = ""
    mobile: str = ""
    nick: str = ""

    @property
    def name(self) -> str:
        """Under which others refer to this record."""
        return f"{self.first} {self.last}{self.nick and f' ({self.nick})'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A person who is no customer yet."""

    first: str
    last: str
    owner: str
    company: str
    email: str = ""
    phone: str = ""
    mobile: str = ""

    @property
    def name(self) -> str:
        """Under which others refer to this record."""
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A deal of an account; `contact`: the name of the contact on it, "" for none. `closing`: its Closing_Date."""

    name: str
    account: str
    owner: str
    closing: date
    stage: str = "Qualification"
    contact: str = ""
    amount: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The whole company, as of `today`."""

    today: date
    reps: tuple[Rep, ...]
    accounts: tuple[Account, ...]
    contacts: tuple[Contact, ...]
    leads: tuple[Lead, ...]
    deals: tuple[Deal, ...]
